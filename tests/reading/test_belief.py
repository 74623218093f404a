"""Curves and courses of beliefs, from measures that are written down."""

from dataclasses import replace

import numpy as np
import pytest

from kimidesk.reading.belief import course, curves, gold, trial_at
from kimidesk.records import Beliefs, Candidate, Judgement, Rating, Trial

CANDIDATES = (Candidate("1/2", "1/2", ("1/2", "0.5"), True), Candidate("3", "3", ("3",), False))


def rated(at: int, cue: int, spelling: str, p: float) -> Rating:
    return Rating(at, cue, spelling, float(np.log(p)))


def told(*trials: Trial, ratings: tuple[Rating, ...] = (), boundaries=(0, 5, 9, 14)) -> Beliefs:
    return Beliefs(boundaries, ("a", "b"), CANDIDATES, trials, ratings)


def test_spellings_are_summed_and_cues_are_a_band():
    beliefs = told(
        Trial(5, 0, "3", "3", confidence=0.75),
        ratings=(
            *(rated(5, 0, each, p) for each, p in (("1/2", 0.5), ("0.5", 0.25), ("3", 0.125))),
            *(rated(5, 1, each, p) for each, p in (("1/2", 0.25), ("0.5", 0.125), ("3", 0.5))),
        ),
    )

    drawn = curves(beliefs)

    assert drawn.places.tolist() == [5]
    assert drawn.low[0].tolist() == pytest.approx([0.375, 0.125])
    assert drawn.mid[0].tolist() == pytest.approx([0.5625, 0.3125])
    assert drawn.high[0].tolist() == pytest.approx([0.75, 0.5])
    assert drawn.confidence.tolist() == [0.75]
    assert drawn.mid.dtype == np.float64


def test_the_belief_in_the_right_answer_is_told_where_it_was_rated():
    beliefs = told(
        Trial(0, 0, "3", "3"), Trial(5, 0, "3", "3"),
        ratings=(rated(5, 0, "1/2", 0.5), rated(5, 0, "0.5", 0.25), rated(0, 0, "3", 1.0)),
    )  # fmt: skip
    nobody_knows = replace(beliefs, candidates=tuple(replace(c, right=None) for c in CANDIDATES))

    places, values = gold(beliefs)

    assert places.tolist() == [5.0]
    assert values.tolist() == pytest.approx([0.75])
    assert all(len(each) == 0 for each in gold(nobody_knows))


def test_what_was_not_rated_whole_is_not_known():
    beliefs = told(
        Trial(0, 0, "3", "3"), Trial(5, 0, "", trouble="no room"),
        ratings=(rated(0, 0, "1/2", 0.5), rated(0, 0, "3", 0.5), Rating(5, 0, "3", trouble="x")),
    )  # fmt: skip

    drawn = curves(beliefs)

    assert np.isnan(drawn.mid[0, 0]), "a spelling is missing"
    assert drawn.mid[0, 1] == drawn.low[0, 1] == drawn.high[0, 1] == pytest.approx(0.5)
    assert np.isnan(drawn.mid[1]).all()
    assert np.isnan(drawn.confidence[1])


def test_the_course_counts_boundaries_that_were_not_asked():
    right = Judgement.RIGHT
    beliefs = told(
        Trial(0, 0, "3", "3", judgement=Judgement.WRONG),
        Trial(9, 0, "1/2", "1/2", judgement=right),
        Trial(14, 0, "0.5", "1/2", judgement=right),
        Trial(14, 1, "8", "8", judgement=Judgement.WRONG),
    )

    found = course(beliefs)

    assert found is not None
    assert (found.settled, found.knew, found.flips, found.tail) == (9, 9, 1, 5)
    assert found.ratio == 3 / 4
    assert not found.left
    second = trial_at(beliefs, 14, 1)
    assert second is not None
    assert second.text == "8"
    assert trial_at(beliefs, 5, 0) is None


def test_where_nothing_was_answered_there_is_no_course():
    assert course(told(Trial(0, 0, "", trouble="no room"))) is None
    assert curves(Beliefs()).mid.shape == (0, 0)
