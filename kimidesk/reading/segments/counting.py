"""How the tokens of a trace fall to the kinds of its sentences, and which kind follows which."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.reading.forking import forking
from kimidesk.records import Kind, TokenColumns

KINDS = tuple(Kind)
NO_KIND = len(KINDS)  # of a token that no sentence holds


@dataclass(frozen=True, slots=True)
class OfKind:
    """The tokens of one kind. What is not known, or is of nothing, is NaN."""

    kind: Kind
    sentences: int
    tokens: int
    share: float  # of all tokens that have a kind
    seconds: float  # from the token before each to it; the trace's first has none before it
    entropy: float  # mean of the drawn ones, nats
    forks: float  # share of the drawn ones that fork; see `reading.forking`


def by_kind(
    codes: NDArray[np.uint8], sentences: NDArray[np.uint8], columns: TokenColumns
) -> list[OfKind]:
    """One row a kind, in the order of `Kind`.

    `codes` are places in KINDS, or NO_KIND, of the first n tokens of `columns`, shape (n,);
    `sentences` the kinds of the sentences. Raises ValueError for more codes than tokens.
    """
    count = len(codes)
    if count > len(columns):
        raise ValueError(f"{count} tokens have a kind, and there are {len(columns)}")
    entropy, forced = columns.entropy[:count], columns.forced[:count]
    known = ~forced & ~np.isnan(entropy)
    took = np.diff(columns.time_ms[:count], prepend=columns.time_ms[:1])
    tokens = _sums(codes, np.ones(count))
    drawn = _sums(codes, known)
    seconds = _sums(codes, took) / 1000
    nats = _sums(codes, np.where(known, entropy, 0))
    forks = _sums(codes, forking(columns.entropy, columns.forced)[:count])
    said = np.bincount(sentences, minlength=NO_KIND)
    whole = tokens.sum()
    return [
        OfKind(
            kind,
            int(said[at]),
            int(tokens[at]),
            _ratio(tokens[at], whole),
            float(seconds[at]),
            _ratio(nats[at], drawn[at]),
            _ratio(forks[at], drawn[at]),
        )
        for at, kind in enumerate(KINDS)
    ]


def follows(sentences: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How often each kind is followed by each: rows are the first of two, shape (10, 10)."""
    pairs = sentences[:-1].astype(np.int64) * NO_KIND + sentences[1:]
    return np.bincount(pairs, minlength=NO_KIND * NO_KIND).reshape(NO_KIND, NO_KIND)


def _sums(codes: NDArray[np.uint8], weights: NDArray[np.generic]) -> NDArray[np.float64]:
    counted = np.bincount(codes, weights=weights, minlength=NO_KIND + 1)
    return np.asarray(counted[:NO_KIND], np.float64)


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else math.nan
