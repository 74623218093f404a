"""One name for a suite: generated, of the program, or of a file."""

from pathlib import Path

import pytest

from kimidesk.errors import BadData
from kimidesk.store.named import suite_of


def test_a_suite_of_ours_goes_by_its_name():
    assert suite_of("overthinking").name == "overthinking"


def test_a_file_is_read_with_its_mapping(tmp_path: Path):
    path = tmp_path / "d.jsonl"
    path.write_text('{"frage": "a", "answer": "1"}')

    assert suite_of(str(path), mapping={"problem": "frage"}).problems[0].text == "a"


def test_a_generated_suite_is_no_file():
    with pytest.raises(BadData, match="Allowed are"):
        suite_of("gym:puzzle24?size=3")
