"""Whether two answers are the same, compared from the cheapest way to the dearest.

Exact string, normalised string, exact number, part by part, and only then as formulas. The order
of the two never matters: what equals the gold is equalled by it.
"""

import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from kimidesk.grading import number, symbolic, typed, units
from kimidesk.grading.calendar import same_moment
from kimidesk.grading.normal import Form, normalise, reworded
from kimidesk.grading.quantities import quantity_of

DEEPEST = 4  # parts within parts
_PROSE = re.compile(
    r"[一-鿿]|(?<![\\A-Za-z])[A-Za-z]{3,}(?![A-Za-z({])"
    r"|^(?i:no|on|up|in|to|if|is|it|so|we|he|be|by|do|go|me|my|of|us|as|at|an|am)$"
)
_FUNCTIONS = re.compile(
    r"(?<!\\)(?:sin|cos|tan|cot|sec|csc|log|ln|exp|arcsin|arccos|arctan|max|min)"
)


_ENVIRONMENT = re.compile(r"\\(?:begin|end)\{[a-z]+\}(?:\{[clr|]+\})?")


class Comparison(NamedTuple):
    """What was found, by which method, and why not."""

    equal: bool
    method: str
    reason: str = ""


@lru_cache(maxsize=4096)
def compare(one: str, other: str) -> Comparison:
    """Whether two answers are the same; raises what math-verify raises."""
    if one.strip() == other.strip():
        return Comparison(True, "exact")
    moment = same_moment(_said(one), _said(other))
    if moment is not None:
        return Comparison(moment, "time", "" if moment else "another time")
    a, b = (quantity_of(_PAIRED.sub(r"\1", reworded(each).strip())) for each in (one, other))
    if a and b and a.kind == b.kind:
        return Comparison(a.amount == b.amount, "unit", "" if a == b else "different amounts")
    return _forms(normalise(one), normalise(other), 0)


_PAIRED = re.compile(r"^\$([^$]+)\$$")


def _said(text: str) -> str:
    """Without delimiters and \\text: what a time or a date stands in."""
    return re.sub(
        r"\\(?:text|mathrm|mbox)\s*\{([^{}]*)\}", r" \1 ", text.replace("{:}", ":")
    ).strip(" $.")


def _forms(one: Form, other: Form, depth: int) -> Comparison:
    if units.conflict(one.unit, other.unit):
        return Comparison(False, "normalised", f"{one.unit} is not {other.unit}")
    if one.name and other.name and not _same_name(one, other) and not _functions(one, other):
        if one.name in other.text and other.name in one.text:
            return _formulas(*(Form(f"{each.name}={each.text}") for each in (one, other)))
        return Comparison(False, "normalised", "one is the value of another unknown")
    if one.key == other.key:
        return Comparison(True, "normalised")
    if bool(one.listed) != bool(other.listed):
        listed = _typed(one.listed or one.text, other.listed or other.text, depth)
        if listed and listed.equal:
            return listed
    return _numbers(one, other) or _typed(one.text, other.text, depth) or _formulas(one, other)


def _same_name(one: Form, other: Form) -> bool:
    """x and x_1 name one unknown where the other is not numbered."""
    a, b = (re.match(r"([A-Za-z]+)(?:_?\{?\d+\}?)?$", each.name) for each in (one, other))
    plain = a and b and (a[0] == a[1] or b[0] == b[1])
    return one.name == other.name or bool(plain and a and b and a[1] == b[1])


def _functions(one: Form, other: Form) -> bool:
    """`y = 2x` and `f(x) = 2x` name the same function, `x = 5` and `y = 5` two lines."""
    return all("(" in form.name or form.name == "y" for form in (one, other)) and any(
        sign.isalpha() for sign in one.text
    )


def _numbers(one: Form, other: Form) -> Comparison | None:
    if _in_degrees(one, other) or _in_degrees(other, one):
        return _whole(True)
    if _with_comma(one.text, other.text) or _with_comma(other.text, one.text):
        return Comparison(True, "number", "a decimal comma")
    if one.text.isdigit() and other.text.isdigit():  # of any length
        return _whole(one.text.lstrip("0") == other.text.lstrip("0"))
    a, b = number.exact(one.text), number.exact(other.text)
    if a is None or b is None:
        return None
    if a == b:
        return _whole(True)
    if _written_out(one.text, other.text, a, b) or _written_out(other.text, one.text, b, a):
        return Comparison(True, "number", "written out")
    percent = one.text.endswith("%") != other.text.endswith("%")
    if percent and (a * 100 == b or a == b * 100) and _percent_left_out(one.text, other.text):
        return Comparison(True, "number", "percent left out")
    return _whole(False)


_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")


def _with_comma(one: str, other: str) -> bool:
    """1,22 where 1.22 is expected: the same digits, and no thousands."""
    return bool(_DECIMAL_COMMA.fullmatch(one)) and "." in other and one.replace(",", ".") == other


def _in_degrees(one: Form, other: Form) -> bool:
    """90° where \\pi/2 is expected, which has no unit."""
    if one.unit != "degree" or other.unit or r"\pi" not in other.text:
        return False
    turned = number.exact(other.text.replace(r"\pi", "(180)"))
    return turned is not None and turned == number.exact(one.text)


DIGITS = 10  # significant ones: so many are not a rough value but the value itself, written out


def _written_out(one: str, other: str, a: Fraction, b: Fraction) -> bool:
    """0.0833333333333333 where 1/12 is expected: right in each of its many digits."""
    decimals = one.partition(".")[2]
    if not decimals.isdigit() or len(one.replace(".", "").lstrip("-0")) < DIGITS:
        return False
    return "." not in other and abs(a - b) <= Fraction(1, 10 ** len(decimals))


def _percent_left_out(one: str, other: str) -> bool:
    """`20%` where 20 is expected: the sign is a unit. The digits must be the same number."""
    return number.exact(one.rstrip("%")) == number.exact(other.rstrip("%"))


def _whole(equal: bool) -> Comparison:
    return Comparison(equal, "number", "" if equal else "different numbers")


def _typed(one: str, other: str, depth: int) -> Comparison | None:
    def same(a: str, b: str) -> bool:
        return depth < DEEPEST and _forms(normalise(a), normalise(b), depth + 1).equal

    for method, decided in (
        ("choice", typed.choices(one, other, same)),
        ("base", typed.bases(one, other)),
        ("interval", typed.intervals(one, other, same)),
        ("parts", typed.collections(one, other, same)),
        ("ratio", typed.ratios(one, other, same)),
    ):
        if decided is not None:
            return Comparison(decided, method, "" if decided else f"different by {method}")
    return None


def _formulas(one: Form, other: Form) -> Comparison:
    if _prose(one.text) or _prose(other.text):
        # math-verify would multiply the letters: tea and eat are the same product.
        return Comparison(False, "normalised", "different words")
    if not typed.as_strict(one.text, other.text):
        return Comparison(False, "interval", "strict and non-strict inequalities differ")
    equal, reason = symbolic.compare(_equation(one, other), _equation(other, one))
    return Comparison(equal, "math-verify", reason)


def _equation(form: Form, beside: Form) -> str:
    """With the name again where the other is an equation: y = 2x + 3 and 2x - y + 3 = 0."""
    return f"{form.name}={form.text}" if form.name and "=" in beside.text else form.text


def _prose(text: str) -> bool:
    return bool(_PROSE.search(_FUNCTIONS.sub("", _ENVIRONMENT.sub("", text))))
