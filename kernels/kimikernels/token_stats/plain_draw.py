"""Drawing a token in numpy: one uniform number, one row of logits, one rule."""

import numpy as np
from numpy.typing import NDArray

from kimikernels.token_stats.plain_order import largest
from kimikernels.token_stats.shapes import LOWEST_TEMPERATURE, Row, Rule

FIRST_LOOK = 256  # candidates sorted at first; nearly every draw falls among them


def drawn(logits: Row, rule: Rule) -> int:
    """The token that the rule picks; the row must have a finite maximum."""
    if rule.temperature == 0:
        return int(logits.argmax())
    weights = _weights(logits, rule.temperature)
    most = min(rule.top_k, len(weights)) if rule.top_k else len(weights)
    look = min(FIRST_LOOK, most)
    while True:
        picked = _pick(weights, largest(logits, look), most, rule)
        if picked is not None:
            return picked
        look = min(look * 16, most)


def _weights(logits: Row, temperature: float) -> Row:
    """exp((x - max) / temperature): probabilities up to a factor, the largest 1."""
    scaled: Row = logits - logits.max()
    # Divided, not multiplied by the inverse, which is infinite in float32 below 3e-39.
    np.divide(scaled, np.float32(max(temperature, LOWEST_TEMPERATURE)), out=scaled)
    np.exp(scaled, out=scaled)
    return scaled


def _pick(weights: Row, ids: NDArray[np.intp], most: int, rule: Rule) -> int | None:
    """The token drawn, or None where more candidates than `ids` must be sorted to tell."""
    sorted_weights = weights[ids].astype(np.float64)
    cumulative = sorted_weights.cumsum()
    complete = len(ids) == most
    whole = float(cumulative[-1]) if complete else _mass(weights, most, rule)
    keep = _kept(sorted_weights, cumulative, whole, rule)
    if keep is None and not complete:
        if rule.top_p < 1 or rule.min_p > 0 or most < len(weights):
            return None
        mass = whole
    else:
        keep = len(ids) if keep is None else keep
        cumulative, mass = cumulative[:keep], float(cumulative[keep - 1])
    place = int(cumulative.searchsorted(rule.uniform * mass, side="right"))
    if place < len(cumulative):
        return int(ids[place])
    if keep is None:
        return None
    # Rounding put rule.uniform * mass on the total: the last token with any weight.
    return int(ids[np.flatnonzero(sorted_weights[:keep])[-1]])


def _mass(weights: Row, most: int, rule: Rule) -> float:
    """The mass that top-p is a share of: that of the `most` likely."""
    if most == len(weights):
        return float(weights.sum())  # pairwise; in float64 it takes five times as long
    if rule.top_p == 1:
        return float("nan")  # not needed: without top-p only the kept mass counts
    return float(weights[largest(weights, most)].sum(dtype=np.float64))


def _kept(
    sorted_weights: NDArray[np.float64],
    cumulative: NDArray[np.float64],
    whole: float,
    rule: Rule,
) -> int | None:
    """How many of the candidates top-p and min-p keep; None where they keep all of them."""
    keep = len(cumulative) + 1
    if rule.top_p < 1:
        keep = int(cumulative.searchsorted(rule.top_p * whole, side="left")) + 1
    if rule.min_p > 0:
        below = sorted_weights < rule.min_p * sorted_weights[0]
        keep = min(keep, int(below.argmax()) if below.any() else keep)
    return keep if keep <= len(cumulative) else None
