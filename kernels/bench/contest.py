"""Several ways to the same figures: first held against each other, then timed in turns."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import timing

ROUNDS = 20  # medians of at least so many, unless the time allowed runs out


@dataclass(frozen=True)
class Way:
    """One implementation; `run` makes one pass and gives its results, for the comparison."""

    name: str
    run: timing.Pass
    before: Callable[[], None] | None = None  # not timed
    note: str = ""
    compared: bool = True  # whether its results mean what the first way's mean


@dataclass(frozen=True)
class Contest:
    """The first way is what the others are held against, in results and in time."""

    op: str
    type: str
    shape: str
    what: str  # of the pass: forward, forward+backward, hot, cold
    ways: Sequence[Way]
    bytes_moved: float = 0.0  # the least that any way must read and write
    tolerance: float = 0.02  # of the largest result
    device: str = ""  # where it is not the run's


@dataclass(frozen=True)
class Line:
    """A row of the table; without a time the note says why."""

    contest: Contest
    way: Way
    ms: float | None
    rounds: int
    peak_mb: float | None
    ratio: float | None
    note: str


def hold(contest: Contest, clock: timing.Clock, seconds: float, rounds: int = ROUNDS) -> list[Line]:
    """Compare, weigh and time every way; at most about so many seconds once all are warm."""
    first: list[Any] = []
    ready: list[tuple[Way, str, float]] = []
    broken: list[Line] = []
    for way in contest.ways:
        try:
            note, peak = _warm(way, contest, clock, first)
        except Exception as error:  # noqa: BLE001 - a peer may raise anything: told in the table
            broken.append(_broken(contest, way, error))
        else:
            ready.append((way, note, peak / 1e6))
        _release(clock)
    times: dict[str, list[float]] = {way.name: [] for way, _, _ in ready}
    deadline = time.monotonic() + seconds
    for done in range(rounds):
        if done >= 3 and time.monotonic() > deadline:
            break
        for entry in list(ready):
            way = entry[0]
            try:
                if way.before:
                    way.before()
                times[way.name].append(clock.ms(way.run))
            except Exception as error:  # noqa: BLE001 - as above
                ready.remove(entry)
                broken.append(_broken(contest, way, error))
    alive = {way.name for way, _, _ in ready}
    median = {name: statistics.median(t) for name, t in times.items() if t and name in alive}
    base = median.get(contest.ways[0].name)
    return [
        Line(
            contest,
            way,
            median.get(way.name),
            len(times[way.name]),
            peak,
            median[way.name] / base if base and way.name in median else None,
            note,
        )
        for way, note, peak in ready
    ] + broken


def _warm(way: Way, contest: Contest, clock: timing.Clock, first: list[Any]) -> tuple[str, float]:
    """Compiles, compares and weighs one way; gives its note and its peak in bytes."""
    if way.before:
        way.before()
    results = [as_numpy(each) for each in way.run() or ()]
    note = way.note
    if not first:
        first.extend(results)
    elif way.compared:
        apart_by = [apart(a, b) for a, b in zip(first, results, strict=False)]
        off = max(apart_by, default=0.0)
        if not all(each <= contest.tolerance for each in apart_by):  # NaN is not
            note = f"differs by {off:.1e} of the largest; {note}".rstrip("; ")
    del results
    return note, float(clock.peak_bytes(way.run))


def _broken(contest: Contest, way: Way, error: Exception) -> Line:
    reason = " ".join(f"not measured: {type(error).__name__}: {error}".split())
    return Line(contest, way, None, 0, None, None, reason[:160])


def as_numpy(result: Any) -> np.ndarray[Any, Any]:
    """A sample of a result, float64: at most 64 rows."""
    if hasattr(result, "detach"):
        result = result.detach()[:64].double().cpu().numpy() if result.ndim else float(result)
    return np.asarray(result, np.float64)


def apart(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    """The largest difference, as a share of the largest magnitude; infinite for other shapes."""
    if a.shape != b.shape:
        return float("inf")
    return float(np.abs(a - b).max(initial=0) / max(np.abs(a).max(initial=0), 1e-30))


def _release(clock: timing.Clock) -> None:
    gc.collect()
    if clock.device == "cuda":
        import torch

        torch.cuda.empty_cache()
