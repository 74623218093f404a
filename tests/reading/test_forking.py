"""Forking tokens: the fifth of the drawn tokens that could most easily have been others."""

import numpy as np

from kimidesk.reading.forking import forking


def test_the_fifth_of_highest_entropy_forks():
    entropy = np.arange(10, dtype=np.float32)

    assert np.flatnonzero(forking(entropy, np.zeros(10, bool))).tolist() == [8, 9]


def test_forced_tokens_were_no_choice():
    entropy = np.arange(10, dtype=np.float32)
    forced = np.zeros(10, bool)
    forced[8:] = True

    assert np.flatnonzero(forking(entropy, forced)).tolist() == [6, 7]


def test_what_is_not_known_does_not_fork():
    assert not forking(np.full(5, np.nan, np.float32), np.zeros(5, bool)).any()
    assert not forking(np.zeros(0, np.float32), np.zeros(0, bool)).any()


def test_of_equal_entropies_none_stands_out():
    assert not forking(np.full(5, 0.7, np.float32), np.zeros(5, bool)).any()
