"""Pictures that came from no file, and copies of those that did."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from kimidesk.records import Budget, CheckpointInfo, Problem, Sampling, Trace
from kimidesk.records.picture import MOST_BYTES
from kimidesk.store import Desk, pictures
from kimidesk.store.pictures import holds, keep_copy, keep_picture, pictures_folder


def test_the_same_picture_is_the_same_file_and_no_draft_of_a_dead_process_stays(home):
    first = keep_picture(b"one")
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    dead, living = (pictures_folder() / f"ab.{pid}.tmp" for pid in (gone, os.getppid()))
    dead.write_bytes(b"half a pict")
    living.write_bytes(b"half a pict")

    assert keep_picture(b"one") == first
    keep_picture(b"two")

    assert first.read_bytes() == b"one"
    assert not dead.exists()
    assert living.exists()


def test_what_a_trace_was_given_is_copied(tmp_path: Path):
    path = tmp_path / "Photo.JPG"
    path.write_bytes(b"pixels")

    kept = keep_copy(str(path))

    assert Path(kept.copy).parent == pictures_folder()
    assert Path(kept.copy).suffix == ".jpg"
    assert holds(str(path), kept.copy)
    assert keep_copy(kept.copy).copy == kept.copy  # a pasted picture is its own copy
    path.write_bytes(b"others")
    assert not holds(str(path), kept.copy)


def test_why_there_is_no_copy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert keep_copy(str(tmp_path / "none.png")).reason == "No such file or directory"
    large = tmp_path / "large.png"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert "more than" in keep_copy(str(large)).reason
    small = tmp_path / "small.png"
    small.write_bytes(b"1234")
    monkeypatch.setattr(pictures, "MOST_KEPT", 3)
    assert "already" in keep_copy(str(small)).reason


def test_the_desk_keeps_the_pictures_of_a_trace(tmp_path: Path):
    path = tmp_path / "a.png"
    path.write_bytes(b"pixels")
    images = (str(path), str(tmp_path / "gone.png"))
    info = CheckpointInfo("Recital", "scripted:x", "0" * 16)
    trace = Trace("t1", Problem("?", images=images), info, Sampling(), Budget(), 0)
    with closing(Desk.open()) as desk:
        desk.begin(trace)
        desk.settle()

        first, second = desk.pictures("t1")

    assert (first.path, Path(first.copy).read_bytes()) == (str(path), b"pixels")
    assert (second.copy, second.reason) == ("", "No such file or directory")
