"""What was tried with a trace is there when the desk is opened again."""

from dataclasses import replace
from pathlib import Path

import pytest

from kimidesk.errors import StoreError
from kimidesk.reading.budgets import Run, Way
from kimidesk.reading.importance import Price, Rollout, Side, Weighing
from kimidesk.records import Budget, CheckpointInfo, Problem, Sampling, Trace
from kimidesk.store import Desk
from kimidesk.store.experiments import (
    keep_rollouts,
    keep_runs,
    kept_traces,
    rollouts_of,
    runs_of,
)

ASKED = Weighing(3, 6, Price.FULL)
TOLD = [Rollout(Side.BEFORE, 1, "4", "4", True, "So it is four. 好", "So it is four.", 9)]


@pytest.fixture
def desk(tmp_path: Path):
    desk = Desk.open(tmp_path / "desk.db")
    desk.begin(Trace("t", Problem("2+2?"), CheckpointInfo("m", "r", "f"), Sampling(), Budget(), 0))
    yield desk
    desk.close()


def test_rollouts_are_known_by_what_was_asked(desk: Desk):
    keep_rollouts(desk, "t", ASKED, "4", TOLD)
    desk.settle()

    assert rollouts_of(desk, "t", ASKED, "4") == TOLD
    assert rollouts_of(desk, "t", replace(ASKED, horizon=9), "4") == TOLD, "it draws to the end"
    assert rollouts_of(desk, "t", replace(ASKED, price=Price.SHORT), "4") == []
    assert rollouts_of(desk, "t", replace(ASKED, last=7), "4") == []
    assert rollouts_of(desk, "t", ASKED, "5") == []


def test_more_takes_the_place_of_less(desk: Desk):
    runs = [Run(Way.CUT, 64, 0, "c1", "t", 64, 20, "4", "4", True)]
    keep_runs(desk, "t", "4", runs)
    runs += [Run(Way.OWN, 90, 0, "t", right=None)]
    keep_runs(desk, "t", "4", runs)
    desk.settle()

    assert runs_of(desk, "t", "4") == runs
    assert len(desk.experiments("t", "budgets")) == 1


def test_traces_that_are_gone_are_left_out(desk: Desk):
    desk.settle()

    kept = kept_traces(desk, [Run(Way.RERUN, 9, 0, "t"), Run(Way.RERUN, 9, 1, "gone")])

    assert set(kept) == {"t"}


def test_damaged_results_are_told(desk: Desk):
    keep_runs(desk, "t", "4", [])
    desk.settle()
    ((asked, _),) = desk.experiments("t", "budgets")
    desk.keep_experiment("t", "budgets", asked, "{")
    desk.settle()

    with pytest.raises(StoreError, match="damaged"):
        runs_of(desk, "t", "4")
