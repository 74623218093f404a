"""Rows measured where they are agree with rows measured on the CPU."""

from collections import deque

import numpy as np
import pytest
import torch

from kimidesk.engines.mind import Mind
from kimidesk.engines.pytorch.looking import looks, looks_there, rated, rated_there
from kimidesk.engines.slot import Slot
from kimidesk.records import Attempt, Budget, Dialect, Sampling

pytestmark = pytest.mark.slow  # every architecture, once a landing


def slots(count):
    ways = [
        Sampling(0),
        Sampling(1.0, top_p=0.9),
        Sampling(0.7, top_k=5),
        Sampling(1.0, min_p=0.1),
        Sampling(0, repetition_penalty=1.3),
    ]
    return [
        Slot(
            Attempt(f"{n}", (), ways[n % len(ways)], seed=n - 3),
            list(range(n + 1)),
            Mind(Budget(), Dialect()),
            deque(),
        )
        for n in range(count)
    ]


def logits(rows, size=300):
    chance = np.random.default_rng(rows)
    return torch.from_numpy(chance.normal(0, 3, (rows, size)).astype(np.float32))


@pytest.mark.parametrize("token", [None, 7])
def test_traces_look_alike_on_both_ways(token):
    rows, traces = logits(10), slots(10)

    here, there = looks(rows, traces, 1), looks_there(rows, traces)

    for a, b in zip(here, there, strict=True):
        one, other = a(token), b(token)
        assert (one.token, one.rank) == (other.token, other.rank)
        assert one.logprob == pytest.approx(other.logprob, abs=1e-5)
        assert one.entropy == pytest.approx(other.entropy, abs=1e-5)
        assert one.top_id.tolist() == other.top_id.tolist()


def test_given_tokens_are_rated_alike_on_both_ways():
    rows, targets = logits(9), np.arange(9) * 11

    here, there = rated(rows, targets, 1), rated_there(rows, targets)

    assert here.rank.tolist() == there.rank.tolist()
    assert there.token.tolist() == targets.tolist()
    np.testing.assert_allclose(here.logprob, there.logprob, atol=1e-5)


def test_a_broken_row_is_refused_and_its_neighbours_are_not():
    rows, traces = logits(3), slots(3)
    rows[1, 5] = float("nan")

    for way in (looks(rows, traces, 1), looks_there(rows, traces)):
        assert way[0](None).token >= 0
        assert way[2](None).token >= 0
        with pytest.raises(ValueError):
            way[1](None)
    with pytest.raises(ValueError):
        rated_there(rows, np.zeros(3, np.int64))
