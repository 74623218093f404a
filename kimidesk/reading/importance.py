"""How much a sentence of a trace decides: what comes of the trace from before it and from after it.

From both places the trace is drawn on, some times each (`Rollout`). Before the sentence it may say
something else instead; after it the sentence stands. The importance is how much oftener the
answer is the expected one after than before (resampling importance of Thought Anchors, arXiv
2506.19143); the counterfactual one leaves out, of those from before, what says the same again.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from kimidesk.reading.likeness import likeness
from kimidesk.records import Difference, Interval, Share

ALIKE = 0.8  # cosine from which on two sentences say the same (Thought Anchors' code)
DRAWS = 2_000  # of the bootstrap
SMOOTHING = 1.0  # Laplace's: at 1e-9 a single answer that is missing on one side decides all


class Price(StrEnum):
    """How dear a rollout is."""

    FORCED = "forced"
    """The answer is forced at once."""
    SHORT = "short"
    """Some sentences are drawn, then the answer is forced."""
    FULL = "full"
    """The trace is drawn to its end."""


class Side(StrEnum):
    """Where a rollout begins."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is asked: of the sentence of tokens `first` … `last`, at which price."""

    first: int
    last: int
    price: Price = Price.FORCED
    horizon: int = 3  # sentences that are drawn at the short price

    def check(self, tokens: int) -> "Weighing":
        """Return self; raises ValueError for what a trace of so many tokens does not have."""
        if not 0 <= self.first <= self.last < tokens:
            raise ValueError(
                f"there is no sentence from token {self.first} to {self.last}: "
                f"the trace has {tokens} tokens"
            )
        if self.horizon < 1:
            raise ValueError(f"the horizon is {self.horizon}; it must be 1 sentence or more")
        return self


@dataclass(frozen=True, slots=True)
class Rollout:
    """One continuation of the trace."""

    side: Side
    number: int  # counted from 0 on its side; its seed follows from it
    answer: str = ""  # as it was spelled; empty where there is none
    key: str = ""  # equal keys are equal answers
    right: bool | None = None  # None where nothing is expected
    said: str = ""  # what was drawn
    first: str = ""  # its first sentence; empty where none was drawn
    tokens: int = 0  # that it cost
    trouble: str = ""  # why it came to nothing


@dataclass(frozen=True, slots=True)
class Alternative:
    """Sentences like each other that were said instead, and what came of them."""

    text: str  # the first of them
    same: bool  # they say what the sentence of the trace says
    likeness: float  # of the first of them to it, 0 … 1
    rollouts: tuple[Rollout, ...]

    @property
    def answers(self) -> list[tuple[str, int]]:
        """Each answer that they lead to and how often, the commonest first."""
        return _spelled(self.rollouts)

    @property
    def right(self) -> Share | None:
        return _share(self.rollouts)


@dataclass(frozen=True, slots=True)
class Importance:
    """What the rollouts tell; None where they cannot."""

    before: Share | None
    after: Share | None
    difference: Difference | None  # after - before: the sentence helps where it is above 0
    different: Share | None  # how many from before say something else than the sentence
    counterfactual: Difference | None  # after - those
    divergence: float | None  # KL(before || after) of the answers, nats, smoothed
    divergence_interval: Interval | None
    unique: float | None  # different first sentences from before, as a share of them
    answers_before: list[tuple[str, int]]
    answers_after: list[tuple[str, int]]
    alternatives: tuple[Alternative, ...]  # the commonest first
    tokens: int
    failed: int  # came to nothing
    unjudged: int  # nothing is expected of them, or the grader failed


def importance(sentence: str, rollouts: Sequence[Rollout]) -> Importance:
    """What rollouts from before and from after `sentence` tell of it."""
    whole = [each for each in rollouts if not each.trouble]
    before = [each for each in whole if each.side is Side.BEFORE]
    after = [each for each in whole if each.side is Side.AFTER]
    said = [each for each in before if each.first]
    groups = alternatives(sentence, said)
    other = [each for group in groups if not group.same for each in group.rollouts]
    keys_before, keys_after = [e.key for e in before], [e.key for e in after]
    both = bool(before and after)
    return Importance(
        before=_share(before),
        after=_share(after),
        difference=_difference(_share(after), _share(before)),
        different=Share(len(other), len(said)) if said else None,
        counterfactual=_difference(_share(after), _share(other)),
        divergence=divergence(keys_before, keys_after) if both else None,
        divergence_interval=divergence_interval(keys_before, keys_after) if both else None,
        unique=len({each.first for each in said}) / len(said) if said else None,
        answers_before=_spelled(before),
        answers_after=_spelled(after),
        alternatives=tuple(groups),
        tokens=sum(each.tokens for each in rollouts),
        failed=len(rollouts) - len(whole),
        unjudged=sum(each.right is None for each in whole),
    )


def divergence(before: Sequence[str], after: Sequence[str], smoothing: float = SMOOTHING) -> float:
    """KL(before || after) of two samples of answers, nats.

    Each answer that either side gave counts `smoothing` times more than it came (Laplace), so that
    one that is missing on a side has some probability there. As in Thought Anchors, whose own
    smoothing of 1e-9 makes a single answer worth 20 nats.
    """
    names = sorted({*before, *after})
    p, q = _smoothed(before, names, smoothing), _smoothed(after, names, smoothing)
    return sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))


def divergence_interval(before: Sequence[str], after: Sequence[str], seed: int = 0) -> Interval:
    """95 % of `divergence` by the percentile bootstrap (Efron 1979): both sides are drawn anew.

    The estimate is no smaller than 0 and biased upwards in small samples, and so is the interval.
    """
    names = sorted({*before, *after})
    place = {name: at for at, name in enumerate(names)}
    draws = np.random.default_rng(seed)
    sides = []
    for side in (before, after):
        counts = np.bincount([place[key] for key in side], minlength=len(names))
        drawn = draws.multinomial(len(side), counts / len(side), DRAWS) + SMOOTHING
        sides.append(drawn / drawn.sum(1, keepdims=True))
    p, q = sides
    told = (p * np.log(p / q)).sum(1)
    low, high = np.quantile(told, (0.025, 0.975))
    return float(low), float(high)


def alternatives(sentence: str, rollouts: Sequence[Rollout]) -> list[Alternative]:
    """First sentences, those that are alike together: each joins the first group it is like."""
    groups: list[list[Rollout]] = []
    for each in rollouts:
        fitting = (group for group in groups if likeness(group[0].first, each.first) >= ALIKE)
        found = next(fitting, None)
        if found is None:
            groups.append([each])
        else:
            found.append(each)
    made = [_alternative(sentence, group) for group in groups]
    return sorted(made, key=lambda each: -len(each.rollouts))


def _alternative(sentence: str, group: list[Rollout]) -> Alternative:
    text = group[0].first
    near = likeness(sentence, text)
    return Alternative(text, near >= ALIKE, near, tuple(group))


def _share(rollouts: Sequence[Rollout]) -> Share | None:
    """None where there are none, or nothing is expected."""
    told = [each.right for each in rollouts if each.right is not None]
    return Share(sum(told), len(told)) if told else None


def _difference(one: Share | None, other: Share | None) -> Difference | None:
    if one is None or other is None:
        return None
    return Difference.of(one, other)


def _spelled(rollouts: Sequence[Rollout]) -> list[tuple[str, int]]:
    spelling = {each.key: each.answer for each in reversed(rollouts)}
    counts = Counter(each.key for each in rollouts)
    return [(spelling[key], count) for key, count in counts.most_common()]


def _smoothed(keys: Sequence[str], names: Sequence[str], smoothing: float) -> list[float]:
    counts = Counter(keys)
    total = len(keys) + smoothing * len(names)
    return [(counts[name] + smoothing) / total for name in names]
