"""How large a value would become, and the functions of a chat template that are bounded by it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NoReturn

from jinja2 import TemplateError
from jinja2.filters import do_round

LONGEST_PATTERN = 100  # characters of a date's pattern, and of each number in it
MOST_DIGITS = 64


def bits(value: object) -> int:
    """Of a whole number; 1 for anything else."""
    return value.bit_length() if isinstance(value, int) else 1


def too_long(bits: float) -> float:
    """Infinite for a number of more bits than any template needs, else 0."""
    return float("inf") if bits > 2 * MOST_DIGITS * MOST_DIGITS else 0


def times(value: object, count: object) -> int:
    """The length of a sequence that is repeated; 0 where this is no repetition."""
    sized = isinstance(value, str | bytes | list | tuple) and isinstance(count, int)
    return len(value) * count if sized else 0  # type: ignore[arg-type, operator]


def numbers(text: str) -> list[str]:
    """The whole numbers that stand in a text."""
    digits = "".join(c if c.isdigit() and c.isascii() else " " for c in text).split()
    return [number[:9] for number in digits]  # enough to be too large


def summed(values: Iterable[Any], attribute: str | None = None, start: float = 0) -> float:
    """Numbers alone: to add up lists takes the square of their length."""
    if not isinstance(start, int | float):
        raise TypeError("sum adds numbers")
    parts = values
    if attribute is not None:
        parts = [part[attribute] for part in values if isinstance(part, Mapping)]
    return sum(parts, start)


def rounded(value: float, precision: int = 0, method: str = "common") -> float:
    """Jinja's filter, to a bounded number of digits."""
    bounded = max(-MOST_DIGITS, min(MOST_DIGITS, precision))
    return float(do_round(value, bounded, method))  # type: ignore[arg-type]


def raise_exception(message: str) -> NoReturn:
    """By which a template refuses its messages."""
    raise TemplateError(message)


def strftime_now(pattern: str) -> str:
    """Today, as the pattern says."""
    longer = len(pattern) > LONGEST_PATTERN
    if longer or any(int(number) > LONGEST_PATTERN for number in numbers(pattern)):
        raise TemplateError(f"a date's pattern has more than {LONGEST_PATTERN} characters")
    return datetime.now().astimezone().strftime(pattern)
