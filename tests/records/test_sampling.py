"""Sampling and budgets say what is out of range."""

import math

import pytest

from kimidesk.errors import UsageError
from kimidesk.records import Budget, Sampling


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"temperature": -0.1}, "temperature"),
        ({"temperature": math.nan}, "temperature"),
        ({"top_p": 0.0}, "top-p"),
        ({"top_p": 1.1}, "top-p"),
        ({"top_k": -1}, "top-k"),
        ({"min_p": 2.0}, "min-p"),
        ({"repetition_penalty": 0.0}, "repetition penalty"),
    ],
)
def test_a_value_out_of_range_is_named(values: dict[str, float], named: str):
    with pytest.raises(UsageError, match=named):
        Sampling(**values).check()  # type: ignore[arg-type]


def test_the_defaults_are_in_range():
    assert Sampling().check() == Sampling()
    assert Budget().check() == Budget()


def test_an_answer_needs_at_least_one_token():
    with pytest.raises(UsageError, match="answer budget is 0"):
        Budget(answer=0).check()
