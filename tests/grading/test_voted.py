"""Figures of repeats are means over every choice of k samples."""

import itertools
import math
from collections import Counter
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kimidesk.grading import voted


def counted(samples: list[int], k: int) -> float:
    """maj@k by looking at every choice: 1 is right, 0 does not vote."""

    def won(chosen: tuple[int, ...]) -> float:
        votes = Counter(each for each in chosen if each)
        most = max(votes.values(), default=0)
        return (votes[1] == most > 0) / max(1, sum(count == most for count in votes.values()))

    return fmean(won(chosen) for chosen in itertools.combinations(samples, k))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=9))
def test_the_majority_is_that_of_every_choice(samples: list[int]):
    count = Counter(samples)
    right, silent = count.pop(1, 0), count.pop(0, 0)

    told = voted.majority(right, list(count.values()), silent, len(samples))

    assert told == pytest.approx([counted(samples, k) for k in range(1, len(samples) + 1)])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=9))
def test_any_and_all_of_k_are_those_of_every_choice(samples: list[bool]):
    n, c = len(samples), sum(samples)
    for k in range(1, n + 1):
        choices = list(itertools.combinations(samples, k))
        assert voted.pass_at(n, c, k) == pytest.approx(fmean(map(any, choices)))
        assert voted.pass_all(n, c, k) == pytest.approx(fmean(map(all, choices)))


@pytest.mark.parametrize("k", [0, 5])
def test_more_samples_than_there_are_are_refused(k: int):
    with pytest.raises(ValueError, match=f"k = {k} of n = 4"):
        voted.pass_at(4, 2, k)
    with pytest.raises(ValueError, match=f"k = {k} of n = 4"):
        voted.pass_all(4, 2, k)
    with pytest.raises(ValueError, match="of 4 samples"):
        voted.majority(2, [2], 0, 5)


def test_a_thousand_samples_do_not_overflow():
    told = voted.majority(600, [1] * 200, 200, 128)

    assert told[0] == pytest.approx(0.6)
    assert told[-1] == pytest.approx(1.0)
    assert (told[1:] >= told[:-1] - 1e-12).all()


def test_a_sure_vote_weighs_more_and_a_tie_is_shared():
    assert voted.weighted([1, 7, 7], [0.9, 0.3, 0.3], 1, 0) == 1
    assert voted.weighted([1, 7, 7], [0.5, 0.3, 0.3], 1, 0) == 0
    assert voted.weighted([1, 7, 0], [0.5, 0.5, 9.0], 1, 0) == 0.5
    assert math.isnan(voted.weighted([0, 1], [1.0, math.nan], 1, 0))
