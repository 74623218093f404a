"""What a set of samples amounts to, with 95 % intervals."""

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kimidesk.grading import bootstrap, voted
from kimidesk.grading.gathered import (
    ENDINGS,
    FINISHES,
    JUDGEMENTS,
    NO_VOTE,
    RIGHT_CLASS,
    Bools,
    Gathered,
    gather,
)
from kimidesk.records import Finish, Sample
from kimidesk.records.share import Interval

WATCH, RED = 0.02, 0.10  # shares of cut off samples from which a score is warned about

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Part:
    """The samples of one subject, or of one level."""

    samples: int
    graded: int
    right: int
    accuracy: float | None
    interval: Interval | None
    truncated: int
    mean_tokens: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Rates are shares of 1; token counts are of samples that did not fail.

    `pass_at`, `pass_all`, `maj_at` are by k, if every problem has repeats; their intervals are in
    `intervals` by name and k. Samples of forced curves are not in it.
    """

    samples: int = 0
    problems: int = 0
    failed: int = 0
    graded: int = 0
    right: int = 0
    ungraded: int = 0  # no expected answer, or the grader itself failed
    judgements: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    accuracy: float | None = None  # right / graded
    interval: Interval | None = None  # 95 % of accuracy
    accuracy_finished: float | None = None  # of those that ended by themselves
    truncated: float | None = None  # share that the budget or the context cut off
    pass_at: dict[int, float] = field(default_factory=dict)  # k → unbiased pass@k, if repeated
    thinking_tokens: dict[str, float] = field(default_factory=dict)  # mean, median, p95
    answer_tokens: dict[str, float] = field(default_factory=dict)
    tokens: int = 0
    finish: dict[str, int] = field(default_factory=dict)  # every `Finish`, 0 as well
    finished: int = 0  # graded, and ended by themselves
    interval_finished: Interval | None = None
    standard_error: float | None = None  # of accuracy, clustered by problem
    repeats: int = 0  # the fewest graded samples of any problem
    average: float | None = None  # avg@k: the mean over problems of their shares of right
    pass_all: dict[int, float] = field(default_factory=dict)  # k → pass^k
    maj_at: dict[int, float] = field(default_factory=dict)  # k → maj@k; no answer is no vote
    consensus: float | None = None  # cons@k: the majority of all samples of each problem
    consensus_weighted: float | None = None  # votes weigh exp(mean log-probability)
    intervals: dict[str, dict[int, Interval]] = field(default_factory=dict)
    prompt_tokens: dict[str, float] = field(default_factory=dict)
    tokens_right: dict[str, float] = field(default_factory=dict)  # thinking and answer together
    tokens_wrong: dict[str, float] = field(default_factory=dict)
    tokens_per_right: float | None = None  # all tokens / right samples
    loops: int = 0
    subjects: dict[str, Part] = field(default_factory=dict)
    levels: dict[str, Part] = field(default_factory=dict)


def tally(samples: Iterable[Sample] | Gathered) -> Tally:
    """Count, in one pass; the order of the samples changes nothing."""
    whole = gather(samples)
    every = whole.where(whole.own)
    if not len(every):
        return Tally()
    made = every.where(every.done)
    graded = every.where(every.graded)
    finished = graded.where(graded.finished)
    right = int(graded.right.sum())
    finish = Counter(every.finish.tolist())
    repeated = _repeated(graded)
    spent = int(made.tokens.sum())
    return Tally(
        samples=len(every),
        problems=len(np.unique(every.number)),
        failed=len(every) - len(made),
        graded=len(graded),
        right=right,
        judgements=_named(made.judged, JUDGEMENTS),
        ungraded=len(made) - len(graded),
        ended=_named(made.ended, ENDINGS),
        accuracy=_accuracy(graded),
        interval=interval(graded),
        accuracy_finished=_accuracy(finished),
        truncated=int(made.truncated.sum()) / len(made) if len(made) else None,
        pass_at=repeated.figures.get("pass_at", {}),
        thinking_tokens=spread(made.thinking),
        answer_tokens=spread(made.answer),
        tokens=spent,
        finish={each.value: finish[place] for place, each in enumerate(FINISHES)},
        finished=len(finished),
        interval_finished=interval(finished),
        standard_error=_error(graded),
        repeats=repeated.fewest,
        average=repeated.average,
        pass_all=repeated.figures.get("pass_all", {}),
        maj_at=repeated.figures.get("maj_at", {}),
        consensus=repeated.consensus,
        consensus_weighted=repeated.weighted,
        intervals=repeated.intervals,
        prompt_tokens=spread(made.prompt),
        tokens_right=spread(graded.tokens[graded.right]),
        tokens_wrong=spread(graded.tokens[~graded.right]),
        tokens_per_right=spent / right if right else None,
        loops=finish[FINISHES.index(Finish.LOOP)],
        subjects=_parts(every, {n: each.subject for n, each in every.about.items()}),
        levels=_parts(every, {n: each.level for n, each in every.about.items()}),
    )


def interval(graded: Gathered) -> Interval | None:
    """95 % interval of the accuracy: Wilson's, or of a bootstrap over problems with repeats."""
    if not len(graded):
        return None
    return bootstrap.clustered(*by_problem(graded))


def by_problem(graded: Gathered) -> tuple[Floats, Floats]:
    """Right and graded samples of each problem, in the order of their numbers, shapes (P,)."""
    _, place = np.unique(graded.number, return_inverse=True)
    right = np.bincount(place, weights=graded.right).astype(np.float64)
    return right, np.bincount(place).astype(np.float64)


def spread(values: Ints) -> dict[str, float]:
    """Mean, median, and the value that 95 % do not pass; empty for none."""
    if not len(values):
        return {}
    ordered = np.sort(values)
    return {
        "mean": float(ordered.mean()),
        "median": float(np.median(ordered)),
        "p95": float(ordered[math.ceil(0.95 * len(ordered)) - 1]),
    }


@dataclass(slots=True)
class _Repeated:
    """What repeats tell beside the accuracy."""

    fewest: int = 0
    average: float | None = None
    figures: dict[str, dict[int, float]] = field(default_factory=dict)
    intervals: dict[str, dict[int, Interval]] = field(default_factory=dict)
    consensus: float | None = None
    weighted: float | None = None


def _repeated(graded: Gathered) -> _Repeated:
    if not len(graded):
        return _Repeated()
    right, total = by_problem(graded)
    fewest = int(total.min())
    average = float((right / total).mean())
    if fewest < 2:
        return _Repeated(fewest, average)
    pairs = list(zip(total.astype(int).tolist(), right.astype(int).tolist(), strict=True))
    problems = _votes(graded)
    columns: dict[str, dict[int, list[float]]] = {
        "pass_at": {k: [voted.pass_at(*pair, k) for pair in pairs] for k in range(1, fewest + 1)},
        "pass_all": {k: [voted.pass_all(*pair, k) for pair in pairs] for k in range(1, fewest + 1)},
    }
    most = min(fewest, voted.MOST_VOTERS)
    majorities = np.array([voted.majority(*each.counts, most) for each in problems])
    columns["maj_at"] = {k: majorities[:, k - 1].tolist() for k in range(1, most + 1)}
    columns["consensus"] = {fewest: [each.consensus for each in problems]}
    weighted = [each.weighted for each in problems]
    if not all(map(math.isnan, weighted)):  # nobody's probability is known: nothing is told
        columns["consensus_weighted"] = {fewest: [0.0 if math.isnan(w) else w for w in weighted]}
    return _with_intervals(_Repeated(fewest, average), columns)


def _with_intervals(told: _Repeated, columns: dict[str, dict[int, list[float]]]) -> _Repeated:
    names = [(name, k) for name, by_k in columns.items() for k in by_k]
    table = np.array([columns[name][k] for name, k in names]).T
    for (name, k), (low, high) in zip(names, bootstrap.shares(table), strict=True):
        value = statistics.fmean(columns[name][k])
        told.figures.setdefault(name, {})[k] = value
        # An interval of floats that are summed in another order must not leave its value out.
        told.intervals.setdefault(name, {})[k] = (min(low, value), max(high, value))
    told.consensus = next(iter(told.figures["consensus"].values()))
    told.weighted = next(iter(told.figures.get("consensus_weighted", {}).values()), None)
    return told


@dataclass(frozen=True, slots=True)
class _Votes:
    """Of one problem: (right, others, silent), and what all its samples decide together."""

    counts: tuple[int, list[int], int]
    consensus: float
    weighted: float


def _votes(graded: Gathered) -> list[_Votes]:
    _, starts = np.unique(graded.number, return_index=True)  # ordered by key, so in runs
    weights = np.exp(graded.logprob)
    problems = zip(np.split(graded.vote, starts[1:]), np.split(weights, starts[1:]), strict=True)
    return [_votes_of(classes.tolist(), each.tolist()) for classes, each in problems]


def _votes_of(classes: Sequence[int], weights: Sequence[float]) -> _Votes:
    count = Counter(classes)
    right, silent = count.pop(RIGHT_CLASS, 0), count.pop(NO_VOTE, 0)
    others = sorted(count.values())
    ones = [1.0] * len(classes)
    consensus = voted.weighted(classes, ones, RIGHT_CLASS, NO_VOTE)
    return _Votes(
        (right, others, silent),
        0.0 if math.isnan(consensus) else consensus,  # nobody answered
        voted.weighted(classes, weights, RIGHT_CLASS, NO_VOTE),
    )


def _accuracy(graded: Gathered) -> float | None:
    return int(graded.right.sum()) / len(graded) if len(graded) else None


def _error(graded: Gathered) -> float | None:
    if not len(graded):
        return None
    error = bootstrap.clustered_error(*by_problem(graded))
    return None if math.isnan(error) else error


def _parts(every: Gathered, name_of: dict[int, str]) -> dict[str, Part]:
    """By name, in the order of names; empty where no problem has one."""
    if not any(name_of.values()):
        return {}
    names = sorted(set(name_of.values()))
    place = {name: index for index, name in enumerate(names)}
    numbers, inverse = np.unique(every.number, return_inverse=True)
    belongs = np.array([place[name_of[number]] for number in numbers.tolist()])[inverse]
    return {name or "–": _part(every, belongs == index) for name, index in place.items()}


def _part(every: Gathered, mask: Bools) -> Part:
    samples = every.where(mask)
    graded, made = samples.where(samples.graded), samples.where(samples.done)
    return Part(
        samples=len(samples),
        graded=len(graded),
        right=int(graded.right.sum()),
        accuracy=_accuracy(graded),
        interval=interval(graded),
        truncated=int(made.truncated.sum()),
        mean_tokens=float(made.tokens.mean()) if len(made) else 0.0,
    )


def _named(places: Ints, names: Sequence[str]) -> dict[str, int]:
    counted = Counter(places[places >= 0].tolist())
    return dict(sorted((str(names[place]), count) for place, count in counted.items()))
