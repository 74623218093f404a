"""What many samples of one problem amount to together: at least one right, all right, the vote.

Every figure is the mean over all choices of k of the n samples that are there, which makes it
unbiased; `c` of the n are right.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

MOST_VOTERS = 128  # the largest k of maj@k: 1/128! is still a float

Floats = NDArray[np.float64]


def pass_at(n: int, c: int, k: int) -> float:
    """1 - C(n-c, k) / C(n, k): any of k is right (Chen et al. 2021, arXiv 2107.03374, eq. 1).

    Raises ValueError where k is not 1 … n: fewer samples cannot tell.
    """
    _refuse(n, c, k)
    return 1 - math.comb(n - c, k) / math.comb(n, k)


def pass_all(n: int, c: int, k: int) -> float:
    """pass^k = C(c, k) / C(n, k): all of k are right (τ-bench, arXiv 2406.12045). Raises alike."""
    _refuse(n, c, k)
    return math.comb(c, k) / math.comb(n, k)


def _refuse(n: int, c: int, k: int) -> None:
    if not 1 <= k <= n:
        raise ValueError(f"k = {k} of n = {n} samples; k must be 1 to n")
    if not 0 <= c <= n:
        raise ValueError(f"{c} right of {n} samples")


def majority(right: int, others: Sequence[int], silent: int, most: int) -> Floats:
    """maj@k for k = 1 … `most`, shape (most,): the chance that the commonest answer of k samples is
    right, where tied answers share it evenly.

    `right` samples gave the right answer, `others` each another one, `silent` none: these do not
    vote, and k silent samples are wrong. Exact: of all choices of k, those with j right votes and
    t other answers of j votes each, none of more, count 1 / (t + 1). That is the integral over s
    from 0 to 1 of a product of polynomials in which s marks a tie, and Gauss-Legendre integrates
    it without error.

    Raises ValueError where `most` is above the samples, or MOST_VOTERS.
    """
    n = right + sum(others) + silent
    if not 0 <= most <= min(n, MOST_VOTERS):
        raise ValueError(f"k = {most} of {n} samples; at most {min(n, MOST_VOTERS)}")
    return _majority(right, tuple(sorted(others)), silent, most)


@lru_cache(1 << 12)
def _majority(right: int, others: tuple[int, ...], silent: int, most: int) -> Floats:
    n = right + sum(others) + silent
    won = np.zeros(most + 1)
    for votes in range(1, min(right, most) + 1):
        large = [count for count in others if count >= votes]
        free = silent + sum(others) - sum(large)
        nodes, weights = np.polynomial.legendre.leggauss(len(large) // 2 + 1)
        ties = (nodes + 1) / 2
        product = np.tile(_binomials(free, n, most), (len(ties), 1))
        for count in sorted(set(large)):
            one = np.zeros((len(ties), most + 1))
            one[:, : min(votes, most + 1)] = _binomials(count, n, most)[:votes]
            one[:, votes] = _binomials(count, n, most)[votes] * ties
            product = _times(product, _power(one, large.count(count)))
        mean = (weights / 2) @ product
        won[votes:] += _binomials(right, n, most)[votes] * mean[: most + 1 - votes]
    shares = won / _binomials(n, n, most)
    return np.minimum(shares[1:], 1.0)


@lru_cache(1 << 12)
def _binomials(count: int, scale: int, most: int) -> Floats:
    """C(count, a) / scale^a for a = 0 … most: the scale keeps them in the range of floats."""
    made = np.zeros(most + 1)
    made[0] = 1.0
    for a in range(1, min(count, most) + 1):
        made[a] = made[a - 1] * (count - a + 1) / (a * scale)
    return made


def _power(base: Floats, exponent: int) -> Floats:
    made: Floats | None = None
    while exponent:
        if exponent & 1:
            made = base if made is None else _times(made, base)
        exponent >>= 1
        if exponent:
            base = _times(base, base)
    assert made is not None
    return made


def _times(one: Floats, other: Floats) -> Floats:
    """Products of polynomials, row by row, up to the length that is kept."""
    made = np.zeros_like(one)
    for a in range(one.shape[1]):
        if one[:, a].any():
            made[:, a:] += one[:, a : a + 1] * other[:, : one.shape[1] - a]
    return made


def weighted(classes: Sequence[int], weights: Sequence[float], right: int, silent: int) -> float:
    """Whether the answer class of most weight is `right`: 1, 0, or a tie's even share.

    `silent` is the class that does not vote; a weight that is not known (NaN) is not counted.
    NaN where nobody votes with a known weight.
    """
    total: dict[int, float] = {}
    for each, weight in zip(classes, weights, strict=True):
        if each != silent and not math.isnan(weight):
            total[each] = total.get(each, 0.0) + weight
    if not total:
        return math.nan
    best = max(total.values())
    first = [each for each, weight in total.items() if math.isclose(weight, best, rel_tol=1e-12)]
    return 1 / len(first) if right in first else 0.0
