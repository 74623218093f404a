"""Rows of published benchmarks are known by their fields."""

import base64
import json
import os
from pathlib import Path

import pytest

from kimidesk.errors import BadData
from kimidesk.records import Task
from kimidesk.store import presets, suites
from kimidesk.store.benchmark_rows import reading_of

REPOSITORY = Path(__file__).parents[2]
BENCH = Path(os.environ.get("KIMIDESK_BENCH", REPOSITORY.parent / "shared" / "data" / "bench"))
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.parametrize(
    ("row", "letter"),
    [
        ({"question": "q", "options": {"A": "1", "B": "2"}, "label": "B"}, "B"),
        ({"question": "q", "options": ["1", "2", "3"], "answer": "C"}, "C"),
        ({"question": "q", "choices": ["red", "blue"], "answer": "blue"}, "B"),
        ({"question": "q", "options": "['1', 'two']", "answer": "A"}, "A"),
        ({"question": "q", "options": "A) 1 B) 2", "Answer": "A"}, "A"),
        ({"question": "q", "options": {"A": "1", "B": "2", "C": "3"}, "label": "A, C"}, "AC"),
    ],
)
def test_options_are_put_and_the_answer_is_a_letter(row: dict[str, object], letter: str):
    found = reading_of(row)

    assert found is not None
    assert (found.task, found.answer) == (Task.CHOICE, letter)
    assert found.text.startswith("q\n(A) ")


def test_a_letter_that_names_no_option_makes_no_choice():
    assert reading_of({"question": "q", "options": ["1", "2"], "answer": "E"}) is None
    assert reading_of({"question": "q", "options": [], "answer": "6"}) is None


def test_code_brings_its_tests(tmp_path: Path):
    rows = [
        {"task_id": "H/0", "prompt": "def f():\n", "test": "def check(c): ...", "entry_point": "f"},
        {"task_id": 2, "text": "Write f.", "test_list": ["assert f()"], "code": "def f(): ..."},
    ]
    path = tmp_path / "d.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")

    human, mbpp = suites.read(path).problems

    assert human.task is mbpp.task is Task.CODE
    assert json.loads(human.check)["entry_point"] == "f"
    assert json.loads(mbpp.check) == {
        "kind": "mbpp",
        "prompt": "Write f.",
        "tests": "assert f()",
        "entry_point": "",
    }
    assert "assert f()" in mbpp.text


def test_subject_level_and_pictures_come_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KIMIDESK_HOME", str(tmp_path))
    inline = "data:image/png;base64," + base64.b64encode(PNG).decode()
    rows = [
        {"problem": "a", "answer": "1", "subject": "Algebra", "level": 5, "image": "a.png"},
        {"problem": "b", "answer": "1", "image": inline},
        {"problem": "c", "answer": "1", "image": "https://example.org/a.png"},
    ]
    path = tmp_path / "d.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")

    suite = suites.read(path)

    first, second = suite.problems
    assert (first.subject, first.level) == ("Algebra", "5")
    assert first.images == (str(tmp_path / "a.png"),)
    assert Path(second.images[0]).read_bytes() == PNG
    assert "not fetched" in suite.skipped[0]


def test_parquet_is_read_with_pictures_as_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KIMIDESK_HOME", str(tmp_path))
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    rows = [{"question": "a", "answer": "1", "image": {"bytes": PNG, "path": None}}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "d.parquet")

    (problem,) = suites.read(tmp_path / "d.parquet").problems

    assert Path(problem.images[0]).read_bytes() == PNG


def test_a_benchmark_is_found_by_name_and_its_absence_says_what_to_do(tmp_path: Path):
    (tmp_path / "deep" / "gsm8k").mkdir(parents=True)
    file = tmp_path / "deep" / "gsm8k" / "test.jsonl"
    file.write_text('{"question": "a", "answer": "#### 1"}', "utf-8")

    assert presets.resolve("GSM8K", tmp_path) == file
    assert presets.resolve(str(file)) == file
    assert presets.resolve(str(file.parent)) == file
    assert presets.resolve("first_steps").name == "first_steps.jsonl"
    with pytest.raises(BadData) as absent:
        presets.resolve("math500", tmp_path)
    assert "kimidesk data pull math500" in absent.value.hint
    with pytest.raises(BadData) as unknown:
        presets.resolve("gsm9k", tmp_path)
    assert "Did you mean gsm8k?" in unknown.value.hint


@pytest.mark.skipif(not BENCH.is_dir(), reason="no benchmark data; KIMIDESK_BENCH names it")
def test_every_benchmark_at_hand_is_found_and_whole():
    found = {p.name: presets.find(p.name, BENCH) for p in presets.PRESETS}
    here = {name: path for name, path in found.items() if path is not None}

    counts = {name: len(suites.read(path).problems) for name, path in here.items()}

    assert len(here) >= 20
    assert counts == {name: presets.BY_NAME[name].problems for name in here}
