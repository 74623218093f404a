"""The program as a person runs it: a process, its streams, its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

RECITATIONS: list[dict[str, Any]] = [
    {"match": "2+2", "text": "<think>Two and two.</think>The answer is \\boxed{4}."},
    {"match": "3+3", "text": "<think>Hm.</think>The answer is \\boxed{7}."},
    {"match": "unfinished", "text": "<think>I wonder about", "then": "silent"},
    {"match": "crash", "text": "a b", "then": "crash"},
    {"match": "", "text": "no idea at all"},
]
ROWS = [
    {"question": "What is 2+2?", "answer": "#### 4"},
    {"question": "What is 3+3?", "answer": "#### 6"},
    {"question": "unfinished", "answer": "#### 1"},
]

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test here starts the program, which takes a second or more and makes 260 s of them all:
    `make check` runs those marked `smoke`, `make test` every one."""
    here = Path(__file__).parent
    for item in items:
        starts = "kimidesk" in getattr(item, "fixturenames", ())
        if starts and here in item.path.parents and not item.get_closest_marker("smoke"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def kimidesk(tmp_path: Path, home: Path) -> Run:
    """Run `kimidesk ARGUMENTS` in a temporary folder."""

    def run(*arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-P", "-m", "kimidesk", *arguments],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env={**os.environ, "COLUMNS": "200"},
        )

    return run


@pytest.fixture
def script(tmp_path: Path) -> str:
    """A scripted checkpoint as --model takes it."""
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"thinks": True, "recitations": RECITATIONS}))
    return f"scripted:{path}"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Three problems."""
    return write_rows(tmp_path / "data.jsonl", ROWS)


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    """As JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
