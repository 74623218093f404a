"""The answers that a trace states, found some sentences at a time: a window need not wait."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kimidesk.grading.extract import find
from kimidesk.grading.normal import normalise
from kimidesk.reading.segments.cues import SWITCH
from kimidesk.reading.segments.features import plain
from kimidesk.records import Judgement, Kind, Sample, Segment

LONGEST = 2_000  # characters at the end of a sentence that are looked at: a loop has no points
_SURE = frozenset({"in a box", "stated"})
_TURNS = frozenset({Kind.BACKTRACK, Kind.PLAN})
_ASKS = frozenset({Kind.RESTATE, Kind.PLAN})  # "the answer is an integer" answers nothing
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Stated:
    """An answer that a trace states."""

    end: int  # in characters of thought, blank line and answer
    answer: str
    approach: int  # equal numbers took the same way
    judgement: Judgement | None = None  # None where there is nothing to judge it by


class Stating:
    """`found` are the answers in their order; one that the next sentence states again is one.

    `said` are the sentences in plain lower case, which other figures are made of too.
    """

    def __init__(self, text: str, named: Sequence[Segment], sample: Sample) -> None:
        self._text, self._named, self._sample = text, named, sample
        self.found: list[Stated] = []
        self.said: list[str] = []
        self._approach, self._before = 0, False

    def step(self, sentences: int) -> bool:
        """Look at so many more; whether all were looked at."""
        begun = len(self.said)
        for segment in self._named[begun : begun + sentences]:
            self._take(segment)
        if len(self.said) < len(self._named):
            return False
        sample, graded = self._sample, ""
        if sample.verdict is not None:
            graded = sample.verdict.extracted
        if (
            graded
            and sample.answer
            and not _ends_in(self.found, len(self._text) - len(sample.answer))
        ):
            self.found.append(Stated(len(self._text), graded, self._approach))
        return True

    def _take(self, segment: Segment) -> None:
        sentence = self._text[segment.start : segment.end]
        self.said.append(plain(sentence))
        if segment.kind in _TURNS and SWITCH.search(self.said[-1]):
            self._approach += 1
        answer = _answer_in(sentence, segment.kind)
        if answer:
            if self._before and _same(self.found[-1].answer, answer):
                self.found.pop()
            self.found.append(Stated(segment.end, answer, self._approach))
        self._before = bool(answer)


def _answer_in(sentence: str, kind: Kind) -> str:
    if kind is Kind.UNCERTAIN:
        return ""
    found = find(sentence[-LONGEST:])
    if found is None or found.how not in _SURE:
        return ""
    return "" if kind in _ASKS and not _DIGIT.search(found.answer) else found.answer


def _same(one: str, other: str) -> bool:
    return normalise(one).key == normalise(other).key


def _ends_in(stated: Sequence[Stated], start: int) -> bool:
    """Whether any answer is stated behind `start`."""
    return bool(stated) and stated[-1].end > start
