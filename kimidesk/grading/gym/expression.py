"""What an arithmetic expression is worth, exactly: + - * / and parentheses, read by hand.

Grammar: sum = term (("+" | "-") term)*; term = atom (("*" | "/") atom)*;
atom = number | "-" atom | "(" sum ")".
"""

import re
from fractions import Fraction

LONGEST = 400  # characters; six numbers of three digits and their signs take 60
_SIGNS = str.maketrans("×·⋅÷−–（）", "***/--()")
_TOKEN = re.compile(r"\s*(?:(\d{1,12})|([-+*/()]))")


def numbers_in(text: str) -> list[int]:
    """The numbers of an expression as they come; raises ValueError."""
    return [int(token) for token in _tokens(text) if token.isdigit()]


def value_of(text: str) -> Fraction:
    """Its value; raises ValueError for what is no expression, ZeroDivisionError."""
    tokens = _tokens(text)[::-1]
    value = _sum(tokens)
    if tokens:
        raise ValueError(f"{tokens[-1]!r} is left over")
    return value


def _tokens(text: str) -> list[str]:
    text = text.translate(_SIGNS).strip()
    if len(text) > LONGEST:
        raise ValueError(f"an expression of {len(text)} characters")
    tokens, place = [], 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise ValueError(f"{text[place]!r} has no place in an expression")
        tokens.append(found[1] or found[2])
        place = found.end()
    return tokens


def _sum(tokens: list[str]) -> Fraction:
    value = _term(tokens)
    while tokens and tokens[-1] in "+-":
        value = value + _term(tokens) if tokens.pop() == "+" else value - _term(tokens)
    return value


def _term(tokens: list[str]) -> Fraction:
    value = _atom(tokens)
    while tokens and tokens[-1] in "*/":
        value = value * _atom(tokens) if tokens.pop() == "*" else value / _atom(tokens)
    return value


def _atom(tokens: list[str]) -> Fraction:
    if not tokens:
        raise ValueError("it ends too soon")
    token = tokens.pop()
    if token == "-":
        return -_atom(tokens)
    if token == "(":
        value = _sum(tokens)
        if not tokens or tokens.pop() != ")":
            raise ValueError("a parenthesis is not closed")
        return value
    if not token.isdigit():
        raise ValueError(f"{token!r} stands where a number must")
    return Fraction(int(token))
