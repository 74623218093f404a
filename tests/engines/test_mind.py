"""Where a trace is in its thought, and what its budget still allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.engines.mind import Mind, Place
from kimidesk.reading import split
from kimidesk.records import CLOSING, Budget, Dialect, Noted, Wish

THINK = Dialect("think", "<think>", ("</think>",))
OPENED = Dialect("think", "<think>", ("</think>",), opened=True)
FORCED = f"\n\n{CLOSING}\n</think>\n\n"


def mind(*pieces: str, dialect: Dialect = THINK, **budget: int | str | None) -> Mind:
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
    made = mind("a", dialect=OPENED, thinking=1, closing="")
    assert made.due() == "\n</think>\n\n"

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

    assert text == f"\n\n{CLOSING}\n<E><S>final<M>"
    assert (made.thinking, made.answer, made.spent) == (2, 1, False)


def test_the_head_of_the_answers_channel_counts_for_neither_side():
    dialect = Dialect("analysis", "<A>", ("<E>",), answer="<S>final<M>")

    made = mind("<A>", "so", "<E>", "\n", "<S>", "final", "<M>", "3", dialect=dialect, answer=1)

    assert (made.thinking, made.answer, made.spent) == (1, 1, True)


@pytest.mark.parametrize(
    ("said", "lands"),
    [
        ("It is so.", True),
        ('He said "no!"', True),
        ("所以是三。", True),
        ("a list\n", True),
        ("It is so", False),
        ("It is 3.", False),
        ("and,", False),
    ],
)
def test_a_soft_landing_waits_for_the_end_of_a_sentence(said, lands):
    early = mind(said, dialect=OPENED, thinking=9, soft=4)
    near = mind(*"abcde", said, dialect=OPENED, thinking=9, soft=4)

    assert early.due() == ""
    assert near.due() == (FORCED if lands else "")
    assert near.noted() == ((Noted.LANDED,) if lands else ())


def test_a_soft_landing_ends_at_the_budget_at_the_latest():
    made = mind(*"abcdefghi", dialect=OPENED, thinking=9, soft=4)

    assert made.due() == FORCED
    assert made.noted() == (Noted.CUT,)
    assert made.noted() == ()


def test_somebody_who_asks_gets_the_answer_now():
    made = mind("so", dialect=OPENED)

    assert made.wish(Wish.ANSWER_NOW)
    assert made.due() == FORCED
    assert made.noted() == (Noted.ANSWER_NOW,)
    assert not made.wish(Wish.ANSWER_NOW)


def test_an_answer_cannot_be_asked_to_answer_now():
    made = mind("so", "</think>", "3", dialect=OPENED)

    assert not made.wish(Wish.ANSWER_NOW)
    assert made.due() == ""


def test_a_thought_goes_on_until_it_has_its_least():
    made = mind("so", dialect=OPENED, least=3)

    assert made.instead(b"a", ends=False) == ""
    assert made.instead(b"</think>", ends=False) == "Wait,"
    assert made.instead(b"<|im_end|>", ends=True) == "Wait,"
    made.spend(b"b")
    made.spend(b"c")
    assert made.instead(b"</think>", ends=False) == ""


def test_a_mark_of_many_tokens_is_stopped_where_it_begins():
    dialect = Dialect("k", "◁think▷", ("◁/think▷",), opened=True)
    made = mind("so", dialect=dialect, least=9)

    assert made.instead("◁".encode(), ends=False) == "Wait,"
    assert made.instead(b"/", ends=False) == ""


def test_keep_thinking_replaces_one_end_and_no_more():
    made = mind("so", dialect=OPENED)
    made.wish(Wish.KEEP_THINKING)

    assert made.instead(b"</think>", ends=False) == "Wait,"
    assert made.noted() == (Noted.KEPT_THINKING,)
    assert made.instead(b"</think>", ends=False) == ""


def test_a_thought_near_its_budget_is_not_prolonged():
    made = mind("so", dialect=OPENED, thinking=10)
    made.wish(Wish.KEEP_THINKING)

    assert made.instead(b"</think>", ends=False) == ""


@given(
    st.lists(st.sampled_from(["a", ".", "b.", "\n", "中", "</think>", " "]), max_size=80),
    st.integers(0, 60),
    st.integers(0, 20),
    st.integers(0, 20),
)
def test_no_thought_overshoots_its_budget(pieces, thinking, soft, least):
    made = Mind(Budget(thinking, soft=soft, least=min(least, thinking)), OPENED)
    for piece in pieces:
        text = made.due() or made.instead(piece.encode(), ends=False)
        for each in [text[at : at + 4] for at in range(0, len(text), 4)] or [piece]:
            made.spend(each.encode())

    assert made.thinking <= thinking
