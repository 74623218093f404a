"""Statistics of one row of logits: log-partition, entropy, the k most likely, one token's rank.

With m = max(x), d(i) = x(i) - m, Z = sum(exp(d)) and S = sum(d * exp(d)):

    logprob(i) = x(i) - m - log(Z)
    entropy    = log(Z) - S / Z

log(Z) is taken as log1p of everything but the maximum, so that every term has one sign and a row
near one-hot keeps its relative accuracy. The k most likely entries are summed in float64 and the
rest in float32, pairwise: a rounded difference x - m alone may cost 1e-6 of a term.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float32]

STRIPE = 32  # rows of the folded logits; fewer make long threshold sorts, more wide gathers
LOWEST = np.float32(-104.0)  # exp of it is 0 in float32; 0 * -inf would be NaN


class TokenStats(NamedTuple):
    """What is known of one row, temperature 1, before any truncation."""

    log_z: float  # log of the sum of exp(logits)
    entropy: float  # nats, over the full vocabulary
    top_id: NDArray[np.int32]  # (k,), most likely first, ties by id
    top_logprob: NDArray[np.float32]  # (k,), nats
    logprob: float  # of the target, nats; NaN without one
    rank: int  # of the target, 1 = most likely; 0 without one


def token_stats(logits: Row, target: int | None = None, k: int = 20) -> TokenStats:
    """Measure one row, float32 of shape (V,), contiguous; it is not changed.

    k is cut to V. Raises ValueError for another shape or type, for NaN or +inf among the logits,
    when all are -inf, and for a target outside the row.
    """
    _check(logits)
    top = largest(logits, k)
    peak = float(logits[top[0]])
    gap = logits[top].astype(np.float64) - peak  # (k,), the first is 0
    weight = np.exp(gap)
    rest, spread = _tail(logits, top, peak)
    others = float(weight[1:].sum()) + rest
    live = weight > 0  # -inf entries among the top would give 0 * -inf
    spread -= float((weight[live] * gap[live]).sum())
    log_others = float(np.log1p(others))
    stats = TokenStats(
        log_z=peak + log_others,
        entropy=log_others + spread / (1.0 + others),
        top_id=top.astype(np.int32),
        top_logprob=(gap - log_others).astype(np.float32),
        logprob=float("nan"),
        rank=0,
    )
    if target is None:
        return stats
    return stats._replace(
        logprob=logprob_of(logits, stats, target), rank=rank_of(logits, stats, target)
    )


def logprob_of(logits: Row, stats: TokenStats, token: int) -> float:
    """Log-probability of one token of the row that gave `stats`, nats; ValueError outside it."""
    _check_token(logits, token)
    return float(logits[token]) - stats.log_z


def rank_of(logits: Row, stats: TokenStats, token: int) -> int:
    """1 for the most likely token of the row, ties by id; ValueError outside it."""
    _check_token(logits, token)
    among = np.flatnonzero(stats.top_id == token)
    if among.size:
        return int(among[0]) + 1
    value = logits[token]
    above = np.count_nonzero(logits > value)
    return int(above + np.count_nonzero(logits[:token] == value)) + 1


def largest(values: Row, k: int) -> NDArray[np.intp]:
    """Ids of the k largest entries, largest first, ties by id; all of them when k >= V.

    The row is folded into stripes whose column maxima bound the answer from below: the k-th
    largest maximum is a threshold that at least k entries reach, and few others do.
    """
    if k >= len(values):
        return np.argsort(-values, kind="stable")
    width = len(values) // STRIPE
    if k < width // 2:
        ids = _above_the_kth_peak(values, k, width)
    else:
        ids = np.flatnonzero(values >= np.partition(values, len(values) - k)[len(values) - k])
    # `ids` ascend, so a stable sort breaks ties by id.
    return ids[np.argsort(-values[ids], kind="stable")[:k]]


def _above_the_kth_peak(values: Row, k: int, width: int) -> NDArray[np.intp]:
    folded = values[: STRIPE * width].reshape(STRIPE, width)
    peaks = folded.max(axis=0)  # (width,): one vectorised maximum a stripe
    threshold = np.partition(peaks, width - k)[width - k]
    columns = np.flatnonzero(peaks >= threshold)
    stripe, column = np.nonzero(folded[:, columns] >= threshold)
    leftover = np.flatnonzero(values[STRIPE * width :] >= threshold) + STRIPE * width
    return np.concatenate((stripe * width + columns[column], leftover))


def _tail(logits: Row, top: NDArray[np.intp], peak: float) -> tuple[float, float]:
    """Sum of exp(d) and of -d * exp(d) over all entries but `top`.

    Differences are taken from the least of `top`, where float32 has digits to spare for the
    entries that weigh most; what lies between it and the peak is a factor, in float64.
    """
    edge = logits[top[-1]]
    if edge == -np.inf or len(top) == len(logits):
        return 0.0, 0.0
    gap = logits - edge
    gap[top] = LOWEST
    weight = np.exp(gap)
    total = float(weight.sum())
    with np.errstate(invalid="ignore"):
        moment = float(np.multiply(gap, weight).sum())
    if math.isnan(moment):  # -inf * 0; clipping every row for it would cost a third of its exp
        moment = float(np.multiply(np.maximum(gap, LOWEST), weight).sum())
    offset = float(edge) - peak
    factor = math.exp(offset)
    return factor * total, -factor * (moment + offset * total)


def _check(logits: Row) -> None:
    if logits.ndim != 1 or logits.dtype != np.float32 or logits.size == 0:
        raise ValueError(
            f"logits are {logits.dtype} of shape {logits.shape}; they must be float32 of shape (V,)"
        )
    peak = float(logits.max())  # NaN wins every maximum
    if not np.isfinite(peak):
        raise ValueError(f"the largest logit is {peak}; it must be a finite number")


def _check_token(logits: Row, token: int) -> None:
    if not 0 <= token < len(logits):
        raise ValueError(f"token {token} is outside the row of {len(logits)}")
