"""Two runs are compared on the problems that both have."""

from dataclasses import replace

import pytest

from kimidesk.errors import UsageError
from kimidesk.grading.paired import compare, mcnemar
from tests.grading.sampled import sample


def test_the_same_problems_are_paired_wherever_they_stand():
    one = [sample(n, right=n < 5) for n in range(10)]
    other = [replace(sample(n, right=n < 8, tokens=60), number=20 - n) for n in range(10)]

    told = compare(one, other)

    assert (told.problems, told.one, told.other) == (10, 0.5, 0.8)
    assert told.difference == pytest.approx(0.3)
    assert (told.only_one, told.only_other, told.mcnemar) == (0, 3, 0.25)
    assert told.interval[0] < 0.3 < told.interval[1]
    assert (told.tokens, told.tokens_interval) == (-40, (-40, -40))
    assert [each.name for each in told.changed] == ["p5", "p6", "p7"]
    assert told.changed[0].numbers == (5, 15)


def test_pairs_tell_more_than_two_intervals_would():
    """90 of 100 problems agree: nine of ten that differ are gained."""
    one = [sample(n, right=n < 50) for n in range(100)]
    other = [sample(n, right=n < 59 and n != 0) for n in range(100)]

    told = compare(one, other)

    assert told.sure
    assert told.mcnemar == pytest.approx(2 * (1 + 10) / 2**10)
    assert told.problems_more > 0


def test_repeats_have_no_mcnemar():
    runs = [[sample(n, r, right=n % k > 0) for n in range(8) for r in (0, 1)] for k in (2, 3)]

    told = compare(*runs)

    assert (told.mcnemar, told.only_one) == (None, None)


def test_runs_that_agree_are_not_called_the_same_for_sure():
    run = [sample(n, right=n < 5) for n in range(10)]

    told = compare(run, run)

    assert (told.difference, told.mcnemar, told.changed) == (0, 1.0, ())
    assert told.interval[0] < 0 < told.interval[1]


def test_what_has_nothing_in_common_is_refused():
    other = [replace(sample(n), problem=f"Another {n}") for n in range(2)]

    with pytest.raises(UsageError, match="no problem in common"):
        compare([sample(0)], other)
    with pytest.raises(UsageError, match="second run has no graded sample"):
        compare([sample(0)], [])


def test_a_question_that_stands_twice_is_two_problems():
    twice = [sample(0), replace(sample(1, right=False), problem=sample(0).problem)]

    assert compare(twice, twice).problems == 2


@pytest.mark.parametrize(
    ("b", "c", "p"), [(0, 0, 1.0), (3, 3, 1.0), (0, 6, 2 / 64), (1, 9, 22 / 1024)]
)
def test_mcnemar_is_exact(b: int, c: int, p: float):
    assert mcnemar(b, c) == mcnemar(c, b) == p
