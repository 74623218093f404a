"""A tally tells what samples amount to, and how sure that is."""

import random
import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from kimidesk.grading import bootstrap
from kimidesk.grading.gathered import answer_class, gather
from kimidesk.grading.tally import Tally, tally
from kimidesk.records import Ended, SampleStatus
from kimidesk.records.share import wilson
from tests.grading.sampled import sample


def test_nothing_is_told_of_nothing():
    assert tally([]) == Tally()


def test_single_samples_have_wilsons_interval():
    told = tally(sample(n, right=n % 2 == 0) for n in range(30))

    assert (told.accuracy, told.interval) == (0.5, wilson(15, 30))
    assert 0.16 < told.interval[1] - 0.5 < 0.17
    assert (told.pass_at, told.maj_at, told.repeats) == ({}, {}, 1)


def test_repeats_do_not_make_a_run_sure_of_other_problems():
    """AIME: 30 problems, 64 repeats. Each problem has its own chance, from 0 to 1."""
    draw = random.Random(5)
    samples = [
        sample(n, r, right=draw.random() < chance)
        for n in range(30)
        for chance in [draw.betavariate(0.8, 0.8)]
        for r in range(64)
    ]

    told = tally(samples)

    assert 0.05 < told.standard_error < 0.075  # independent samples would have 0.011
    low, high = told.interval
    assert 0.09 < (high - low) / 2 < 0.15
    assert told.pass_at[1] == pytest.approx(told.accuracy)
    assert told.pass_at[64] >= told.maj_at[64] >= told.pass_all[64]
    assert list(told.pass_all) == list(range(1, 65))


def test_the_order_changes_nothing_and_of_one_key_the_last_counts():
    samples = [sample(n, r, right=(n + r) % 3 > 0) for n in range(9) for r in range(3)]
    shuffled = random.Random(1).sample(samples, len(samples))

    assert tally(shuffled) == tally(samples)
    again = replace(samples[0], verdict=samples[1].verdict)
    assert tally([*samples, again]).right == tally(samples).right + 1


def test_every_way_to_finish_is_counted():
    samples = [
        sample(0),
        sample(1, right=None),
        sample(2, right=None, answer="", ended=Ended.BUDGET),
        replace(sample(3, right=None), answer=None, ended=Ended.BUDGET),
        sample(4, right=None, ended=Ended.LOOP),
        sample(5, right=None, refused=True),
        sample(6, status=SampleStatus.FAILED, verdict=None, error="gone"),
    ]

    told = tally(samples)

    assert told.finish == {
        "stop": 1, "length": 1, "unfinished thought": 1, "no answer": 1, "error": 1,
        "refused": 1, "loop": 1,
    }  # fmt: skip
    assert (told.failed, told.graded, told.loops) == (1, 6, 1)
    assert told.accuracy == 1 / 6
    assert (told.finished, told.accuracy_finished) == (3, 1 / 3)
    assert told.truncated == 2 / 6


def test_a_forced_curve_is_no_part_of_the_run():
    assert tally([sample(0), sample(0, right=False, cut=50)]).accuracy == 1


def test_answers_vote_by_what_they_mean():
    same = ["1/2", "0.5", r"\frac{1}{2}", r"$\dfrac12$"]
    assert len({answer_class(each) for each in same}) == 1
    assert answer_class("0.51") != answer_class("0.5")
    assert answer_class("") == 0
    assert answer_class("9^{9^{9^9}}") == answer_class("9^{9^{9^9}}")


def test_a_majority_is_counted_over_equal_answers():
    wrong = [sample(0, r, right=False, answer=text) for r, text in enumerate(["1/2", "0.5", "7"])]
    right = [sample(0, r, answer=text) for r, text in enumerate(["4", "4.0"], start=3)]
    told = tally([*wrong, *right])

    assert told.consensus == 0.5  # two against two: shared
    assert told.maj_at[1] == pytest.approx(2 / 5)
    surer = [replace(each, mean_logprob=-0.1) for each in right]
    assert tally([*wrong, *surer]).consensus_weighted == 1


def test_tokens_are_told_of_right_and_wrong():
    told = tally([sample(0, tokens=10), sample(1, right=False, tokens=30, answer_tokens=5)])

    assert (told.tokens_right["mean"], told.tokens_wrong["mean"]) == (10, 35)
    assert told.tokens_per_right == 45


def test_subjects_and_levels_have_intervals_of_their_own():
    told = tally(
        sample(n, right=n > 2, subject="代数" if n % 2 else "Geometry", level="5") for n in range(6)
    )

    assert (told.subjects["代数"].right, told.subjects["代数"].graded) == (2, 3)
    assert told.subjects["Geometry"].interval == wilson(1, 3)
    assert list(told.levels) == ["5"]


def test_all_right_with_repeats_is_not_called_sure():
    told = tally(sample(n, r) for n in range(10) for r in range(4))

    assert told.interval == wilson(10, 10)


def test_the_bootstrap_agrees_with_the_formula():
    draw = np.random.default_rng(3)
    right = draw.binomial(8, draw.random(200)).astype(float)
    total = np.full(200, 8.0)

    low, high = bootstrap.clustered(right, total)

    error = bootstrap.clustered_error(right, total)
    assert (high - low) / (2 * 1.96) == pytest.approx(error, rel=0.05)


@pytest.mark.slow
def test_a_hundred_thousand_samples_are_counted_in_ten_seconds_and_200_megabytes():
    text = "x" * 5_000
    samples = (
        sample(n, r, right=(n * r) % 3 == 0, answer=str(n * r % 7), thinking=text + str(n))
        for n in range(25_000)
        for r in range(4)
    )
    begun = time.monotonic()
    tally(samples)
    assert time.monotonic() - begun < 10
    tracemalloc.start()
    gather(sample(n, thinking=text + str(n)) for n in range(10_000))
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()
