"""What is evaluated once and taken up again: prompts, forks, and what is kept of the finished."""

import dataclasses
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from kimidesk.engines import evaluating
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.prefixes import CHUNK, Prefixes
from kimidesk.engines.shelf import LEAST, Shelf
from kimidesk.records import Ended, Sampling

pytestmark = pytest.mark.model

LONG = "Here is a list of numbers: " + " ".join(str(n * 37 % 1000) for n in range(90)) + ". Why?"
OTHER = "Tell me a story about a whale and a shepherd who met on the moon."
POOL = 8192  # tokens
HOT = Sampling(temperature=1.0)


@pytest.fixture
def calls(monkeypatch) -> Iterator[list[int]]:
    """How many tokens each call of llama.cpp evaluated."""
    sizes: list[int] = []
    evaluate: Callable[..., object] = Context.evaluate

    def counted(self: Context, tokens, *rest):
        sizes.append(len(tokens))
        return evaluate(self, tokens, *rest)

    monkeypatch.setattr(Context, "evaluate", counted)
    return sizes


def rows(grown) -> list[tuple[int, float, float]]:
    return [(token.id, token.logprob, token.entropy) for token in grown[0]]


@pytest.mark.parametrize("slots", [1, 8])
@pytest.mark.slow
def test_a_prompt_asked_many_times_is_evaluated_once(opened, ask, grow, calls, slots):
    engine = opened(context=1024, slots=slots, pool=POOL if slots > 1 else 0)
    asked = [ask(f"{n}", LONG, tokens=3, sampling=HOT, seed=n) for n in range(8)]
    prompt = len(engine.add(dataclasses.replace(asked[0], trace="probe")).prompt)
    engine.drop("probe")

    made = {}
    for first in range(0, 8, slots):
        made |= grow(engine, *asked[first : first + slots])

    assert prompt > CHUNK
    assert sum(size for size in calls if size > slots) == prompt
    assert sum(calls) <= prompt + 8 * 3
    assert len({tuple(rows(one)) for one in made.values()}) > 4


@pytest.mark.parametrize("slots", [1, 2])
def test_a_prompt_that_is_kept_gives_the_same_numbers_as_a_fresh_one(opened, ask, grow, slots):
    engine = opened(context=1024, slots=slots, pool=POOL if slots > 1 else 0)

    first = grow(engine, ask("a", LONG, seed=3, sampling=HOT))["a"]
    again = grow(engine, ask("b", LONG, seed=3, sampling=HOT))["b"]

    assert rows(first) == rows(again)


@pytest.mark.slow
def test_another_question_takes_up_whole_chunks_alone(opened, ask, grow, calls):
    engine = opened(context=1024)
    grow(engine, ask("a", LONG, tokens=2))
    calls.clear()

    kept = grow(engine, ask("b", LONG + " And why not?"))["b"]

    fresh = grow(opened(context=1024), ask("c", LONG + " And why not?"))["c"]
    assert calls[0] < CHUNK
    assert rows(kept) == rows(fresh)


@pytest.mark.parametrize("slots", [1, 4])
def test_a_fork_of_a_finished_trace_evaluates_one_token(opened, ask, grow, calls, slots):
    engine = opened(context=1024, slots=slots, pool=POOL if slots > 1 else 0)
    parent = grow(engine, ask("p", OTHER, tokens=40, sampling=HOT, seed=1))["p"]
    ids = tuple(token.id for token in parent[0])
    calls.clear()

    fork = ask("f", OTHER, tokens=10, sampling=HOT, seed=1, prefix=ids[:30])
    child = grow(engine, fork)["f"]

    assert calls[0] == 1
    assert rows(child) == rows(parent)[30:40]


def test_a_fork_of_a_growing_trace_shares_what_it_has(opened, ask, calls):
    engine = opened(context=1024, slots=3, pool=POOL)
    engine.add(ask("p", OTHER, tokens=60, sampling=HOT, seed=1))
    ids = []
    while len(ids) < 20:
        ids += [step.token.id for step in engine.step() if step.token is not None]
    calls.clear()

    engine.add(ask("f", OTHER, tokens=60, sampling=HOT, seed=1, prefix=tuple(ids[:12])))
    steps = [step for _ in range(8) for step in engine.step()]

    assert max(calls) <= 2
    child = [step.token.id for step in steps if step.trace == "f"]
    assert child == ids[12:20]


def test_the_parent_of_a_fork_is_kept_whole_where_there_is_room(opened, ask, grow, calls):
    engine = opened(context=1024, slots=2)
    parent = grow(engine, ask("p", OTHER, tokens=40))["p"]
    ids = tuple(token.id for token in parent[0])
    for at in (10, 20, 30):
        calls.clear()
        grow(engine, ask("f", OTHER, tokens=2, prefix=ids[:at]))
        assert max(calls) == 1


@pytest.mark.slow
def test_what_is_kept_gives_way_to_what_grows(opened, ask, grow):
    engine = opened(context=256, slots=3, pool=768)
    for number in range(3):
        question = f"{number}: {OTHER} " * 8
        ended = grow(engine, *(ask(f"{number}.{k}", question + str(k), tokens=None) for k in "abc"))
        assert all(len(tokens) > 2 for tokens, _ in ended.values())
        assert {last.ended for _, last in ended.values()} <= {Ended.ANSWERED, Ended.CONTEXT_FULL}


@pytest.mark.slow
def test_reproducible_traces_do_not_depend_on_what_is_kept(opened, ask, grow):
    used, fresh = (opened(context=1024, reproducible=True, slots=2) for _ in range(2))
    parent = grow(used, ask("p", LONG, tokens=24, sampling=HOT))["p"]
    grow(used, ask("o", OTHER, tokens=24, sampling=HOT))
    ids = tuple(token.id for token in parent[0])

    for attempt in (
        ask("a", LONG, seed=5, sampling=HOT),
        ask("b", LONG[:-20], seed=5, sampling=HOT),
        ask("c", LONG, tokens=5, prefix=ids[:20]),
    ):
        assert rows(grow(used, attempt)[attempt.trace]) == rows(grow(fresh, attempt)[attempt.trace])
        fresh.close()
        fresh = opened(context=1024, reproducible=True, slots=2)


@pytest.mark.slow
def test_many_traces_that_come_and_go_read_what_they_should(opened, ask, grow):
    """Each is compared with itself alone: a wrong cell would be off by whole nats."""
    shared, alone = opened(context=512, slots=4, pool=2048), opened(context=512)
    chance = np.random.default_rng(1)
    pending = [
        ask(f"{n}", OTHER[: 10 + int(chance.integers(50))] * int(chance.integers(1, 4)), seed=n)
        for n in range(8)
    ]
    tokens: dict[str, list] = {one.trace: [] for one in pending}
    waiting = list(pending)
    while waiting or shared.live:
        while waiting and shared.live < 4:
            shared.add(waiting.pop(0))
        for step in shared.step():
            if step.token is not None:
                tokens[step.trace].append(step.token)

    for attempt in pending:
        own, _ = grow(alone, dataclasses.replace(attempt, prefix=()))[attempt.trace]
        both = list(zip(own, tokens[attempt.trace], strict=False))
        same = next((n for n, (a, b) in enumerate(both) if a.id != b.id), len(both))
        near = [abs(a.entropy - b.entropy) for a, b in both[: same + 1]]
        assert max(near) < 0.3, attempt.trace


class Tape:
    """A memory that holds the tokens themselves; `whole` ones cannot be cut, as recurrent ones."""

    cells = 4096

    def __init__(self, *, whole: bool = False) -> None:
        self.held: dict[int, list[int]] = {}
        self._whole = whole

    def forget(self, sequence: int, first: int = 0) -> bool:
        if self._whole and 0 < first < len(self.held.get(sequence, [])):
            return False
        self.held[sequence] = self.held.get(sequence, [])[:first]
        return True

    def copy(self, source: int, target: int, count: int) -> bool:
        if self._whole and count < len(self.held[source]):
            return False
        self.held[target] = self.held[source][:count]
        return True

    def saved(self, sequence: int, _: int) -> np.ndarray:
        return np.asarray(self.held[sequence], np.int32).view(np.uint8)

    def mark(self, _: int) -> np.ndarray:
        return np.zeros(0, np.uint8)  # it goes back to none

    def rewind(self, *_: object) -> bool:
        return False

    def restore(self, sequence: int, memory: np.ndarray, count: int) -> bool:
        self.held[sequence] = memory.view(np.int32).tolist()
        return len(self.held[sequence]) == count


def grown_on(prefixes: Prefixes, tape: Tape, prompt: list[int], drawn: list[int]) -> None:
    """A prompt read on the grid, tokens drawn one by one, and the end."""
    held, _ = prefixes.place(prompt)
    for start in range(len(held.tokens), len(prompt), CHUNK):
        held.read(prompt[start : start + CHUNK])
    held.tokens += drawn
    tape.held[held.sequence] = list(held.tokens)
    prefixes.release(held)


@pytest.mark.parametrize("exact", [True, False])
def test_a_memory_that_cannot_be_cut_is_taken_up_where_a_fresh_one_would_have_been(exact):
    tape = Tape(whole=True)
    prefixes = Prefixes(tape, 1, exact=exact, marking=tape)
    grown_on(prefixes, tape, list(range(300)), list(range(300, 320)))

    held, _ = prefixes.place(list(range(700)))

    assert held.tokens == [], "320 tokens end on no grid"


@pytest.mark.parametrize("exact", [True, False])
def test_a_memory_that_cannot_be_cut_is_taken_up_by_a_fork_of_it(exact):
    tape = Tape(whole=True)
    prefixes = Prefixes(tape, 1, exact=exact, marking=tape)
    grown_on(prefixes, tape, list(range(300)), list(range(300, 320)))

    held, _ = prefixes.place(list(range(321)), fork=True)

    assert len(held.tokens) == (0 if exact else 320)


def test_a_wrong_guess_behind_a_trace_is_not_put_on_the_shelf(tmp_path):
    tape, shelf = Tape(), Shelf(tmp_path, "k", 10**9)
    prefixes = Prefixes(tape, 1, exact=False, shelf=shelf)
    held, _ = prefixes.place(list(range(LEAST)))
    held.read(list(range(LEAST)))
    tape.held[held.sequence] = [*held.tokens, 7, 8, 9]

    prefixes.release(held)

    later = Prefixes(Tape(), 1, exact=False, shelf=Shelf(tmp_path, "k", 10**9))
    assert len(later.place(list(range(LEAST + 9)))[0].tokens) == LEAST


@pytest.mark.slow
def test_a_prompt_that_is_half_read_goes_on_while_another_waits_for_its_room(
    opened, ask, monkeypatch
):
    engine = opened(context=1024, pool=1024, slots=2)
    endless = " ".join(f"word{n}" for n in range(400))
    engine.add(ask("grows", prompt=tuple(range(2000, 2400)), force=endless, tokens=None))
    while engine._slots["grows"].reading:
        engine.step()
    monkeypatch.setattr(evaluating, "READ", 1)  # a chunk a step
    engine.add(ask("half", prompt=tuple(range(5000, 5360)), tokens=4))
    engine.step()
    assert engine._slots["half"].evaluated == CHUNK
    monkeypatch.setattr(evaluating, "READ", 0)  # other prompts take each step's share
    while not engine._slots["grows"].reading:
        engine.step()  # until the pool is full, and it gives its memory up
    monkeypatch.setattr(evaluating, "READ", 1)

    steps = [engine.step() for _ in range(10)]

    assert steps[0], "it must not wait for one that waits for the room that it holds"
    assert sum(step.token is not None for made in steps for step in made) >= 4
