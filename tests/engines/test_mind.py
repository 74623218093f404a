"""Where a trace is in its thought, and what its budget still allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.engines.mind import Mind, Place
from kimidesk.reading import split
from kimidesk.records import Budget, Dialect

THINK = Dialect("think", "<think>", ("</think>",))
OPENED = Dialect("think", "<think>", ("</think>",), opened=True)
FORCED = "\n</think>\n\n"


def mind(*pieces: str, dialect: Dialect = THINK, **budget: int | None) -> Mind:
    made = Mind(Budget(**budget), dialect)
    for piece in pieces:
        made.spend(piece.encode())
    return made


def test_without_a_thought_every_token_is_of_the_answer():
    made = mind("a", "<think>", "b", dialect=Dialect(), answer=3)

    assert (made.thinking, made.answer, made.spent) == (0, 3, True)


def test_marks_count_for_neither_side():
    made = mind("<th", "ink>", "so", " 3", "</think>", "\n", "3", answer=3)

    assert (made.thinking, made.answer, made.spent) == (2, 2, False)


def test_a_thought_is_closed_after_exactly_its_budget_and_once():
    made = mind("a", "b", dialect=OPENED, thinking=3)
    assert made.due() == ""

    made.spend(b"c")

    assert made.due() == FORCED
    assert made.due() == ""


def test_forced_marks_spend_nothing():
    made = mind("a", dialect=OPENED, thinking=1)
    assert made.due() == FORCED

    for piece in (b"\n", b"</", b"think", b">", b"\n\n", b"3"):
        made.spend(piece)

    assert (made.place, made.thinking, made.answer) == (Place.ANSWER, 1, 1)


def test_a_budget_of_zero_closes_the_thought_before_its_first_token():
    assert mind(dialect=OPENED, thinking=0).due() == FORCED
    assert mind(thinking=0).due() == ""
    assert mind("<think>", thinking=0).due() == FORCED


def test_no_character_is_cut_in_two_by_force():
    made = Mind(Budget(thinking=1), OPENED)
    made.spend("中".encode()[:2])
    assert made.due() == ""

    made.spend("中".encode()[2:])

    assert made.due() == FORCED


def test_bytes_that_never_become_a_character_cannot_hold_the_thought_open():
    made = Mind(Budget(thinking=1), OPENED)
    for _ in range(4):
        made.spend(b"\xf0")

    assert made.due() == FORCED


def test_an_unannounced_thought_is_counted_as_one_when_it_closes():
    made = mind("so", " 3", "</think>", "3", answer=10)

    assert (made.thinking, made.answer, made.place) == (2, 1, Place.ANSWER)


def test_what_a_fork_keeps_moves_the_place_and_spends_nothing():
    made = Mind(Budget(thinking=1, answer=1), OPENED)
    for piece in ("so", " 3", "</th", "ink>", "The"):
        made.read(piece.encode())

    assert (made.place, made.thinking, made.answer, made.spent) == (Place.ANSWER, 0, 0, False)


def test_only_the_first_end_mark_counts():
    made = mind("</think>", "</think>", dialect=OPENED)

    assert made.answer == 1


@pytest.mark.parametrize("dialect", [THINK, OPENED])
@given(
    st.lists(
        st.sampled_from(["<think>", "</think>", "<", "</", "th", "ink", ">", " ", "\n", "a", "中"]),
        max_size=12,
    )
)
def test_it_sees_the_answer_where_reading_does(dialect, pieces):
    made = mind(*pieces, dialect=dialect)

    parts = split("".join(pieces), dialect)

    closed = any(mark in "".join(pieces)[: parts.answer_start] for mark in dialect.ends)
    assert (made.place is Place.ANSWER) == closed
    assert (made.place in (Place.THOUGHT, Place.UNKNOWN)) <= (
        parts.answer is None or not "".join(pieces).strip()
    )


@pytest.mark.parametrize(
    ("kept", "added", "answer"),
    [
        (b"<think>hm", "so 4", None),
        (b"<think>hm", "so 4</think>It is 4", "It is 4"),
        (b"<think>hm</think>It", " is 4", "is 4"),
        (b"", "<think>hm", None),
        (b"", "It is 4", "It is 4"),
    ],
)
def test_what_a_fork_adds_is_read_from_where_it_begins(kept: bytes, added: str, answer: str | None):
    dialect = Dialect("think", "<think>", ("</think>",))
    mind = Mind(Budget(), dialect)
    if kept:
        mind.read(kept)

    parts = split(added, mind.onward(dialect))

    assert (parts.answer if parts.answer is None else parts.answer.strip()) == answer


def test_a_channel_is_closed_by_force_into_the_next_one():
    dialect = Dialect("analysis", "<A>", ("<E>",), opened=True, answer="<S>final<M>")
    made = mind("a", "b", dialect=dialect, thinking=2, answer=2)

    text = made.due()
    made.spend(text.encode())
    made.spend(b"3")

    assert text == "\n<E><S>final<M>"
    assert (made.thinking, made.answer, made.spent) == (2, 1, False)


def test_the_head_of_the_answers_channel_counts_for_neither_side():
    dialect = Dialect("analysis", "<A>", ("<E>",), answer="<S>final<M>")

    made = mind("<A>", "so", "<E>", "\n", "<S>", "final", "<M>", "3", dialect=dialect, answer=1)

    assert (made.thinking, made.answer, made.spent) == (1, 1, True)
