"""How far two distributions part, from all of them and from what columns tell."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from kimidesk.reading.divergence import log_softmax, of_columns, of_rows
from kimidesk.records import Token, TokenColumns

WIDE = 60


def rows_of(seed: int, spread: float, noise: float) -> tuple[NDArray[np.float64], ...]:
    random = np.random.default_rng(seed)
    logits = random.normal(0, spread, (5, WIDE))
    other = logits + random.normal(0, noise, (5, WIDE))
    return log_softmax(logits.astype(np.float32)), log_softmax(other.astype(np.float32))


def columns_of(rows: NDArray[np.float64], ids: list[int], k: int = 20) -> TokenColumns:
    columns = TokenColumns()
    for row, id_ in zip(rows, ids, strict=True):
        order = np.argsort(-row, kind="stable")[:k]
        entropy = float(-(np.exp(row) * row).sum())
        rank = int((row > row[id_]).sum()) + 1
        told = row[order].astype(np.float32)
        columns.append(Token(id_, float(row[id_]), entropy, rank, order.astype(np.int32), told))
    return columns


@given(
    seed=st.integers(0, 10**6),
    spread=st.floats(0.1, 8),
    noise=st.floats(0, 3),
    came=st.lists(st.integers(0, WIDE - 1), min_size=5, max_size=5),
)
def test_what_rivals_tell_never_passes_the_true_divergence(seed, spread, noise, came):
    one, two = rows_of(seed, spread, noise)

    exact = of_rows(one, two, came)
    told = of_columns(columns_of(one, came), columns_of(two, came))

    assert (told.kl <= exact.kl + 1e-5).all()
    assert (told.largest <= exact.largest + 1e-5).all()
    assert told.came == pytest.approx(exact.came, abs=1e-5)
    assert told.entropy == pytest.approx(exact.entropy, abs=1e-5)
    assert (told.same_best == exact.same_best).all()
    assert exact.exact
    assert not told.exact


def test_the_bound_is_close_where_the_rivals_hold_nearly_all():
    one, two = rows_of(1, 6, 0.3)

    exact = of_rows(one, two, [0] * 5)
    told = of_columns(columns_of(one, [0] * 5), columns_of(two, [0] * 5))

    assert told.told.min() > 0.9
    assert told.kl == pytest.approx(exact.kl, rel=0.1)


def test_two_coins_part_by_hand():
    one, two = np.log([[0.5, 0.5]]), np.log([[0.25, 0.75]])
    by_hand = 0.5 * math.log(2) + 0.5 * math.log(0.5 / 0.75)

    assert of_rows(one, two, [0]).kl == pytest.approx([by_hand])
    told = of_columns(columns_of(one, [0], k=2), columns_of(two, [0], k=2))
    assert told.kl == pytest.approx([by_hand], abs=1e-6)
    assert told.came == pytest.approx([math.log(2)])
    assert told.told == pytest.approx([1])


def test_a_trace_parts_from_itself_by_nothing():
    one, _ = rows_of(2, 3, 0)
    columns = columns_of(one, [59] * 5)

    told = of_columns(columns, columns)

    assert told.kl.max() == 0
    assert told.largest.max() == 0
    assert told.same_best.all()


def test_rows_of_which_one_side_knows_nothing_are_left_out():
    one, two = rows_of(3, 3, 1)
    columns = columns_of(one, [1] * 5)
    blind = TokenColumns()
    nothing = np.empty(0, np.int32), np.empty(0, np.float32)
    blind.append(Token(1, math.nan, math.nan, 0, *nothing))
    blind.extend(columns_of(two[1:], [1] * 4))

    assert len(of_columns(columns, blind)) == 4


def test_traces_of_other_tokens_are_not_compared():
    one, two = rows_of(4, 3, 1)

    with pytest.raises(ValueError, match="same tokens"):
        of_columns(columns_of(one, [1] * 5), columns_of(two, [2] * 5))
