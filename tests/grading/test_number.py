"""Numbers are compared exactly, and text that is not arithmetic is no number."""

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.grading.normal import normalise
from kimidesk.grading.number import TooLarge, exact


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12345678901234567890", Fraction(12345678901234567890)),
        (r"\frac{1}{2^{99}}", Fraction(1, 2**99)),
        (r"-\frac{3}{4}", Fraction(-3, 4)),
        (r"1\frac{1}{2}", Fraction(3, 2)),
        ("1 1/2", Fraction(3, 2)),
        ("0.1", Fraction(1, 10)),
        ("50%", Fraction(1, 2)),
        ("1e-3", Fraction(1, 1000)),
        (r"2.7\cdot 10^9", Fraction(2_700_000_000)),
        ("-2^2", Fraction(-4)),
        ("(-2)^2", Fraction(4)),
        ("2^3^2", Fraction(512)),
        ("2(3+4)", Fraction(14)),
        (r"\sqrt{49}", Fraction(7)),
    ],
)
def test_arithmetic_is_exact(text: str, value: Fraction):
    assert exact(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "1/0", "0^0", r"\sqrt{2}", "4^{1/2}", "1,2", "12 34", "2-", "((1)", "--1", "1:2"],
)
def test_what_is_not_plain_arithmetic_is_no_number(text: str):
    assert exact(text) is None


def test_a_tower_of_powers_is_refused_at_once():
    with pytest.raises(TooLarge):
        exact("9^9^9^9")


def test_deep_nesting_is_no_number_and_no_crash():
    assert exact("(" * 200 + "1" + ")" * 200) is None
    assert exact("2" + "^2" * 250) is None


@given(st.integers())
def test_every_integer_keeps_its_value_through_every_spelling(value: int):
    for text in (str(value), f"{value:,}", f"{value:,}".replace(",", "{,}"), f"${value}$."):
        assert exact(normalise(text).text) == value


@given(st.fractions())
def test_every_fraction_keeps_its_value(value: Fraction):
    text = rf"\dfrac{{{value.numerator}}}{{{value.denominator}}}"

    assert exact(normalise(text).text) == value


@given(st.text(alphabet="0123456789+-*/^(){}%. \\frac\\sqrt\\cdot", max_size=60))
def test_any_text_is_a_number_or_none_or_too_large(text: str):
    with contextlib.suppress(TooLarge):
        exact(text)
