"""How ways are compared, weighed and timed."""

import sys
from pathlib import Path

import numpy as np
import pytest

BENCH = str(Path(__file__).parents[3] / "kernels" / "bench")


@pytest.fixture(autouse=True)
def on_path(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    yield
    for name in ("contest", "timing", "table"):
        sys.modules.pop(name, None)


def held(*ways, **more):
    from contest import Contest, Way, hold
    from timing import Clock

    contest = Contest("op", "float32", "1", "forward", [Way(*each) for each in ways], **more)
    return hold(contest, Clock("cpu"), seconds=60, rounds=4)


def test_a_way_that_gives_other_figures_is_told_by_how_much():
    first, other = held(("ours", lambda: ([1.0, -2.0],)), ("peer", lambda: ([1.0, -1.0],)))

    assert first.note == ""
    assert other.note == "differs by 5.0e-01 of the largest"


def test_a_way_that_gives_another_shape_is_told():
    _, other = held(("ours", lambda: ([1.0, -2.0],)), ("peer", lambda: ([1.0],)))

    assert "differs by inf" in other.note


def test_a_way_that_fails_is_a_line_and_the_others_go_on():
    def fail():
        raise RuntimeError("out of\nmemory")

    first, third, broken = held(("ours", tuple), ("broken", fail), ("third", tuple))

    assert first.rounds == third.rounds == 4
    assert broken.ms is None
    assert broken.note == "not measured: RuntimeError: out of memory"


def test_the_ratio_is_of_medians_to_the_first_way():
    import time

    first, other = held(("ours", lambda: time.sleep(0.02)), ("peer", lambda: time.sleep(0.08)))

    assert first.ratio == 1
    assert other.ratio == pytest.approx(other.ms / first.ms)
    assert 2 < other.ratio < 6


def test_the_peak_is_what_a_pass_holds_beyond_its_inputs():
    _, other = held(("ours", tuple), ("peer", lambda: (np.ones(30_000_000),)))

    assert 200 < other.peak_mb < 400


def test_the_table_has_a_cell_for_each_column():
    import table

    (line,) = held(("a|b", tuple), bytes_moved=1e6)

    assert table.row(line, "cpu", 10.0).count("|") == table.heading().splitlines()[0].count("|")


def test_a_way_that_fails_while_it_is_timed_is_a_line_and_the_others_go_on():
    calls = iter(range(100))

    def late():
        if next(calls) > 2:
            raise RuntimeError("late")

    first, broken = held(("ours", tuple), ("late", late))

    assert first.rounds == 4
    assert (broken.ms, broken.note) == (None, "not measured: RuntimeError: late")
