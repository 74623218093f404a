"""Appends that wait together become one chunk, in order."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from kimidesk.records import (
    Budget,
    CheckpointInfo,
    Problem,
    Sampling,
    Token,
    TokenColumns,
    Trace,
)
from kimidesk.store import Desk
from kimidesk.store.writer import Append, merged

NOTHING = np.empty(0, np.int32), np.empty(0, np.float32)


def append(trace: str, *ids: int) -> Append:
    columns = TokenColumns()
    for id_ in ids:
        columns.append(Token(id_, -0.1, 0.2, 1, *NOTHING))
    return Append(trace, columns, dict.fromkeys(ids, b"x"))


def test_neighbours_of_one_trace_are_joined_and_the_originals_stay_as_they_were():
    writes = [append("a", 1), append("a", 2, 3), append("b", 4), append("a", 5)]

    joined = merged(writes)

    assert [(w.trace, w.columns.id.tolist()) for w in joined if isinstance(w, Append)] == [
        ("a", [1, 2, 3]),
        ("b", [4]),
        ("a", [5]),
    ]
    assert joined[0].pieces == {1: b"x", 2: b"x", 3: b"x"}
    assert len(writes[0].columns) == 1
    assert [len(w.columns) for w in merged(joined)] == [3, 1, 1]


def test_a_write_that_can_never_succeed_is_told_and_the_rest_is_saved(tmp_path: Path):
    desk = Desk.open(tmp_path / "desk.db")
    bad = Trace(
        "bad", Problem("half \ud83d"), CheckpointInfo("m", "r", "f"), Sampling(), Budget(), 1
    )
    good = replace(bad, id="good", problem=Problem("whole"))
    desk.begin(bad)
    desk.begin(good)
    desk.begin(good)
    desk.settle()

    assert desk.load("good").grown.trace.problem.text == "whole"
    assert "could not be saved" in desk.problem
    desk.append("good", append("good", 1).columns, {1: b"x"})
    desk.settle()
    assert len(desk.load("good").grown.columns) == 1
    desk.close()
