"""Compares an answer with what a generated problem expects, form by form; nothing is evaluated."""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import gcd

import msgspec

from kimidesk.grading.gym.allowed import Form
from kimidesk.grading.gym.expression import numbers_in, value_of


class Entry(msgspec.Struct, frozen=True):
    """What reasoning-gym expects: the answer, and what its verifier would look at."""

    answer: str
    numbers: list[int] = []  # that an expression may use
    target: int = 0  # that it must be worth
    letters: list[str] = []  # that a palindrome must use


def same(form: Form, answer: str, entry: Entry) -> tuple[bool, str]:
    """Whether the answer is right, and a reason where there is more to say.

    Raises ValueError for what cannot be read as its form.
    """
    bare = plain(answer)
    match form:
        case Form.EXPRESSION:
            return _expression(bare, entry)
        case Form.PALINDROME:
            letters = re.sub(r"[\s,]", "", bare).lower()
            right = letters == letters[::-1] and sorted(letters) == sorted(entry.letters)
            return right, ""
        case Form.LOWEST_TERMS:
            return _fraction(bare, entry.answer)
        case Form.FACTORS:
            return _factors(bare) == _factors(entry.answer), "primes in any order"
        case Form.NUMBERS:
            return _numbers(bare) == _numbers(entry.answer), "by value, in their order"
        case Form.WORDS:
            return _words(bare) == _words(entry.answer), ""
        case Form.TRUTH:
            return _one(bare).lower() == entry.answer.lower(), ""
        case Form.CASELESS:
            return _one(bare).casefold() == entry.answer.strip().casefold(), ""
        case Form.TEXT | Form.NUMBER:
            return _one(bare) == entry.answer.strip(), ""


_COMMAND = re.compile(r"\\(?:text(?:tt|bf|rm|it|sf)?|math(?:tt|bf|rm|it|sf)|mbox)\s*\{([^{}]*)\}")
_SIGNS = {"\\times": "×", "\\cdot": "×", "\\div": "/", "\\left": "", "\\right": ""}
_SPACES = re.compile(r"\\[,;:! ]|\\quad|~")


def plain(answer: str) -> str:
    """Without the dollars, commands and quotes that only dress it."""
    text = answer.strip()
    if len(text) > 1 and text[0] == text[-1] == "$":
        text = text.strip("$").strip()
    text = _COMMAND.sub(r"\1", text)
    for command, sign in _SIGNS.items():
        text = text.replace(command, sign)
    return _SPACES.sub(" ", text).replace("\\_", "_").strip("`").strip()


def _one(text: str) -> str:
    """A word or a string, without quotes about it and a full stop behind it."""
    bare = text.removesuffix(".").strip()
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'`":
        bare = bare[1:-1]
    return " ".join(bare.split())


def _words(text: str) -> list[str]:
    inner = text.strip().removesuffix(".").removeprefix("[").removesuffix("]")
    return [_one(word) for word in re.split(r"[,，]", inner)]


def _numbers(text: str) -> list[Decimal]:
    """Raises ValueError where anything stands among them that is no number."""
    words = re.sub(r"[\[\]()'\",;&]|\\\\", " ", text).split()
    try:
        return [Decimal(word.replace("−", "-")) for word in words]
    except InvalidOperation:
        raise ValueError("not all of them are numbers") from None


_FRACTION = re.compile(r"\\[dt]?frac\s*\{\s*(\d+)\s*\}\s*\{\s*(\d+)\s*\}|(\d+)\s*/\s*(\d+)|(\d+)")


def _terms(text: str) -> tuple[int, int]:
    found = _FRACTION.fullmatch(text.strip().removesuffix(".").strip("$ "))
    if found is None:
        raise ValueError("not a fraction")
    above, below = found[1] or found[3] or found[5], found[2] or found[4] or "1"
    return int(above), int(below)


def _fraction(text: str, expected: str) -> tuple[bool, str]:
    above, below = _terms(text)
    if not below or gcd(above, below) != 1:
        return False, "not in lowest terms"
    return Fraction(above, below) == Fraction(*_terms(expected)), "lowest terms"


_POWER = re.compile(r"(\d{1,30})(?:(?:\^|\*\*)\{?(\d{1,3})\}?)?")


def _factors(text: str) -> list[int]:
    """Prime by prime: 2^2 × 3 is 2, 2, 3."""
    factors: list[int] = []
    for part in re.split(r"[×x·⋅]|(?<!\*)\*(?!\*)", text.rpartition("=")[2].removesuffix(".")):
        found = _POWER.fullmatch(part.strip())
        if found is None:
            raise ValueError("not a product")
        factors += [int(found[1])] * int(found[2] or 1)
    return sorted(factors)


def _expression(text: str, entry: Entry) -> tuple[bool, str]:
    if sorted(numbers_in(text)) != sorted(entry.numbers):
        return False, "not each given number once"
    value = value_of(text)
    return value == entry.target, f"it is worth {value}"
