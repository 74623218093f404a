"""What a problem's answer is worth at several budgets of thought: one curve for each way to set it.

The figures are those of s1 (Muennighoff et al., arXiv 2501.19393), over the runs of one way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from statistics import fmean

from kimidesk.records import Share

LATE = 3  # tokens that a forced end may come late: a character is not cut in two


class Way(StrEnum):
    """How a budget of thought is set."""

    OWN = "own"
    """The trace as it is."""
    CUT = "cut"
    """The thought of the trace is ended after so many tokens, and the answer drawn."""
    WAIT = "wait"
    """The end of the thought is replaced by a word that makes it go on, so many times (s1)."""
    NONE = "none"
    """A thought that says it has ended is put there (NoThinking: Ma et al., arXiv 2504.09858)."""
    RERUN = "rerun"
    """The problem is thought through afresh, and cut as above."""


@dataclass(frozen=True, slots=True)
class Run:
    """One trace at one budget. What cannot be told is None, or empty."""

    way: Way
    budget: int  # tokens of thought at most; of WAIT: how many times it was made to go on
    number: int  # counted from 0 at each budget; the seed follows from it
    trace: str = ""  # where it is kept
    of: str = ""  # the trace that it was cut from or went on from
    thinking: int = 0  # tokens of thought that stand before the answer, kept ones included
    tokens: int = 0  # that were evaluated one by one for it
    answer: str = ""
    key: str = ""  # equal keys are equal answers
    right: bool | None = None
    trouble: str = ""  # why it came to nothing

    @property
    def place(self) -> tuple[Way, int, int]:
        """What it was asked for as."""
        return (self.way, self.budget, self.number)


@dataclass(frozen=True, slots=True)
class Point:
    """The runs of one way at one budget."""

    way: Way
    budget: int
    thinking: float  # tokens, the mean
    least: int
    most: int
    share: Share | None  # of right ones; None where nothing is expected
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Control, scaling and performance as s1 defines them; None where they cannot be told."""

    control: float | None  # share of the runs whose thought kept to the budget asked for
    scaling: float | None  # mean slope over all pairs of budgets, share per 1,000 tokens of thought
    performance: float | None  # the best share


def curves(runs: Iterable[Run]) -> dict[Way, list[Point]]:
    """The points of each way, by their thought; runs that came to nothing are left out."""
    groups: dict[tuple[Way, int], list[Run]] = {}
    for run in runs:
        if not run.trouble:
            groups.setdefault((run.way, run.budget), []).append(run)
    made: dict[Way, list[Point]] = {}
    for way in Way:
        points = [_point(*key, group) for key, group in groups.items() if key[0] is way]
        if points:
            made[way] = sorted(points, key=lambda each: (each.thinking, each.budget))
    return made


def figures(points: Sequence[Point]) -> Figures:
    """Of the points of one way."""
    runs = [run for point in points for run in point.runs]
    bounded = [run for run in runs if run.way in (Way.CUT, Way.RERUN, Way.NONE)]
    kept = sum(run.thinking <= run.budget + LATE for run in bounded)
    known = [(each.thinking, each.share.share) for each in points if each.share is not None]
    slopes = [
        (f_b - f_a) / (b - a) * 1_000 for (a, f_a), (b, f_b) in combinations(known, 2) if b > a
    ]
    return Figures(
        control=kept / len(bounded) if bounded else None,
        scaling=fmean(slopes) if slopes else None,
        performance=max((share for _, share in known), default=None),
    )


def _point(way: Way, budget: int, group: list[Run]) -> Point:
    thinking = [run.thinking for run in group]
    told = [run.right for run in group if run.right is not None]
    share = Share(sum(told), len(told)) if told else None
    runs = tuple(sorted(group, key=lambda run: run.number))
    return Point(way, budget, fmean(thinking), min(thinking), max(thinking), share, runs)
