"""Traces of one problem as samples: what others of a kind are compared with."""

from dataclasses import replace

import pytest

from kimidesk.errors import NotFound
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

PROBLEM = Problem("What is 2+2?", "4")


def a_trace(id_: str, ended: Ended | None, at: float = 0.0) -> Trace:
    info = CheckpointInfo("Recital", "scripted:x", "0" * 16)
    dialect = Dialect("think", "<think>", ("</think>",))
    return Trace(id_, PROBLEM, info, Sampling(), Budget(), 0, dialect, ended=ended, started_at=at)


@pytest.fixture
def desk():
    made = Desk.open()
    yield made
    made.close()


def keep(desk: Desk, trace: Trace, text: str = "<think>It is 4.</think>4") -> None:
    desk.begin(trace)
    if trace.ended:
        desk.finish(trace, text)
    desk.settle()


def test_those_that_nobody_cut_short_are_found_newest_first(desk: Desk):
    for n, ended in enumerate(Ended):
        keep(desk, a_trace(ended.value, ended, at=n))
    keep(desk, replace(a_trace("fork", Ended.ANSWERED, 99), fork=Fork("answered", 1)))
    keep(desk, replace(a_trace("other", Ended.ANSWERED), problem=Problem("What is 3+3?")))

    found = desk.finished(PROBLEM.id, 10)

    assert found == ["replayed", "context full", "loop", "budget", "answered"]
    assert desk.finished(PROBLEM.id, 2) == ["replayed", "context full"]


def test_a_sample_is_what_was_said_and_how_it_was_judged(desk: Desk):
    keep(desk, a_trace("t", Ended.ANSWERED))
    desk.judge("t", Verdict(Judgement.RIGHT, "4", "4"))
    desk.settle()

    sample = desk.sample("t")

    assert (sample.trace, sample.problem, sample.expected) == ("t", "What is 2+2?", "4")
    assert (sample.thinking, sample.answer, sample.ended) == ("It is 4.", "4", Ended.ANSWERED)
    assert sample.verdict is not None
    assert sample.verdict.right


def test_a_trace_without_a_text_is_no_sample(desk: Desk):
    with pytest.raises(NotFound, match="no trace 'x'"):
        desk.sample("x")
