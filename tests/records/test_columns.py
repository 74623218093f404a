"""Token columns grow and never change what they hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kimidesk.records import FIELDS, WIDE, Token, TokenColumns


def token(id_: int, rivals: int = 20, **values: float) -> Token:
    return Token(
        id=id_,
        logprob=values.get("logprob", -0.5),
        entropy=values.get("entropy", 1.0),
        rank=1,
        rival_id=np.arange(rivals, dtype=np.int32),
        rival_logprob=-np.arange(rivals, dtype=np.float32),
    )


def columns(count: int) -> TokenColumns:
    made = TokenColumns()
    for id_ in range(count):
        made.append(token(id_, logprob=-id_ / 10))
    return made


@given(st.integers(0, 300))
def test_rows_stay_as_they_were_while_the_columns_grow(count: int):
    made = columns(count)

    assert made.id.tolist() == list(range(count))
    assert made.rival_id.shape == (count, 20)


@given(st.lists(st.integers(0, 90), max_size=5))
def test_extending_is_appending_every_row(lengths: list[int]):
    together = TokenColumns()
    for length in lengths:
        together.extend(columns(length))

    assert together.id.tolist() == [id_ for length in lengths for id_ in range(length)]


def test_missing_rivals_are_marked_and_surplus_ones_are_cut():
    made = TokenColumns(k=3)

    made.append(token(7, rivals=2))
    made.append(token(8, rivals=9))

    assert made.rival_id.tolist() == [[0, 1, -1], [0, 1, 2]]
    assert made.rival_logprob[0, 2] == -np.inf


def test_views_cannot_be_written():
    made = columns(2)

    with pytest.raises(ValueError, match="read-only"):
        made.logprob[0] = 0.0


def test_a_cut_is_a_copy():
    made = columns(5)
    part = made.cut(1, 3)

    part.append(token(99))

    assert part.id.tolist() == [1, 2, 99]
    assert made.id.tolist() == [0, 1, 2, 3, 4]


def test_arrays_of_unequal_length_are_refused():
    arrays = dict(columns(3).arrays())
    arrays["rank"] = arrays["rank"][:2]

    with pytest.raises(ValueError, match="rank has shape"):
        TokenColumns.of(arrays, 20)


def test_columns_with_another_number_of_rivals_are_refused():
    with pytest.raises(ValueError, match="20 rivals"):
        columns(1).extend(TokenColumns(k=3))


def test_a_128k_trace_takes_less_than_25_megabytes():
    made = TokenColumns(capacity=131_072)

    size = sum(values.base.nbytes for _, values in made.arrays() if values.base is not None)

    assert size < 25e6


class Shelf:
    """Keeps bytes by their place; takes no more than `room` parts."""

    def __init__(self, room: int = 1_000) -> None:
        self.parts: list[bytes] = []
        self.room = room

    def put(self, raw: bytes) -> int:
        if len(self.parts) == self.room:
            return -1
        self.parts.append(raw)
        return len(self.parts) - 1

    def get(self, at: int, size: int) -> bytes:
        assert len(self.parts[at]) == size
        return self.parts[at]


@settings(max_examples=30)
@given(
    st.lists(st.integers(0, 1_500), min_size=1, max_size=6),
    st.sampled_from([0, 1, 1_000]),
    st.data(),
)
def test_rivals_outside_memory_are_those_that_came(lengths, room, data):
    rng = np.random.default_rng(sum(lengths))
    inside, outside = TokenColumns(k=3), TokenColumns(k=3, spill=Shelf(room))
    for length in lengths:
        arrays = {
            name: rng.random((length, 3) if name in WIDE else length).astype(dtype)
            for name, dtype in FIELDS.items()
        }
        for columns in (inside, outside):
            columns.extend(TokenColumns.of(arrays, 3))
    total = len(inside)
    start = data.draw(st.integers(0, total))
    stop = data.draw(st.integers(start, total))

    for left, right in zip(inside.arrays(), outside.arrays(), strict=True):
        np.testing.assert_array_equal(left[1], right[1])
    for one, two in zip(inside.rivals(start, stop), outside.rivals(start, stop), strict=True):
        assert one.shape == two.shape == (stop - start, 3)
        np.testing.assert_array_equal(one, two)
    cut = outside.cut(start, stop)
    np.testing.assert_array_equal(cut.rival_id, inside.rival_id[start:stop])


def test_rows_that_are_appended_leave_memory_too():
    shelf = Shelf()
    columns = TokenColumns(k=2, spill=shelf)
    for row in range(2_500):
        columns.append(
            Token(row, -1.0, 0.5, 1, np.array([row, 1], np.int32), np.array([-1, -2], np.float32))
        )

    assert len(shelf.parts) == 1  # the last block and what has begun stay
    assert columns.rival_id[:, 0].tolist() == list(range(2_500))
