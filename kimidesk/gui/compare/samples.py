"""Many traces of one problem: what each said and how sure it was, and the groups they fall into."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp

from PySide6.QtCore import QCoreApplication

from kimidesk.flows.analysis import text_of as sample_text
from kimidesk.flows.solve import Solve
from kimidesk.grading.normal import normalise
from kimidesk.gui.compare.figures import answer_of
from kimidesk.reading.voting import Vote, Weight, alone, confidences, outlying, votes, weights_of
from kimidesk.records import Ended, Judgement, Kind, Sample

translate = QCoreApplication.translate


@dataclass(slots=True)
class Sampled:
    """One of the traces. `runs`: first and last character + 1 of what is of one kind."""

    id: str
    checkpoint: str  # its name, "" in a run, where all are of one
    seed: int
    repeat: int | None  # from 0, in a run, whose seeds are long numbers
    text: str
    answer: str  # "" for none
    expected: str
    judgement: Judgement | None
    ended: Ended | None
    tokens: int
    weights: dict[Weight, float]
    kept: bool  # it is on the desk, with every number
    runs: list[tuple[int, int, Kind]] = field(default_factory=list)

    key: str = field(init=False)
    """Of the group it falls into; "" where nothing was answered. What was judged right is one
    group, however it is spelled; other answers are told apart by their tidy form."""

    def __post_init__(self) -> None:
        answer = self.expected if self.judgement is Judgement.RIGHT else self.answer
        self.key = normalise(answer).text if answer else ""


@dataclass(frozen=True, slots=True)
class Group:
    """The traces with one answer, those of most tokens last."""

    answer: str
    samples: tuple[Sampled, ...]
    judgement: Judgement | None


@dataclass(frozen=True, slots=True)
class Odd:
    """In what a trace is unlike the others."""

    length: bool
    answer: bool
    confidence: bool

    def __bool__(self) -> bool:
        return self.length or self.answer or self.confidence


def of_solve(solve: Solve) -> Sampled:
    """A trace of the desk."""
    trace, verdict = solve.trace, solve.verdict
    likelihood = _likelihood(solve)
    told = confidences(solve.columns)
    return Sampled(
        trace.id,
        trace.checkpoint.name,
        trace.seed,
        None,
        solve.said,
        answer_of(solve),
        trace.problem.answer,
        verdict.judgement if verdict else None,
        trace.ended,
        len(solve.columns),
        told | ({Weight.LIKELIHOOD: likelihood} if likelihood is not None else {}),
        kept=True,
    )


def of_sample(sample: Sample) -> Sampled:
    """One of a scored run, which keeps texts and means, not tokens."""
    verdict = sample.verdict
    mean = sample.mean_logprob
    return Sampled(
        f"{sample.number}.{sample.repeat}",
        "",
        sample.seed,
        sample.repeat,
        sample_text(sample),
        verdict.extracted if verdict else "",
        sample.expected,
        verdict.judgement if verdict else None,
        sample.ended,
        sample.thinking_tokens + sample.answer_tokens,
        {} if mean is None else {Weight.LIKELIHOOD: exp(mean)},
        kept=False,
    )


def grouped(samples: Sequence[Sampled]) -> list[Group]:
    """By answer, the largest group first, those without an answer last."""
    by_key: dict[str, list[Sampled]] = {}
    for sample in samples:
        by_key.setdefault(sample.key, []).append(sample)
    made = [
        Group(
            _spelled(key, each),
            tuple(sorted(each, key=lambda one: (one.tokens, one.id))),
            each[0].judgement if key else None,
        )
        for key, each in by_key.items()
    ]
    return sorted(made, key=lambda group: (not group.answer, -len(group.samples), group.answer))


def labels(samples: Sequence[Sampled]) -> dict[str, str]:
    """What tells the traces apart, by their ids: seeds, and checkpoints where they differ."""
    several = len({each.checkpoint for each in samples}) > 1
    seed = translate("Compare", "seed {0}")
    number = translate("Compare", "sample {0}")
    made: dict[str, str] = {}
    for each in samples:
        if each.repeat is not None:
            made[each.id] = number.format(each.repeat + 1)
        else:
            made[each.id] = (
                f"{each.checkpoint} · {each.seed}" if several else seed.format(each.seed)
            )
    return made


def counted(groups: Sequence[Group], weight: Weight) -> list[Vote]:
    """The votes of all, each as heavy as `weight` has it; answers as they are spelled most."""
    samples = [each for group in groups for each in group.samples]
    answers = [group.answer for group in groups for _ in group.samples]
    return votes(answers, weights_of([each.weights for each in samples], weight))


def odd(samples: Sequence[Sampled]) -> dict[str, Odd]:
    """In what each trace is unlike the others, by its id."""
    lengths = outlying([float(each.tokens) for each in samples])
    answers = alone([each.key for each in samples])
    known = next((w for w in (Weight.MEAN, Weight.LIKELIHOOD) if _all_know(samples, w)), None)
    sure = (
        outlying(weights_of([each.weights for each in samples], known))
        if known is not None
        else [False] * len(samples)
    )
    told = zip(samples, lengths, answers, sure, strict=True)
    return {each.id: Odd(length, answer, far) for each, length, answer, far in told}


def known_weights(samples: Sequence[Sampled]) -> list[Weight]:
    """Those that every trace with an answer can be given."""
    voting = [each for each in samples if each.key]
    return [w for w in Weight if w is Weight.EQUAL or (voting and _all_know(voting, w))]


def _all_know(samples: Sequence[Sampled], weight: Weight) -> bool:
    return all(weight in each.weights for each in samples)


def _spelled(key: str, samples: Sequence[Sampled]) -> str:
    if not key:
        return ""
    return Counter(each.answer or each.expected for each in samples).most_common(1)[0][0]


def _likelihood(solve: Solve) -> float | None:
    drawn = solve.columns.logprob[~solve.columns.forced]
    known = drawn[drawn == drawn]  # NaN is not itself
    return exp(float(known.mean())) if len(known) else None
