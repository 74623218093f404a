"""Drawing in the same look: what a plain inverse of the distribution in float64 draws."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kimikernels.token_stats import Rule, reference

same = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@same
@given(
    st.sampled_from([1, 2, 20, 21, 255, 257, 3000, 6000]),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.1, 3.0, 20.0]),
    st.sampled_from([0.01, 0.3, 0.6, 1.0, 1.7, 50.0]),
    st.sampled_from([0, 1, 5, 300]),
    st.sampled_from([1e-9, 0.1, 0.5, 0.95, 1.0]),
    st.sampled_from([0.0, 0.05, 1.0]),
    st.floats(0, 1, exclude_max=True),
)
def test_it_draws_what_sorting_everything_would_draw(
    stats, size, seed, spread, temperature, top_k, top_p, min_p, u
):
    row = (np.random.default_rng(seed).normal(0, spread, size)).astype(np.float32)
    rule = Rule(u, temperature, top_k, top_p, min_p)

    found = stats.token_stats(row, rule=rule)

    order = reference.token_stats(row).order.tolist()
    near = [
        order.index(reference.draw(row, rule._replace(uniform=v, top_p=p, min_p=m))) + 1
        for v in beside(u)
        for p in beside(top_p)
        for m in beside(min_p)
    ]
    assert min(near) <= found.rank <= max(near)
    assert order[found.rank - 1] == found.token


def beside(u: float) -> tuple[float, ...]:
    """Rounding may move a boundary by so much; 1 draws the last that has any weight."""
    return (u, min(u + 3e-6, 1.0), max(u - 3e-6, 0.0))


def test_temperature_0_takes_the_first_of_the_most_likely(stats):
    row = np.array([1, 3, 2, 3], np.float32)

    assert stats.token_stats(row, rule=Rule(0.999, temperature=0)).token == 1


@pytest.mark.parametrize("temperature", [1e-300, 1e-40, 1e-9])
def test_a_tiny_temperature_is_greedy(stats, temperature):
    row = np.random.default_rng(1).normal(0, 3, 500).astype(np.float32)

    found = stats.token_stats(row, rule=Rule(0.999, temperature=temperature))

    assert found.token == row.argmax()


def test_a_masked_token_is_never_drawn(stats):
    row = np.full(5000, -np.inf, np.float32)
    row[[3, 4000]] = 1.0, 1.0

    tokens = {stats.token_stats(row, rule=Rule(u)).token for u in np.linspace(0, 1, 50, False)}

    assert tokens == {3, 4000}


def test_a_flat_row_is_drawn_from_evenly(stats):
    row = np.zeros(10_000, np.float32)

    tokens = [stats.token_stats(row, rule=Rule((i + 0.5) / 100)).token for i in range(100)]

    np.testing.assert_allclose(tokens, np.arange(100) * 100 + 50, atol=1)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(1.0),
        Rule(-0.1),
        Rule(0.5, temperature=-1),
        Rule(0.5, temperature=1e31),
        Rule(0.5, top_k=-1),
        Rule(0.5, top_p=1.5),
        Rule(0.5, top_p=0),
        Rule(0.5, min_p=float("nan")),
    ],
)
def test_numbers_that_are_no_rule_are_refused(stats, rule):
    with pytest.raises(ValueError, match="uniform must be"):
        stats.token_stats(np.zeros(5, np.float32), rule=rule)
