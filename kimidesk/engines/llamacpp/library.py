"""llama.cpp itself: started once, its layout checked, its log kept.

The bindings describe C structures by hand. A library built from other sources loads, and even
writes text, with every option read from the wrong place; so the defaults it returns are compared
with those of the pinned release before anything else is asked of it.
"""

import atexit
import ctypes
import sys
from collections import deque
from functools import cache
from typing import NamedTuple

from llama_cpp import llama_cpp as lib
from llama_cpp._ggml import libggml

from kimidesk.errors import ModelError

PINNED = "0.3.36"
_CONTEXT_DEFAULTS = {
    "n_ctx": 512,
    "n_batch": 2048,
    "n_ubatch": 512,
    "type_k": 1,  # f16
    "offload_kqv": True,
    "op_offload": True,
    "swa_full": True,
}
_WARN, _ERROR, _CONTINUED = 3, 4, 5  # ggml's log levels
_GPU, _INTEGRATED = 1, 2  # ggml_backend_dev_type
NULL_LOG = lib.llama_log_callback(0)


class Log:
    """The last lines that llama.cpp logged; warnings and errors also go to stderr."""

    def __init__(self) -> None:
        self._lines: deque[tuple[int, str]] = deque(maxlen=20_000)  # some for each tensor

    def clear(self) -> None:
        """Forget all lines, so that `reason` speaks of what comes."""
        self._lines.clear()

    def take(self, level: int, text: str) -> None:
        """Add what llama.cpp wrote, a line or a part of one."""
        if level == _CONTINUED and self._lines:
            level, line = self._lines.pop()
            text = line + text
        self._lines.append((level, text))
        # A pool for many traces is longer than any of them; whoever asks for one that is too long
        # is told by the face.
        told = "training context overflow" not in text
        if told and level in (_WARN, _ERROR) and text.endswith("\n"):
            sys.stderr.write(f"llama.cpp: {text}")

    def reason(self) -> str:
        """What went wrong, in llama.cpp's words; the first error is the cause of the others."""
        for level, line in self._lines:
            if level == _ERROR:
                return line.strip().split(": ", 1)[-1].removeprefix("error loading model: ")
        return "it gave no reason"

    def find(self, mark: str) -> str:
        """What follows `mark` on the first line that holds it, or ""."""
        for _, line in self._lines:
            if mark in line:
                return line.split(mark, 1)[1].strip()
        return ""

    def every(self, mark: str) -> list[str]:
        """What follows `mark` on each line that holds it."""
        return [line.split(mark, 1)[1].strip() for _, line in self._lines if mark in line]


@cache
def start() -> Log:
    """Start llama.cpp, once in a process; raises ModelError when it is another build."""
    check_layout()
    log = Log()

    def take(level: int, text: bytes, _: object) -> None:
        log.take(level, text.decode("utf-8", "replace"))

    callback = lib.llama_log_callback(take)
    lib.llama_log_set(callback, ctypes.c_void_p(0))
    # At the end of the process C may still log, when no Python is left to be called; holding
    # the callback here also keeps it from being collected.
    atexit.register(_stop, callback)
    lib.llama_backend_init()
    return log


def _stop(callback: object) -> None:
    lib.llama_log_set(NULL_LOG, ctypes.c_void_p(0))
    del callback


def check_layout() -> None:
    """Raise ModelError unless the library's structures are laid out as the bindings say."""
    defaults = lib.llama_context_default_params()
    for name, expected in _CONTEXT_DEFAULTS.items():
        found = getattr(defaults, name)
        if found != expected:
            raise ModelError(
                f"the llama.cpp library does not fit its bindings: {name} is {found}, "
                f"it must be {expected}",
                hint=f"Reinstall llama-cpp-python=={PINNED} and unset LLAMA_CPP_LIB_PATH.",
            )


def version() -> str:
    """The engine and its build, as a trace records it."""
    return f"llama.cpp {lib.llama_version().decode()} (llama-cpp-python {PINNED})"


def offloads(gpu_layers: int) -> bool:
    """Whether this build puts so many layers (-1 = all) on another device than the CPU."""
    return gpu_layers != 0 and bool(lib.llama_supports_gpu_offload())


class Card(NamedTuple):
    """A device with memory of its own, or one that shares the machine's."""

    name: str
    free: int  # bytes
    own: bool  # not the machine's memory


def cards() -> list[Card]:
    """Where this build can put layers, in its order; an integrated one for want of others."""
    start()
    libggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    libggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    libggml.ggml_backend_dev_get.argtypes = [ctypes.c_size_t]
    libggml.ggml_backend_dev_name.restype = ctypes.c_char_p
    for function in (libggml.ggml_backend_dev_name, libggml.ggml_backend_dev_type):
        function.argtypes = [ctypes.c_void_p]
    size = ctypes.POINTER(ctypes.c_size_t)
    libggml.ggml_backend_dev_memory.argtypes = [ctypes.c_void_p, size, size]
    libggml.ggml_backend_dev_memory.restype = None
    found: dict[int, list[Card]] = {_GPU: [], _INTEGRATED: []}
    for number in range(libggml.ggml_backend_dev_count()):
        device = libggml.ggml_backend_dev_get(number)
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        libggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        kind = found.get(libggml.ggml_backend_dev_type(device))
        if kind is not None:
            name = libggml.ggml_backend_dev_name(device).decode()
            own = kind is found[_GPU] and sys.platform != "darwin"
            kind.append(Card(name, free.value, own))
    return found[_GPU] or found[_INTEGRATED][:1]
