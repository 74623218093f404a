"""The belief curve: what a trace would have answered, and how surely, at each place of it.

The belief in an answer a at a place i is the probability that a checkpoint gives it where the
thought is ended there, b_i(a) = prod_j p(a_j | trace up to i, cue, a_<j), by teacher forcing
(forced answer, Bogdan et al., "Thought Anchors", arXiv 2506.19143), summed over its spellings. It
is measured under several cues, for the cue itself changes it: their mean is the curve, their
spread its band. Where a trace settles is `kimidesk.reading.dynamics`, over all boundaries of its
segments: what lies between two places that answer alike is taken to answer so too.
"""

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.reading.dynamics import Dynamics, dynamics
from kimidesk.records import Beliefs, Judgement, Trial

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curves:
    """P places (ascending), C candidates; probabilities, NaN where nothing was rated."""

    places: NDArray[np.int64]  # (P,)
    low: Array  # (P, C), the least of the cues
    mid: Array  # (P, C), their mean
    high: Array  # (P, C), the largest
    confidence: Array  # (P,), of the trial answer under the first cue


def curves(beliefs: Beliefs) -> Curves:
    """The curve of each of `beliefs.candidates`, in their order.

    A place counts for a candidate and a cue where all of its spellings were rated there.
    """
    places = beliefs.places
    cues, count = len(beliefs.cues), len(beliefs.candidates)
    rated = {
        (each.at, each.cue, each.spelling): each.logprob
        for each in beliefs.ratings
        if not each.trouble
    }
    told = np.full((cues, len(places), count), np.nan)
    for row, at in enumerate(places):
        for cue in range(cues):
            for column, candidate in enumerate(beliefs.candidates):
                found = [rated.get((at, cue, each), np.nan) for each in candidate.spellings]
                told[cue, row, column] = np.exp(np.asarray(found)).sum()
    told = np.minimum(told, 1.0)  # NaN stays
    trials = {each.at: each for each in beliefs.trials if each.cue == 0 and not each.trouble}
    sure = [trials[at].confidence if at in trials else np.nan for at in places]
    if not cues:
        told = np.full((1, len(places), count), np.nan)
    return Curves(
        np.asarray(places, np.int64),
        _over_cues(told, np.fmin),
        _mean(told),
        _over_cues(told, np.fmax),
        np.asarray(sure, np.float64),
    )


def gold(beliefs: Beliefs) -> tuple[Array, Array]:
    """The places where the right answer was rated, and its mean probability there; (0,) each
    where nobody knows the right answer.
    """
    column = next((at for at, each in enumerate(beliefs.candidates) if each.right), None)
    if column is None:
        return np.empty(0), np.empty(0)
    told = curves(beliefs)
    known = ~np.isnan(told.mid[:, column])
    return told.places[known].astype(np.float64), told.mid[known, column]


def course(beliefs: Beliefs) -> Dynamics | None:
    """Where it settled, how often it changed, when it knew; None where nothing was answered.

    Answers are those under the first cue. The tail ends with the last boundary.
    """
    trials = [each for each in beliefs.trials if each.cue == 0 and not each.trouble]
    if not trials:
        return None
    asked = [each.at for each in trials]
    boundaries = sorted({*beliefs.boundaries, *asked})
    boundaries = [at for at in boundaries if asked[0] <= at <= asked[-1]]
    there = [trials[bisect_right(asked, at) - 1] for at in boundaries]
    judged = any(each.judgement is not None for each in trials)
    right = [each.judgement is Judgement.RIGHT for each in there] if judged else ()
    return dynamics(boundaries, [each.key for each in there], boundaries[-1], right)


def trial_at(beliefs: Beliefs, place: int, cue: int) -> Trial | None:
    """The trial answer at a place under a cue."""
    return next((each for each in beliefs.trials if (each.at, each.cue) == (place, cue)), None)


def _over_cues(told: Array, which: np.ufunc) -> Array:
    made: Array = which.reduce(told, axis=0)
    return made


def _mean(told: Array) -> Array:
    known = ~np.isnan(told)
    count = known.sum(axis=0)
    total = np.where(known, told, 0.0).sum(axis=0)
    made = np.full(total.shape, np.nan)
    np.divide(total, count, out=made, where=count > 0)
    return made
