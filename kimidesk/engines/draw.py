"""Drawing the next token: one uniform number, one row of logits, one rule.

The number comes from a counter, not from a stream: it depends on the seed and on the position
of the token alone, so that neither neighbours, nor probes, nor what was drawn before can shift
it, and a fork that keeps its parent's seed draws what the parent drew.
"""

import numpy as np
from numpy.typing import NDArray

from kimidesk.records import Sampling
from kimikernels.token_stats import Row, largest

_WORD = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15  # 2**64 / golden ratio, splitmix64's step
TINY = 1e-30  # a temperature below draws the same: the most likely token, or one of equals
FIRST_LOOK = 256  # candidates sorted at first; nearly every draw falls among them


def uniform(seed: int, position: int) -> float:
    """A number in [0, 1) for the token at `position`, counted from the start of the context.

    mix(mix(seed) + (position + 1) * golden) in 64 bits, where mix is the finaliser of splitmix64;
    the upper 53 bits become the fraction. Integers only, hence equal on every machine.
    """
    return (_mix(_mix(seed & _WORD) + (position + 1) * _GOLDEN & _WORD) >> 11) * 2.0**-53


def _mix(word: int) -> int:
    word = (word ^ word >> 30) * 0xBF58476D1CE4E5B9 & _WORD
    word = (word ^ word >> 27) * 0x94D049BB133111EB & _WORD
    return word ^ word >> 31


def draw(logits: Row, sampling: Sampling, u: float, seen: NDArray[np.intp] | None = None) -> int:
    """The token that `u` in [0, 1) picks from one row of logits, float32 of shape (V,).

    Repetition penalty, temperature, top-k, top-p, min-p, in this order; then the inverse of the
    cumulative distribution over the kept tokens from the most to the least likely, ties by id.
    Where nothing truncates this is exact over the full vocabulary. Temperature 0 takes the most
    likely token. `seen` are the ids already in the context, without doubles; it is needed for a
    repetition penalty alone. The row is not changed and must hold a finite maximum.
    """
    if sampling.repetition_penalty != 1.0 and seen is not None and len(seen):
        logits = _penalised(logits, sampling.repetition_penalty, seen)
    if sampling.temperature == 0:
        return int(logits.argmax())
    weights = _weights(logits, sampling.temperature)
    most = min(sampling.top_k, len(weights)) if sampling.top_k else len(weights)
    look = min(FIRST_LOOK, most)
    while True:
        picked = _pick(weights, largest(weights, look), most, sampling, u)
        if picked is not None:
            return picked
        look = min(look * 16, most)


def _penalised(logits: Row, penalty: float, seen: NDArray[np.intp]) -> Row:
    changed = logits.copy()
    values = changed[seen]
    changed[seen] = np.where(values > 0, values / penalty, values * penalty)
    return changed


def _weights(logits: Row, temperature: float) -> Row:
    """exp((x - max) / temperature): probabilities up to a factor, the largest 1."""
    scaled: Row = logits - logits.max()
    # Divided, not multiplied by the inverse, which is infinite in float32 below 3e-39.
    np.divide(scaled, np.float32(max(temperature, TINY)), out=scaled)
    np.exp(scaled, out=scaled)
    return scaled


def _pick(
    weights: Row, ids: NDArray[np.intp], most: int, sampling: Sampling, u: float
) -> int | None:
    """The token drawn, or None where more candidates than `ids` must be sorted to tell."""
    sorted_weights = weights[ids].astype(np.float64)
    cumulative = sorted_weights.cumsum()
    complete = len(ids) == most
    whole = float(cumulative[-1]) if complete else _mass(weights, most, sampling)
    keep = _kept(sorted_weights, cumulative, whole, sampling)
    if keep is None and not complete:
        if sampling.top_p < 1 or sampling.min_p > 0 or most < len(weights):
            return None
        mass = whole
    else:
        keep = len(ids) if keep is None else keep
        cumulative, mass = cumulative[:keep], float(cumulative[keep - 1])
    place = int(cumulative.searchsorted(u * mass, side="right"))
    if place < len(cumulative):
        return int(ids[place])
    if keep is None:
        return None
    # Rounding put u * mass on the total: the last token with any weight.
    return int(ids[np.flatnonzero(sorted_weights[:keep])[-1]])


def _mass(weights: Row, most: int, sampling: Sampling) -> float:
    """The mass that top-p is a share of: that of the `most` likely."""
    if most == len(weights):
        return float(weights.sum())  # pairwise; in float64 it takes five times as long
    if sampling.top_p == 1:
        return float("nan")  # not needed: without top-p only the kept mass counts
    return float(weights[largest(weights, most)].sum(dtype=np.float64))


def _kept(
    sorted_weights: NDArray[np.float64],
    cumulative: NDArray[np.float64],
    whole: float,
    sampling: Sampling,
) -> int | None:
    """How many of the candidates top-p and min-p keep; None where they keep all of them."""
    keep = len(cumulative) + 1
    if sampling.top_p < 1:
        keep = int(cumulative.searchsorted(sampling.top_p * whole, side="left")) + 1
    if sampling.min_p > 0:
        below = sorted_weights < sampling.min_p * sorted_weights[0]
        keep = min(keep, int(below.argmax()) if below.any() else keep)
    return keep if keep <= len(cumulative) else None
