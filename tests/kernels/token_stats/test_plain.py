"""Statistics of a row against float64."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kimikernels.token_stats import reference
from kimikernels.token_stats.plain import STRIPE, largest, logprob_of, rank_of, token_stats

VOCABULARIES = (1, 2, 19, 20, 21, STRIPE * 40 - 1, STRIPE * 40, STRIPE * 40 + 1, 49_152, 262_144)


def rows(size: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(size)
    plain = chance.normal(0, 3, size)
    holes = np.where(chance.random(size) < 0.5, -np.inf, plain)
    holes[size // 2] = 1.0
    one_hot = np.full(size, -np.inf)
    one_hot[size // 3] = 2.0
    nearly = np.full(size, -30.0)
    nearly[-1] = 20.0
    return {
        "normal": plain,
        "peaked": chance.normal(0, 30, size),
        "flat": chance.normal(0, 1e-3, size),
        "equal": np.zeros(size),
        "far from zero": plain + 1000,
        "with -inf": holes,
        "one-hot": one_hot,
        "nearly one-hot": nearly,
    }


@pytest.mark.parametrize("size", VOCABULARIES)
def test_entropy_and_log_z_keep_six_digits(size):
    for name, row in rows(size).items():
        row = row.astype(np.float32)
        expected = reference.token_stats(row)

        stats = token_stats(row)

        assert stats.entropy == pytest.approx(expected.entropy, rel=1e-6, abs=0), name
        assert stats.log_z == pytest.approx(expected.log_z, rel=1e-6, abs=1e-6), name


@pytest.mark.parametrize("size", VOCABULARIES)
def test_the_most_likely_come_sorted_with_ties_by_id(size):
    for name, row in rows(size).items():
        row = row.astype(np.float32)
        expected = reference.token_stats(row)

        stats = token_stats(row, k=20)

        assert stats.top_id.tolist() == expected.order[:20].tolist(), name
        np.testing.assert_allclose(
            stats.top_logprob, expected.logprob[expected.order[:20]], rtol=1e-6, atol=1e-6
        )


@pytest.mark.parametrize("size", [1, 21, 5000])
def test_a_target_gets_its_logprob_and_rank(size):
    for row in rows(size).values():
        row = row.astype(np.float32)
        expected = reference.token_stats(row)
        for target in {0, size // 2, size - 1}:
            stats = token_stats(row, target)

            assert stats.rank == expected.order.tolist().index(target) + 1
            assert stats.logprob == pytest.approx(expected.logprob[target], rel=1e-6, abs=2e-6)


@settings(max_examples=200, deadline=None)
@given(
    arrays.arrays(
        np.float32,
        st.integers(1, 300),
        elements=st.floats(-60, 60, width=32) | st.sampled_from([float("-inf"), 0.0, 1.0]),
    ).filter(lambda row: np.isfinite(row.max()))
)
def test_any_row_agrees_with_float64(row):
    expected = reference.token_stats(row)

    stats = token_stats(row)

    assert stats.entropy == pytest.approx(expected.entropy, rel=1e-6, abs=1e-9)
    assert stats.log_z == pytest.approx(expected.log_z, rel=1e-6, abs=1e-6)
    assert stats.top_id.tolist() == expected.order[:20].tolist()
    ranks = [rank_of(row, stats, id_) for id_ in expected.order]
    assert ranks == list(range(1, len(row) + 1))


@given(st.integers(1, 3000), st.integers(1, 100), st.integers(0, 2**32 - 1), st.integers(1, 50))
def test_largest_is_a_stable_sort_cut_off(size, k, seed, levels):
    row = np.random.default_rng(seed).integers(0, levels, size).astype(np.float32)

    found = largest(row, k)

    assert found.tolist() == np.argsort(-row, kind="stable")[:k].tolist()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (np.array([1, np.nan, 2], np.float32), "largest logit is nan"),
        (np.array([1, np.inf], np.float32), "largest logit is inf"),
        (np.full(100, -np.inf, np.float32), "largest logit is -inf"),
        (np.zeros(0, np.float32), "shape"),
        (np.zeros((2, 2), np.float32), "shape"),
        (np.zeros(4, np.float64), "float64"),
    ],
)
def test_a_broken_row_is_an_error_and_never_a_number(row, message):
    with pytest.raises(ValueError, match=message):
        token_stats(row)


def test_the_row_is_not_changed():
    row = rows(5000)["normal"].astype(np.float32)
    before = row.copy()

    token_stats(row, 7)

    assert (row == before).all()


@pytest.mark.parametrize("token", [-1, 3])
def test_a_target_outside_the_row_is_an_error(token):
    row = np.zeros(3, np.float32)
    stats = token_stats(row)

    with pytest.raises(ValueError, match="outside the row of 3"):
        logprob_of(row, stats, token)
