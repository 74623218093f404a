"""Two runs on the problems that they have in common."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.errors import UsageError
from kimidesk.grading import bootstrap
from kimidesk.grading.gathered import About, Gathered, gather
from kimidesk.grading.tally import by_problem
from kimidesk.records import Sample
from kimidesk.records.share import Interval, Z, wilson

POINTS = 0.03  # the difference that a comparison should be able to show
POWER = 0.841621  # 80 % quantile of the normal distribution: four of five such comparisons show it

Floats = NDArray[np.float64]
Place = tuple[int, int]  # a question, and which of the problems that ask it


@dataclass(frozen=True, slots=True)
class Changed:
    """A problem on which the runs differ; shares of right samples."""

    name: str
    question: str
    one: float
    other: float
    numbers: tuple[int, int]  # its row in the data of each


@dataclass(frozen=True, slots=True)
class Paired:
    """`other` less `one`, over the problems that both have graded samples of."""

    problems: int
    left_out: tuple[int, int]  # problems of each run that the other one lacks
    one: float  # mean over problems of the share of right
    other: float
    difference: float
    interval: Interval  # 95 %, paired bootstrap over problems
    only_one: int | None  # right in the first alone; None with repeats
    only_other: int | None
    mcnemar: float | None  # exact two-sided p; None with repeats
    problems_wanted: int  # in all, to show POINTS with 80 % power
    problems_more: int
    tokens: float  # other less one, mean over problems
    tokens_interval: Interval
    changed: tuple[Changed, ...]  # most changed first
    expected_differ: int  # problems whose expected answers are not the same

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.interval[0] > 0 or self.interval[1] < 0


def compare(one: Iterable[Sample] | Gathered, other: Iterable[Sample] | Gathered) -> Paired:
    """Raises UsageError where the runs have no graded problem in common."""
    sides = [_Side(gather(each)) for each in (one, other)]
    common = sorted(set(sides[0].at) & set(sides[1].at), key=lambda place: sides[0].at[place])
    if not common:
        raise UsageError(_why(sides), hint="Choose two runs on the same data.")
    shares = np.array([[side.share[side.at[place]] for side in sides] for place in common])
    tokens = np.array([[side.tokens[side.at[place]] for side in sides] for place in common])
    apart, longer = shares[:, 1] - shares[:, 0], tokens[:, 1] - tokens[:, 0]
    bounds = [bootstrap.means(column[:, None])[0] for column in (apart, longer)]
    wanted = _wanted(apart)
    single = all(side.single for side in sides)
    down, up = int((apart < 0).sum()), int((apart > 0).sum())
    pairs = [tuple(side.about[side.at[place]] for side in sides) for place in common]
    return Paired(
        problems=len(common),
        left_out=(len(sides[0].at) - len(common), len(sides[1].at) - len(common)),
        one=float(shares[:, 0].mean()),
        other=float(shares[:, 1].mean()),
        difference=float(apart.mean()),
        interval=bounds[0] if apart.min() < apart.max() else _unchanged(apart),
        only_one=down if single else None,
        only_other=up if single else None,
        mcnemar=mcnemar(down, up) if single else None,
        problems_wanted=wanted,
        problems_more=max(0, wanted - len(common)),
        tokens=float(longer.mean()),
        tokens_interval=bounds[1],
        changed=_changed(common, sides, shares),
        expected_differ=sum(a.expected != b.expected for a, b in pairs),
    )


def mcnemar(only_one: int, only_other: int) -> float:
    """The exact two-sided p of McNemar's test (1947): the pairs that differ are coin tosses."""
    differ = only_one + only_other
    if not differ:
        return 1.0
    tail = sum(math.comb(differ, k) for k in range(min(only_one, only_other) + 1))
    return min(1.0, float(2 * tail / 2**differ))


class _Side:
    """One run, a row a problem that has graded samples."""

    def __init__(self, whole: Gathered) -> None:
        graded = whole.where(whole.graded & whole.own)
        right, total = by_problem(graded)
        numbers, place = np.unique(graded.number, return_inverse=True)
        self.numbers: list[int] = numbers.tolist()
        self.share = right / np.maximum(total, 1)
        self.tokens = np.bincount(place, weights=graded.tokens) / np.maximum(total, 1)
        self.single = bool((total <= 1).all())
        self.samples = len(whole)
        self.about: list[About] = [whole.about[number] for number in self.numbers]
        seen: defaultdict[int, int] = defaultdict(int)
        self.at: dict[Place, int] = {}
        for row, about in enumerate(self.about):
            self.at[about.id, seen[about.id]] = row  # the same question twice is two problems
            seen[about.id] += 1


def _why(sides: list[_Side]) -> str:
    empty = [name for name, side in zip(("first", "second"), sides, strict=True) if not side.at]
    if empty:
        return f"the {' and the '.join(empty)} run has no graded sample, so nothing can be compared"
    counts = " and ".join(f"{len(side.at):,}" for side in sides)
    return f"the runs have no problem in common ({counts} problems)"


def _wanted(apart: Floats) -> int:
    """Problems that show POINTS: n = ((z₀.₉₇₅ + z₀.₈) σ / POINTS)², σ of the paired differences."""
    if len(apart) < 2:
        return 0
    deviation = float(apart.std(ddof=1))
    return math.ceil(((Z + POWER) * deviation / POINTS) ** 2)


def _unchanged(apart: Floats) -> Interval:
    """Where every problem differs alike, what a share of so many that never came leaves open."""
    value, room = float(apart[0]), wilson(0, len(apart))[1]
    return (max(-1.0, value - room), min(1.0, value + room))


def _changed(common: list[Place], sides: list[_Side], shares: Floats) -> tuple[Changed, ...]:
    made = []
    for place, (one, other) in zip(common, shares.tolist(), strict=True):
        if one != other:
            rows = [side.at[place] for side in sides]
            about = sides[0].about[rows[0]]
            numbers = (sides[0].numbers[rows[0]], sides[1].numbers[rows[1]])
            made.append(Changed(about.name, about.question, one, other, numbers))
    return tuple(sorted(made, key=lambda each: (-abs(each.other - each.one), each.numbers)))
