"""What no linter sees: what is truly loaded, and that every folder is seen."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WEIGHTS = ("torch", "triton", "transformers", "llama_cpp", "kimikernels", "kimidesk.engines")


def loaded_by(code: str, *names: str) -> str:
    """Which of the names a fresh process has loaded after the code."""
    code = f"import sys\n{code}\nprint([n for n in {names!r} if n in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True
    )
    return out.stdout.strip().splitlines()[-1]


def test_the_command_line_loads_no_qt_and_no_weights():
    loaded = loaded_by("import kimidesk.__main__", "PySide6", "pyqtgraph", *WEIGHTS)

    assert loaded == "[]"


@pytest.mark.parametrize(
    "arguments", [["models", "list"], ["trace", "list"], ["--headless", "score", "--help"]]
)
def test_no_headless_verb_loads_qt(arguments: list[str]):
    code = (
        "from kimidesk.__main__ import open_window, save_picture\n"
        "from kimidesk.cli.main import run\n"
        f"run({arguments!r}, window=open_window, picture=save_picture)"
    )

    assert loaded_by(code, "PySide6", "pyqtgraph", *WEIGHTS) == "[]"


def test_the_window_loads_no_weights():
    pytest.importorskip("PySide6")

    assert loaded_by("import kimidesk.gui.app", *WEIGHTS) == "[]"


def test_no_foreign_package_is_hidden_by_the_kernels_folder():
    code = "import importlib.util\nprint(importlib.util.find_spec('kernels'))"
    out = subprocess.run(
        [sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert out.stdout.strip() == "None"


def test_every_folder_with_python_is_a_package():
    folders = {
        path.parent
        for top in ("kimidesk", "kernels/kimikernels")
        for path in (ROOT / top).rglob("*.py")
    }

    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []
    assert not (ROOT / "kernels" / "__init__.py").exists()
