"""Cutting a thought into sentences."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.segments.sentences import sentences

BITS = [*"ab.?!。？ \n\t$`-1)(\\[]", "\n\n", "```", "$$", "\\[", "\\]", "i.e."]
TEXTS = some.lists(some.sampled_from(BITS), max_size=60).map("".join)


def cut(text):
    return [text[each.start : each.stop] for each in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("So x = 3.14 and y.z stays.", ["So x = 3.14 and y.z stays."]),
        ("Use e.g. this, i.e. that. Done.", ["Use e.g. this, i.e. that.", "Done."]),
        ("By Dr. Fu. Then", ["By Dr. Fu.", "Then"]),
        ("We get \\[ a. b \\] now. Next.", ["We get \\[ a. b \\] now.", "Next."]),
        ("$x. y$ is it. And $5 or $6. Yes.", ["$x. y$ is it.", "And $5 or $6.", "Yes."]),
        ("```\na. b\n\nc\n``` after. End", ["```\na. b\n\nc\n``` after.", "End"]),
        ("Where:\n- one thing\n- another", ["Where:", "- one thing", "- another"]),
        ("1. First this. 2. Then that.", ["1. First this.", "2. Then that."]),
        ("So x is 3. Point A. Done.", ["So x is 3.", "Point A.", "Done."]),
        (
            "嗯，先看题目。9.9和9.11谁大？我想想…好",
            ["嗯，先看题目。", "9.9和9.11谁大？", "我想想…", "好"],
        ),
        ("A line\n\nAnother", ["A line", "Another"]),
        (
            "A formula \\[ that never ends. But. So",
            ["A formula \\[ that never ends.", "But.", "So"],
        ),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences_end_where_people_end_them(text, expected):
    assert cut(text) == expected


def test_paragraphs_are_counted_and_begin_with_a_first_sentence():
    found = sentences("One. Two.\n\nThree.\n \nFour. Five.")

    assert [(each.paragraph, each.first) for each in found] == [
        (0, True), (0, False), (1, True), (2, True), (2, False),
    ]  # fmt: skip


@given(TEXTS)
def test_sentences_are_in_order_and_hold_all_that_is_not_blank(text):
    found = sentences(text)

    places = [place for each in found for place in range(each.start, each.stop)]
    assert places == sorted(set(places))
    rest = "".join(char for place, char in enumerate(text) if place not in set(places))
    assert not rest.strip()
    for each in found:
        assert text[each.start : each.stop] == text[each.start : each.stop].strip()


@pytest.mark.parametrize(
    "hostile", ["$", "\\[ ", "$$ a ", "```\n", "\\begin{a} ", "1. ", "a.\n\n", "."]
)
def test_a_long_text_of_marks_takes_no_long_time(hostile):
    text = hostile * (200_000 // len(hostile))

    began = time.process_time()
    sentences(text)

    assert time.process_time() - began < 20
