"""The torch engine against transformers itself: the same tokens, the same numbers."""

import dataclasses

import numpy as np
import pytest
import torch
import transformers

from kimidesk.records import Given, Sampling
from kimikernels.token_stats import reference
from tests.engines.pytorch.conftest import FAMILIES

pytestmark = pytest.mark.slow  # every architecture, once a landing

LONG = "Tom has 3 apples and gives 1 to Ann. " * 9 + "How many are left?"
HOT = Sampling(temperature=1.0, top_p=1.0)


def plain(path):
    """The model as transformers opens it, its own attention included."""
    return transformers.AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()


def generated(model, prompt, count):
    """Greedy tokens by transformers.generate."""
    ids = torch.tensor([list(prompt)])
    made = model.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        max_new_tokens=count,
        do_sample=False,
        use_cache=True,
    )
    return made[0, len(prompt) :].tolist()


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize("text", ["Hi!", LONG])
def test_greedy_tokens_are_those_of_generate(torched, checkpoint, ask, grow, family, text):
    engine = torched(family)
    model = plain(checkpoint(family))

    prompt = engine.add(ask("p", text)).prompt
    engine.drop("p")
    tokens, _ = grow(engine, ask("t", text, tokens=40))["t"]

    assert [token.id for token in tokens] == generated(model, prompt, 40)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_statistic_agrees_with_float64_of_one_whole_evaluation(
    torched, checkpoint, ask, grow, family
):
    engine = torched(family)
    prompt = engine.add(ask("p", LONG)).prompt
    engine.drop("p")

    tokens, _ = grow(engine, ask("t", LONG, tokens=30, sampling=HOT, seed=3))["t"]

    ids = [token.id for token in tokens]
    with torch.inference_mode():
        logits = plain(checkpoint(family))(torch.tensor([[*prompt, *ids]])).logits[0]
    for token, row in zip(tokens, logits[len(prompt) - 1 :].double().numpy(), strict=False):
        expected = reference.token_stats(row)
        top = expected.order[:20]
        assert abs(token.logprob - expected.logprob[token.id]) <= 1e-4
        assert abs(token.entropy - expected.entropy) <= 1e-4
        np.testing.assert_allclose(token.rival_logprob, expected.logprob[top], atol=1e-4)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_traces_of_any_length_grow_together_as_each_alone(torched, ask, grow, family):
    engine, alone = torched(family, slots=8), torched(family)
    attempts = [ask(f"{n}", LONG[: 5 + 40 * n], tokens=12 + n, seed=n) for n in range(8)]

    together = grow(engine, *attempts)

    for attempt in attempts:
        own, _ = grow(alone, attempt)[attempt.trace]
        mine, _ = together[attempt.trace]
        assert [token.id for token in mine] == [token.id for token in own]
        near = [abs(a.logprob - b.logprob) for a, b in zip(mine, own, strict=True)]
        assert max(near) < 1e-4


def test_traces_may_join_and_leave_at_any_step(torched, ask, grow):
    engine, alone = torched("gemma3", slots=4), torched("gemma3")
    waiting = [ask(f"{n}", LONG[: 3 + 37 * n % 300], tokens=3 + 5 * n % 17) for n in range(12)]
    attempts, tokens = list(waiting), {one.trace: [] for one in waiting}

    while waiting or engine.live:
        if waiting and engine.live < 4:
            engine.add(waiting.pop(0))  # one a step, so that all are at other places
        for step in engine.step():
            if step.token is not None:
                tokens[step.trace].append(step.token.id)

    for attempt in attempts:
        own, _ = grow(alone, attempt)[attempt.trace]
        assert tokens[attempt.trace] == [token.id for token in own]


def test_a_replay_gives_each_token_what_it_had_when_it_was_drawn(torched, ask, grow):
    engine = torched("gemma3")
    drawn, _ = grow(engine, ask("t", LONG, tokens=40, sampling=HOT, seed=2))["t"]

    given = Given(ids=tuple(token.id for token in drawn))
    again, last = grow(engine, dataclasses.replace(ask("r", LONG), given=given))["r"]

    assert [token.id for token in again] == [token.id for token in drawn]
    for a, b in zip(again, drawn, strict=True):
        assert abs(a.logprob - b.logprob) < 1e-4
        assert a.rank == b.rank
    assert last.ended == "replayed"


@pytest.mark.slow
@pytest.mark.model
def test_a_real_checkpoint_dequantized_from_a_gguf_agrees_with_transformers(
    torched, gguf, ask, grow
):
    engine = torched(gguf, context=256)
    prompt = engine.add(ask("p")).prompt
    engine.drop("p")
    tokens, _ = grow(engine, ask("t", tokens=24))["t"]
    ids = [token.id for token in tokens]

    model = transformers.AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32
    ).eval()

    assert ids == generated(model, prompt, 24)[: len(ids)]
    with torch.inference_mode():
        logits = model(torch.tensor([[*prompt, *ids]])).logits[0]
    said = logits.double().log_softmax(-1)[len(prompt) - 1 :]
    for token, row in zip(tokens, said, strict=False):
        assert abs(token.logprob - float(row[token.id])) <= 1e-4
