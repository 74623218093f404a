"""Answers that are one, and the ways in which a checkpoint may write them."""

import pytest

from kimidesk.grading.spelling import answer_key, spellings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1/2", "0.5"),
        ("\\frac{1}{2}", "\\dfrac12"),
        ("1,000", "1000"),
        ("$18", "18.00"),
        ("x=3", "3"),
        ("12 dollars", "12"),
        ("Paris", "\\text{paris}"),
        ("50\\%", "50%"),
    ],
)
def test_spellings_of_one_answer_have_one_key(one: str, other: str):
    assert answer_key(one) == answer_key(other)


@pytest.mark.parametrize(("one", "other"), [("1", "12"), ("50%", "1/2"), ("-3", "3"), ("x", "X")])
def test_other_answers_have_other_keys(one: str, other: str):
    assert answer_key(one) != answer_key(other)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("18", ("18",)),
        ("1234", ("1234", "1,234")),
        ("1/2", ("1/2", "\\frac{1}{2}", "0.5")),
        ("-3/8", ("-3/8", "-\\frac{3}{8}", "-0.375")),
        ("1/3", ("1/3", "\\frac{1}{3}")),
        ("Paris", ("Paris", "\\text{Paris}")),
        ("50%", ("50%", "50\\%")),
        ("\\sqrt{2}", ("\\sqrt{2}",)),
    ],
)
def test_the_usual_spellings_the_given_one_first(answer: str, told: tuple[str, ...]):
    assert spellings(answer) == told


def test_an_immense_number_is_compared_as_text():
    assert answer_key("10^{300000}") == "10^{300000}"
    assert spellings(f"1/{10**400}") == (f"1/{10**400}",)
