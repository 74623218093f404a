"""The torch engine on a GPU: against transformers there, with graphs and without."""

import dataclasses

import pytest
import torch

from kimidesk.engines.pytorch import PyTorch
from kimidesk.engines.pytorch.room import check_memory
from kimidesk.errors import TooLarge
from kimidesk.records import Given, Sampling
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.pytorch.conftest import FAMILIES, by_generate
from tests.engines.pytorch.test_exactness import plain

LONG = "Tom has 3 apples and gives 1 to Ann. " * 9 + "How many are left?"
HOT = Sampling(temperature=1.0, top_p=1.0)
THERE = "cuda"
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU"),
]


@pytest.fixture
def there(torched):
    """Opens engines on the GPU."""
    return lambda *of, **options: torched(*of, gpu_layers=-1, **options)


def without_graphs(engine):
    """The same engine, launching every kernel from Python."""
    engine._decoding.why_not = "left out"
    return engine


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize("text", ["Hi!", LONG])
def test_greedy_tokens_and_their_chances_are_those_of_generate(
    there, checkpoint, ask, grow, family, text
):
    engine = there(family)
    prompt = engine.add(ask("p", text)).prompt
    engine.drop("p")

    tokens, _ = grow(engine, ask("t", text, tokens=60))["t"]

    ids = torch.tensor([list(prompt)], device=THERE)
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    theirs, chances = by_generate(plain(checkpoint(family)).to(THERE), inputs, 60)
    assert [token.id for token in tokens] == theirs[: len(tokens)]
    for token, logprob in zip(tokens, chances, strict=False):
        assert abs(token.logprob - logprob) <= 1e-4


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_graph_gives_what_is_launched_one_by_one(there, ask, grow, family):
    engine, other = there(family, slots=3), without_graphs(there(family, slots=3))
    attempts = [ask(f"{n}", LONG[: 90 * n + 5], tokens=70, sampling=HOT, seed=n) for n in range(3)]

    one, two = grow(engine, *attempts), grow(other, *attempts)

    recorded = engine._decoding
    assert bool(recorded._graphs) == (not recorded.why_not)
    for attempt in attempts:
        mine, plain_ones = one[attempt.trace][0], two[attempt.trace][0]
        assert [token.id for token in mine] == [token.id for token in plain_ones]
        for a, b in zip(mine, plain_ones, strict=True):
            assert abs(a.logprob - b.logprob) <= 1e-4
            assert abs(a.entropy - b.entropy) <= 1e-4


def test_a_graph_serves_past_the_places_of_the_one_before(there, ask, grow):
    engine, other = there(context=1024), without_graphs(there(context=1024))
    attempt = ask("t", LONG[:200], tokens=400, sampling=HOT, seed=1)

    mine, theirs = (grow(each, attempt)["t"][0] for each in (engine, other))

    assert [token.id for token in mine] == [token.id for token in theirs]
    if len(mine) > 60:
        assert len({places for _, places in engine._decoding._graphs}) > 1


def test_traces_may_join_and_leave_while_graphs_are_recorded(there, ask, grow):
    engine, alone = there("gemma3", slots=4), there("gemma3")
    waiting = [ask(f"{n}", LONG[: 3 + 37 * n % 300], tokens=9 + 13 * n % 41) for n in range(12)]
    attempts, tokens = list(waiting), {one.trace: [] for one in waiting}

    while waiting or engine.live:
        if waiting and engine.live < 4:
            engine.add(waiting.pop(0))
        for step in engine.step():
            if step.token is not None:
                tokens[step.trace].append(step.token.id)

    for attempt in attempts:
        own, _ = grow(alone, attempt)[attempt.trace]
        assert tokens[attempt.trace] == [token.id for token in own]


def test_the_gpu_draws_what_the_cpu_draws(there, torched, ask, grow):
    attempt = ask("t", LONG, tokens=60, sampling=Sampling(0.8, top_k=40, top_p=0.9), seed=5)

    mine, theirs = (grow(each, attempt)["t"][0] for each in (there(), torched()))

    assert [token.id for token in mine] == [token.id for token in theirs]
    for a, b in zip(mine, theirs, strict=True):
        assert abs(a.logprob - b.logprob) <= 1e-4
        assert abs(a.entropy - b.entropy) <= 1e-4
        assert a.rank == b.rank


def test_a_replay_there_gives_each_token_what_it_had(there, ask, grow):
    engine = there("gemma3")
    drawn, _ = grow(engine, ask("t", LONG, tokens=40, sampling=HOT, seed=2))["t"]
    given = Given(ids=tuple(token.id for token in drawn))

    again, last = grow(engine, dataclasses.replace(ask("r", LONG), given=given))["r"]

    for a, b in zip(again, drawn, strict=True):
        assert abs(a.logprob - b.logprob) < 1e-4
        assert a.rank == b.rank
    assert last.ended == "replayed"


def test_penalties_forks_and_hidden_states_work_there(there, torched, ask, grow):
    engine, here = there(slots=2), torched(slots=2)
    attempt = ask("t", LONG, tokens=30, sampling=Sampling(0, repetition_penalty=1.3))
    mine, theirs = (grow(each, attempt)["t"][0] for each in (engine, here))
    assert [token.id for token in mine] == [token.id for token in theirs]

    ids = tuple(token.id for token in mine)
    fork = ask("f", LONG, tokens=5, sampling=attempt.sampling, prefix=ids[:10])
    child, _ = grow(engine, fork)["f"]
    assert [token.id for token in child] == list(ids[10:15])

    states = (each.hidden(ids, (0, -1)) for each in (engine, here))
    for one, two in zip(*(each.values() for each in states), strict=True):
        torch.testing.assert_close(torch.from_numpy(one), torch.from_numpy(two), atol=1e-3, rtol=0)


def test_what_a_closed_engine_held_is_free_again(checkpoint):
    path = checkpoint()
    options = OpenCheckpoint(str(path), context=2048, slots=64, threads=1)
    PyTorch(path, options).close()
    before = torch.cuda.memory_reserved()
    engine = PyTorch(path, options)
    taken = torch.cuda.memory_reserved() - before
    engine.close()
    del engine

    assert taken > 2048 * 64  # bytes: at least one a token
    assert torch.cuda.memory_reserved() - before < taken / 4


def test_more_than_the_card_has_is_refused_before_it_is_taken(there):
    engine = there()

    with pytest.raises(TooLarge, match="for keys and values"):
        check_memory(engine._weights.like, 1 << 20, 1 << 20, torch.device(THERE))
