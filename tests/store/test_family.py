"""A trace with its parents and its branches."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kimidesk.records import (
    Budget,
    CheckpointInfo,
    Dialect,
    Ended,
    Fork,
    Judgement,
    Problem,
    Sampling,
    Trace,
    Verdict,
)
from kimidesk.store import Desk


@pytest.fixture
def desk(tmp_path: Path):
    desk = Desk.open(tmp_path / "desk.db")
    yield desk
    desk.close()


def keep(desk: Desk, id_: str, at: float, fork: Fork | None = None, judged: str = "") -> None:
    trace = Trace(
        id_,
        Problem("2+2?", "4"),
        CheckpointInfo("m", "r", "f"),
        Sampling(0.7),
        Budget(),
        3,
        dialect=Dialect("d"),
        fork=fork,
        ended=Ended.ANSWERED,
        started_at=at,
    )
    desk.begin(trace)
    desk.finish(trace, f"{id_} says so")
    if judged:
        desk.judge(id_, Verdict(Judgement.WRONG, "first", "4"))
        desk.judge(id_, Verdict(Judgement.RIGHT, judged, "4", reason="found in a box"))


def test_a_family_is_found_from_any_of_its_members(desk: Desk):
    keep(desk, "root", 1.0)
    keep(desk, "b", 3.0, Fork("root", 5, "went on"), judged="4")
    keep(desk, "a", 2.0, Fork("root", 4))
    keep(desk, "aa", 4.0, Fork("a", 1))
    keep(desk, "stranger", 5.0)
    desk.settle()

    for id_ in ("root", "a", "b", "aa"):
        assert [each.id for each in desk.family(id_)] == ["root", "a", "b", "aa"]
    assert [each.id for each in desk.family("stranger")] == ["stranger"]
    assert desk.family("nobody") == []
    told = desk.family("root")[2]
    assert told.fork == Fork("root", 5, "went on")
    assert (told.text, told.temperature, told.seed) == ("b says so", 0.7, 3)
    assert told.verdict is not None
    assert (told.verdict.judgement, told.verdict.extracted) == (Judgement.RIGHT, "4")
    assert told.verdict.reason == "found in a box"


def test_a_line_has_its_root_first_and_does_without_parents_that_are_not_here(desk: Desk):
    keep(desk, "root", 1.0)
    keep(desk, "a", 2.0, Fork("root", 0))
    keep(desk, "aa", 3.0, Fork("a", 0))
    keep(desk, "orphan", 4.0, Fork("elsewhere", 3))
    desk.settle()

    assert [kept.grown.trace.id for kept in desk.line("aa")] == ["root", "a", "aa"]
    assert [kept.grown.trace.id for kept in desk.line("orphan")] == ["orphan"]
    assert [each.id for each in desk.family("orphan")] == ["orphan"]
    assert {row.id: row.parent for row in desk.traces()} == {
        "root": "",
        "a": "root",
        "aa": "a",
        "orphan": "elsewhere",
    }


def test_parents_that_run_in_a_circle_end(desk: Desk):
    keep(desk, "a", 1.0, Fork("b", 0))
    keep(desk, "b", 2.0, Fork("a", 0))
    desk.settle()

    assert desk.family("a") == []


def test_branches_are_looked_up_by_their_parent(desk: Desk):
    with closing(sqlite3.connect(desk.path)) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM trace WHERE parent = 'x'"
        ).fetchall()

    assert "trace_by_parent" in str(plan)
