"""Equality of formulas through math-verify: the last word, where nothing simpler decides.

Model text is parsed as LaTeX by a grammar. sympy's own parser, which evaluates Python, is never
given any. What math-verify calls equal is believed only after a second look, because it rounds to
six decimals and calls a difference below 1e-15 zero; where two formulas differ at a point, they
are not the same whatever it says.
"""

import logging
import os
import random
import re
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

PARSING_LIMIT_S = 1  # whole seconds: math-verify counts by the alarm clock
COMPARING_LIMIT_S = 1
LONGEST = 500  # characters; the grammar takes a second for more
POINTS = 3  # where two formulas with unknowns must agree
DIGITS = 30
CLOSE = 1e-12  # relative


class Opinion(NamedTuple):
    """Whether two formulas are equal, and why not."""

    equal: bool
    reason: str = ""


class OutOfTime(Exception):
    """math-verify did not come to an end."""


def warm_up() -> None:
    """Import everything and parse once: 1 to 2.5 s that no judgement has to pay."""
    logging.getLogger("math_verify").setLevel(logging.ERROR)  # its time-outs are in our verdicts
    logging.getLogger("latex2sympy2_extended").setLevel(logging.ERROR)
    compare(r"\frac{x}{2}+\sqrt{3}", r"\frac{\sqrt{12}+x}{2}")


def compare(one: str, other: str) -> Opinion:
    """Compare two tidy LaTeX texts, in either order alike.

    Raises OutOfTime, or whatever math-verify and sympy raise.
    """
    if max(len(one), len(other)) > LONGEST:
        return Opinion(False, "too long to compare as formulas")
    first, second = sorted((one, other))  # math-verify is not symmetric; the same pair always is
    from math_verify.errors import TimeoutException  # here: the import takes a second

    try:
        a, b = _parse(first), _parse(second)
        if not a or not b:
            return Opinion(False, "not both can be read as formulas")
        if _written_out(first, b[0]) or _written_out(second, a[0]):
            return Opinion(True, "written out")
        if _apart(a[0], b[0]) or not (_verify(a, b) and _verify(b, a)):
            return Opinion(False, "different formulas")
        return _second_look(a[0], b[0])
    except ValueError as error:
        if "nan" in str(error) or "zoo" in str(error):
            return Opinion(False, "one has no value")  # 1/0
        raise
    except TimeoutException as error:  # a BaseException
        raise OutOfTime("math-verify took longer than its limit") from error


_LONG_DECIMAL = re.compile(r"-?\d*\.(\d{9,})")


def _written_out(text: str, value: Any) -> bool:
    """1.41421356237 where the square root of 2 is expected: right in each of its many digits."""
    from sympy import Expr, Float  # type: ignore[import-untyped]

    found = _LONG_DECIMAL.fullmatch(text)
    if not found or not isinstance(value, Expr) or value.free_symbols or value.has(Float):
        return False
    apart = abs(value.evalf(2 * DIGITS) - Float(text, 2 * DIGITS))
    return bool(apart.is_number and apart <= Float(10, DIGITS) ** -len(found[1]))


def _parse(text: str) -> "Sequence[Any]":
    from latex2sympy2_extended import NormalizationConfig  # type: ignore[import-untyped]
    from math_verify import LatexExtractionConfig, parse

    # Units are ours: its own list takes `m` from `5m`, which may be a variable.
    spelling = NormalizationConfig(
        basic_latex=True, units=False, malformed_operators=True, nits=True, boxed="none"
    )
    config = LatexExtractionConfig(boxed_match_priority=-1, normalization_config=spelling)
    read = parse(
        f"${text}$",
        [config],
        fallback_mode="no_fallback",
        parsing_timeout=_limit(PARSING_LIMIT_S),
        raise_on_error=True,
    )
    return [_complex(value) for value in read if not isinstance(value, str)]


def _complex(value: Any) -> Any:
    """With `i` as the imaginary unit, which math-verify reads as a real unknown."""
    from sympy import Expr, I

    if not isinstance(value, Expr):
        return value
    return value.subs({unknown: I for unknown in value.free_symbols if unknown.name == "i"})


def _verify(one: "Sequence[Any]", other: "Sequence[Any]") -> bool:
    from math_verify import verify

    limit = _limit(COMPARING_LIMIT_S)
    return bool(verify(one[0], other[0], timeout_seconds=limit, raise_on_error=True))


def _limit(seconds: int) -> int | None:
    # On Windows math-verify's limit starts a process that cannot be started; ours is outside.
    return seconds if os.name == "posix" else None


def _apart(one: Any, other: Any) -> bool:
    """Whether two formulas differ at a point: quickly seen, while simplifying takes a second."""
    from sympy import Expr

    if not (isinstance(one, Expr) and isinstance(other, Expr)):
        return False
    return not all(_close(a, b) for a, b in _values(one, other))


def _second_look(one: Any, other: Any) -> Opinion:
    """Look again at what math-verify called equal, with relative precision."""
    from sympy import Eq

    if one != other and isinstance(one, Eq) and isinstance(other, Eq):
        return _same_equation(one, other)
    return Opinion(True)


def _same_equation(one: Any, other: Any) -> Opinion:
    """Two equations hold together when their sides differ by one constant factor."""
    ratios = [a / b for a, b in _values(one.lhs - one.rhs, other.lhs - other.rhs) if abs(b) > CLOSE]
    if ratios and all(_close(ratio, ratios[0]) for ratio in ratios):
        return Opinion(True)
    return Opinion(False, "the equations are not multiples of each other")


def _values(one: Any, other: Any) -> "list[tuple[complex, complex]]":
    """Both at a few points; points where one of them has no value are left out."""
    from sympy import Rational

    unknowns = sorted(one.free_symbols | other.free_symbols, key=str)
    chance = random.Random(7)  # the same points every time
    pairs = []
    for _ in range(POINTS if unknowns else 1):
        point = {name: Rational(chance.randint(101, 997), 311) for name in unknowns}
        a, b = (side.subs(point).evalf(DIGITS) for side in (one, other))
        if a.is_number and b.is_number and a.is_finite and b.is_finite:
            pairs.append((a, b))
    return pairs


def _close(a: Any, b: Any) -> bool:
    return bool(abs(a - b) <= CLOSE * max(abs(a), abs(b)))
