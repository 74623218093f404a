"""Drawing a token from a row of logits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kimidesk.engines.draw import draw, uniform
from kimidesk.records import Sampling
from kimikernels.token_stats.plain_draw import FIRST_LOOK

EXACT = Sampling(temperature=1.0, top_p=1.0)


def row(size: int, seed: int = 0, spread: float = 2.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, spread, size).astype(np.float32)


def kept(logits: np.ndarray, sampling: Sampling) -> tuple[np.ndarray, np.ndarray]:
    """Ids and probabilities that may be drawn, by the plainest way there is."""
    x = logits.astype(np.float64) / sampling.temperature
    order = np.argsort(-x, kind="stable")
    if sampling.top_k:
        order = order[: sampling.top_k]
    p = np.exp(x[order] - x.max())
    p /= p.sum()
    if sampling.top_p < 1:
        count = int(np.searchsorted(p.cumsum(), sampling.top_p)) + 1
        order, p = order[:count], p[:count]
    wide = p >= sampling.min_p * p[0]
    return order[wide], p[wide] / p[wide].sum()


@settings(max_examples=300, deadline=None)
@given(
    size=st.sampled_from([1, 7, 300, FIRST_LOOK * 20]),
    seed=st.integers(0, 1000),
    spread=st.sampled_from([0.01, 2.0, 10.0]),
    sampling=st.builds(
        Sampling,
        temperature=st.sampled_from([0.1, 0.6, 1.0, 3.0]),
        top_p=st.sampled_from([0.1, 0.5, 0.95, 1.0]),
        top_k=st.sampled_from([0, 1, 20, 1000]),
        min_p=st.sampled_from([0.0, 0.05, 1.0]),
    ),
    u=st.floats(0, 1, exclude_max=True),
)
def test_draws_what_a_plain_inverse_of_the_distribution_draws(size, seed, spread, sampling, u):
    logits = row(size, seed, spread)
    ids, p = kept(logits, sampling)
    edges = p.cumsum()

    drawn = draw(logits, sampling, u)

    place = ids.tolist().index(drawn)  # never a token that was cut off
    # In a flat row float32 makes equals of neighbours, which may then change places.
    slack = 1e-6 + (2 * p[place] if spread == 0.01 else 0)
    assert edges[place] - p[place] - slack <= u <= edges[place] + slack


def test_frequencies_are_the_probabilities_over_the_full_vocabulary():
    logits = row(1000, spread=1.0)
    p = np.exp(logits - logits.max()).astype(np.float64)
    p /= p.sum()
    count = 40_000

    drawn = [draw(logits, EXACT, uniform(3, position)) for position in range(count)]

    found = np.bincount(drawn, minlength=1000)
    chi2 = float(((found - count * p) ** 2 / (count * p)).sum())
    assert chi2 < 999 + 5 * np.sqrt(2 * 999)


def test_greedy_takes_the_most_likely_and_the_first_of_equals():
    assert draw(np.array([0, 3, 1, 3], np.float32), Sampling(temperature=0), 0.99) == 1


def test_the_ends_of_the_unit_interval_are_drawn_from():
    logits = np.array([0.0, -np.inf, 1.0, -np.inf], np.float32)

    assert draw(logits, EXACT, 0.0) == 2
    assert draw(logits, EXACT, 1 - 2.0**-53) == 0  # never the impossible ones


@pytest.mark.parametrize("temperature", [1e-40, 1e-5])
def test_a_tiny_temperature_is_greedy(temperature):
    logits = np.array([-3.0, 8.0, 7.9, -np.inf], np.float32)

    assert draw(logits, Sampling(temperature=temperature), 0.999) == 1


def test_a_repetition_penalty_divides_positive_and_multiplies_negative_logits():
    logits = np.array([2.0, 1.5, -1.0, -1.5], np.float32)
    greedy = Sampling(temperature=0, repetition_penalty=2.0)

    assert draw(logits, greedy, 0.0, np.array([0])) == 1
    assert draw(logits[2:], greedy, 0.0, np.array([0])) == 1
    assert logits[0] == 2.0  # the row itself is left alone


def test_uniform_is_the_same_on_every_machine():
    assert [uniform(0, 0), uniform(0, 1), uniform(1, 0), uniform(-1, 10**12)] == PUBLISHED


PUBLISHED: list[float] = [
    0.8833108082136426,
    0.43152799704850997,
    0.7497482413580301,
    0.7543131608899146,
]


def test_uniform_numbers_look_uniform_along_positions_and_along_seeds():
    along = np.array([uniform(42, position) for position in range(20_000)])
    across = np.array([uniform(seed, 42) for seed in range(20_000)])

    for numbers in (along, across):
        counts = np.histogram(numbers, 100, (0, 1))[0]
        assert float(((counts - 200) ** 2 / 200).sum()) < 99 + 5 * np.sqrt(2 * 99)
        assert abs(np.corrcoef(numbers[1:], numbers[:-1])[0, 1]) < 0.03
