"""Compares answers that have parts, part by part, and by the rules of their kind.

Every function gives True or False where it decides, and None where the two are not both of its
kind. `same` compares two parts; it is the caller's whole comparison.
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from kimidesk.grading.choice import Choice, choice_of, lone_letter, small_choice
from kimidesk.grading.shapes import Kind, Shape, based_of, cells_of, intervals_of, shape_of

Same = Callable[[str, str], bool]
T = TypeVar("T")

MOST_PARTS = 64  # unordered matching is quadratic
_DIGITS = re.compile(r"[0-9A-Z]+")
_LABELS = re.compile(r"(?:\(\d\),?){2,}")


def choices(one: str, other: str, same: Same) -> bool | None:
    """Letters by the letter; an option written out also by what it says."""
    first, second = choice_of(one), choice_of(other)
    if first and not second and not first.content:
        second = small_choice(other)
    elif second and not first and not second.content:
        first = small_choice(one)
    if first and second:
        return first.letters == second.letters
    if first is None and second is None:
        return False if lone_letter(one) and lone_letter(other) else None
    chosen, plain = (first, other) if first else (second, one)
    assert chosen is not None
    return _content(chosen, plain, same)


def _content(chosen: Choice, plain: str, same: Same) -> bool | None:
    if chosen.content:
        return same(chosen.content, plain)
    # A bare letter beside something else: E is neither e nor an energy.
    return False if len(plain) <= 2 or len(chosen.letters) > 1 else None


def bases(one: str, other: str) -> bool | None:
    """Digits and base both; a base that only one of them names does not make them differ."""
    first, second = based_of(one), based_of(other)
    if first and second:
        return first == second
    based, plain = (first, other) if first else (second, one)
    if based is None:
        return None
    return plain.lstrip("0") == based.digits if _DIGITS.fullmatch(plain) else False


def intervals(one: str, other: str, same: Same) -> bool | None:
    """Bounds, and whether they belong to the interval; unions in any order."""
    first, second = intervals_of(one), intervals_of(other)
    if first is None or second is None:
        return None
    names = {piece.name for piece in (*first, *second) if piece.name}
    if len(names) > 1 or len(first) != len(second):
        return False
    return _pairs_up(
        first,
        second,
        lambda a, b: (
            (a.low_closed, a.high_closed) == (b.low_closed, b.high_closed)
            and same(a.low, b.low)
            and same(a.high, b.high)
        ),
    )


def collections(one: str, other: str, same: Same) -> bool | None:
    """Lists and sets in any order, tuples and matrices in theirs."""
    if _LABELS.fullmatch(one) or _LABELS.fullmatch(other):
        return sorted(re.findall(r"\d", one)) == sorted(re.findall(r"\d", other))
    first, second = shape_of(one), shape_of(other)
    if first is None and second is None:
        return None
    if first is None or second is None:
        return _with_single(first or second, other if first else one, same)
    if _joined_differently(one, other):
        return False
    if Kind.MATRIX in {first.kind, second.kind}:
        return _matrices(first, second, same)
    if max(len(first.parts), len(second.parts)) > MOST_PARTS:
        return None
    if {first.kind, second.kind} == {Kind.SET, Kind.TUPLE}:
        return False
    if Kind.TUPLE in {first.kind, second.kind}:
        return _in_order(first.parts, second.parts, same)
    return _pairs_up(first.parts, second.parts, same)


def ratios(one: str, other: str, same: Same) -> bool | None:
    """`1:9` part by part: 2:18 is not reduced, it may be a time."""
    if ":" not in one or ":" not in other:
        return None
    return _in_order(one.split(":"), other.split(":"), same)


def as_strict(one: str, other: str) -> bool:
    """Whether two texts hold as many strict and as many non-strict inequality signs."""
    return _signs(one) == _signs(other)


def _signs(text: str) -> tuple[int, int]:
    return len(re.findall(r"\\[lg]e(?![a-z])", text)), len(re.findall(r"[<>]", text))


def _with_single(shape: Shape | None, single: str, same: Same) -> bool | None:
    assert shape is not None
    if r"\begin{" in single:
        return None  # a calculation with matrices
    if shape.kind is Kind.TUPLE and (named := re.fullmatch(r"[A-Z]'?(\(.+\))", single)):
        return same(f"({','.join(shape.parts)})", named[1])
    if shape.kind is Kind.SET and len(shape.parts) == 1:
        return same(shape.parts[0], single)
    if shape.kind is Kind.MATRIX or re.search(
        r"[<>=]|\\[a-z]*(?:in|[lg]e)(?![a-z])|\\cup|[A-Za-z]{3}", single
    ):
        return None
    return False


def _joined_differently(one: str, other: str) -> bool:
    """`x > 1 and x < 2` is not `x > 1 or x < 2`, while `1 and 2` is `1 or 2`."""
    if _signs(one) == (0, 0):
        return False
    return (r"\vee" in one and r"\wedge" in other) or (r"\wedge" in one and r"\vee" in other)


def _matrices(first: Shape, second: Shape, same: Same) -> bool:
    nested = [_rows_of_tuples(shape) for shape in (first, second)]
    rows = [
        [cells_of(part) for part in shape.parts]
        if shape.kind is Kind.MATRIX
        else known or [[part] for part in shape.parts]  # (1,2,3) for a column
        for shape, known in zip((first, second), nested, strict=True)
    ]
    if first.kind is not second.kind and not any(nested):
        if Kind.TUPLE not in {first.kind, second.kind}:
            return False
        rows = [[[cell] for row in side for cell in row] for side in rows if _is_line(side)]
        if len(rows) != 2:
            return False
    if [len(row) for row in rows[0]] != [len(row) for row in rows[1]]:
        return False
    first_cells, second_cells = ([cell for row in side for cell in row] for side in rows)
    return _in_order(first_cells, second_cells, same)


def _rows_of_tuples(shape: Shape) -> list[list[str]]:
    """[[1,2],[3,4]] is a matrix, too; nothing where not every part is a tuple."""
    if shape.kind is not Kind.TUPLE:
        return []
    rows = [shape_of(part) for part in shape.parts]
    return [list(row.parts) for row in rows if row] if all(rows) else []


def _is_line(rows: list[list[str]]) -> bool:
    return len(rows) == 1 or all(len(row) == 1 for row in rows)


def _in_order(first: Sequence[str], second: Sequence[str], same: Same) -> bool:
    return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))


def _pairs_up(first: Sequence[T], second: Sequence[T], same: Callable[[T, T], bool]) -> bool:
    """Whether each part has a partner of its own. Equality is transitive enough to be greedy."""
    if len(first) != len(second):
        return False
    rest = list(second)
    for part in first:
        for place, candidate in enumerate(rest):
            if same(part, candidate):
                del rest[place]
                break
        else:
            return False
    return True
