"""Transcripts of other programs, and our own exports."""

import json

import pytest

from kimidesk.errors import BadData
from kimidesk.records import Message, Problem
from kimidesk.store import transcripts


def read(tmp_path, content, name="a.json"):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return transcripts.read(path)


def test_a_conversation_ends_with_what_was_said(tmp_path):
    turns = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "2+2?"},
        {"role": "assistant", "content": "4", "reasoning_content": "Two and two."},
    ]

    told = read(tmp_path, {"messages": turns})

    assert told.messages == (Message("system", "Be brief."), Message("user", "2+2?"))
    assert (told.problem.text, told.text, told.thought) == ("2+2?", "4", "Two and two.")


def test_the_thoughts_of_earlier_turns_stay_apart(tmp_path):
    parts = [{"type": "thinking", "thinking": "Three."}, {"type": "text", "text": "6"}]
    turns = [
        {"role": "user", "content": "2+2?", "thinking": "of a person: none"},
        {"role": "assistant", "content": "4", "reasoning_content": "Two and two."},
        {"role": "user", "content": "3+3?"},
        {"role": "assistant", "content": parts},
    ]

    told = read(tmp_path, {"messages": turns})

    assert told.messages == (
        Message("user", "2+2?"),
        Message("assistant", "4", thought="Two and two."),
        Message("user", "3+3?"),
    )
    assert (told.text, told.thought) == ("6", "Three.")


@pytest.mark.parametrize("asked", ["problem", "question", "prompt"])
@pytest.mark.parametrize("said", ["output", "response", "completion"])
def test_a_question_and_its_output_are_found_by_their_usual_names(tmp_path, asked, said):
    told = read(tmp_path, {asked: "2+2?", said: "4"})

    assert (told.problem.text, told.text) == ("2+2?", "4")


@pytest.mark.parametrize(
    "content",
    [
        {"problem": "2+2?", "answer": "4", "output": "It is 4."},
        {"question": "2+2?", "gold": "4", "answer": "It is 4.", "response": "It is 4."},
        {"problem": {"text": "2+2?", "answer": "4"}, "output": "It is 4."},
        {"problem": {"question": "2+2?", "gold": "4"}, "output": "It is 4."},
    ],
)
def test_the_right_answer_of_a_question_is_kept(tmp_path, content):
    told = read(tmp_path, content)

    assert (told.problem, told.text) == (Problem("2+2?", "4"), "It is 4.")
    assert told.messages == (Message("user", "2+2?"),)


def test_a_plain_text_stands_alone(tmp_path):
    told = read(tmp_path, "鲸鱼 sang.", "whale.txt")

    assert (told.problem.text, told.messages, told.text) == ("whale.txt", (), "鲸鱼 sang.")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "is empty"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "no object"),
        ({"problem": "2+2?"}, "nothing to replay"),
        ({"messages": [{"role": "user", "content": "2+2?"}]}, "nothing to replay"),
        ({"messages": []}, "nothing to replay"),
        ({"messages": 3, "output": 5}, "nothing to replay"),
        ({"trace": {}, "tokens": {}}, "nothing to replay"),
    ],
)
def test_what_holds_nothing_says_so(tmp_path, content, why):
    with pytest.raises(BadData, match=why):
        read(tmp_path, content)


def test_half_a_character_is_replaced(tmp_path):
    assert read(tmp_path, '{"output": "a\\ud800b"}').text == "a?b"
