"""A trace whose worker died is drawn again, and is what it would have been."""

import dataclasses

import pytest

from kimidesk.errors import Refused
from kimidesk.records import Budget, Ended, Noted, Sampling, Told, Wish

pytestmark = pytest.mark.model

ASK = "Write a short story about a whale and a lighthouse."
HOT = Sampling(temperature=1.0)


def rows(grown) -> list[tuple[int, float, float, int, bool]]:
    return [(t.id, t.logprob, t.entropy, t.rank, t.forced) for t in grown[0]]


@pytest.mark.parametrize("sampling", [Sampling(temperature=0), HOT])
def test_it_ends_as_it_would_have_to_the_last_bit(opened, ask, grow, sampling):
    whole = grow(opened(), ask("t", ASK, tokens=40, sampling=sampling, seed=3))["t"]
    told = Told(tuple(token.id for token in whole[0][:17]))

    again = grow(opened(), ask("t", ASK, tokens=40, sampling=sampling, seed=3, told=told))["t"]

    assert rows(again) == rows(whole)
    assert again[1].ended is Ended.BUDGET


def test_what_was_told_stands_where_another_token_would_be_drawn(opened, ask, grow):
    engine = opened()
    told = tuple(token.id for token in grow(engine, ask("a", ASK, sampling=HOT, seed=1))["a"][0])

    other = grow(engine, ask("b", ASK, sampling=HOT, seed=2, told=Told(told[:5])))["b"][0]

    assert tuple(token.id for token in other[:5]) == told[:5]
    assert tuple(token.id for token in other[5:]) != told[5:]
    assert len(other) == len(told)  # what was told counts for the budget


@pytest.mark.slow
def test_a_wish_is_asked_again_where_it_was_heard(opened, ask, grow, thinking):
    attempt = dataclasses.replace(ask("t", ASK), budget=Budget(thinking=60, answer=6, closing="So"))
    engine = opened()
    engine.add(attempt)
    tokens, notes = [], []
    while engine.live:
        for step in engine.step():
            tokens += [step.token] if step.token else []
            notes += step.notes
            if len(tokens) == 9:
                engine.steer("t", Wish.ANSWER_NOW)
    (note,) = notes
    assert note.what is Noted.ANSWER_NOW
    ids = tuple(token.id for token in tokens)

    for stop in (4, note.at, note.at + 2, len(ids) - 2):
        wishes = ((note.at, Wish.ANSWER_NOW),)
        told = dataclasses.replace(attempt, told=Told(ids[:stop], wishes))
        again = grow(opened(), told)["t"][0]
        assert tuple(token.id for token in again) == ids


def test_ids_of_another_vocabulary_are_refused(opened, ask):
    with pytest.raises(Refused, match="outside the vocabulary"):
        opened().add(ask("t", ASK, told=Told((10**7,))))
