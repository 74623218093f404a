"""Votes of many traces, how sure each of them is, and which are unlike the others."""

import math

import numpy as np
import pytest

from kimidesk.reading.voting import (
    Weight,
    alone,
    answer_entropy,
    confidences,
    outlying,
    token_confidence,
    votes,
    weights_of,
)
from kimidesk.records import Token, TokenColumns


def columns(*rivals: list[float]) -> TokenColumns:
    made = TokenColumns()
    for each in rivals:
        ids = np.arange(len(each), dtype=np.int32)
        first = each[0] if each else math.nan
        made.append(Token(0, first, 0.1, 1, ids, np.array(each, np.float32)))
    return made


def test_the_confidence_of_a_token_is_the_mean_surprise_of_its_likeliest():
    told = token_confidence(columns([-0.5, -1.5], [-0.1, -3.1], []))

    assert told[:2].tolist() == pytest.approx([1.0, 1.6])
    assert math.isnan(told[2])


def test_a_trace_is_as_sure_as_its_tokens_its_worst_group_or_its_end():
    rows = [[-1.0, -1.0]] * 6 + [[-0.2, -0.2]] * 2 + [[-3.0, -3.0]] * 2
    told = confidences(columns(*rows), window=2)

    assert told[Weight.MEAN] == pytest.approx(1.24)
    assert told[Weight.LOWEST] == pytest.approx(0.2)
    assert told[Weight.BOTTOM] == pytest.approx(0.2)
    assert told[Weight.TAIL] == pytest.approx(3.0)


def test_a_trace_shorter_than_a_group_is_one_group():
    told = confidences(columns([-1.0], [-2.0]))

    assert list(told.values()) == pytest.approx([1.5] * 4)
    assert confidences(columns([], [])) == {}


def test_a_sure_minority_wins_the_weighted_vote():
    answers = ["7", "7", "8", "", "7"]
    sure = [1.0, 1.0, 9.0, 5.0, math.nan]

    assert [(v.answer, v.count) for v in votes(answers)] == [("7", 3), ("8", 1)]
    weighted = votes(answers, sure)
    assert [(v.answer, v.count) for v in weighted] == [("8", 1), ("7", 2)]
    assert weighted[0].share == pytest.approx(9 / 11)
    assert votes(["", ""]) == []
    with pytest.raises(ValueError):
        votes(answers, [1.0])


def test_agreement_is_told_in_bits():
    assert str(answer_entropy(["7", "7", ""])) == "0.0"
    assert answer_entropy(["7", "8"]) == pytest.approx(1)
    assert math.isnan(answer_entropy([""]))


def test_what_stands_far_from_the_others_is_named():
    assert outlying([10, 11, 12, 11, 10, 90]) == [False] * 5 + [True]
    assert outlying([10, 90]) == [False, False]
    assert outlying([5, 5, 5, 5, 900]) == [False] * 5  # no spread to measure by
    assert outlying([10, 11, 12, 11, math.nan, 90])[4] is False
    assert alone(["7", "7", "8", ""]) == [False, False, True, False]
    assert alone(["7", "8"]) == [False, False]


def test_a_weight_that_is_not_known_is_nan():
    told = [{Weight.MEAN: 2.0}, {}]

    assert weights_of(told, Weight.EQUAL) == [1.0, 1.0]
    assert weights_of(told, Weight.MEAN)[0] == 2.0
    assert math.isnan(weights_of(told, Weight.MEAN)[1])
