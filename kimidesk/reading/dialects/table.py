"""What no template tells: who thinks all the same, what else ends a thought, how to sample."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from kimidesk.reading.dialects import marks
from kimidesk.reading.dialects.families import TABLE, Row
from kimidesk.reading.dialects.sheet import Sheet, Source

_THINK = ("<think>", "</think>")  # what nearly all write
_THINKER = re.compile(r"think|reason|[-_ ]r1\b|[-_ ]o1\b|\bcot\b", re.IGNORECASE)
_NO_THINKER = re.compile(r"non-?think|no-?think", re.IGNORECASE)
_NO_ROW = Row("", "")


def row_of(name: str) -> Row:
    """The family that a checkpoint's name tells; an empty row where it tells none."""
    return next((row for row in TABLE if _names(row.pattern, name)), _NO_ROW)


def _names(pattern: str, name: str) -> bool:
    """Whether a family's word begins somewhere in a name: "ring-" is not in "string-"."""
    return bool(re.search(rf"(?<![a-z])(?:{pattern})", name, re.IGNORECASE))


def told_of(
    row: Row, name: str, vocabulary: Callable[[], Iterable[str]]
) -> Callable[[bool], tuple[str, str] | None]:
    """Who knows the marks of a checkpoint whose template shows none.

    The row; else, where the name or a switch of the template says that it thinks, the vocabulary
    (texts of its tokens), in which marks are tokens of their own; else what nearly all write.
    """

    def told(switched: bool) -> tuple[str, str] | None:
        if row.end:
            return row.start, row.end
        promised = bool(_THINKER.search(name)) and not _NO_THINKER.search(name)
        if row.never or (row.always and not row.end) or not (promised or switched):
            return None
        pairs = marks.pairs_in(" ".join(vocabulary()))
        return pairs[0] if pairs else _THINK

    return told


def complete(sheet: Sheet, row: Row) -> Sheet:
    """What was derived, with what the row adds."""
    if row.never:
        source = Source.TABLE if sheet.thinks else sheet.source
        return Sheet(source=source, sampling=row.sampling)
    on, switch = sheet.on, sheet.switch
    if switch is None and sheet.thinks:
        switch = row.switch
    if row.always or (row.asked and sheet.switch is None):
        on = row.always
    known = (on, switch) == (sheet.on, sheet.switch)
    ends = (*sheet.ends, *(mark for mark in row.also if mark not in sheet.ends))
    return replace(
        sheet,
        ends=ends if sheet.thinks else (),
        on=on,
        switch=switch,
        source=sheet.source if known else Source.TABLE,
        answer=(sheet.answer or row.answer) if sheet.thinks else "",
        sampling=row.sampling,
    )
