# KimiDesk. `make` alone lists what there is to make; every target sets up .venv by itself.
#
# PYTHON=python3.12       the interpreter to build .venv from (3.11 or later)
# TRACES=../shared/data/traces   labelled traces that `make segmenter` trains from
# JOBS=1                  how many processes run the tests; 2 otherwise
# TESTS_FOLLOW=1          `make check` leaves its tests to the `make test` that comes next
# CMAKE_ARGS=-DGGML_CUDA=on   compiles llama.cpp for a GPU; a change of it compiles again

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BARE := .venv-bare
EXTRAS := gui,dev
DEMO := out/demo
JOBS ?= 2
TRACES ?= ../shared/data/traces
CHINESE := assets/translations/kimidesk_zh_CN

QT_PACKAGES := libgl1 libegl1 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3 libglib2.0-0 \
	libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0

# pip's cache does not know which CMAKE_ARGS a wheel was made with, so a change of them must force
# a fresh build; their absence must not, or a second `make run` would undo the GPU build.
ifneq ($(strip $(CMAKE_ARGS)),)
ifneq ($(strip $(CMAKE_ARGS)),$(strip $(shell cat $(VENV)/.cmake-args 2>/dev/null)))
COMPILE_AGAIN := compile-again
endif
endif

# llama.cpp's code for Intel's AMX dies of an illegal instruction in some releases, the pinned one
# among them (its issues 20824 and 28756): it is compiled without, which costs some prompt speed.
ifneq ($(shell grep -sm1 -o amx_tile /proc/cpuinfo),)
WITHOUT_AMX := -mno-amx-tile -mno-amx-int8 -mno-amx-bf16
export CFLAGS := $(CFLAGS) $(WITHOUT_AMX)
export CXXFLAGS := $(CXXFLAGS) $(WITHOUT_AMX)
endif
# pip keeps what it has compiled, and does not know how: c4e27b4b is tileloadd.
HOLDS_AMX = import llama_cpp, pathlib, sys; lib = pathlib.Path(llama_cpp.__file__).parent / "lib"; \
	sys.exit(not any(b"\xc4\xe2\x7b\x4b" in each.read_bytes() for each in lib.glob("*ggml-cpu*")))

.PHONY: help run test check fmt lint types imports bench bare sanitize i18n segmenter clean qt-check compile-again
.DEFAULT_GOAL := help

help:
	@echo "make run      set up, fetch the embedded checkpoint, open the window (or the headless demo)"
	@echo "make test     all tests that need no GPU"
	@echo "make check    format, lint, types, imports and the fast tests"
	@echo "make fmt | lint | types | imports | bench | bare | sanitize | i18n | segmenter | clean"

# ---- set-up ------------------------------------------------------------------------------------

# $(call find_python): sets $$python, or says what is missing and stops
define find_python
	python=; for each in $(PYTHON) python3 python3.13 python3.12 python3.11; do \
		if "$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
		then python=$$each; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "KimiDesk needs Python 3.11 or later; python3 here is: $$(python3 --version 2>&1)"; \
		echo "Install one and name it: make PYTHON=/path/to/python3.12 ..."; exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$python cannot make virtual environments: the venv module is missing."; \
		echo "On Debian or Ubuntu: apt-get install python3-venv"; exit 1; \
	fi
endef

# $(call check_compiler,VENV): llama-cpp-python comes as source alone
define check_compiler
	if ! $(1)/bin/python -c 'from importlib.metadata import version; version("llama-cpp-python")' \
		2>/dev/null || [ -n "$(COMPILE_AGAIN)" ]; then \
		if [ -z "$(SKIP_COMPILER_CHECK)" ] && ! command -v "$${CXX:-c++}" >/dev/null \
			&& ! command -v g++ >/dev/null && ! command -v clang++ >/dev/null; then \
			echo "There is no C++ compiler, and llama-cpp-python must be compiled."; \
			echo "Debian, Ubuntu: apt-get install build-essential    Fedora: dnf install gcc-c++"; \
			echo "macOS: xcode-select --install"; \
			echo "If pip can get a ready-made wheel of it: make SKIP_COMPILER_CHECK=1 ..."; exit 1; \
		fi; \
		echo "Installing. llama-cpp-python is compiled on this machine: about 5 minutes on two"; \
		echo "cores, once (pip keeps the result). A line comes every 30 s meanwhile."; \
	fi
endef

# $(call with_sign_of_life,COMMANDS): the ticker ends with the shell that started it
define with_sign_of_life
	( s=0; while sleep 1 && kill -0 $$$$ 2>/dev/null; do s=$$((s + 1)); \
		[ $$((s % 30)) -ne 0 ] || echo "  ... still at it, $$((s / 60)) min $$((s % 60)) s"; \
	done ) & ticker=$$!; \
	trap 'kill $$ticker 2>/dev/null || :' EXIT; trap 'exit 130' INT TERM; \
	$(1)
endef

NATIVE := $(wildcard kernels/kimikernels/token_stats/native/*)

$(READY): pyproject.toml setup.py constraints.txt $(NATIVE) $(COMPILE_AGAIN)
	@set -eu; $(find_python); \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		echo "Making $(VENV) with $$($$python --version)"; $$python -m venv --clear $(VENV); \
	fi; \
	$(call check_compiler,$(VENV)); \
	$(call with_sign_of_life, \
	if [ -n "$(COMPILE_AGAIN)" ]; then \
		$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt \
			--no-cache-dir --no-binary llama-cpp-python --force-reinstall --no-deps \
			llama-cpp-python; \
		printf '%s\n' "$$CMAKE_ARGS" >$(VENV)/.cmake-args; \
	fi; \
	$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt \
		-e '.[$(EXTRAS)]'; \
	if [ -n "$(WITHOUT_AMX)" ] && [ -z "$(SKIP_COMPILER_CHECK)" ] \
		&& $(BIN)/python -c '$(HOLDS_AMX)'; then \
		echo "The llama.cpp that pip had kept uses AMX: it is compiled again."; \
		$(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt \
			--no-cache-dir --no-binary llama-cpp-python --force-reinstall --no-deps \
			llama-cpp-python; \
	fi); \
	touch $@

compile-again:

# Qt says only "could not be initialized"; the loader knows which library is missing.
qt-check: $(READY)
	@[ "$$(uname)" = Linux ] || exit 0; \
	qt=$$($(BIN)/python -c 'import importlib.util as u; print(u.find_spec("PySide6").origin)'); \
	qt=$${qt%/*}; \
	missing=$$(ldd "$$qt/QtWidgets.abi3.so" "$$qt/Qt/plugins/platforms/libqxcb.so" 2>/dev/null \
		| awk '/not found/ { print $$1 }' | sort -u | tr '\n' ' '); \
	[ -n "$$missing" ] || exit 0; \
	echo "Qt lacks system libraries: $$missing"; \
	echo "On Debian or Ubuntu: apt-get install --no-install-recommends $(QT_PACKAGES)"; \
	if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		echo "Without a window: env -u DISPLAY -u WAYLAND_DISPLAY make run"; exit 1; \
	fi

# ---- what it is for ----------------------------------------------------------------------------

run: $(READY) qt-check
	@$(BIN)/python -m kimidesk models pull smollm2-135m
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		echo "Opening the window."; $(BIN)/python -m kimidesk --sample; \
	else \
		echo "No display: the bundled suite, scored and drawn into $(DEMO), resumed if it is there."; \
		$(BIN)/python -m kimidesk demo --out $(DEMO); \
	fi

# The tests of the real engine skip without the checkpoint; pytest's summary is printed last.
test: $(READY)
	@$(BIN)/python -m kimidesk models pull smollm2-135m \
		|| echo "Without the checkpoint the tests of the real engine are skipped."
	@$(BIN)/python -m pytest -n $(JOBS) -m "not gpu"

# ---- for developers ----------------------------------------------------------------------------

check: lint types imports
	@[ -n "$(TESTS_FOLLOW)" ] || $(BIN)/python -m pytest -q -n $(JOBS) -m "not gpu and not slow"

fmt: $(READY)
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: $(READY)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: $(READY)
	@$(BIN)/mypy

imports: $(READY)
	@$(BIN)/lint-imports

# These are told what to compare with: a projector, models, a server, llama.cpp's own tools.
GIVEN := $(addprefix benchmarks/,cards.py images.py memory.py places.py remote.py resuming.py serving.py speed.py throughput.py)
bench: $(READY)
	@set -e; for each in $(filter-out $(GIVEN),$(wildcard benchmarks/*.py)) kernels/bench; do echo "== $$each"; $(BIN)/python $$each; done

# The wheel itself, not the checkout, in an environment without Qt and torch.
bare: $(READY)
	@set -eu; python=$(BIN)/python; \
	if ! $(BARE)/bin/python -m pip --version >/dev/null 2>&1; then \
		$$python -m venv --clear $(BARE); \
	fi; \
	$(call check_compiler,$(BARE)); \
	rm -rf build; \
	$(call with_sign_of_life, \
	$(BARE)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		. pytest pytest-randomly hypothesis; \
	$(BARE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--force-reinstall .)
	@$(BARE)/bin/python -P -c 'import sys, kimidesk.__main__; \
		from importlib.util import find_spec; \
		here = [name for name in ("PySide6", "pyqtgraph", "torch") if find_spec(name)]; \
		sys.exit(f"not bare: {here}" if here else 0)'
	@rm -rf out/bare && mkdir -p out/bare
	@printf '%s\n' '{"recitations": [{"text": "The answer is 12."}]}' >out/bare/script.json
	@cd out/bare && ../../$(BARE)/bin/python -P -m kimidesk --headless score \
		--model scripted:script.json --data ../../assets/suites/first_steps.jsonl --limit 3 \
		--out run --quiet
	@$(BARE)/bin/pytest -q -m "not gpu and not slow"

# The tests of the C++ statistics, on a build that watches every address and every undefined step.
SANITIZED := out/sanitize/native.so
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
sanitize: $(READY)
	@mkdir -p $(dir $(SANITIZED))
	@g++ -std=gnu++17 -O1 -g $(SANITIZERS) -fno-math-errno -fno-trapping-math -fPIC -shared -pthread \
		kernels/kimikernels/token_stats/native/*.cpp -o $(SANITIZED)
	@LD_PRELOAD="$$(g++ -print-file-name=libasan.so) $$(g++ -print-file-name=libubsan.so)" \
		ASAN_OPTIONS=detect_leaks=0 KIMIKERNELS_LIBRARY=$(SANITIZED) \
		$(BIN)/python -m pytest -q tests/kernels/token_stats -k "not compiled" -p no:cacheprovider

i18n: $(READY)
	@set -eu; mkdir -p assets/translations; \
	$(BIN)/pyside6-lupdate -no-obsolete $$(find kimidesk/gui -name '*.py' | sort) \
		-ts $(CHINESE).ts; \
	if grep -n 'type="unfinished"' $(CHINESE).ts; then \
		echo "$(CHINESE).ts: the lines above are not translated"; exit 1; \
	fi; \
	$(BIN)/pyside6-lrelease $(CHINESE).ts -qm $(CHINESE).qm

# Leaves the environments: they cost minutes. Remove .venv and .venv-bare by hand.
# The same traces give the same bytes.
segmenter: $(READY)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[segmenter]'
	$(BIN)/python -m kimidesk.reading.segments.making $(TRACES) assets/segmenter/model.npz

clean:
	rm -rf build dist $(DEMO) out/bare *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache
	find kimidesk kernels tests benchmarks -name __pycache__ -type d -exec rm -rf {} +
