"""Curves over thinking tokens, and s1's control, scaling and performance."""

import pytest

from kimidesk.reading.bill import drawn, forced, total
from kimidesk.reading.budgets import Run, Way, curves, figures


def runs(way: Way, budget: int, thinking: int, *right: bool | None) -> list[Run]:
    return [
        Run(way, budget, n, f"{way}{budget}{n}", thinking=thinking, right=each)
        for n, each in enumerate(right)
    ]


def test_the_figures_are_s1_s():
    told = runs(Way.RERUN, 100, 100, True, False) + runs(Way.RERUN, 200, 200, True, True)
    told += runs(Way.RERUN, 400, 500, True, False)

    found = figures(curves(told)[Way.RERUN])

    assert found.control == pytest.approx(4 / 6), "500 tokens are more than the 400 asked for"
    slopes = [(1 - 0.5) / 100, 0.0, (0.5 - 1) / 300]
    assert found.scaling == pytest.approx(1_000 * sum(slopes) / 3)
    assert found.performance == 1


def test_waits_have_no_bound_to_keep_to():
    found = figures(curves(runs(Way.WAIT, 1, 100, True))[Way.WAIT])

    assert (found.control, found.scaling, found.performance) == (None, None, 1)


def test_what_nobody_expects_has_no_share():
    (point,) = curves(runs(Way.CUT, 5, 5, None, None))[Way.CUT]

    assert point.share is None
    assert figures([point]).performance is None


def test_runs_that_came_to_nothing_make_no_point():
    assert curves([Run(Way.CUT, 5, 0, trouble="no room")]) == {}


def test_a_bill_keeps_to_the_budget():
    one = drawn(100, 120)

    assert (one.tokens, one.least, one.most) == (100, 50, 120)
    assert total([one, forced().times(2)]).rollouts == 3
    assert drawn(100, 30).tokens == 30
