"""Data files of many makers become problems; what cannot is named with file and line."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.errors import BadData
from kimidesk.store import suites


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "problem", "answer"),
    [
        ({"problem": "a", "answer": "1"}, "a", "1"),
        ({"question": "a", "gold": 1}, "a", "1"),
        ({"prompt": "a", "expected_answer": 27.0}, "a", "27"),
        ({"Question": "a", "Answer": "B"}, "a", "B"),
        ({"question": "a", "answer": "He has 2 left.\n#### 2"}, "a", "2"),
        ({"input": "a", "target": -0.5}, "a", "-0.5"),
        ({"question": "a", "final_answer": ["$3$"]}, "a", "$3$"),
        ({"question": "小明", "golden": "8"}, "小明", "8"),
        ({"problem": "a", "solution": "so \\boxed{7}"}, "a", "so \\boxed{7}"),
    ],
)
def test_common_names_are_known(tmp_path: Path, row: dict[str, object], problem: str, answer: str):
    suite = suites.read(write(tmp_path / "d.jsonl", row))

    assert (suite.problems[0].text, suite.problems[0].answer) == (problem, answer)


def test_other_names_are_mapped(tmp_path: Path):
    path = write(tmp_path / "d.jsonl", {"frage": "a", "lösung": "1", "answer": "no"})

    suite = suites.read(path, mapping=suites.parse_mapping("question=frage, answer=lösung"))

    assert (suite.problems[0].text, suite.problems[0].answer) == ("a", "1")


def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path):
    path = tmp_path / "d.jsonl"
    path.write_text('{"problem": "a", "answer": "1"}\n{oops\n\n[1]\n{"problem":"b","answer":"2"}\n')

    suite = suites.read(path)

    assert [(p.text, p.number) for p in suite.problems] == [("a", 0), ("b", 3)]
    assert suite.skipped[0].startswith(f"{path}:2: not JSON")
    assert suite.skipped[1].startswith(f"{path}:4: list")


@pytest.mark.parametrize(
    "line", ['{"problem":"\\ud83d hi","answer":"1"}', '{"problem":"a","answer":' + "9" * 5000 + "}"]
)
def test_a_line_that_python_cannot_take_is_named_too(tmp_path: Path, line: str):
    path = tmp_path / "d.jsonl"
    path.write_text(line + '\n{"problem": "a", "answer": "1"}\n')

    suite = suites.read(path)

    assert [problem.number for problem in suite.problems] == [1]
    assert suite.skipped[0].startswith(f"{path}:1: ")


def test_every_picture_of_a_row_is_kept(tmp_path: Path):
    row = {"problem": "a", "answer": "1", "images": ["a.png", "b.png"]}

    (problem,) = suites.read(write(tmp_path / "d.jsonl", row)).problems

    assert problem.images == (str(tmp_path / "a.png"), str(tmp_path / "b.png"))


def test_strict_stops_at_a_bad_line(tmp_path: Path):
    path = tmp_path / "d.jsonl"
    path.write_text('{"problem": "a", "answer": "1"}\n{oops\n')

    with pytest.raises(BadData, match=r"d\.jsonl:2: not JSON"):
        suites.read(path, strict=True)


def test_data_without_an_answer_field_says_what_there_is(tmp_path: Path):
    with pytest.raises(BadData, match="its fields are problem, frage") as caught:
        suites.read(write(tmp_path / "d.jsonl", {"problem": "a", "frage": "1"}))
    assert "--map" in caught.value.hint


def test_csv_with_a_byte_order_mark_and_gzip_are_read(tmp_path: Path):
    (tmp_path / "d.csv").write_bytes('\ufeffquestion,answer\n"a, b",1\n'.encode())
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(b'{"problem": "a, b", "answer": "1"}'))

    csv, packed = (suites.read(tmp_path / name) for name in ("d.csv", "d.jsonl.gz"))

    assert csv.problems[0].text == packed.problems[0].text == "a, b"


def test_a_misspelt_file_gets_a_hint(tmp_path: Path):
    write(tmp_path / "gsm8k.jsonl", {})

    with pytest.raises(BadData, match="there is no file") as caught:
        suites.read(tmp_path / "gsm9k.jsonl")
    assert "gsm8k.jsonl" in caught.value.hint


@pytest.mark.parametrize("raw", [b"", b"\x1f\x8b broken", b"\n\n", b"\xff\xfe\x00", b"[]", b"null"])
def test_files_without_problems_are_refused(tmp_path: Path, raw: bytes):
    (tmp_path / "d.jsonl").write_bytes(raw)

    with pytest.raises(BadData):
        suites.read(tmp_path / "d.jsonl")


@given(raw=st.binary(max_size=300))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, raw: bytes):
    path = tmp_path_factory.mktemp("data") / "d.jsonl"
    path.write_bytes(raw)
    try:
        suites.read(path)
    except BadData as error:
        assert str(path) in str(error)  # noqa: PT017 — either outcome is right


@pytest.mark.parametrize("text", ["x", "=y", "frage=problem", "problem="])
def test_a_mapping_that_says_nothing_is_refused(text: str):
    with pytest.raises(BadData, match="cannot read the mapping"):
        suites.parse_mapping(text)


def test_the_benchmarks_at_hand_are_read_whole(shared: Path):
    for name, rows in (
        ("gsm8k/gsm8k_test.jsonl", 1319),
        ("math500/math500.jsonl", 500),
        ("aime25/aime25.jsonl", 30),
        ("chinese/cmath_1098.jsonl", 1098),
        ("arithmetic/mawps_addsub.jsonl", 395),
        ("math_test/math_test_5000.jsonl", 5000),
        ("other/amc23.jsonl", 40),
    ):
        suite = suites.read(shared / "data" / "bench" / name)
        assert len(suite.problems) + len(suite.skipped) == rows, name
        assert len(suite.skipped) <= rows / 100, (name, suite.skipped[:3])
