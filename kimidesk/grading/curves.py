"""Accuracy against tokens: along one run, and from run to run.

A *post-hoc* curve is read off a run that was made with one budget: a sample counts at B where it
was right within B tokens. It is free, and a lower bound: a thought that is cut at B might still
have been answered. A *forced* curve was drawn: thoughts were ended at B, and answered.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.grading import bootstrap
from kimidesk.grading.gathered import Gathered, gather
from kimidesk.records import Sample
from kimidesk.records.share import Interval, wilson

STEPS = 24  # of the grid, from the shortest sample to the longest
POST_HOC, FORCED = "post-hoc", "forced"

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Accuracy at one budget. `low` and `high` are its 95 % interval."""

    budget: int  # tokens: post-hoc of thought and answer together, forced of the thought
    accuracy: float
    low: float
    high: float
    mean_tokens: float  # that a sample took, or would have, thought and answer
    samples: int
    kind: str = POST_HOC


@dataclass(frozen=True, slots=True)
class RunPoint:
    """A run in the long2short picture (Kimi k1.5, arXiv 2501.12599, fig. 7)."""

    name: str
    mean_tokens: float  # thought and answer, of samples that were graded
    accuracy: float
    low: float
    high: float
    samples: int
    front: bool = False  # no other run is at least as right with no more tokens


def posthoc(samples: Iterable[Sample] | Gathered, budgets: Sequence[int] = ()) -> list[CurvePoint]:
    """A point for each of `budgets` and of a log grid; none where nothing was graded."""
    whole = gather(samples)
    graded = whole.where(whole.graded & whole.own)
    if not len(graded):
        return []
    tokens, right = graded.tokens, graded.right
    at = sorted({*_grid(tokens), *(each for each in budgets if each > 0)})
    within = np.stack([right & (tokens <= budget) for budget in at], axis=1)
    spent = [float(np.minimum(tokens, budget).mean()) for budget in at]
    bands = _bands(graded.number, within)
    return [
        CurvePoint(budget, float(within[:, place].mean()), *bands[place], spent[place], len(tokens))
        for place, budget in enumerate(at)
    ]


def forced(samples: Iterable[Sample] | Gathered) -> list[CurvePoint]:
    """A point for each budget that thoughts were ended at (`Sample.cut`).

    A thought that was no longer than the budget has no row of its own there: the run's sample
    counts. One that was longer and has no row is left out, so points may rest on fewer samples
    while a run goes on.
    """
    whole = gather(samples)
    own = whole.where(whole.own & whole.graded)
    points = []
    for budget in np.unique(whole.cut[whole.cut >= 0]).tolist():
        rows = whole.where((whole.cut == budget) & whole.graded)
        short = own.thinking <= budget
        short &= ~np.isin(_places(own), _places(whole.where(whole.cut == budget)))
        rested = own.where(short)
        number = np.concatenate([rows.number, rested.number])
        right = np.concatenate([rows.right, rested.right])
        tokens = np.concatenate([rows.tokens, rested.tokens])
        if len(number):
            band = _bands(number, right[:, None])[0]
            points.append(
                CurvePoint(budget, float(right.mean()), *band, float(tokens.mean()), len(number),
                           FORCED)
            )  # fmt: skip
    return points


def long2short(
    runs: Iterable[tuple[str, Iterable[Sample] | Gathered]],
) -> list[RunPoint]:
    """One point a run that has graded samples, in their order; the top left is best."""
    points = []
    for name, samples in runs:
        whole = gather(samples)
        graded = whole.where(whole.graded & whole.own)
        if len(graded):
            low, high = _bands(graded.number, graded.right[:, None])[0]
            points.append(
                RunPoint(name, float(graded.tokens.mean()), float(graded.right.mean()), low, high,
                         len(graded))
            )  # fmt: skip
    return [_on_front(point, points) for point in points]


def curve_csv(points: Iterable[CurvePoint]) -> str:
    """A header and a line a point."""
    rows = ((p.kind, p.budget, p.accuracy, p.low, p.high, p.mean_tokens, p.samples) for p in points)
    header = ("curve", "budget", "accuracy", "low", "high", "mean_tokens", "samples")
    return _csv(header, rows)


def runs_csv(points: Iterable[RunPoint]) -> str:
    """A header and a line a run. A name cannot become a formula in a spreadsheet."""
    rows = (
        (_harmless(p.name), p.mean_tokens, p.accuracy, p.low, p.high, p.samples, int(p.front))
        for p in points
    )
    return _csv(("run", "mean_tokens", "accuracy", "low", "high", "samples", "front"), rows)


def _harmless(name: str) -> str:
    return f"'{name}" if name[:1] in {"=", "+", "-", "@"} else name


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _on_front(point: RunPoint, points: Sequence[RunPoint]) -> RunPoint:
    here = (-point.accuracy, point.mean_tokens)
    beaten = any(
        other_at != here and all(a <= b for a, b in zip(other_at, here, strict=True))
        for other_at in ((-other.accuracy, other.mean_tokens) for other in points)
    )
    return RunPoint(point.name, point.mean_tokens, point.accuracy, point.low, point.high,
                    point.samples, front=not beaten)  # fmt: skip


def _grid(tokens: Ints) -> list[int]:
    """STEPS budgets, evenly apart on a log axis, the last of which holds every sample."""
    shortest, longest = max(1, int(tokens.min())), max(1, int(tokens.max()))
    steps = np.geomspace(shortest, longest, STEPS)
    return sorted({*(math.ceil(step) for step in steps[:-1]), longest})


def _places(samples: Gathered) -> Ints:
    """A number for each (problem, repeat)."""
    return (samples.number << 32) | samples.repeat


def _bands(number: Ints, right: Bools) -> list[Interval]:
    """Of each column of `right`, shape (N, M): Wilson's, or that of a bootstrap of problems."""
    _, place = np.unique(number, return_inverse=True)
    total = np.bincount(place).astype(np.float64)
    if (total <= 1).all() or len(total) < 2:
        return [wilson(int(column.sum()), len(column)) for column in right.T]
    sums = np.stack([np.bincount(place, weights=column) for column in right.T], axis=1)
    return bootstrap.shares(
        sums.astype(np.float64), np.repeat(total[:, None], right.shape[1], axis=1)
    )
