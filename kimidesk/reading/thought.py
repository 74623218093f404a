"""Split what a checkpoint wrote into its thought and its answer.

An unfinished thought has no answer: a text cut off inside the thought must never be graded.
"""

from dataclasses import replace
from typing import NamedTuple

from kimidesk.records import Dialect

HEAD = 256  # characters, among which the first word of nearly every text is


class Parts(NamedTuple):
    """Offsets are in characters of the text that was split."""

    thinking: str
    answer: str | None  # None: the thought never ended
    thinking_span: tuple[int, int]  # without the marks; empty where there is no thought
    answer_start: int  # len(text) while there is no answer


def split(text: str, dialect: Dialect) -> Parts:
    """Thought and answer of a finished or a growing text.

    Handles `<think>…</think>answer`, close-only outputs whose start stood in the prompt or was
    left out, and unfinished thoughts. Without a dialect the whole text is the answer. Only the
    first end mark counts: an answer may speak of the mark. Where the prompt of a fork ends in the
    midst of a mark, the text is read behind what has begun there.
    """
    if not dialect.thinks:
        return Parts("", text, (0, 0), 0)
    if dialect.begun:
        return _behind(dialect.begun, text, replace(dialect, begun=""))
    (begin, end), answer = spans(text, dialect)
    if answer < 0:
        return Parts(text[begin:end].strip(), None, (begin, end), len(text))
    if answer == 0:
        return Parts("", text, (0, 0), 0)
    return Parts(text[begin:end].strip(), text[answer:].lstrip(), (begin, end), answer)


def spans(text: str, dialect: Dialect, searched: int = 0) -> tuple[tuple[int, int], int]:
    """Where the thought stands, without its marks, and where the answer begins; -1 for none yet.

    The same as `split` tells, without a copy of either. No mark of the thought's end begins in the
    first `searched` characters: who asks about a text that grows knows it of what it was before.
    """
    if not dialect.thinks:
        return (0, 0), 0
    if dialect.begun:
        parts = _behind(dialect.begun, text, replace(dialect, begun=""))
        return parts.thinking_span, -1 if parts.answer is None else parts.answer_start
    begin = _after_start(text, dialect)
    end, mark = _first_end(text, max(begin, searched), dialect.ends)
    if end >= 0:
        return (begin, end), _after_lead(text, end + len(mark), dialect.answer)
    if dialect.opened or begin > 0 or _may_still_open(text, dialect.start):
        return (begin, len(text)), -1
    return (0, 0), 0


def _behind(begun: str, text: str, dialect: Dialect) -> Parts:
    parts = split(begun + text, dialect)
    begin, end, start = (
        max(place - len(begun), 0) for place in (*parts.thinking_span, parts.answer_start)
    )
    answer = None if parts.answer is None else text[start:].lstrip()
    return Parts(text[begin:end].strip(), answer, (begin, end), start)


def _after_start(text: str, dialect: Dialect) -> int:
    if not dialect.start:
        return 0
    lead = _blanks(text)
    return lead + len(dialect.start) if text.startswith(dialect.start, lead) else 0


def _after_lead(text: str, at: int, lead: str) -> int:
    """Past what stands before the answer: the head of its channel, or as much as has come."""
    if not lead:
        return at
    rest = text[at:].lstrip()
    if not (rest.startswith(lead) or lead.startswith(rest)):
        return at
    return len(text) - len(rest) + min(len(lead), len(rest))


def _first_end(text: str, begin: int, ends: tuple[str, ...]) -> tuple[int, str]:
    found = [(text.find(mark, begin), mark) for mark in ends]
    return min((pair for pair in found if pair[0] >= 0), default=(-1, ""))


def _blanks(text: str) -> int:
    """How many characters stand before the first that is no blank."""
    head = text[:HEAD]
    bare = head.lstrip()
    return len(head) - len(bare) if bare else len(text) - len(text.lstrip())


def _may_still_open(text: str, start: str) -> bool:
    lead = _blanks(text)
    head = text[lead : lead + len(start)]
    return len(head) < len(start) and start.startswith(head)
