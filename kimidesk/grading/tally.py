"""What a set of samples amounts to, with 95 % intervals."""

import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kimidesk.records import Ended, Judgement, Sample, SampleStatus
from kimidesk.records.share import Z, wilson


@dataclass(frozen=True, slots=True)
class Tally:
    """Rates are shares of 1; token counts are of samples that did not fail."""

    samples: int = 0
    problems: int = 0
    failed: int = 0
    graded: int = 0
    right: int = 0
    ungraded: int = 0  # no expected answer, or the grader itself failed
    judgements: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    accuracy: float | None = None  # right / graded
    interval: tuple[float, float] | None = None  # 95 % of accuracy
    accuracy_finished: float | None = None  # of those that ended by themselves
    truncated: float | None = None  # share that the budget or the context cut off
    pass_at: dict[int, float] = field(default_factory=dict)  # k → unbiased pass@k, if repeated
    thinking_tokens: dict[str, float] = field(default_factory=dict)  # mean, median, p95
    answer_tokens: dict[str, float] = field(default_factory=dict)
    tokens: int = 0


def tally(samples: Iterable[Sample]) -> Tally:
    """Count; the order of the samples changes nothing."""
    every = sorted(samples, key=lambda sample: sample.key)
    if not every:
        return Tally()
    made = [sample for sample in every if sample.status is SampleStatus.DONE]
    graded = [sample for sample in made if _is_graded(sample)]
    right = sum(_right(sample) for sample in graded)
    finished = [sample for sample in graded if sample.ended is Ended.ANSWERED]
    cut = [sample for sample in made if sample.ended in (Ended.BUDGET, Ended.CONTEXT_FULL)]
    groups = _by_problem(graded)
    return Tally(
        samples=len(every),
        problems=len({sample.number for sample in every}),
        failed=len(every) - len(made),
        graded=len(graded),
        right=right,
        judgements=_count(s.verdict.judgement for s in made if s.verdict is not None),
        ungraded=len(made) - len(graded),
        ended=_count(sample.ended for sample in made if sample.ended is not None),
        accuracy=right / len(graded) if graded else None,
        interval=interval(groups) if graded else None,
        accuracy_finished=_share(finished),
        truncated=len(cut) / len(made) if made else None,
        pass_at=pass_at(groups),
        thinking_tokens=_spread([sample.thinking_tokens for sample in made]),
        answer_tokens=_spread([sample.answer_tokens for sample in made]),
        tokens=sum(sample.thinking_tokens + sample.answer_tokens for sample in made),
    )


def interval(groups: Sequence[Sequence[bool]]) -> tuple[float, float]:
    """95 % interval of the accuracy; `groups` holds the samples of each problem.

    Samples of one problem resemble each other: with repeats the standard error is that of the
    problems' means (clustered), else a run of 64 repeats would look six times too sure.
    """
    total, right = sum(map(len, groups)), sum(map(sum, groups))
    if len(groups) == total or len(groups) < 2:
        return wilson(right, total)
    accuracy = right / total
    residuals = [sum(group) - accuracy * len(group) for group in groups]
    count = len(groups)
    error = math.sqrt(count / (count - 1) * sum(r * r for r in residuals)) / total
    return (max(0.0, accuracy - Z * error), min(1.0, accuracy + Z * error))


def pass_at(groups: Sequence[Sequence[bool]]) -> dict[int, float]:
    """pass@k = mean over problems of 1 - C(n-c, k) / C(n, k) (Chen et al. 2021, eq. 1).

    For every k up to the fewest repeats of any problem; empty without repeats.
    """
    fewest = min(map(len, groups), default=0)
    if fewest < 2:
        return {}
    return {
        k: statistics.fmean(
            1 - math.comb(len(group) - sum(group), k) / math.comb(len(group), k) for group in groups
        )
        for k in range(1, fewest + 1)
    }


def _right(sample: Sample) -> bool:
    return sample.verdict is not None and sample.verdict.judgement is Judgement.RIGHT


def _is_graded(sample: Sample) -> bool:
    """A grader that failed has judged nothing: counting that as wrong would invent a result."""
    return sample.verdict is not None and sample.verdict.judgement is not Judgement.ERROR


def _by_problem(samples: Iterable[Sample]) -> list[list[bool]]:
    groups: defaultdict[int, list[bool]] = defaultdict(list)
    for sample in samples:
        groups[sample.number].append(_right(sample))
    return list(groups.values())


def _share(samples: Sequence[Sample]) -> float | None:
    return sum(map(_right, samples)) / len(samples) if samples else None


def _count(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(map(str, names)).items()))


def _spread(values: list[int]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)
    return {
        "mean": statistics.fmean(ordered),
        "median": statistics.median(ordered),
        "p95": float(ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)]),
    }
