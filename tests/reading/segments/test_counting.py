"""Tokens by kind, and which kind follows which."""

import numpy as np
import pytest

from kimidesk.reading.segments.counting import KINDS, NO_KIND, by_kind, follows
from kimidesk.reading.segments.features import plain
from kimidesk.reading.segments.reasons import reasons
from kimidesk.records import Kind, Segment, Token, TokenColumns

PLAN, DERIVE = KINDS.index(Kind.PLAN), KINDS.index(Kind.DERIVE)


def columns(*entropies: float, forced: int = -1) -> TokenColumns:
    made = TokenColumns()
    for n, entropy in enumerate(entropies):
        rivals, chances = np.array([0], np.int32), np.array([-1.0], np.float32)
        made.append(Token(0, -1.0, entropy, 1, rivals, chances, n == forced, 100.0 * (n + 1)))
    return made


def codes(*values: int) -> np.ndarray:
    return np.array(values, np.uint8)


def test_tokens_time_entropy_and_forks_fall_to_their_kinds():
    made = columns(1.0, 2.0, 3.0, 4.0, 9.0)

    rows = by_kind(codes(PLAN, PLAN, DERIVE, NO_KIND), codes(PLAN, DERIVE), made)

    plan, derive = rows[PLAN], rows[DERIVE]
    assert (plan.sentences, plan.tokens, plan.share) == (1, 2, pytest.approx(2 / 3))
    assert (plan.seconds, derive.seconds) == (pytest.approx(0.1), pytest.approx(0.1))
    assert (plan.entropy, derive.entropy) == (1.5, 3.0)
    assert plan.forks == derive.forks == 0.0  # the fifth token alone forks
    assert np.isnan(rows[KINDS.index(Kind.VERIFY)].entropy)


def test_forced_tokens_and_unknown_entropies_are_left_out_of_means():
    made = columns(1.0, float("nan"), 3.0, forced=2)

    row = by_kind(codes(PLAN, PLAN, PLAN), codes(PLAN), made)[PLAN]

    assert (row.tokens, row.entropy) == (3, 1.0)


def test_more_kinds_than_tokens_are_refused():
    with pytest.raises(ValueError, match="2 tokens have a kind, and there are 1"):
        by_kind(codes(PLAN, PLAN), codes(PLAN), columns(1.0))


def test_what_follows_what_is_counted():
    counts = follows(codes(PLAN, DERIVE, DERIVE, PLAN, DERIVE))

    assert counts[PLAN, DERIVE] == 2
    assert counts[DERIVE, DERIVE] == 1
    assert counts.sum() == 4
    assert follows(codes()).sum() == 0


def test_reasons_are_where_the_sentences_are():
    said = [
        ("Let me plan the way to it.", Kind.PLAN),
        ("So x is 3 plus 4, that is 7.", Kind.CONCLUDE),
        ("Wait, that's a mistake.", Kind.BACKTRACK),
        ("Let me check it again now.", Kind.VERIFY),
        ("So x is 3 plus 4, that is 7.", Kind.CONCLUDE),
    ]
    text, named = "", []
    for sentence, kind in said:
        named.append(Segment(len(text), len(text) + len(sentence), kind, 1.0))
        text += sentence + " "

    found = reasons([plain(sentence) for sentence, _ in said], named)

    starts = [each.start for each in named]
    assert found == {
        "failed_steps": [starts[2]],
        "review": [starts[3]],
        "repeated": [starts[4]],
        "waits": [starts[2]],
        "errors": [starts[2]],
    }
    assert reasons([], []) == {name: [] for name in found}
