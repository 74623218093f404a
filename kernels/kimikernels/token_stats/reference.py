"""What each kernel means, in float64 and without haste; tests and benches compare against it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kimikernels.token_stats.shapes import Rule


class ReferenceStats(NamedTuple):
    """The statistics of one row of logits, in float64."""

    log_z: float  # log of the sum of exp(logits)
    entropy: float  # nats
    logprob: NDArray[np.float64]  # (V,), nats
    order: NDArray[np.intp]  # (V,), ids from the most to the least likely, ties by id


def token_stats(logits: ArrayLike) -> ReferenceStats:
    """Log-partition, entropy, every log-probability and the order of one row, shape (V,).

    Entries of -inf have probability 0 and add nothing to the entropy. Raises ValueError when an
    entry is NaN or +inf, or when all are -inf.
    """
    x = np.asarray(logits, np.float64)
    top = x.max()
    if not np.isfinite(top):
        raise ValueError(f"the largest logit is {top}")
    shifted = x - top
    weight = np.exp(shifted)
    # The largest entry is kept out of the sum, so that log1p sees what is left however small.
    rest = np.delete(weight, int(np.argmax(x))).sum()
    log_z = float(top) + float(np.log1p(rest))
    live = weight > 0
    spread = float(-(weight[live] * shifted[live]).sum())
    entropy = float(np.log1p(rest)) + spread / (1.0 + float(rest))
    logprob = shifted - np.log1p(rest)  # x - log_z would lose it in a row far from 0
    return ReferenceStats(log_z, entropy, logprob, np.argsort(-x, kind="stable"))


def draw(logits: ArrayLike, rule: Rule) -> int:
    """The token that the rule picks, after sorting the whole row; no repetition of roundings."""
    stats = token_stats(logits)
    if rule.temperature == 0:
        return int(stats.order[0])
    gap = np.asarray(logits, np.float64)[stats.order]
    order, weight = stats.order, np.exp((gap - gap[0]) / rule.temperature)
    if rule.top_k:
        weight = weight[: rule.top_k]
    cumulative = weight.cumsum()
    keep = weight >= rule.min_p
    if rule.top_p < 1:  # up to the token that reaches the share, the first in any case
        keep[1:] &= cumulative[:-1] < rule.top_p * cumulative[-1]
    keep &= weight > 0
    kept = cumulative[keep]
    place = int(kept.searchsorted(rule.uniform * kept[-1], side="right"))
    return int(order[min(place, len(kept) - 1)])
