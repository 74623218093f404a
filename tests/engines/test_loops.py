"""Noticing that a trace repeats itself."""

from hypothesis import given
from hypothesis import strategies as st

from kimidesk.engines.loops import LENGTH, TIMES, WINDOW, Loops


def seen(tokens) -> list[int]:
    loops = Loops()
    return [place for place, token in enumerate(tokens) if loops.take(token)]


def test_a_run_that_comes_four_times_is_a_loop():
    run = list(range(LENGTH))

    assert seen(run * TIMES)[0] == LENGTH * TIMES - 1
    assert seen(run * (TIMES - 1)) == []


def test_runs_with_something_between_them_count_too():
    run = list(range(LENGTH))
    spaced = [token for n in range(TIMES) for token in [*run, 100 + n, 200 + n]]

    assert seen(spaced)


def test_what_lies_far_apart_is_no_loop():
    run = list(range(LENGTH))
    filler = [1000 + n for n in range(WINDOW)]

    assert seen([token for n in range(TIMES) for token in [*run, *filler]]) == []


@given(st.lists(st.integers(0, 3), max_size=120))
def test_it_agrees_with_counting(tokens):
    runs = [tuple(tokens[at : at + LENGTH]) for at in range(len(tokens) - LENGTH + 1)]
    expected = [
        at + LENGTH - 1 for at, run in enumerate(runs) if runs[: at + 1].count(run) >= TIMES
    ]

    assert seen(tokens) == expected
