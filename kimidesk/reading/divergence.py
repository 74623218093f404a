"""How far two checkpoints, or two engines of one, part over the same tokens.

From whole rows of log-probabilities everything is exact. From columns (the rivals and the token
that came) the Kullback-Leibler divergence is bounded from below: with S the tokens that both tell,
and r what they leave of 1, joining all others into one cannot make it larger (the log sum
inequality), so

    KL(p || q) >= sum over S of p ln(p / q) + r_p ln(r_p / r_q).

There is no bound from above: where q is not told it may be as small as it likes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.errors import Refused
from kimidesk.reading.bounds import ROUNDING
from kimidesk.records import Grown, TokenColumns

Array = NDArray[np.float64]
NOTHING = "nothing is known of these tokens: there is nothing to compare"


@dataclass(frozen=True, slots=True)
class Divergence:
    """Of each position, shape (n,); nats. `exact`: of the whole vocabulary."""

    rows: NDArray[np.intp]  # which tokens of the trace they are
    kl: Array  # of the first from the second; where it is not exact, at least so much
    same_best: NDArray[np.bool_]  # both have the same likeliest token
    came: Array  # of the log-probability of the token that came: how far apart
    largest: Array  # the same of the token, of those that both tell, where it is most
    entropy: Array  # how far apart; NaN where one does not know it
    told: Array  # the probability, by the first, of all tokens that both tell
    exact: bool

    def __len__(self) -> int:
        return len(self.kl)


def of_rows(one: Array, two: Array, ids: list[int]) -> Divergence:
    """Of log-probabilities of the whole vocabulary, shape (n, V); `ids`: the tokens that came."""
    p, apart = np.exp(one), np.abs(one - two)
    return Divergence(
        rows=np.arange(len(ids)),
        kl=(p * (one - two)).sum(1),
        same_best=one.argmax(1) == two.argmax(1),
        came=apart[np.arange(len(ids)), ids],
        largest=apart.max(1),
        entropy=np.abs((p * one).sum(1) - (np.exp(two) * two).sum(1)),
        told=p.sum(1),
        exact=True,
    )


def of_columns(one: TokenColumns, two: TokenColumns) -> Divergence:
    """Of two traces over the same ids; rows of which one knows nothing are left out.

    Raises ValueError where the ids differ.
    """
    if not np.array_equal(one.id, two.id):
        raise ValueError("the two traces do not hold the same tokens")
    rows = ~(np.isnan(one.logprob) | np.isnan(two.logprob))
    id_, rivals = one.id[rows], one.rival_id[rows]
    came_one, came_two = _wide(one.logprob[rows]), _wide(two.logprob[rows])
    alike = (rivals[:, :, None] == two.rival_id[rows][:, None, :]) & (rivals >= 0)[:, :, None]
    both = alike.any(2)  # which of the first's rivals the second tells too
    there = np.take_along_axis(_wide(two.rival_logprob[rows]), alike.argmax(2), 1)
    apart = ~((rivals == id_[:, None]) & both).any(1)  # the token that came is another one
    known = np.column_stack((both, apart))
    a = np.where(known, np.column_stack((_wide(one.rival_logprob[rows]), came_one)), 0.0)
    b = np.where(known, np.column_stack((there, came_two)), 0.0)
    p, q = np.where(known, np.exp(a), 0.0), np.where(known, np.exp(b), 0.0)
    rest_p, rest_q = np.clip(1 - p.sum(1), 0, 1), np.clip(1 - q.sum(1), ROUNDING, 1)
    rest = np.where(rest_p > ROUNDING, rest_p * np.log(np.maximum(rest_p, ROUNDING) / rest_q), 0.0)
    return Divergence(
        rows=np.flatnonzero(rows),
        kl=np.maximum((p * (a - b)).sum(1) + rest, 0.0),
        same_best=rivals[:, 0] == two.rival_id[rows][:, 0],
        came=np.abs(came_one - came_two),
        largest=np.abs(a - b).max(1, initial=0.0),
        entropy=np.abs(_wide(one.entropy[rows]) - _wide(two.entropy[rows])),
        told=np.minimum(p.sum(1), 1.0),
        exact=False,
    )


def of_grown(one: Grown, two: Grown) -> Divergence:
    """Of two traces over the same ids of one vocabulary; raises Refused where they are not."""
    check_vocabulary(one, two)
    parted = of_columns(one.columns, two.columns)
    if not len(parted):
        raise Refused(NOTHING)
    return parted


def check_vocabulary(one: Grown, two: Grown) -> None:
    """Raises Refused where an id means one piece to the first and another to the second."""
    others = {
        id_
        for id_, piece in one.lexicon.items()
        if id_ in two.lexicon and two.lexicon[id_] != piece
    }
    if others:
        id_ = min(others)
        raise Refused(
            f"the vocabularies differ: token {id_:,} is {one.lexicon[id_]!r} to "
            f"{one.trace.checkpoint.name} and {two.lexicon[id_]!r} to {two.trace.checkpoint.name}",
            hint="Only checkpoints that cut texts into the same tokens can be compared.",
        )


def log_softmax(logits: NDArray[np.float32]) -> Array:
    """Log-probabilities of rows of logits, shape (n, V), in float64."""
    x = logits.astype(np.float64)
    x -= x.max(1, keepdims=True)
    told: Array = x - np.log(np.exp(x).sum(1, keepdims=True))
    return told


def _wide(values: NDArray[np.float32]) -> Array:
    return values.astype(np.float64)
