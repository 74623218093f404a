"""When a trace settled on its answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.dynamics import dynamics

ANSWERS = some.lists(some.sampled_from(["", "7", "8", "9"]), min_size=1, max_size=30)


def test_it_settles_where_the_last_answer_begins_to_stay():
    told = dynamics([0, 10, 20, 30, 40], ["8", "7", "8", "7", "7"], 50)

    assert (told.settled, told.ratio, told.tail) == (30, 4 / 5, 20)
    assert told.flips == 3
    assert told.knew is None


def test_a_right_answer_that_was_left_again_is_told():
    answers, right = ["7", "8", "8"], [True, False, False]

    told = dynamics([5, 6, 9], answers, 9, right)

    assert (told.knew, told.left, told.settled) == (5, True, 6)


def test_places_without_an_answer_are_no_flip_and_settle_nothing():
    assert dynamics([0, 1, 2], ["7", "", "7"], 9).flips == 0
    assert dynamics([0, 1, 2], ["7", "", "7"], 9).settled == 2
    assert dynamics([0, 1], ["7", ""], 9).settled is None
    assert dynamics([], [], 9).settled is None


@given(ANSWERS)
def test_every_answer_from_the_settling_on_is_the_last_and_the_one_before_is_not(answers):
    places = list(range(0, 3 * len(answers), 3))

    told = dynamics(places, answers, places[-1] + 5)

    if told.settled is None:
        assert not answers[-1]
        return
    first = places.index(told.settled)
    assert set(answers[first:]) == {answers[-1]}
    assert first == 0 or answers[first - 1] != answers[-1]
    assert told.ratio == (first + 1) / len(answers)
    assert told.flips < len(answers)


def test_what_does_not_belong_together_is_refused():
    with pytest.raises(ValueError, match="2 places and 1 answers"):
        dynamics([0, 1], ["7"], 9)
    with pytest.raises(ValueError, match="must ascend"):
        dynamics([1, 1], ["7", "7"], 9)
