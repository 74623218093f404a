"""Which answers are the same answer, and in which spellings a checkpoint may write it.

For the probability of an answer the spellings that a checkpoint is likely to use are summed: a
whole number with and without commas, a fraction in LaTeX, plainly and as a decimal where that is
short, a word with and without `\\text`. Numbers are not spelled out as words ("twelve"): behind
`\\boxed{` nearly none is, and each spelling costs an evaluation at each place.
"""

import re
from fractions import Fraction

from kimidesk.grading.normal import normalise
from kimidesk.grading.number import TooLarge, exact

BITS = 1_024  # of a number that is compared by its value
DIGITS = 4  # behind the point of a decimal that is worth a spelling
_WORDS = re.compile(r"[A-Za-z][A-Za-z ]+")


def answer_key(text: str) -> str:
    """Equal keys are equal answers: by value where it is a number, else by tidy text."""
    form = normalise(text)
    value = _value(form.text)
    return str(value) if value is not None else form.key


def spellings(text: str) -> tuple[str, ...]:
    """The usual spellings of an answer, the given one first, each once."""
    value = _value(normalise(text).text)
    more = _of_number(value) if value is not None else _of_words(normalise(text).text)
    return tuple(dict.fromkeys((text.strip(), *more)))


def _value(text: str) -> Fraction | None:
    """None too where it is a share of hundred, which nobody writes as a fraction, or immense."""
    try:
        value = None if text.endswith("%") else exact(text)
    except TooLarge:
        return None
    if value is None or max(value.numerator.bit_length(), value.denominator.bit_length()) > BITS:
        return None
    return value


def _of_number(value: Fraction) -> list[str]:
    if value.denominator == 1:
        plain = str(value.numerator)
        return [plain, f"{value.numerator:,}"] if abs(value) >= 1000 else [plain]
    sign = "-" if value < 0 else ""
    over, under = abs(value.numerator), value.denominator
    made = [f"{sign}\\frac{{{over}}}{{{under}}}", f"{sign}{over}/{under}"]
    shifted = abs(value) * 10**DIGITS
    if shifted.denominator == 1:  # a decimal that ends soon
        whole, rest = divmod(shifted.numerator, 10**DIGITS)
        made.append(f"{sign}{whole}.{rest:0{DIGITS}d}".rstrip("0"))
    return made


def _of_words(text: str) -> list[str]:
    if text.endswith("%"):
        return [text, text.replace("%", "\\%")]
    return [text, f"\\text{{{text}}}"] if _WORDS.fullmatch(text) else []
