"""A run that is looked at, and what its samples amount to; counted aside."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from kimidesk.errors import KimiDeskError
from kimidesk.grading.curves import CurvePoint, RunPoint, forced, long2short, posthoc
from kimidesk.grading.gathered import Gathered, gather
from kimidesk.grading.paired import Paired, compare
from kimidesk.grading.tally import Tally, tally
from kimidesk.store import told
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


def against(run: Run, other: Path) -> Paired:
    """The run on the problems that it has in common with another; raises KimiDeskError."""
    return compare(run.numbers or gather(journal_of(run.folder)), gather(journal_of(other)))


def paces(folders: Sequence[str]) -> dict[str, float]:
    """Tokens a second that each checkpoint wrote in the newest of these runs that tells."""
    found: dict[str, float] = {}
    for folder in map(Path, folders):
        try:
            model = str(told.options_in(folder).get("model", ""))
            tokens, seconds = told.speed(told.run_in(folder))
        except KimiDeskError:
            continue  # it is being written, or no run any more
        if model and tokens and seconds > 0:
            found.setdefault(model, tokens / seconds)
    return found
