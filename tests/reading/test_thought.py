"""The thought is told from the answer, and an unfinished thought has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.reading import spans, split
from kimidesk.records import Dialect

THINK = Dialect("think", "<think>", ("</think>",))
OPENED = Dialect("think", "<think>", ("</think>",), opened=True)


def test_a_pair_of_marks_parts_thought_from_answer():
    parts = split("<think>\nhm\n</think>\n\nIt is 4.", THINK)

    assert (parts.thinking, parts.answer) == ("hm", "It is 4.")


def test_an_output_that_only_closes_is_thought_up_to_there():
    parts = split("hm, so\n</think>It is 4.", THINK)

    assert (parts.thinking, parts.answer) == ("hm, so", "It is 4.")


@pytest.mark.parametrize("text", ["hm, so 4", ""])
def test_an_unfinished_thought_that_the_prompt_opened_has_no_answer(text: str):
    assert split(text, OPENED).answer is None


@pytest.mark.parametrize("text", ["<think>so 4", "  <think>", "<thi", ""])
def test_an_unfinished_thought_has_no_answer(text: str):
    assert split(text, THINK).answer is None


def test_a_checkpoint_that_may_think_but_did_not_has_only_an_answer():
    parts = split("It is 4.", THINK)

    assert (parts.thinking, parts.answer) == ("", "It is 4.")


def test_an_answer_may_speak_of_the_mark():
    parts = split("<think>a</think>The mark </think> ends it.", THINK)

    assert parts.answer == "The mark </think> ends it."


def test_without_a_dialect_everything_is_the_answer():
    assert split("a </think> b", Dialect()).answer == "a </think> b"


@given(st.text(), st.sampled_from([THINK, OPENED, Dialect()]))
def test_the_spans_lie_in_the_text(text: str, dialect: Dialect):
    parts = split(text, dialect)
    begin, end = parts.thinking_span

    assert 0 <= begin <= end <= parts.answer_start <= len(text) or end <= parts.answer_start
    assert parts.thinking == text[begin:end].strip()


@given(st.text(alphabet="ab </think>\n"), st.text(alphabet="ab </think>\n"))
def test_an_answer_that_has_begun_is_never_taken_back(text: str, more: str):
    before, after = split(text, OPENED), split(text + more, OPENED)

    if before.answer is not None:
        assert after.answer_start == before.answer_start


HARMONY = Dialect("analysis", "<A>", ("<E>",), answer="<S>final<M>")


def test_the_head_of_the_answers_channel_is_no_part_of_the_answer():
    assert split("<A>so<E><S>final<M>3", HARMONY) == ("so", "3", (3, 5), 19)
    assert split("<A>so<E> <S>fin", HARMONY).answer == ""
    assert split("<A>so<E>3", HARMONY).answer == "3"


@pytest.mark.parametrize("dialect", [THINK, OPENED, Dialect()], ids=["marks", "opened", "none"])
def test_spans_of_a_growing_text_are_those_of_the_whole(dialect: Dialect):
    text = " \n<think> So </th 🙂 two.</think>\n\nFour, </think> or more"
    searched = 0
    for stop in range(len(text) + 1):
        parts = split(text[:stop], dialect)
        thought, answer = spans(text[:stop], dialect, searched)
        if answer < 0:
            searched = max(stop - len("</think>"), 0)

        assert thought == parts.thinking_span
        assert answer == (-1 if parts.answer is None else parts.answer_start)
