"""Texts that are given: what a checkpoint thinks of them, as if it had drawn them."""

import numpy as np
import pytest

from kimidesk.engines.prefixes import CHUNK
from kimidesk.errors import Refused
from kimidesk.records import Attempt, Ended, Given, Message, Sampling

pytestmark = pytest.mark.model

ASK = "Tell me a story about a whale and a shepherd who met on the moon."
HOT = Sampling(temperature=1.0)


def replay(trace: str, given: Given, text: str = ASK, prompt: tuple[int, ...] = ()) -> Attempt:
    return Attempt(trace, (Message("user", text),) if text else (), given=given, prompt=prompt)


@pytest.mark.parametrize("slots", [1, 3])
@pytest.mark.slow
def test_a_replayed_trace_has_the_columns_it_was_drawn_with(opened, ask, grow, slots):
    engine = opened(slots=slots, pool=4096 if slots > 1 else 0)
    drawn, last = grow(engine, ask("d", ASK, tokens=CHUNK + 60, sampling=HOT, seed=2))["d"]
    ids = tuple(token.id for token in drawn)

    fresh = opened(slots=slots, pool=4096 if slots > 1 else 0)
    again, ended = grow(fresh, replay("r", Given(ids=ids)))["r"]

    assert tuple(token.id for token in again) == ids
    assert ended.ended is Ended.REPLAYED
    assert ended.closing == last.closing
    near = [abs(a.logprob - b.logprob) for a, b in zip(drawn, again, strict=True)]
    assert np.median(near) < 0.1  # another cut into calls: 0.055 nats on average, 0.2 at most
    assert not any(token.forced for token in again)


def test_token_by_token_it_is_the_same_to_the_last_bit(opened, ask, grow):
    drawn, _ = grow(opened(), ask("d", ASK, tokens=24, sampling=HOT))["d"]
    given = Given(ids=tuple(token.id for token in drawn), singly=True)

    again, _ = grow(opened(), replay("r", given))["r"]

    for a, b in zip(drawn, again, strict=True):
        assert (a.id, a.logprob, a.entropy, a.rank) == (b.id, b.logprob, b.entropy, b.rank)
        assert a.rival_id.tolist() == b.rival_id.tolist()


def test_a_text_is_cut_into_the_vocabularys_tokens(opened, grow):
    engine = opened()

    tokens, _ = grow(engine, replay("r", Given("Once upon a time, 鲸鱼 sang.<|im_end|>")))["r"]

    text = b"".join(engine.piece(token.id) for token in tokens).decode()
    assert text == "Once upon a time, 鲸鱼 sang.<|im_end|>"


def test_a_likely_text_is_likelier_than_nonsense(opened, grow):
    engine = opened(slots=2)

    grown = grow(
        engine,
        replay("a", Given(" Paris."), "What is the capital of France?"),
        replay("b", Given(" Qzrk17."), "What is the capital of France?"),
    )

    total = {trace: sum(token.logprob for token in tokens) for trace, (tokens, _) in grown.items()}
    assert total["a"] > total["b"]


def test_without_a_question_a_text_stands_alone(opened, grow):
    engine = opened()

    tokens, _ = grow(engine, replay("r", Given("The sky is blue."), ""))["r"]

    assert len(tokens) >= 4


@pytest.mark.slow
def test_while_a_text_is_replayed_traces_grow(opened, ask):
    engine = opened(slots=2)
    engine.add(ask("g", tokens=8))
    engine.add(replay("r", Given("word " * 700)))

    seen = [step for _ in range(4) for step in engine.step()]

    assert sum(step.trace == "g" and step.token is not None for step in seen) >= 3
    assert sum(step.trace == "r" and step.token is not None for step in seen) > CHUNK


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (Given(""), "nothing to replay"),
        (Given(ids=(1, 10**6)), "outside the vocabulary"),
        (Given("word " * 5000), "this trace may use"),
    ],
)
def test_what_cannot_be_replayed_is_refused(opened, ask, grow, given, why):
    engine = opened()

    with pytest.raises(Refused, match=why):
        engine.add(replay("r", given))
    assert grow(engine, ask("a", tokens=2))["a"][1].ended is Ended.BUDGET
