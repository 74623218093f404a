"""Traces that come, grow, fork, repeat, are replayed, drawn again and dropped in any order.

Each is compared with itself alone on a fresh engine: to the last bit where it was evaluated as it
would be alone, else nearly, for a wrong cell of the memory is off by whole nats.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.errors import Refused
from kimidesk.records import Attempt, Ended, Given, Sampling, Token, Told
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.conftest import asked, grown

pytestmark = [pytest.mark.model, pytest.mark.slow]

ASKED = ("Name three colours.", "Name three rivers, please.", "Count: " + "1 2 3 4 5 6 7 8 " * 20)
LENGTH = 8  # tokens of each trace
NEAR = 0.4  # nats; read in chunks instead of one by one it is 0.2 at most
SLOTS = 3

Row = tuple[int, float, float, int]


def row_of(token: Token) -> Row:
    return token.id, token.logprob, token.entropy, token.rank


class AnyOrder(RuleBasedStateMachine):
    """What is expected of a trace is the trace alone, of which there are six."""

    gguf: ClassVar[Path]
    pool: ClassVar[int] = 0
    alone: ClassVar[dict[tuple[int, int], list[Row]]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.engine = self.opened(slots=SLOTS, pool=self.pool)
        self.number = 0
        self.exact: dict[str, bool] = {}
        self.expected: dict[str, list[Row]] = {}
        self.came: dict[str, list[Row]] = {}

    @classmethod
    def opened(cls, **options: Any) -> LlamaCpp:
        given = OpenCheckpoint(str(cls.gguf), context=384, threads=1, **options)
        return LlamaCpp(cls.gguf, given)

    @classmethod
    def whole(cls, which: int, seed: int) -> list[Row]:
        """A trace alone, made once."""
        if (which, seed) not in cls.alone:
            engine = cls.opened()
            made = grown(engine, cls.attempt("alone", which, seed))["alone"][0]
            cls.alone[which, seed] = [row_of(token) for token in made]
            engine.close()
        return cls.alone[which, seed]

    @staticmethod
    def attempt(trace: str, which: int, seed: int, **more: Any) -> Attempt:
        hot = Sampling(temperature=1.0)
        return asked(trace, ASKED[which], tokens=LENGTH, sampling=hot, seed=seed, **more)

    def begin(self, attempt: Attempt, expected: list[Row], *, exact: bool) -> None:
        if self.engine.live == SLOTS:
            with pytest.raises(Refused, match="slots are busy"):
                self.engine.add(attempt)
            return
        self.engine.add(attempt)
        self.exact[attempt.trace] = exact and not self.pool
        self.expected[attempt.trace] = expected
        self.came[attempt.trace] = []

    def named(self) -> str:
        self.number += 1
        return f"t{self.number}"

    @rule(which=st.integers(0, 2), seed=st.integers(0, 1))
    def ask(self, which: int, seed: int) -> None:
        self.begin(self.attempt(self.named(), which, seed), self.whole(which, seed), exact=True)

    @rule(which=st.integers(0, 2), seed=st.integers(0, 1), count=st.integers(1, LENGTH - 1))
    def draw_again(self, which: int, seed: int, count: int) -> None:
        whole = self.whole(which, seed)
        told = Told(tuple(row[0] for row in whole[:count]))
        attempt = self.attempt(self.named(), which, seed, told=told)
        self.begin(attempt, whole, exact=True)

    @rule(which=st.integers(0, 2), seed=st.integers(0, 1), at=st.integers(1, LENGTH - 2))
    def fork(self, which: int, seed: int, at: int) -> None:
        """What it holds of its parent may have been read as a prompt."""
        whole = self.whole(which, seed)
        ids = tuple(row[0] for row in whole[:at])
        attempt = self.attempt(self.named(), which, seed, prefix=ids)
        self.begin(attempt, whole[at:], exact=False)

    @rule(which=st.integers(0, 2), seed=st.integers(0, 1), singly=st.booleans())
    def replay(self, which: int, seed: int, singly: bool) -> None:
        whole = self.whole(which, seed)
        given = Given(ids=tuple(row[0] for row in whole), singly=singly)
        self.begin(self.attempt(self.named(), which, seed, given=given), whole, exact=singly)

    @rule(count=st.integers(1, 6))
    def step(self, count: int) -> None:
        for _ in range(count):
            self.take()

    @rule(chance=st.randoms(use_true_random=False))
    def drop(self, chance: Any) -> None:
        if self.came:
            trace = chance.choice(sorted(self.came))
            self.engine.drop(trace)
            del self.came[trace]

    @rule()
    def interrupt(self) -> None:
        self.engine.interrupt()

    @invariant()
    def those_that_grow_are_those_that_were_asked(self) -> None:
        assert self.engine.live == len(self.came)

    def take(self) -> None:
        for step in self.engine.step():
            if step.token is not None:
                self.came[step.trace].append(row_of(step.token))
                self.compare(step.trace)
            if step.ended is not None:
                assert step.ended in (Ended.BUDGET, Ended.ANSWERED, Ended.REPLAYED)
                self.came.pop(step.trace)

    def compare(self, trace: str) -> None:
        """The newest row, as long as its trace has drawn what it drew alone."""
        came, expected = self.came[trace], self.expected[trace]
        place = len(came) - 1
        if place >= len(expected):
            return
        if self.exact[trace]:
            assert came[place] == expected[place]
        elif [row[0] for row in came[:place]] == [row[0] for row in expected[:place]]:
            assert abs(came[place][2] - expected[place][2]) < NEAR  # of the whole distribution

    def teardown(self) -> None:
        while self.engine.live:
            self.take()
        self.engine.close()


@pytest.fixture
def machine(gguf: Path) -> Iterator[type[AnyOrder]]:
    AnyOrder.gguf, AnyOrder.pool = gguf, 0
    yield AnyOrder
    AnyOrder.pool = 0


@pytest.mark.parametrize("pool", [0, 640], ids=["apart", "in a narrow pool"])
def test_in_any_order_each_trace_is_what_it_is_alone(machine: type[AnyOrder], pool: int):
    machine.pool = pool
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=3,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
