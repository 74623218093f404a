"""The numbers of many samples in columns: one pass, and nothing of the texts stays in memory."""

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kimidesk.grading import number
from kimidesk.grading.normal import normalise
from kimidesk.records import Ended, Finish, Judgement, Sample, SampleStatus

FINISHES = tuple(Finish)
ENDINGS = tuple(Ended)
JUDGEMENTS = tuple(Judgement)
LONGEST_ANSWER = 4096  # characters that are normalised; a longer "answer" is its own class as it is
SHOWN = 160  # characters of a question that are kept to show it
NO_VOTE, RIGHT_CLASS = 0, 1  # an answer class; any other number is that of a normal form

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(slots=True)
class About:
    """What a problem is called: once a problem, however many its samples."""

    id: int  # of the question; the same in every run
    name: str
    question: str  # its beginning
    expected: str
    subject: str
    level: str


@dataclass(slots=True)
class Gathered:
    """Samples as columns of one length, ordered by key (number, repeat, cut).

    `judged` and `ended` are -1 where there is none; `cut` is -1 for the run itself. `vote` is the
    class of equal answers: those that were judged right are one, others are equal where their
    normal forms are; NO_VOTE is no answer.
    """

    number: Ints
    repeat: Ints
    cut: Ints
    done: Bools
    judged: Ints  # index into JUDGEMENTS
    finish: Ints  # index into FINISHES
    ended: Ints  # index into ENDINGS
    prompt: Ints  # tokens
    thinking: Ints  # tokens
    answer: Ints  # tokens
    logprob: Floats  # mean of a drawn token, nats; NaN: not known
    vote: Ints
    about: dict[int, About] = field(default_factory=dict)  # by number

    def __len__(self) -> int:
        return len(self.number)

    @property
    def tokens(self) -> Ints:
        """Generated: thinking and answer."""
        return self.thinking + self.answer

    @property
    def right(self) -> Bools:
        """Judged right."""
        return np.equal(self.judged, JUDGEMENTS.index(Judgement.RIGHT))

    @property
    def graded(self) -> Bools:
        """A grader that failed has judged nothing: counting it as wrong would invent a result."""
        error = JUDGEMENTS.index(Judgement.ERROR)
        return np.asarray(self.done & (self.judged >= 0) & (self.judged != error), np.bool_)

    @property
    def finished(self) -> Bools:
        """Ended by themselves."""
        return np.asarray(self.done & (self.ended == ENDINGS.index(Ended.ANSWERED)), np.bool_)

    @property
    def truncated(self) -> Bools:
        """Cut off by the budget or the context."""
        cut = [ENDINGS.index(each) for each in (Ended.BUDGET, Ended.CONTEXT_FULL)]
        return self.done & np.isin(self.ended, cut)

    @property
    def own(self) -> Bools:
        """Of the run itself, not of a forced curve."""
        return np.less(self.cut, 0)

    def where(self, mask: Bools) -> "Gathered":
        """The samples that `mask` names."""
        return Gathered(**{name: getattr(self, name)[mask] for name in _COLUMNS}, about=self.about)


_COLUMNS = ("number", "repeat", "cut", "done", "judged", "finish", "ended", "prompt", "thinking",
            "answer", "logprob", "vote")  # fmt: skip


def gather(samples: "Iterable[Sample] | Gathered") -> Gathered:
    """One pass over samples in any order; of several of one key the last counts."""
    if isinstance(samples, Gathered):
        return samples
    whole, logprob, about = array("q"), array("d"), dict[int, About]()
    for sample in samples:
        whole.extend(_numbers(sample))
        logprob.append(math.nan if sample.mean_logprob is None else sample.mean_logprob)
        if sample.number not in about:
            about[sample.number] = _about(sample)
    rows = np.frombuffer(whole, np.int64).reshape(-1, len(_COLUMNS) - 1)
    keep = _last_of_each(rows[:, :3])
    rows, told = rows[keep], np.frombuffer(logprob, np.float64)[keep]
    number, repeat, cut, done, judged, finish, ended, prompt, thinking, answer, vote = (
        np.ascontiguousarray(column) for column in rows.T
    )
    return Gathered(number, repeat, cut, done.astype(bool), judged, finish, ended, prompt,
                    thinking, answer, told, vote, about)  # fmt: skip


def _last_of_each(keys: Ints) -> Ints:
    """The places of the last row of each key, in the order of the keys."""
    order = np.lexsort((np.arange(len(keys)), keys[:, 2], keys[:, 1], keys[:, 0]))
    ordered = keys[order]
    last = np.ones(len(keys), bool)
    last[:-1] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return order[last]


def _numbers(sample: Sample) -> tuple[int, ...]:
    judged = -1 if sample.verdict is None else JUDGEMENTS.index(sample.verdict.judgement)
    ended = -1 if sample.ended is None else ENDINGS.index(sample.ended)
    return (
        *sample.key, sample.status is SampleStatus.DONE, judged, FINISHES.index(sample.finish),
        ended, sample.prompt_tokens, sample.thinking_tokens, sample.answer_tokens, _vote(sample),
    )  # fmt: skip


def _vote(sample: Sample) -> int:
    if sample.verdict is None or sample.status is not SampleStatus.DONE:
        return NO_VOTE
    match sample.verdict.judgement:
        case Judgement.RIGHT:
            return RIGHT_CLASS
        case Judgement.WRONG:
            return answer_class(sample.verdict.extracted)
    return NO_VOTE


@lru_cache(1 << 14)
def answer_class(answer: str) -> int:
    """A number for all answers of this normal form; NO_VOTE for none."""
    if not answer.strip():
        return NO_VOTE
    if len(answer) > LONGEST_ANSWER:
        return _digest(answer) | 2  # never NO_VOTE or RIGHT_CLASS
    form = normalise(answer)
    try:
        value = number.exact(form.text)
    except number.TooLarge:  # 9^(9^9): the same only where it is written alike
        value = None
    # 1/2 and 0.5 are one answer; a hash, for the digits of a number may be too many to write.
    key = form.key if value is None else f"{hash(value)} {form.unit}"
    return _digest(key) | 2


def _about(sample: Sample) -> About:
    # What is kept of a question is bounded; its id tells it from others that begin alike.
    return About(_digest(sample.problem), sample.name, sample.problem[:SHOWN],
                 sample.expected[:SHOWN], sample.subject, sample.level)  # fmt: skip


def _digest(text: str) -> int:
    """63 bits of a text."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
