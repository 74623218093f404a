"""The kinds of the sentences of a text, with the model's probability of each.

Sentences are named from front to back: each by itself, by the name of the one before, and by a look
at the one after it in its paragraph. So what stands behind the last paragraph keeps its name while
a text grows. Of a text that is whole, the last statement of its result is its answer.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import NamedTuple

import numpy as np

from kimidesk.reading.segments.chinese import is_chinese, kind_of
from kimidesk.reading.segments.cues import STRONG_EXPLORE, doubt_of, subtype_of
from kimidesk.reading.segments.features import Reader, plain
from kimidesk.reading.segments.model import DOUBT, Model, current
from kimidesk.reading.segments.sentences import Sentence, sentences
from kimidesk.records import By, Kind, Segment, Subtype

_FIRM = frozenset({Kind.RESTATE, Kind.ANSWER})  # any other may be an assumption, which has no class
_RESULT = re.compile(
    r"\\boxed|final answer|^\**answer|the (?:correct )?(?:answer|option|choice) (?:is|should be)"
    r"|最终答案|答案(?:是|为|应该)|正确(?:的)?答案"
)
_CLOSING = re.compile(
    r"^(?:so|therefore|thus|hence|finally|in conclusion)\b"
    r"|^(?:因此|所以|综上|总之|总的来说|总结来说)"
)
RULES_RIGHT = 0.58  # of 216 Chinese sentences that one of us had named, and no rule was made for
LAST = 4  # sentences in which the final answer begins


def segments(text: str, *, whole: bool = True, model: Model | None = None) -> list[Segment]:
    """The sentences of a text, named; `whole` when nothing more will come."""
    found, model = sentences(text), model or current()
    reader = Reader(text, found)
    named: list[Segment] = []
    before: _Before | None = None
    for at in range(len(found)):
        segment, before = _named(model, reader, at, before)
        named.append(segment)
    return _with_answer(text, named) if whole else named


def merged(named: Sequence[Segment]) -> list[Segment]:
    """Neighbours of one kind as one segment, its confidence the mean of theirs, by length.

    It has the first subtype that is told in it, and is said to be by whom the longest is.
    """
    made: list[Segment] = []
    for kind, group in groupby(named, key=lambda each: each.kind):
        run = list(group)
        sizes = [each.end - each.start for each in run]
        mean = float(np.average([each.confidence for each in run], weights=sizes))
        subtype = next((each.subtype for each in run if each.subtype is not None), None)
        by = run[sizes.index(max(sizes))].by
        made.append(Segment(run[0].start, run[-1].end, kind, mean, subtype, by))
    return made


class Growing:
    """A text that grows: what stands behind its last paragraph is cut and named once."""

    def __init__(self, model: Model | None = None) -> None:
        self._model = model or current()
        self._done: list[Segment] = []
        self._before: _Before | None = None  # the last one that is done

    @property
    def done(self) -> int:
        """How many of the first keep their names, whatever comes, but for `finish`."""
        return len(self._done)

    def grow(self, text: str) -> list[Segment]:
        """The names as far as `text`, which begins with what it was before."""
        last = self._done[-1] if self._done else None
        start, stop = (last.start, last.end) if last is not None else (0, 0)
        # The last one that is done is seen by the next one as what stands before it.
        known = [Sentence(0, stop - start, -1, True)] if last is not None else []
        fresh = [_moved(each, stop - start) for each in sentences(text[stop:])]
        reader = Reader(text[start:], [*known, *fresh], max(len(self._done) - 1, 0))
        before, named = self._before, []
        for at in range(len(known), len(known) + len(fresh)):
            segment, before = _named(self._model, reader, at, before)
            named.append(replace(segment, start=segment.start + start, end=segment.end + start))
            if fresh[at - len(known)].paragraph < fresh[-1].paragraph:
                self._done.append(named[-1])
                self._before = before
        tail = sum(each.paragraph == fresh[-1].paragraph for each in fresh)
        return [*self._done, *named[len(named) - tail :]]

    def finish(self, text: str) -> list[Segment]:
        """The same of the whole text, with its answer."""
        return _with_answer(text, self.grow(text))


class _Before(NamedTuple):
    """What is known of the sentence before."""

    class_: int  # of the model's
    said: str
    kind: Kind
    chinese: bool


def _named(
    model: Model, reader: Reader, at: int, before: _Before | None
) -> tuple[Segment, _Before]:
    """One sentence's name, and what the next one is to know of it."""
    scores = model.scores(reader.features(at))
    if before is not None:
        scores = scores + model.follows[before.class_]
    chances = np.exp(scores - scores.max())
    best = int(chances.argmax())
    place, lower = reader.place(at), reader.lower[at]
    chinese = is_chinese(lower, after=before is not None and before.chinese)
    if chinese:
        last = (before.said, before.kind) if before is not None else None
        kind, by = kind_of(lower, last, first=place.first), By.RULE
        confidence = RULES_RIGHT
    else:
        kind, by = _kind(model.classes[best], lower)
        confidence = float(chances[best] / chances.sum())
    segment = Segment(place.start, place.stop, kind, confidence, _subtype(kind, lower), by)
    return segment, _Before(best, lower, kind, chinese)


def _kind(class_: str, sentence: str) -> tuple[Kind, By]:
    if class_ not in _FIRM and STRONG_EXPLORE.search(sentence):
        return Kind.EXPLORE, By.RULE
    return (doubt_of(sentence) if class_ == DOUBT else Kind(class_)), By.MODEL


def _subtype(kind: Kind, sentence: str) -> Subtype | None:
    return subtype_of(sentence) if kind is Kind.BACKTRACK else None


def _with_answer(text: str, named: list[Segment]) -> list[Segment]:
    """From where the result is stated last, all is the answer; what said so before is no answer."""
    first = _answer_from(text, named)
    if first is None:
        return named
    before = [
        replace(each, kind=Kind.CONCLUDE) if each.kind is Kind.ANSWER else each
        for each in named[:first]
    ]
    answer = (replace(each, kind=Kind.ANSWER, subtype=None) for each in named[first:])
    return [*before, *answer]


def _answer_from(text: str, named: Sequence[Segment]) -> int | None:
    tail = range(max(len(named) - LAST, 0), len(named))
    said = {n: plain(text[named[n].start : named[n].end]) for n in tail}
    stated = next((n for n in tail if _RESULT.search(said[n])), None)
    if stated is not None:
        return stated
    return tail[-1] if named and _CLOSING.search(said[tail[-1]]) else None


def _moved(sentence: Sentence, by: int) -> Sentence:
    return sentence._replace(start=sentence.start + by, stop=sentence.stop + by)
