"""A run's folder is watched while it grows: only what was added is read."""

import json
from pathlib import Path

import msgspec
import pytest

from kimidesk.errors import NotFound
from kimidesk.records import Ended, Judgement, Sample, SampleStatus, Verdict
from kimidesk.store import verdicts
from kimidesk.store.owner import this_process
from kimidesk.store.watching import (
    LIVE,
    Live,
    disputed,
    judged_as,
    live_of,
    look,
    sample_at,
    stamp_of,
)


def sample(number: int, repeat: int = 0, judgement: Judgement = Judgement.RIGHT) -> Sample:
    return Sample(
        number, repeat, f"n{number}", f"What is {number} + 1?", str(number + 1), SampleStatus.DONE,
        seed=7, ended=Ended.ANSWERED, answer="7", verdict=Verdict(judgement, "7"), answer_tokens=3,
    )  # fmt: skip


def add(folder: Path, *samples: Sample) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "run.json").write_text(json.dumps({"identity": {}, "sessions": []}))
    with (folder / "samples.jsonl").open("ab") as file:
        for each in samples:
            file.write(msgspec.json.encode(each) + b"\n")


def test_only_what_was_added_is_read(tmp_path: Path):
    add(tmp_path, sample(0), sample(1))
    first = look(tmp_path)
    add(tmp_path, sample(2))

    second = look(tmp_path, first)

    assert [row.number for row in second.rows] == [0, 1, 2]
    assert second.rows[0] is first.rows[0]
    assert second.stop == (tmp_path / "samples.jsonl").stat().st_size
    assert sample_at(tmp_path, second.rows[2]) == sample(2)


def test_a_line_that_is_still_being_written_waits(tmp_path: Path):
    add(tmp_path, sample(0))
    with (tmp_path / "samples.jsonl").open("ab") as file:
        file.write(msgspec.json.encode(sample(1))[:20])

    seen = look(tmp_path)

    assert len(seen.rows) == 1
    assert seen.torn == 0


def test_a_sample_that_is_made_again_replaces_the_first(tmp_path: Path):
    add(tmp_path, sample(0, judgement=Judgement.WRONG), sample(0))

    (row,) = look(tmp_path).rows

    assert row.judgement is Judgement.RIGHT


def test_a_persons_word_counts_and_can_be_taken_back(tmp_path: Path):
    add(tmp_path, sample(0), sample(0, 1), sample(1))
    before = look(tmp_path)
    verdicts.override(tmp_path, sample(0, 1), "wrong", "ann", "a guess")

    seen = look(tmp_path, before)

    changed = seen.rows[1]
    assert changed == judged_as(before.rows[1], Judgement.WRONG)
    assert seen.disputed == disputed(seen.rows) == {(0, 0, -1), (0, 1, -1)}
    assert sample_at(tmp_path, changed).verdict.reason == "by ann a guess"
    verdicts.override(tmp_path, sample(0, 1), "", "ann")
    assert look(tmp_path, seen).rows == before.rows


def test_who_works_on_a_run_is_known_while_it_lives(tmp_path: Path):
    add(tmp_path, sample(0))
    stamp = stamp_of(tmp_path)
    for owner, there in ((this_process(), True), ("1:0.00", False)):
        (tmp_path / LIVE).write_bytes(msgspec.json.encode(Live(owner, 9)))
        assert (live_of(tmp_path) is not None) is there
    assert stamp_of(tmp_path) != stamp


def test_what_is_no_run_is_told(tmp_path: Path):
    with pytest.raises(NotFound, match="no run"):
        look(tmp_path)
