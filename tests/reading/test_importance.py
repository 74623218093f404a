"""What rollouts tell: shares with intervals, smoothed divergence, alternatives by likeness."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.reading.importance import (
    Rollout,
    Side,
    alternatives,
    divergence,
    divergence_interval,
    importance,
)
from kimidesk.reading.likeness import likeness
from kimidesk.records import Difference, Share


def rollout(side: Side, number: int, answer: str, first: str = "", right: bool | None = None):
    return Rollout(side, number, answer, answer, right, first, first, tokens=5)


def test_newcombe_s_interval_is_the_published_one():
    """Newcombe 1998, table II, method 10: 56/70 - 48/80 and two edges."""
    told = Difference.of(Share(56, 70), Share(48, 80))
    assert (told.low, told.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert told.sure
    edge = Difference.of(Share(10, 10), Share(0, 10))
    assert (edge.low, edge.high) == pytest.approx((0.6075, 1.0), abs=5e-5)
    none = Difference.of(Share(0, 10), Share(0, 10))
    assert (none.low, none.high) == pytest.approx((-0.2775, 0.2775), abs=5e-5)
    assert not none.sure


def test_divergence_is_that_of_the_smoothed_counts():
    # Counts (3, 1) and (1, 3), each one more: 4/6, 2/6 against 2/6, 4/6.
    told = divergence(["a", "a", "a", "b"], ["a", "b", "b", "b"])

    assert told == pytest.approx(4 / 6 * math.log(2) - 2 / 6 * math.log(2))


def test_one_missing_answer_does_not_decide_all():
    assert divergence(["a"] * 9 + ["b"], ["a"] * 10) < 0.1
    assert divergence(["a"] * 9 + ["b"], ["a"] * 10, smoothing=1e-9) > 1.5


answers = st.lists(st.sampled_from("abc"), min_size=1, max_size=30)


@given(answers, answers)
def test_divergence_is_never_negative(before: list[str], after: list[str]):
    told = divergence(before, after)
    low, high = divergence_interval(before, after)

    assert told >= -1e-12
    assert -1e-12 <= low <= high


def test_likeness_goes_by_words_and_their_order():
    assert likeness("So 2+2 is four.", "so 2+2 is  four.") == 1
    assert likeness("So 2+2 is four.", "Then 2+2 is four.") > likeness("four", "five")
    assert likeness("a b", "c d") == 0
    assert likeness("", "a") == 0
    assert likeness("所以答案是四", "所以答案是五") > 0.7
    assert likeness("the dog bit the man", "the man bit the dog") < 1


def test_alternatives_that_are_alike_stand_together():
    told = [
        rollout(Side.BEFORE, 0, "4", "So it is four."),
        rollout(Side.BEFORE, 1, "5", "Perhaps it is five, or six."),
        rollout(Side.BEFORE, 2, "5", "Perhaps it is five, or six!"),
    ]

    first, second = alternatives("So it is four.", told)

    assert (first.text, len(first.rollouts), first.same) == (
        "Perhaps it is five, or six.",
        2,
        False,
    )
    assert (second.same, second.likeness) == (True, 1)
    assert first.answers == [("5", 2)]


def test_the_counterfactual_leaves_out_what_says_the_same():
    told = [rollout(Side.AFTER, n, "4", "x", True) for n in range(4)]
    told += [rollout(Side.BEFORE, n, "4", "So it is four.", True) for n in range(2)]
    told += [rollout(Side.BEFORE, n + 2, "5", "Perhaps five.", False) for n in range(2)]

    found = importance("So it is four.", told)

    assert found.difference.value == pytest.approx(0.5)
    assert found.counterfactual.value == 1
    assert (found.different.right, found.different.total) == (2, 4)
    assert found.unique == 0.5
    assert found.tokens == 40


def test_nothing_is_told_of_nothing():
    found = importance("x", [])

    assert found.before is found.after is found.difference is found.divergence is None
    assert found.alternatives == ()
