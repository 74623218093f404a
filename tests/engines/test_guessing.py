"""Guessing tokens ahead: fewer evaluations, the same draws."""

import shutil

import pytest

from kimidesk.checkpoints.sequences import BATCH
from kimidesk.engines.evaluating import READ
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.llamacpp.guessing import RUN, Repeats
from kimidesk.errors import ModelError, UsageError
from kimidesk.records import Given, Sampling

QUOTE = "Write the word 'banana' forty times."


def test_what_followed_before_is_guessed_to_follow_again():
    repeats = Repeats()

    assert repeats.guess("t", [1, 2, 3, 4, 5, 6, 1, 2, 3], 2) == [4, 5]
    assert repeats.guess("t", [1, 2, 3, 4, 5, 6, 1, 2, 3, 9], 2) == []
    assert repeats.guess("t", [1, 2, 3, 4, 5, 6, 1, 2, 3, 9, 1, 2, 3], 4) == [9, 1, 2, 3]


def test_the_latest_occurrence_wins_and_traces_do_not_mix():
    repeats = Repeats()

    assert repeats.guess("a", [1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3], 1) == [5]
    assert repeats.guess("b", [7, 1, 2, 3], 1) == []
    repeats.forget("a")
    assert repeats.guess("a", [1, 2, 3], 1) == []


@pytest.mark.parametrize("length", range(RUN + 1))
def test_short_traces_give_no_guess(length):
    assert Repeats().guess("t", list(range(length)), 4) == []


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize("draft", ["ngram", "itself"])
@pytest.mark.parametrize("sampling", [Sampling(temperature=0), Sampling(temperature=0.3)])
def test_guessing_draws_what_would_have_been_drawn_in_fewer_steps(
    opened, ask, grow, gguf, draft, sampling
):
    asked = ask("t", QUOTE, tokens=64, sampling=sampling, seed=3)
    plain = grow(opened(), asked)["t"][0]
    engine = opened(draft=str(gguf) if draft == "itself" else draft)
    engine.add(asked)
    tokens, steps = [], 0
    while engine.live:
        steps += 1
        tokens += [step.token for step in engine.step() if step.token is not None]

    # How many tokens share an evaluation shows in low bits, so in time a draw may differ.
    assert [token.id for token in tokens[:8]] == [token.id for token in plain[:8]]
    assert steps < len(tokens)
    ids = tuple(token.id for token in tokens)
    given = Given(ids=ids, singly=True)
    singly = grow(opened(), ask("r", QUOTE, given=given))["r"][0]
    for ours, alone in zip(tokens, singly, strict=True):
        assert ours.logprob == pytest.approx(alone.logprob, abs=0.1)
        assert ours.entropy == pytest.approx(alone.entropy, abs=0.1)


@pytest.mark.model
@pytest.mark.slow
def test_guessing_keeps_budgets_and_neighbours(opened, ask, grow):
    engine = opened(slots=3, draft="ngram")
    traces = grow(engine, *(ask(f"t{n}", QUOTE, tokens=10 + n, seed=n) for n in range(3)))

    assert [len(traces[f"t{n}"][0]) for n in range(3)] == [10, 11, 12]
    again = grow(engine, ask("again", QUOTE, tokens=10, seed=0))["again"][0]
    assert [t.id for t in again] == [t.id for t in traces["t0"][0]]


@pytest.mark.model
@pytest.mark.slow
def test_a_trace_that_guesses_fills_its_context_to_the_last_token(opened, ask, grow):
    traces = grow(opened(context=256, draft="ngram"), ask("t", QUOTE, tokens=None))

    tokens, last = traces["t"]
    assert last.ended in ("context full", "answered")
    assert len(tokens) <= 256


@pytest.mark.model
@pytest.mark.slow
def test_a_draft_of_another_vocabulary_is_refused(opened, gguf, tmp_path):
    """One token of the vocabulary is renamed in a copy."""
    other = tmp_path / "other.gguf"
    shutil.copyfile(gguf, other)
    raw = other.read_bytes()
    place = raw.index("Ġthe".encode())
    other.write_bytes(raw[:place] + "Ġthx".encode() + raw[place + 5 :])

    with pytest.raises(ModelError, match="vocabularies differ, token"):
        opened(draft=str(other))
    with pytest.raises(UsageError, match="guesses is 0"):
        opened(draft="ngram", guesses=0)


@pytest.mark.model
@pytest.mark.slow
def test_a_draft_reads_a_long_prompt_a_batch_a_step(opened, ask, gguf, monkeypatch):
    sizes = []
    evaluate = Context.evaluate
    monkeypatch.setattr(
        Context,
        "evaluate",
        lambda self, tokens, *rest: sizes.append(len(tokens)) or evaluate(self, tokens, *rest),
    )
    engine = opened(context=2048, draft=str(gguf))
    engine.add(ask("t", prompt=tuple(range(3000, 3000 + 2 * BATCH + 100)), tokens=8))

    read = []
    while engine.live:
        before = sum(sizes)
        engine.step()
        read.append(sum(sizes) - before)

    assert max(read) <= max(READ, BATCH + 1)
    assert sum(read) > 4 * BATCH, "the draft has read it all too"
