"""Bounds of the entropy against whole distributions, of which only a part is shown."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kimidesk.reading.bounds import entropy_bounds, mean_bounds
from kimidesk.records import Token, TokenColumns

NEAR = 1e-4  # what single precision takes


def row(p: NDArray[np.float64], k: int, drawn: int) -> Token:
    """What a server tells of a distribution: the k likeliest, and the one that came."""
    order = np.argsort(-p, kind="stable")[:k]
    with np.errstate(divide="ignore"):
        logprob = np.log(p)
    return Token(
        id=drawn,
        logprob=float(logprob[drawn]),
        entropy=math.nan,
        rank=0,
        rival_id=order.astype(np.int32),
        rival_logprob=logprob[order].astype(np.float32),
    )


def columns_of(*tokens: Token) -> TokenColumns:
    columns = TokenColumns()
    for token in tokens:
        columns.append(token)
    return columns


def entropy(p: NDArray[np.float64]) -> float:
    return float(-(p[p > 0] * np.log(p[p > 0])).sum())


def bounds(p: NDArray[np.float64], k: int, drawn: int = 0, vocabulary: int = 0) -> list[float]:
    found = entropy_bounds(columns_of(row(p, k, drawn)), vocabulary)
    return [float(found.low[0]), float(found.high[0])]


@given(
    weights=st.lists(st.floats(0, 1), min_size=2, max_size=200),
    sharpness=st.floats(0.05, 12),
    k=st.integers(0, 20),
    data=st.data(),
)
def test_the_true_entropy_lies_between_the_bounds(
    weights: list[float], sharpness: float, k: int, data: st.DataObject
) -> None:
    p = np.exp(sharpness * np.asarray(weights))
    p /= p.sum()
    drawn = data.draw(st.integers(0, len(p) - 1))
    low, high = bounds(p, k, drawn, len(p))
    assert low - NEAR <= entropy(p) <= high + NEAR
    assert bounds(p, k, drawn)[0] == low  # which the size of the vocabulary does not change
    assert bounds(p, k, drawn)[1] in (low, math.inf)


@given(count=st.integers(2, 100), k=st.integers(1, 20), head=st.floats(0.1, 0.9))
def test_an_even_rest_reaches_the_upper_bound(count: int, k: int, head: float) -> None:
    p = np.full(k + count, (1 - head) / count)
    p[:k] = max(head / k, p[-1])
    p /= p.sum()
    assert bounds(p, k, 0, len(p))[1] == pytest.approx(entropy(p), abs=NEAR)


@given(full=st.integers(0, 6), share=st.floats(0.01, 0.99), k=st.integers(1, 10))
def test_a_packed_rest_reaches_the_lower_bound(full: int, share: float, k: int) -> None:
    p = np.array([1.0] * (k + full) + [share] + [0.0] * 30)
    p /= p.sum()
    assert bounds(p, k, 0, len(p))[0] == pytest.approx(entropy(p), abs=NEAR)


def test_a_rest_above_the_least_rival_must_be_several_tokens() -> None:
    low, _ = bounds(np.array([0.5, 0.1, 0.1, 0.1, 0.1, 0.1]), 2)
    assert low == pytest.approx(entropy(np.array([0.5, 0.1, 0.1, 0.1, 0.1, 0.1])), abs=NEAR)


def test_a_known_entropy_is_both_bounds_and_an_unknown_row_is_neither() -> None:
    none = np.zeros(0, np.int32)
    known = Token(1, -0.5, 0.7, 1, none, none.astype(np.float32))
    unknown = Token(2, math.nan, math.nan, 0, none, none.astype(np.float32))
    found = entropy_bounds(columns_of(known, unknown), 100)
    assert found.low[0] == found.high[0] == pytest.approx(0.7)
    assert np.isnan(found.low[1])
    assert np.isnan(found.high[1])


def test_the_mean_passes_over_rows_of_which_nothing_is_known() -> None:
    none = np.zeros(0, np.int32)
    unknown = Token(2, math.nan, math.nan, 0, none, none.astype(np.float32))
    p = np.full(4, 0.25)
    low, high = mean_bounds(columns_of(unknown, row(p, 4, 0)), 4)
    assert (low, high) == (pytest.approx(math.log(4)), pytest.approx(math.log(4)))
    assert all(map(math.isnan, mean_bounds(columns_of(unknown), 4)))


def test_rows_before_the_start_are_left_out() -> None:
    p = np.full(4, 0.25)
    columns = columns_of(row(p, 2, 0), row(p, 4, 0))
    found = entropy_bounds(columns, 4, start=1)
    assert len(found.low) == 1
    assert found.low[0] == pytest.approx(math.log(4))
