"""Curves of accuracy against tokens."""

import pytest

from kimidesk.grading.curves import curve_csv, forced, long2short, posthoc, runs_csv
from kimidesk.records import Ended
from tests.grading.sampled import sample


def test_a_post_hoc_point_counts_what_was_right_within_its_budget():
    run = [sample(0, tokens=10), sample(1, tokens=100), sample(2, right=False, tokens=20)]

    points = {point.budget: point for point in posthoc(run, [50])}

    assert points[50].accuracy == pytest.approx(1 / 3)
    assert points[50].mean_tokens == pytest.approx((10 + 50 + 20) / 3)
    assert points[100].accuracy == pytest.approx(2 / 3)
    assert points[50].low < points[50].accuracy < points[50].high
    assert min(points) == 10


def test_a_post_hoc_curve_never_falls():
    run = [
        sample(n, r, right=(n + r) % 2 == 0, tokens=7 * n + r) for n in range(20) for r in (0, 1)
    ]
    told = [point.accuracy for point in posthoc(run)]

    assert told == sorted(told)
    assert told[-1] == 0.5


def test_a_thought_shorter_than_the_budget_counts_as_it_is():
    run = [sample(0, tokens=40), sample(1, right=False, tokens=500, ended=Ended.BUDGET)]
    rows = [sample(0, right=False, tokens=20, cut=20), sample(1, tokens=20, cut=20),
            sample(1, tokens=100, cut=100)]  # fmt: skip

    at_20, at_100 = forced([*run, *rows])

    assert (at_20.budget, at_20.accuracy, at_20.samples) == (20, 0.5, 2)
    assert (at_100.budget, at_100.accuracy, at_100.samples) == (100, 1.0, 2)
    assert at_100.mean_tokens == 70


def test_a_long_thought_without_a_row_is_left_out():
    run = [sample(0, tokens=40), sample(1, tokens=500), sample(1, cut=20, tokens=20)]

    (point,) = forced(run)

    assert point.samples == 1


def test_nothing_graded_has_no_curve():
    assert posthoc([sample(0, verdict=None)]) == []
    assert forced([sample(0)]) == []
    assert long2short([("empty", [])]) == []


def test_the_front_is_what_no_other_run_beats():
    short = [sample(n, right=n < 6, tokens=50) for n in range(10)]
    long = [sample(n, right=n < 9, tokens=500) for n in range(10)]
    poor = [sample(n, right=n < 5, tokens=400) for n in range(10)]

    told = long2short([("short", short), ("long", long), ("poor", poor), ("again", short)])

    assert [(each.name, each.front) for each in told] == [
        ("short", True), ("long", True), ("poor", False), ("again", True),
    ]  # fmt: skip


def test_tables_are_csv_and_no_name_becomes_a_formula():
    (line,) = runs_csv(long2short([('=cmd|"x"', [sample(0)])])).splitlines()[1:]
    assert line.startswith('"\'=cmd|""x"""')
    assert curve_csv(posthoc([sample(0)])).splitlines()[1].startswith("post-hoc,100,1.0,")
