"""A run that is looked at, and what its samples amount to; counted aside."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kimidesk.grading.curves import CurvePoint, RunPoint, forced, long2short, posthoc
from kimidesk.grading.gathered import Gathered, gather
from kimidesk.grading.tally import Tally, tally
from kimidesk.store.runs import journal_of
from kimidesk.store.watching import Seen


@dataclass
class Run:
    """A folder that is looked at, and what was found there."""

    folder: Path
    seen: Seen = field(default_factory=Seen)
    counted: Tally = field(default_factory=Tally)
    numbers: Gathered | None = None
    curve: list[CurvePoint] = field(default_factory=list)


class Counted(NamedTuple):
    """What one pass over the samples tells; `points` are of all runs that were looked at."""

    numbers: Gathered
    tally: Tally
    curve: list[CurvePoint]
    points: list[RunPoint]


def count(run: Run, others: Sequence[Run]) -> Counted:
    """Read and count a run; raises NotFound, StoreError."""
    numbers = gather(journal_of(run.folder))
    beside = [(each.folder.name, each.numbers) for each in others if each.numbers is not None]
    points = long2short([(run.folder.name, numbers), *beside])
    return Counted(numbers, tally(numbers), [*posthoc(numbers), *forced(numbers)], points)
