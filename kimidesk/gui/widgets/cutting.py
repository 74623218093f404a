"""Cutting a display paragraph in two where a fold begins or ends, and joining it again."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kimidesk.gui.widgets.paragraphs import Paragraph, utf16


class Cut(NamedTuple):
    """A character of the trace that must begin a paragraph, and the token it belongs to."""

    character: int
    token: int


def cut(items: Iterable[Paragraph], cuts: Sequence[Cut]) -> Iterator[Paragraph]:
    """The same text with a new paragraph at each cut; `cuts` are in order.

    Paragraphs that need no cut are passed on as they are.
    """
    at = 0
    for item in items:
        rest = item
        while at < len(cuts) and cuts[at].character < rest.start + len(rest.text):
            if cuts[at].character > rest.start:
                before, rest = _halves(rest, cuts[at])
                yield before
            at += 1
        yield rest


def joined(items: Iterable[Paragraph], joints: set[int]) -> Iterator[Paragraph]:
    """The same text without the paragraphs that begin at one of `joints`, a cut of ours."""
    held: Paragraph | None = None
    for item in items:
        if held is not None and item.start in joints:
            held = _together(held, item)
        else:
            if held is not None:
                yield held
            held = item
    if held is not None:
        yield held


def _halves(item: Paragraph, at: Cut) -> tuple[Paragraph, Paragraph]:
    length = at.character - item.start
    tokens = at.token - item.first
    before, after = Paragraph(item.start, item.first), Paragraph(at.character, at.token)
    before.text, after.text = item.text[:length], item.text[length:]
    before.length = utf16(before.text)
    after.length = item.length - before.length
    before.ends = item.ends[:tokens]
    after.ends = [end - before.length for end in item.ends[tokens:]]
    after.hard, after.unsaid = item.hard, item.unsaid
    return before, after


def _together(one: Paragraph, other: Paragraph) -> Paragraph:
    made = Paragraph(one.start, one.first)
    made.text, made.length = one.text + other.text, one.length + other.length
    made.ends = one.ends + [end + one.length for end in other.ends]
    made.hard, made.unsaid = other.hard, other.unsaid
    return made
