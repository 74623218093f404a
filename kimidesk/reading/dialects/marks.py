"""What a mark looks like: `<think>`, `[THINK]`, `◁think▷`, `<|channel|>analysis<|message|>`."""

import re
from collections import Counter

_PAIRS = (("<", ">"), ("[", "]"), ("◁", "▷"))
LONGEST = 60  # characters inside a mark's brackets; the longest known has 30
_INSIDE = r"[^<>\[\]◁▷\n]{1," + str(LONGEST) + "}"
_MARK = "(?:" + "|".join(rf"{re.escape(a)}{_INSIDE}{re.escape(b)}" for a, b in _PAIRS) + ")"
_ONE_LAST = re.compile(rf"{_MARK}\Z")
# `<|open|>think<|sep|>`: a word that says what the two marks around it are for.
_WORDED = re.compile(rf"{_MARK}(\w+){_MARK}\Z")
_FIRST = re.compile(rf"\A{_MARK}")
_THOUGHT = re.compile(r"think|thought|reason|ponder|reflect|inner|cot_", re.IGNORECASE)
_ALL = re.compile(_MARK)


def last(text: str) -> str:
    """The mark that a text ends with, blanks aside; "" where it ends with none."""
    bare = text.rstrip()
    worded = _WORDED.search(bare)
    if worded and speaks_of_thought(worded[1]):
        return worded[0]
    found = _ONE_LAST.search(bare)
    return found[0] if found else ""


def first(text: str, start: str = "") -> str:
    """The mark that a text begins with, blanks aside; "" where it begins with none.

    Where `start` holds a word between two marks, so does its counterpart.
    """
    worded = _WORDED.search(start)
    pattern = re.compile(rf"{_MARK}{worded[1]}{_MARK}") if worded else _FIRST
    found = pattern.match(text.lstrip()) or _FIRST.match(text.lstrip())
    return found[0] if found else ""


def speaks_of_thought(mark: str) -> bool:
    """Whether its name says what it is for."""
    return bool(_THOUGHT.search(mark))


def name_of(start: str) -> str:
    """A word for the dialect that opens a thought with this mark."""
    return re.sub(r"\W+", "", start) or "derived"


def tidy(mark: str) -> str:
    """A mark without the blanks around it; a plain sentence keeps the newline that ends it."""
    bare = mark.strip()
    closed = bool(bare) and bare[-1] in ">]▷"
    return bare if closed or not mark.endswith("\n") else bare + "\n"


def pairs_in(text: str) -> list[tuple[str, str]]:
    """Marks that speak of a thought, opening and closing, the most frequent first."""
    found = Counter(_ALL.findall(text))
    shut = [mark for mark in found if speaks_of_thought(mark) and mark[1:2] == "/"]
    opened = {mark[0] + mark[2:]: mark for mark in shut}
    return sorted(opened.items(), key=lambda pair: -(found[pair[0]] + found[pair[1]]))
