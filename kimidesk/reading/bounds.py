"""The entropy of a step of which only the likeliest tokens are known: an interval, never a point.

Let p₁ … pₘ be the probabilities that are known (the rivals, and the token that came), r what they
leave of 1, c the least of the rivals', and N the number of other tokens. No other token is likelier
than c, or it would be a rival. With g(p) = −p ln p and K = Σ g(pᵢ):

    low  = K + n g(c) + g(r − n c),  n = ⌊r / c⌋   r is packed into as few tokens as may hold it
    high = K + r ln(N / r)                         r is spread evenly; without N there is no bound

Both are reached by a distribution that fits what is known, so neither can be made tighter: the
entropy is concave, so that its least value lies at a corner of the set of such distributions, and
its greatest where the rest is even, which never puts a token above c. Without rivals c is 1.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kimidesk.records import TokenColumns

ROUNDING = 1e-6  # of a sum of probabilities that were told in single precision


class Bounds(NamedTuple):
    """Nats, of shape (n,). Where the entropy is known both are it; where nothing is, NaN."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]  # inf where the size of the vocabulary is not known


def entropy_bounds(columns: TokenColumns, vocabulary: int = 0, start: int = 0) -> Bounds:
    """Bounds for the rows from `start` on; `vocabulary` is its number of tokens, 0 if not known."""
    entropy = columns.entropy[start:].astype(np.float64)
    low, high = entropy.copy(), entropy.copy()
    told = np.isnan(entropy) & ~np.isnan(columns.logprob[start:])
    rows = np.flatnonzero(told)
    if not len(rows):
        return Bounds(low, high)
    first, stop = int(rows[0]), int(rows[-1]) + 1
    rival_id, rival_logprob = columns.rivals(start + first, start + stop)
    low[rows], high[rows] = _bounds(
        columns.id[start:][rows],
        columns.logprob[start:][rows].astype(np.float64),
        rival_id[rows - first],
        rival_logprob[rows - first].astype(np.float64),
        vocabulary,
    )
    return Bounds(low, high)


def mean_bounds(columns: TokenColumns, vocabulary: int = 0) -> tuple[float, float]:
    """Bounds of the mean entropy of the rows of which anything is known; NaN where none is."""
    low, high = entropy_bounds(columns, vocabulary)
    known = ~np.isnan(low)
    if not known.any():
        return math.nan, math.nan
    return float(low[known].mean()), float(high[known].mean())


def spelled(low: float, high: float, digits: int) -> str:
    """An interval for people: a point where both bounds are it, `≥ low` without an upper one."""
    if math.isnan(low):
        return "–"
    if math.isinf(high):
        return f"≥ {low:.{digits}f}"
    left, right = f"{low:.{digits}f}", f"{high:.{digits}f}"
    return left if left == right else f"{left} … {right}"


def _bounds(
    id_: NDArray[np.int32],
    logprob: NDArray[np.float64],
    rival_id: NDArray[np.int32],
    rival_logprob: NDArray[np.float64],
    vocabulary: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    listed = rival_id >= 0
    rivals = np.where(listed, np.exp(rival_logprob), 0.0)
    apart = ~(rival_id == id_[:, None]).any(axis=1)  # the token that came is no rival
    own = np.where(apart, np.exp(logprob), 0.0)
    known = _g(rivals).sum(axis=1) + _g(own)
    rest = np.clip(1.0 - rivals.sum(axis=1) - own, 0.0, 1.0)
    rest[rest < ROUNDING] = 0.0
    least = np.where(listed, rivals, np.inf).min(axis=1, initial=np.inf)
    least = np.where(np.isfinite(least), least, 1.0)
    others = vocabulary - listed.sum(axis=1) - apart
    with np.errstate(divide="ignore", invalid="ignore"):
        full = np.where(least > 0, np.floor(rest / least), 0.0)
        low = known + full * _g(least) + _g(np.maximum(rest - full * least, 0.0))
        spread = np.where(rest > 0, rest * np.log(others / rest), 0.0)
    high = known + (spread if vocabulary > 0 else np.where(rest > 0, np.inf, 0.0))
    return low, np.maximum(high, low)  # a vocabulary told too small cannot turn them round


def _g(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """−p ln p, 0 at 0."""
    return np.asarray(-p * np.log(np.where(p > 0, p, 1.0)))
