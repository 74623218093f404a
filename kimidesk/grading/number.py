"""Exact numbers: integers and fractions written in LaTeX or plainly, never through a float.

A small reader of arithmetic over the tidy text of `kimidesk.grading.normal`. It knows digits,
fractions, mixed numbers, powers, percent and square roots that come out even; whatever else it
meets makes it say None, never guess.
"""

import re
from fractions import Fraction
from math import isqrt

LONGEST = 600  # characters
DEEPEST = 40  # brackets within brackets
MOST_BITS = 200_000  # of a power; above this nothing is evaluated
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d{1,6}(?![\d.]))?)|(?P<word>\\[A-Za-z]+)|(?P<sign>[-+/^(){}%]))"
)
_MIXED = re.compile(r"([-+]?)(\d+|\d{1,3}(?: \d{3})+) (\d+)/(\d+)(%?)")


class TooLarge(ValueError):
    """A power with more digits than are worth writing out."""


class _NoNumber(ValueError):
    """The text is not arithmetic."""


def exact(text: str) -> Fraction | None:
    """The value of tidy text; None when it is not plain arithmetic. Raises TooLarge."""
    if not text or len(text) > LONGEST or not any(sign.isdigit() for sign in text):
        return None
    if mixed := _MIXED.fullmatch(text):
        sign, whole, over, under, percent = mixed.groups()
        if int(over) >= int(under):
            return None  # 11 7/6 is no mixed number, and 4 0/0 none at all
        value = int(whole.replace(" ", "")) + Fraction(int(over), int(under))
        value /= 100 if percent else 1
        return -value if sign == "-" else value
    percent = text.endswith("%")  # of the whole: 40/9% is 4 4/9 %
    try:
        value = _Reader(_tokens(text.removesuffix("%"))).whole()
        return value / 100 if percent else value
    except (_NoNumber, ZeroDivisionError):
        return None


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _NoNumber(text)
        tokens.append(found[found.lastgroup or 0])
        place = found.end()
    return tokens


class _Reader:
    """Recursive descent: sum, product, signed power, atom."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Fraction:
        value = self._sum()
        if self._at != len(self._tokens):
            raise _NoNumber
        return value

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _pop(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _sum(self) -> Fraction:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _NoNumber
        value = self._product()
        while self._peek() in {"+", "-"}:
            value = value + self._product() if self._pop() == "+" else value - self._product()
        self._depth -= 1
        return _small(value)

    def _product(self) -> Fraction:
        value = self._signed()
        while token := self._peek():
            if token == "\\cdot":
                self._pop()
                value *= self._signed()
            elif token == "/":
                self._pop()
                value /= self._signed()
            elif token in {"(", "\\sqrt"}:
                value *= self._power()  # 2(3): a product without a sign
            else:
                break
            value = _small(value)
        return value

    def _signed(self) -> Fraction:
        if self._peek() in {"+", "-"}:
            return self._signed_after(self._pop())
        return self._power()

    def _signed_after(self, sign: str) -> Fraction:
        if self._peek() in {"+", "-"}:  # -- and +- are typing errors, not arithmetic
            raise _NoNumber
        value = self._power()
        return -value if sign == "-" else value

    def _power(self) -> Fraction:
        value = self._atom()
        if self._peek() == "^":
            self._pop()
            value = _raise(value, self._exponent())
        while self._peek() == "%":
            self._pop()
            value /= 100
        return value

    def _exponent(self) -> Fraction:
        if self._peek() == "{":
            return self._bracket("}")
        self._depth += 1  # 2^2^2^… climbs without a bracket
        if self._depth > DEEPEST:
            raise _NoNumber
        # Without braces LaTeX raises to one digit only: 2^10 is read as people mean it.
        return self._signed_after(self._pop()) if self._peek() == "-" else self._power()

    def _atom(self) -> Fraction:
        token = self._pop()
        if token[:1].isdigit():
            value = _literal(token)
            if self._peek() == "\\frac" and "." not in token:  # 1\frac{1}{2}
                value += self._atom()
            return value
        match token:
            case "(":
                self._at -= 1
                return self._bracket(")")
            case "{":
                self._at -= 1
                return self._bracket("}")
            case "\\frac":
                return self._bracket("}") / self._bracket("}")
            case "\\sqrt":
                return _root(self._bracket("}"))
        raise _NoNumber

    def _bracket(self, closing: str) -> Fraction:
        if self._pop() != {"}": "{", ")": "("}[closing]:
            raise _NoNumber
        value = self._sum()
        if self._pop() != closing:
            raise _NoNumber
        return value


def _literal(token: str) -> Fraction:
    digits, _, exponent = token.replace("E", "e").partition("e")
    value = Fraction(digits.rstrip(".") or "0")
    return value * _raise(Fraction(10), Fraction(int(exponent))) if exponent else value


def _raise(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1:
        raise _NoNumber  # 4^{1/2} has two square roots and most bases have none
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits > 1 and abs(exponent.numerator) * bits > MOST_BITS:
        raise TooLarge(f"a power of {bits} bits to the {exponent.numerator}")
    if base == 0 and exponent.numerator <= 0:
        raise _NoNumber
    return Fraction(base**exponent.numerator)


def _root(value: Fraction) -> Fraction:
    if value < 0:
        raise _NoNumber
    over, under = isqrt(value.numerator), isqrt(value.denominator)
    if over * over != value.numerator or under * under != value.denominator:
        raise _NoNumber
    return Fraction(over, under)


def _small(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > MOST_BITS:
        raise TooLarge("a number of more than 200,000 bits")
    return value
