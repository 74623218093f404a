"""Finding the compiled code, and doing without it."""

import subprocess
import sys
from pathlib import Path

import pytest

from kimikernels.token_stats import compiled


def told(**variables: str) -> str:
    """What a fresh interpreter chooses, and an entropy as a sign of life."""
    script = (
        "import numpy as np; from kimikernels.token_stats import choice, token_stats;"
        "print(choice().name, '|', choice().why, '|',"
        "round(token_stats(np.zeros(4, 'f4')).entropy, 6))"
    )
    environment = {"PATH": "", **variables}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_compiled_code_is_taken_where_it_is():
    if compiled.why_not():
        pytest.skip(compiled.why_not())

    assert told().startswith("compiled | C++, ")
    assert told(KIMIKERNELS_CPU="portable") == "compiled | C++, portable | 1.386294"


def test_without_the_library_numpy_does_it_and_the_reason_is_told(tmp_path: Path):
    found = told(KIMIKERNELS_LIBRARY=str(tmp_path / "nothing.so"))

    assert found.startswith("numpy | numpy; not compiled: ")
    assert "nothing.so" in found
    assert found.endswith("| 1.386294")


def test_an_instruction_set_that_the_processor_lacks_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(compiled.CPU_VARIABLE, "avx1024")
    compiled.loaded.cache_clear()
    assert "KIMIKERNELS_CPU is avx1024; this processor has" in compiled.why_not()
    monkeypatch.undo()
    compiled.loaded.cache_clear()
