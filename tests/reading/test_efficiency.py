"""Outcome and process efficiency, and underthinking."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.efficiency import (
    Solution,
    outcome_efficiency,
    process_efficiency,
    underthinking,
)

SOLUTIONS = some.lists(
    some.builds(Solution, some.integers(1, 500), some.booleans(), some.integers(0, 3)), min_size=1
)
PUBLISHED = {  # ξ_O and ξ_P by characters, of the authors' code on their five examples
    "ot/0": (0.424, 0.643),
    "ot/1": (1, 0.525),
    "ot/2": (0.618, 1),
    "ot/3": (0.39, 0.629),
    "ot/4": (0, 0.968),
}


def test_the_published_values_come_out(shared):
    traces = json.loads((shared / "data/traces/overthinking_solutions.json").read_text())

    told = {}
    for trace in traces:
        made = [
            Solution(len(each["solution"]), each["correct"], each["cluster"])
            for each in trace["solutions"]
        ]
        told[trace["trace_id"]] = (
            pytest.approx(outcome_efficiency(made), abs=5e-4),
            pytest.approx(process_efficiency(made), abs=5e-4),
        )

    assert told == PUBLISHED


def test_a_trace_that_left_its_right_solution_is_told_how_early():
    wrong_then_right = [Solution(10, False), Solution(30, True), Solution(60, False)]

    assert underthinking(wrong_then_right) == pytest.approx(0.6)
    assert underthinking([Solution(10, False)]) == 0


@given(SOLUTIONS)
def test_shares_are_shares_and_more_after_the_first_right_solution_lowers_them(solutions):
    outcome, process = outcome_efficiency(solutions), process_efficiency(solutions)
    longer = [*solutions, Solution(100, True, solutions[0].approach)]

    assert 0 <= outcome <= 1
    assert 0 < process <= 1
    assert 0 <= underthinking(solutions) < 1
    assert process_efficiency(longer) < process
    if outcome:
        assert outcome_efficiency(longer) < outcome


def test_nothing_has_no_efficiency():
    with pytest.raises(ValueError, match="no solution"):
        outcome_efficiency([])
    with pytest.raises(ValueError, match="none has a size"):
        process_efficiency([Solution(0, True)])
