"""Cutting a thought into sentences, which are what is named.

A sentence ends at . ? ! followed by a space or a line's end, at their Chinese sisters, at a line's
end before a bullet, and at a blank line (the rule of Thought Anchors, arXiv 2506.19143, with
Chinese and lists added). It never ends inside a formula or a block of code.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_SHORT = 12  # characters of an abbreviation with what stands before it
LONGEST_FORMULA = 4_000  # characters; a `$` without a partner must not swallow the rest


class Sentence(NamedTuple):
    """Characters start … stop - 1 of a text, blanks around them left out."""

    start: int
    stop: int
    paragraph: int  # counted from 0
    first: bool  # of its paragraph


_OPENS = re.compile(r"```|\$\$|\\\[|\\\(|\\begin\{([a-z]+\*?)\}|(?<![\\$])\$(?=\S)")
_CLOSES = {"```": "```", "$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_DOLLAR = re.compile(r"[^$\n]{1,400}(?<=\S)\$(?!\d)")  # prices are no formula
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_END = re.compile(
    r"""(?<![.?!])[.?!]++["')\]*”’]*+(?=\s|\Z)  # a point before a space
    | [。？！…]+[”’」』）]*                        # Chinese needs no space
    | \n(?=[ \t]*(?:[-*•]|\d{1,3}[.)])\s)   # a bullet begins
    """,
    re.VERBOSE,
)
_SHORT = re.compile(  # points that end no sentence
    r"\b(?:e\.g|i\.e|etc|vs|cf|Dr|Mr|Mrs|Ms|Prof|St|Eq|Fig|Sec|Thm|approx|resp)\.\Z"
)
_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}|[A-Za-z])[.)]\s*")  # of a list, or an initial


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text, in order; what no sentence holds is blank."""
    found: list[Sentence] = []
    for number, (start, stop) in enumerate(_paragraphs(text)):
        pieces = list(_pieces(text, start, stop))
        found += [Sentence(*piece, number, n == 0) for n, piece in enumerate(pieces)]
    return found


class _Whole:
    """The stretches of a text that are not cut; asked from front to back."""

    def __init__(self, text: str, start: int, stop: int) -> None:
        self._spans = _whole(text, start, stop)
        self._begin, self._end = next(self._spans, (stop, stop))

    def holds(self, place: int) -> bool:
        """Whether a place is inside one of them; places must not go back."""
        while self._end <= place:
            self._begin, self._end = next(self._spans, (place + 1, place + 1))
        return self._begin <= place < self._end


def _whole(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Formulas and blocks of code that are closed, and code that is not."""
    while (match := _OPENS.search(text, start, stop)) is not None:
        end = _closed(text, match, stop)
        if end:
            yield match.start(), end
        start = end or match.end()


def _closed(text: str, match: re.Match[str], stop: int) -> int:
    """Where what a match opens ends; 0 where nothing closes it."""
    opens, after = match[0], match.end()
    if opens == "$":
        inline = _DOLLAR.match(text, after, stop)
        return inline.end() if inline is not None else 0
    closes = _CLOSES.get(opens) or f"\\end{{{match[1]}}}"
    code = opens == "```"
    at = text.find(closes, after, stop if code else min(after + LONGEST_FORMULA, stop))
    if at < 0:
        return stop if code else 0
    return at + len(closes)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Between blank lines; one inside a formula or code divides nothing."""
    whole = _Whole(text, 0, len(text))
    start = 0
    for match in _BLANK.finditer(text):
        if whole.holds(match.start()):
            continue
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _pieces(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    whole = _Whole(text, start, stop)
    at = start
    for match in _END.finditer(text, start, stop):
        if whole.holds(match.start()) or _ends_nothing(text, at, match.end()):
            continue
        if piece := _trimmed(text, at, match.end()):
            yield piece
            at = match.end()
    if piece := _trimmed(text, at, stop):
        yield piece


def _ends_nothing(text: str, start: int, stop: int) -> bool:
    """Whether what ends here is a word that was cut short, or nothing but a number."""
    short = _SHORT.search(text, max(start, stop - LONGEST_SHORT), stop) is not None
    return short or _NUMBER.fullmatch(text, start, stop) is not None


def _trimmed(text: str, start: int, stop: int) -> tuple[int, int] | None:
    piece = text[start:stop]
    bare = piece.strip()
    if not bare:
        return None
    start += len(piece) - len(piece.lstrip())
    return start, start + len(bare)
