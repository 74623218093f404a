"""Many traces of one problem: which answer most of them give, how sure of it they are, and which
of them are unlike the others.

Confidence is that of DeepConf (Fu et al. 2025, arXiv 2508.15260). Of a token, with p₁ … p_k the
probabilities of its likeliest tokens:

    C = -(1/k) Σ ln p_j          nats; large where one token has nearly everything

and of a trace the mean of C, or of its means over a sliding window (a *group*): the least of them,
the mean of the lowest tenth, or the last one (the *tail*). A vote weighs as much as its trace's
confidence.
"""

import math
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kimidesk.records import TokenColumns

SLICE = 8_192  # tokens whose rivals are looked at together
WINDOW = 2_048  # tokens of a group, as published
LOWEST_SHARE = 0.1  # of the groups, those of `bottom`
FAR = 3.5  # modified z-score of an outlier, as Iglewicz and Hoaglin advise
NORMAL = 0.6745  # the quartile of the normal distribution: makes a median deviation a standard one
FEWEST = 5  # values below which none is called an outlier

Floats = NDArray[np.float64]


class Weight(StrEnum):
    """What a vote weighs."""

    EQUAL = "equal"
    MEAN = "mean"
    """The mean confidence of its tokens."""
    LOWEST = "lowest"
    """That of its least confident group."""
    BOTTOM = "bottom"
    """The mean of the lowest tenth of its groups."""
    TAIL = "tail"
    """That of its last group."""
    LIKELIHOOD = "likelihood"
    """The mean probability of its tokens (geometric): what a scored run keeps."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One answer: how many gave it, what their votes weigh together, and their share of all."""

    answer: str
    count: int
    weight: float
    share: float


def token_confidence(columns: TokenColumns) -> Floats:
    """Of each token, shape (n,), nats; NaN where no likeliest tokens are told."""
    made = np.full(len(columns), math.nan)
    for start in range(0, len(columns), SLICE):  # rivals may lie outside memory
        ids, logprob = columns.rivals(start, start + SLICE)
        told = ids >= 0
        count = told.sum(axis=1)
        total = np.where(told, logprob, 0.0).sum(axis=1, dtype=np.float64)
        made[start : start + len(ids)] = np.where(
            count > 0, -total / np.maximum(count, 1), math.nan
        )
    return made


def confidences(columns: TokenColumns, window: int = WINDOW) -> dict[Weight, float]:
    """The four of a trace; empty where nothing is told. A trace shorter than a group is one."""
    values = token_confidence(columns)
    values = values[~np.isnan(values)]
    if not len(values):
        return {}
    size = min(window, len(values))
    sums = np.concatenate(([0.0], np.cumsum(values)))
    groups = (sums[size:] - sums[:-size]) / size
    lowest = np.sort(groups)[: max(1, int(LOWEST_SHARE * len(groups)))]
    return {
        Weight.MEAN: float(values.mean()),
        Weight.LOWEST: float(groups.min()),
        Weight.BOTTOM: float(lowest.mean()),
        Weight.TAIL: float(groups[-1]),
    }


def votes(answers: Sequence[str], weights: Sequence[float] | None = None) -> list[Vote]:
    """Each answer with its votes, the heaviest first; "" is no answer and does not vote.

    A vote whose weight is not known (NaN) is not counted. Raises ValueError where the weights are
    not as many as the answers.
    """
    told = [1.0] * len(answers) if weights is None else list(weights)
    count: Counter[str] = Counter()
    weight: Counter[str] = Counter()
    for answer, each in zip(answers, told, strict=True):
        if answer and not math.isnan(each):
            count[answer] += 1
            weight[answer] += each  # type: ignore[assignment]  # a Counter adds any number
    total = sum(weight.values()) or 1.0
    made = [
        Vote(answer, count[answer], float(weight[answer]), weight[answer] / total)
        for answer in count
    ]
    return sorted(made, key=lambda vote: (-vote.weight, -vote.count, vote.answer))


def answer_entropy(answers: Sequence[str]) -> float:
    """Σ -(n/N) log₂ (n/N) over the answers, in bits: 0 where all agree (Dynasor's certaindex).

    "" is no answer; NaN where none was given.
    """
    counts = np.array([*Counter(answer for answer in answers if answer).values()], np.float64)
    if not len(counts):
        return math.nan
    share = counts / counts.sum()
    return abs(float((share * np.log2(share)).sum()))


def outlying(values: Sequence[float]) -> list[bool]:
    """Which values stand far from the median: |0.6745 (x - median) / MAD| > 3.5.

    MAD is the median distance from the median (Iglewicz & Hoaglin 1993, *How to Detect and Handle
    Outliers*). NaN is none; below five values, or where half of them are equal, nothing is.
    """
    every = np.asarray(values, np.float64)
    known = every[~np.isnan(every)]
    if len(known) < FEWEST:
        return [False] * len(every)
    middle = float(np.median(known))
    spread = float(np.median(np.abs(known - middle)))
    if spread == 0:
        return [False] * len(every)
    score = NORMAL * np.abs(every - middle) / spread
    return [bool(far) for far in np.nan_to_num(score) > FAR]


def alone(answers: Sequence[Hashable]) -> list[bool]:
    """Which answers nobody else gave, where at least two gave another one."""
    count = Counter(answer for answer in answers if answer)
    shared = any(number > 1 for number in count.values())
    return [bool(answer) and shared and count[answer] == 1 for answer in answers]


def weights_of(told: Sequence[Mapping[Weight, float]], weight: Weight) -> list[float]:
    """What each trace's vote weighs; NaN where that is not known."""
    if weight is Weight.EQUAL:
        return [1.0] * len(told)
    return [each.get(weight, math.nan) for each in told]
