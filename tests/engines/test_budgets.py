"""Budgets and wishes on a real checkpoint that is told to think."""

import dataclasses

import pytest

from kimidesk.records import CLOSING, Budget, Ended, Noted, OnLoop, Sampling, Wish

pytestmark = pytest.mark.model

STORY = "Write a long story about a whale."
HOT = Sampling(temperature=1.0)


def budgeted(ask, trace="t", seed=0, **budget):
    attempt = ask(trace, STORY, sampling=HOT, seed=seed)
    return dataclasses.replace(attempt, budget=Budget(**budget))


def spoken(engine, tokens) -> str:
    return b"".join(engine.piece(token.id) for token in tokens).decode("utf-8", "replace")


@pytest.mark.slow
def test_two_hundred_thoughts_never_overshoot(opened, ask, grow, thinking):
    engine = opened(slots=8, context=256, pool=2048)
    attempts = [
        budgeted(ask, f"{n}", n, thinking=4 + n % 5, soft=n % 4, answer=1) for n in range(200)
    ]

    for first in range(0, 200, 8):
        for trace, (tokens, _) in grow(engine, *attempts[first : first + 8]).items():
            drawn = next(n for n, token in enumerate(tokens) if token.forced)
            assert drawn <= 4 + int(trace) % 5
            assert "</think>" in spoken(engine, tokens)


def test_what_closed_a_thought_is_noted_where_it_happened(opened, ask, thinking):
    engine = opened()
    engine.add(budgeted(ask, thinking=6, answer=4))

    steps = [step for _ in range(40) if engine.live for step in engine.step()]

    notes = [note for step in steps for note in step.notes]
    assert [(note.at, note.what) for note in notes] == [(6, Noted.CUT)]
    tokens = [step.token for step in steps if step.token is not None]
    assert f"\n\n{CLOSING}\n</think>\n\n" in spoken(engine, tokens)
    assert all(token.forced for token in tokens[6:16])


def test_a_growing_thought_answers_when_it_is_asked_to(opened, ask, thinking):
    engine = opened()
    engine.add(budgeted(ask, thinking=None, answer=3))
    before = [engine.step() for _ in range(5)]

    engine.steer("t", Wish.ANSWER_NOW)
    engine.steer("never there", Wish.ANSWER_NOW)
    after = [step for _ in range(60) if engine.live for step in engine.step()]

    assert len(before) == 5
    assert [note.what for step in after for note in step.notes] == [Noted.ANSWER_NOW]
    assert after[-1].ended is Ended.BUDGET


@pytest.mark.slow
def test_a_trace_that_repeats_itself_is_flagged_or_stopped(opened, ask, grow):
    engine = opened(slots=2, context=2048)
    attempt = ask("f", "Repeat the word 'yes' forever: yes yes yes yes yes yes", tokens=300)
    looping = Sampling(temperature=0.0)
    attempt = dataclasses.replace(
        attempt, sampling=looping, force="yes yes yes yes yes yes yes yes yes yes yes yes yes"
    )
    stopped = dataclasses.replace(
        attempt, trace="s", budget=Budget(answer=300, on_loop=OnLoop.STOP)
    )
    engine.add(attempt)
    engine.add(stopped)

    steps = [step for _ in range(320) if engine.live for step in engine.step()]

    noted = {(step.trace, note.what) for step in steps for note in step.notes}
    assert noted == {("f", Noted.LOOP), ("s", Noted.LOOP)}
    ended = {step.trace: step.ended for step in steps if step.ended is not None}
    assert ended["s"] is Ended.LOOP
    assert ended["f"] is not Ended.LOOP


@pytest.mark.slow
def test_traces_that_share_a_pool_take_turns_when_it_is_full(opened, ask, grow):
    engine = opened(slots=4, context=256, pool=384)
    attempts = [ask(f"{n}", STORY, tokens=120, sampling=HOT, seed=n) for n in range(4)]

    ended = grow(engine, *attempts)

    assert {last.ended for _, last in ended.values()} <= {Ended.BUDGET, Ended.ANSWERED}
    assert all(len(tokens) > 20 for tokens, _ in ended.values())
    alone = opened(context=256)
    for attempt in attempts:
        own, _ = grow(alone, attempt)[attempt.trace]
        shared = ended[attempt.trace][0]
        same = [a.id == b.id for a, b in zip(own, shared, strict=False)]
        assert all(same[:3]), "a trace that gave up its memory must go on as it was"
