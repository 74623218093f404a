"""Statistics of a row against float64."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kimikernels.token_stats import Rule, reference
from kimikernels.token_stats.plain_order import STRIPE, largest

# The fixture only names an implementation: nothing is left over from one example to the next.
same = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
BLOCK, PART = 2048, 256  # of row.h
SIZES = (1, 2, 19, 20, 21, PART, PART + 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 49_152, 262_144)
NONE = float("-inf")


def rows(size: int) -> dict[str, np.ndarray]:
    chance = np.random.default_rng(size)
    plain = chance.normal(0, 3, size)
    holes = np.where(chance.random(size) < 0.5, NONE, plain)
    holes[size // 2] = 1.0
    one_hot = np.full(size, NONE)
    one_hot[size // 3] = 2.0
    nearly = np.full(size, -30.0)
    nearly[-1] = 20.0
    allowed = np.full(size, NONE)
    allowed[:: size // 3 + 1] = -35.7
    allowed[0] = 5.1
    far = plain - 40.3
    far[size // 2] = 7.7
    steps = np.floor(plain)
    # Equal small terms beside a weight of 1 are all rounded the same way.
    towers = np.full(size, -9.3)
    towers[::BLOCK] = -0.4
    pair = np.full(size, -8.9)
    pair[5:8:2] = 0.3
    return {
        "normal": plain,
        "peaked": chance.normal(0, 30, size),
        "flat": chance.normal(0, 1e-3, size),
        "equal": np.zeros(size),
        "equal and lowest": np.full(size, -3e38),
        "far from zero": plain + 1000,
        "enormous": chance.choice([-1e4, 1e4], size),
        "widest": chance.choice([-1.5e38, 1.5e38], size),
        "with -inf": holes,
        "one-hot": one_hot,
        "nearly one-hot": nearly,
        "few allowed": allowed,
        "a far peak": far,
        "many equals": steps,
        "a peak a block over a flat floor": towers,
        "two peaks over a flat floor": pair,
    }


@pytest.mark.parametrize("size", SIZES)
def test_entropy_and_log_z_keep_six_digits(stats, size):
    for name, row in rows(size).items():
        row = row.astype(np.float32)
        expected = reference.token_stats(row)

        found = stats.token_stats(row)

        assert found.entropy == pytest.approx(expected.entropy, rel=1e-6, abs=1e-300), name
        assert found.log_z == pytest.approx(expected.log_z, rel=1e-6, abs=1e-6), name


@pytest.mark.parametrize("size", SIZES)
def test_the_most_likely_come_sorted_with_ties_by_id(stats, size):
    for name, row in rows(size).items():
        row = row.astype(np.float32)
        expected = reference.token_stats(row)
        for k in (0, 1, 20, 300):
            found = stats.token_stats(row, k=k)

            assert found.top_id.tolist() == expected.order[:k].tolist(), name
            np.testing.assert_allclose(
                found.top_logprob, expected.logprob[expected.order[:k]], rtol=1e-6, atol=1e-6
            )


@pytest.mark.parametrize("size", [1, 21, 300, 5000])
def test_a_target_gets_its_logprob_and_rank(stats, size):
    for row in rows(size).values():
        row = row.astype(np.float32)
        expected = reference.token_stats(row)
        for target in {0, size // 3, size // 2, size - 1}:
            found = stats.token_stats(row, target)

            assert found.token == target
            assert found.rank == expected.order.tolist().index(target) + 1
            assert found.logprob == pytest.approx(expected.logprob[target], rel=1e-6, abs=2e-6)


@same
@given(
    arrays.arrays(
        np.float32,
        st.integers(1, 600),
        elements=st.floats(-60, 60, width=32) | st.sampled_from([NONE, 0.0, 1.0]),
    ).filter(lambda row: np.isfinite(row.max()))
)
def test_any_row_agrees_with_float64(stats, row):
    expected = reference.token_stats(row)

    found = stats.token_stats(row)

    assert found.entropy == pytest.approx(expected.entropy, rel=1e-6, abs=1e-300)
    assert found.log_z == pytest.approx(expected.log_z, rel=1e-6, abs=1e-6)
    assert found.top_id.tolist() == expected.order[:20].tolist()
    ids = expected.order[:: max(len(row) // 10, 1)]
    ranks = [stats.token_stats(row, int(id_)).rank for id_ in ids]
    assert ranks == list(range(1, len(row) + 1, max(len(row) // 10, 1)))


@same
@given(st.integers(1, 6000), st.integers(1, 400), st.integers(0, 2**32 - 1), st.integers(1, 50))
def test_equals_come_by_id_however_many(stats, size, k, seed, levels):
    row = np.random.default_rng(seed).integers(0, levels, size).astype(np.float32)

    found = stats.token_stats(row, k=k)

    assert found.top_id.tolist() == np.argsort(-row, kind="stable")[:k].tolist()


@given(st.integers(1, 3000), st.integers(1, 100), st.integers(0, 2**32 - 1), st.integers(1, 50))
def test_largest_is_a_stable_sort_cut_off(size, k, seed, levels):
    row = np.random.default_rng(seed).integers(0, levels, size).astype(np.float32)

    found = largest(row, k)

    assert found.tolist() == np.argsort(-row, kind="stable")[:k].tolist()
    assert STRIPE > 1


BROKEN = [
    (np.array([1, np.nan, 2], np.float32), "logit 1 of 3 is nan"),
    (np.array([NONE, NONE, np.nan], np.float32), "logit 2 of 3 is nan"),
    (np.array([1, np.inf], np.float32), "logit 1 of 2 is inf"),
    (np.full(100, NONE, np.float32), "all 100 logits are -inf"),
    (np.zeros(0, np.float32), "shape"),
    (np.zeros((2, 2), np.float32), "shape"),
    (np.zeros(4, np.float64), "float64"),
    (np.zeros(8, np.float32)[::2], "contiguous"),
]


@pytest.mark.parametrize(("row", "message"), BROKEN)
def test_a_broken_row_is_an_error_and_never_a_number(stats, row, message):
    with pytest.raises(ValueError, match=message):
        stats.token_stats(row)


@pytest.mark.parametrize("bits", [0x7FFFFFFF, 0xFFFFFFFF, 0x7F800001, 0x7FC00001, 0xFFC00001])
@pytest.mark.parametrize("base", [0.0, -np.inf])
@pytest.mark.parametrize("size", [1, 17, 257, 2049, 49_152])
@pytest.mark.parametrize("rule", [None, Rule(0.5), Rule(0.9, temperature=0.7, top_p=0.9)])
def test_a_nan_is_refused_whatever_its_other_bits_say(stats, bits, base, size, rule):
    row = np.full(size, base, np.float32)
    for place in {0, size // 2, size - 1}:
        broken = row.copy()
        broken.view(np.uint32)[place] = bits
        with pytest.raises(ValueError, match=f"logit {place} of {size} is nan"):
            stats.token_stats(broken, rule=rule)


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("rest", [0.0, NONE])
def test_one_broken_logit_is_found_wherever_it_lies(stats, value, rest):
    for size in (1, 7, 300, 2048, 5001):
        for place in {0, size // 2, size - 1}:
            row = np.full(size, rest, np.float32)
            row[place] = value
            with pytest.raises(ValueError, match=f"logit {place} of {size}"):
                stats.token_stats(row)


def test_the_row_is_not_changed(stats):
    row = rows(5000)["normal"].astype(np.float32)
    before = row.copy()

    stats.token_stats(row, 7)

    assert (row == before).all()


@pytest.mark.parametrize("token", [-1, 3])
def test_a_target_outside_the_row_is_an_error(stats, token):
    with pytest.raises(ValueError, match="outside the row of 3"):
        stats.token_stats(np.zeros(3, np.float32), token)


def test_fewer_than_no_rivals_is_an_error(stats):
    with pytest.raises(ValueError, match="k is -1; it must be 0 or more"):
        stats.token_stats(np.zeros(3, np.float32), k=-1)
    with pytest.raises(ValueError, match="k is -1"):
        stats.batch_token_stats(np.zeros((2, 3), np.float32), k=-1)


def test_the_same_row_gives_the_same_bits(stats):
    row = rows(49_152)["normal"].astype(np.float32)

    first, again = stats.token_stats(row, 3), stats.token_stats(row.copy(), 3)

    assert first.log_z == again.log_z
    assert first.entropy == again.entropy
    assert first.top_logprob.tobytes() == again.top_logprob.tobytes()


@pytest.mark.parametrize("k", [0, 1, 20])
def test_a_row_near_one_hot_keeps_its_entropy_however_few_rivals_are_asked_for(stats, k):
    for values in rows(49_152).values():
        row = values.astype(np.float32)
        truth = reference.token_stats(row).entropy
        assert stats.token_stats(row, k=k).entropy == pytest.approx(truth, rel=1e-6)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"target": 1.0}, "token is 1.0"),
        ({"target": True}, "token is True"),
        ({"k": 2.0}, "k is 2.0"),
        ({"k": True}, "k is True"),
        ({"rule": Rule(0.5, top_k=3.0)}, "top_k is 3.0"),
        ({"rule": Rule(0.5, top_k=True)}, "top_k is True"),
    ],
)
def test_what_is_no_whole_number_is_refused(stats, arguments, name):
    with pytest.raises(ValueError, match=name):
        stats.token_stats(np.zeros(5, np.float32), **arguments)


@pytest.mark.parametrize("logits", [[0.0, 1.0], np.ma.zeros(3, np.float32), None])
def test_what_is_no_plain_array_is_refused(stats, logits):
    with pytest.raises(ValueError, match="plain numpy array"):
        stats.token_stats(logits)


@pytest.mark.parametrize("top_k", [2**62, 2**63, 2**64 + 1, 2**70])
def test_a_top_k_beyond_the_row_keeps_it_all(stats, top_k):
    row = np.zeros(1000, np.float32)

    assert stats.token_stats(row, rule=Rule(0.999, top_k=top_k)).token == 999
