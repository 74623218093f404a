"""One text as two vocabularies cut it."""

import math

import numpy as np
import pytest

from kimidesk.reading.surprisal import stretches


def f32(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_stretches_end_where_both_cut():
    # "to|day| is" against "today| |is"
    told = stretches([2, 5, 8], f32(-1, -2, -3), [5, 6, 8], f32(-1, -0.5, -0.5))

    assert told.end.tolist() == [5, 8]
    assert told.one.tolist() == [-3, -3]
    assert told.two.tolist() == [-1, -1]
    assert told.apart.tolist() == [-2, -2]


def test_a_token_without_width_belongs_to_what_ends_there():
    told = stretches([1, 1, 2], f32(-1, -2, -4), [1, 2], f32(-1, -1))

    assert told.one.tolist() == [-3, -4]


def test_what_one_does_not_know_is_not_told():
    told = stretches([1, 2], f32(math.nan, -2), [1, 2], f32(-1, -1))

    assert math.isnan(told.apart[0])
    assert told.apart[1] == pytest.approx(-1)
    assert len(stretches([], f32(), [1], f32(-1)).end) == 0
