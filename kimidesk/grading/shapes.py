"""What kind of thing an answer is: a list, a tuple, a set, an interval, a matrix, a choice.

Reading only; `kimidesk.grading.typed` compares. Text is tidy text of `kimidesk.grading.normal`.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from kimidesk.grading.number import exact
from kimidesk.grading.numerals import in_digits


class Kind(StrEnum):
    """How the parts of an answer hang together."""

    LIST = "list"
    """Parts side by side, `1, 2`: the order is not part of the answer."""
    SET = "set"
    TUPLE = "tuple"
    MATRIX = "matrix"
    """One part for each row, each a tuple."""


class Shape(NamedTuple):
    """An answer that has parts."""

    kind: Kind
    parts: tuple[str, ...]


class Interval(NamedTuple):
    """A stretch of numbers; a bound at infinity is open."""

    low: str
    high: str
    low_closed: bool
    high_closed: bool
    name: str = ""  # the unknown of an inequality


class Based(NamedTuple):
    """Digits in a named base."""

    digits: str
    base: str


_OPEN, _CLOSE = "([{", ")]}"
_MATRIX = re.compile(
    r"\\begin\{([pb]?matrix|array)\}(?:\{[clr|]*\})?"
    r"((?:(?!\\begin).)*)\\end\{\1\}",
    re.DOTALL,
)
_RELATION = re.compile(r"(\\le(?![a-z])|\\ge(?![a-z])|<|>)")
_MEMBER = re.compile(r"(?P<name>[A-Za-z]|\\[a-z]+)\s*\\in\s*(?![A-Za-z])(?P<rest>.+)", re.DOTALL)
_BUILDER = re.compile(r"\\?\{\s*(?P<name>[A-Za-z])\s*(?:\||:|\\mid|\\vert)\s*(?P<rest>.+?)\\?\}$")
_BASED = re.compile(
    r"\(?([0-9A-Fa-f]+)\)?_\{?(?:\\text\{)?\(?(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)"
    r"\)?\}?\}?"
)
_UNKNOWN = re.compile(r"[A-Za-z]|\\(?:alpha|beta|theta|lambda|mu)|[A-Za-z]_\w")


def split_top(text: str, separators: str = ",") -> list[str]:
    """Parts between separators that stand in no bracket; half-open intervals count as brackets."""
    parts, start = [], 0
    for place in _top_places(text):
        if text[place] in separators:
            parts.append(text[start:place].strip())
            start = place + 1
    parts.append(text[start:].strip())
    return parts


def shape_of(text: str) -> Shape | None:
    """The parts of a list, tuple, set or matrix; None where there is but one thing."""
    if found := _MATRIX.fullmatch(text.strip()):
        rows = [row for row in re.split(r"\\\\", found[2]) if row.strip()]
        return Shape(Kind.MATRIX, tuple(rows))
    flat = re.sub(r"\\vee(?![a-z])|\\wedge(?![a-z])|;", ",", text)
    parts = [part for part in split_top(flat) if part]
    if len(parts) > 1:
        return Shape(Kind.LIST, _both_signs(parts))
    if r"\pm" in text and len(parts) == 1 and not _inside(text):
        return Shape(Kind.LIST, _both_signs([text]))
    inner = _inside(text)
    if inner is None or re.search(r"\\mid|\|.*[<>]|\\[lg]e(?![a-z])|[<>]", inner[1]):
        return None
    brackets, body = inner
    parts = [part for part in split_top(body, ",;") if part]
    if brackets == "{}":
        return Shape(Kind.SET, _both_signs(parts))
    return Shape(Kind.TUPLE, tuple(parts)) if len(parts) > 1 else None


def _both_signs(parts: list[str]) -> tuple[str, ...]:
    """1 ± 2 is two parts."""
    spread: list[str] = []
    for part in parts:
        if r"\pm" in part:
            spread += [part.replace(r"\pm", "+").lstrip("+ "), part.replace(r"\pm", "-")]
        else:
            spread.append(part)
    return tuple(spread)


def intervals_of(text: str) -> tuple[Interval, ...] | None:
    """A union of intervals, also as inequalities; None for anything else."""
    name = ""
    for pattern in (_MEMBER, _BUILDER):
        if found := pattern.fullmatch(text):
            name, text = found["name"], found["rest"].strip()
    if text in {r"\mathbb{R}", "R", "all real numbers"}:
        return (Interval(r"-\infty", r"\infty", False, False),)
    if found := _WITHOUT.fullmatch(text):
        return _without(found["rest"], found["name"], found["point"].strip())
    if (found := _OUTSIDE.fullmatch(text)) and exact(found["at"]) is not None:
        closed = found["sign"] == r"\ge"
        return (
            Interval(r"-\infty", f"-{found['at']}", False, closed, found["name"]),
            Interval(found["at"], r"\infty", closed, False, found["name"]),
        )
    pieces = re.split(r"\\cup(?![a-z])|\\vee(?![a-z])", text)
    read = [_interval(piece.strip(), name) for piece in pieces]
    return tuple(piece for piece in read if piece) if all(read) else None


_WITHOUT = re.compile(
    r"(?:(?P<rest>.+?)\s*(?:,|\\wedge)\s*)?(?P<name>[A-Za-z])\s*\\ne\s*(?P<point>[^,<>\\]+|\\frac\{\d+\}\{\d+\})"
)


def _without(rest: str | None, name: str, point: str) -> tuple[Interval, ...] | None:
    """`x != 3`, also of a stretch: (2,3) and (3,4) of 2 < x < 4."""
    whole = intervals_of(rest) if rest else (Interval(r"-\infty", r"\infty", False, False, name),)
    at = exact(point)
    if whole is None or at is None:
        return None
    pieces: list[Interval] = []
    for piece in whole:
        low, high = exact(piece.low), exact(piece.high)
        if (low is not None and low >= at) or (high is not None and high <= at):
            pieces.append(piece)
        else:
            pieces += [
                Interval(piece.low, point, piece.low_closed, False, piece.name),
                Interval(point, piece.high, False, piece.high_closed, piece.name),
            ]
    return tuple(pieces)


_OUTSIDE = re.compile(r"\|(?P<name>[A-Za-z])\|\s*(?P<sign>\\ge|>)\s*(?P<at>[^|<>]+)")
_ABSOLUTE = re.compile(r"\|([A-Za-z])\|")


def based_of(text: str) -> Based | None:
    """Digits with the base named in an index, `4210_7`."""
    found = _BASED.fullmatch(text.replace(" ", ""))
    if not found or (not found[1][0].isdigit() and not found[2].isdigit()):
        return None
    base = found[2] if found[2].isdigit() else in_digits(found[2]) or ""
    return Based(found[1].upper().lstrip("0") or "0", base)


def cells_of(row: str) -> list[str]:
    """The cells of a matrix row."""
    return [cell.strip() for cell in row.split("&")]


def _interval(text: str, name: str) -> Interval | None:
    if _RELATION.search(text):
        return _inequality(text, name)
    if len(text) < 5 or text[0] not in "[(" or text[-1] not in "])":
        return None
    if any(place == 0 for place in _closings(text[:-1])):
        return None  # (0,1)(2,3): the first bracket closes early
    bounds = split_top(text[1:-1])
    if len(bounds) != 2 or not all(bounds):
        return None
    return Interval(bounds[0], bounds[1], text[0] == "[", text[-1] == "]", name)


def _inequality(text: str, name: str) -> Interval | None:
    pieces = _RELATION.split(text)
    terms, signs = [term.strip() for term in pieces[::2]], pieces[1::2]
    if any(sign in {">", r"\ge"} for sign in signs):
        terms.reverse()
        signs = [{">": "<", r"\ge": r"\le"}.get(sign, "?") for sign in reversed(signs)]
    if "?" in signs or not all(terms):
        return None  # 1 < x > 0
    inside = [_ABSOLUTE.fullmatch(term) for term in terms]
    if len(terms) == 2 and inside[0] and exact(terms[1]) is not None:  # |x| < 3
        closed = signs[0] == r"\le"
        return Interval(f"-{terms[1]}", terms[1], closed, closed, _same_name(name, inside[0][1]))
    unknown = [bool(_UNKNOWN.fullmatch(term)) for term in terms]
    ends = [sign == r"\le" for sign in signs]
    match unknown:
        case [False, True, False]:
            low, said, high = terms
            return Interval(low, high, ends[0], ends[1], _same_name(name, said))
        case [True, False]:
            return Interval(r"-\infty", terms[1], False, ends[0], _same_name(name, terms[0]))
        case [False, True]:
            return Interval(terms[0], r"\infty", ends[0], False, _same_name(name, terms[1]))
    return None


def _same_name(outer: str, inner: str) -> str:
    return inner if not outer or outer == inner else f"{outer} {inner}"


def _inside(text: str) -> tuple[str, str] | None:
    """The one pair of brackets around the whole, and what it holds."""
    for brackets, left, right in (
        ("{}", r"\{", r"\}"),
        ("{}", "{", "}"),
        ("()", "(", ")"),
        ("[]", "[", "]"),
    ):
        if text.startswith(left) and text.endswith(right):
            body = text[len(left) : -len(right)]
            if all(depth >= 0 for depth in _depths(body)):
                return brackets, body
    return None


def _depths(text: str) -> Iterator[int]:
    depth = 0
    for sign in text:
        depth += (sign in _OPEN) - (sign in _CLOSE)
        yield depth


def _closings(text: str) -> Iterator[int]:
    """The depth after each closing bracket."""
    for sign, depth in zip(text, _depths(text), strict=True):
        if sign in _CLOSE:
            yield depth


def _top_places(text: str) -> Iterator[int]:
    for place, depth in enumerate(_depths(text)):
        if depth == 0:
            yield place
