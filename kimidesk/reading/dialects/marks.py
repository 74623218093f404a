"""What a mark looks like: `<think>`, `[THINK]`, `◁think▷`, `<|channel|>analysis<|message|>`."""

import re
from collections import Counter

from kimidesk.records import Dialect

_PAIRS = (("<", ">"), ("[", "]"), ("◁", "▷"), ("【", "】"))
LONGEST = 60  # characters inside a mark's brackets; the longest known has 30
_INSIDE = r"[^<>\[\]◁▷【】\n]{1," + str(LONGEST) + "}"
_MARK = "(?:" + "|".join(rf"{re.escape(a)}{_INSIDE}{re.escape(b)}" for a, b in _PAIRS) + ")"
_ONE_LAST = re.compile(rf"{_MARK}\Z")
# `<|open|>think<|sep|>`: a word that says what the two marks around it are for.
_WORDED = re.compile(rf"{_MARK}(\w+){_MARK}\Z")
_FIRST = re.compile(rf"\A{_MARK}")
_THOUGHT = re.compile(
    r"think|thought|reason|ponder|reflect|inner|\bcot\b|cot_|思考|思维|推理", re.IGNORECASE
)
_SLASHED = re.compile(r"[<\[◁【]\w")  # `<think>` has `</think>`; `<|think|>` is spelled by no rule
_SHUT = re.compile(r"/|(?<![a-z])(?:end|close)|(?:end|close)(?![a-z])", re.IGNORECASE)
_SIDES = re.compile(r"begin|start|open|end|close|of|[\W_]", re.IGNORECASE)
_SENTENCE = re.compile(r"\w[\w\s,.:;!?…'-]*")
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


def counterpart(start: str, text: str) -> str:
    """The mark that closes what this one opens: of those in a text, else by its spelling."""
    known = [shut for opening, shut in pairs_in(text) if opening == start]
    slashed = f"{start[0]}/{start[1:]}" if _SLASHED.match(start) and not _shuts(start) else ""
    return known[0] if known else slashed


def is_sentence(text: str) -> bool:
    """Whether it is words, and not the spelling of a list or an object."""
    return bool(_SENTENCE.fullmatch(text.strip()))


def empties(start: str, end: str, source: str) -> bool:
    """Whether a template writes the two with nothing between them but blanks."""
    return bool(re.search(rf"{re.escape(start)}(?:\s|\\n)*{re.escape(end)}", source))


def name_of(start: str) -> str:
    """A word for the dialect that opens a thought with this mark."""
    return re.sub(r"\W+", "", start) or "derived"


def tidy(mark: str) -> str:
    """A mark without the blanks around it; a plain sentence keeps the newline that ends it."""
    bare = mark.strip()
    closed = bool(bare) and bare[-1] in ">]▷】"
    return bare if closed or not mark.endswith("\n") else bare + "\n"


def pairs_in(text: str) -> list[tuple[str, str]]:
    """Marks that speak of a thought, opening and closing, the most frequent first.

    `</think>` tells what opens it; another spelling must stand in the text itself.
    """
    found = Counter(_ALL.findall(text))
    spoken = [mark for mark in found if speaks_of_thought(mark)]
    opened = {_stem(mark): mark for mark in reversed(spoken) if not _shuts(mark)}
    pairs = {}
    for shut in filter(_shuts, spoken):
        implied = shut[0] + shut[2:] if shut[1] == "/" else ""
        pairs[shut] = opened.get(_stem(shut), implied)
    named = [(opening, shut) for shut, opening in pairs.items() if opening]
    return sorted(named, key=lambda pair: -(found[pair[0]] + found[pair[1]]))


def written(text: str) -> Dialect:
    """How a text that somebody else's checkpoint wrote marks its thought; plain where it does not.

    Only what it begins with counts: further on a text may speak of marks.
    """
    start = first(text)
    if not speaks_of_thought(start) or _shuts(start):
        return Dialect()
    end = counterpart(start, text)
    return Dialect(name_of(start), start, (end,)) if end and end in text else Dialect()


def _shuts(mark: str) -> bool:
    return bool(_SHUT.search(mark))


def _stem(mark: str) -> str:
    return _SIDES.sub("", mark).lower()
