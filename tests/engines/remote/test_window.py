"""How many requests a server is sent at once follows what it writes, and what it refuses."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.engines.remote.window import FIRST, Window


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Server:
    """Writes `each` tokens a second for a request, up to `batch` of them; more only wait."""

    batch: int
    each: float = 10.0
    refuses: int = 10**6  # at once, beyond which it answers 429

    def go(self, window: Window, clock: Clock, seconds: float) -> None:
        """Answers of a hundred tokens, one round after another, as many as the window allows."""
        end = clock.now + seconds
        while clock.now < end:
            under_way = window.size
            window.sent(under_way)
            if under_way > self.refuses:
                clock.now += 0.05
                window.refused()
                continue
            clock.now += 100 / self.each * max(1.0, under_way / self.batch)
            for _ in range(under_way):
                window.wrote(100)
                window.answered()


def test_what_is_asked_for_is_sent_at_once_where_nothing_is_to_be_found_out():
    assert Window(64).size == 64


@pytest.mark.parametrize("batch", [4, 16, 64, 200])
def test_a_server_gets_about_as_many_as_it_works_on(batch: int):
    clock = Clock()
    window = Window(256, FIRST, clock)
    Server(batch).go(window, clock, 3_000)
    assert 0.8 * min(batch, 256) <= window.size
    assert window.size <= max(3 * batch, FIRST + 1)


def test_it_is_wide_soon():
    clock = Clock()
    window = Window(256, FIRST, clock)
    Server(1_000).go(window, clock, 60)
    assert window.size == 256


def test_a_server_that_refuses_gets_half_and_then_slowly_more():
    clock = Clock()
    window = Window(256, FIRST, clock)
    Server(1_000, refuses=40).go(window, clock, 60)
    assert window.size <= 41
    Server(1_000, refuses=40).go(window, clock, 1_000)
    assert 15 <= window.size <= 41


def test_refusals_at_the_same_time_are_one():
    clock = Clock(100.0)
    window = Window(64, 64, clock)
    for _ in range(30):
        window.refused()
    assert window.size == 32


def test_a_window_that_was_never_full_is_not_judged():
    clock = Clock()
    window = Window(256, FIRST, clock)
    for _ in range(100):
        window.sent(1)
        window.wrote(10)
        clock.now += 1
        window.answered()
    assert window.size == FIRST


@given(
    most=st.integers(1, 300),
    first=st.integers(0, 300),
    happenings=st.lists(st.tuples(st.sampled_from("waros"), st.floats(0, 5)), max_size=300),
)
def test_it_stays_within_its_bounds(most: int, first: int, happenings: list[tuple[str, float]]):
    clock = Clock()
    window = Window(most, first, clock)
    for what, seconds in happenings:
        clock.now += seconds
        {
            "w": lambda: window.wrote(7),
            "a": window.answered,
            "r": window.refused,
            "o": lambda: window.sent(window.size),
            "s": lambda: window.sent(1),
        }[what]()
        assert 1 <= window.size <= most
