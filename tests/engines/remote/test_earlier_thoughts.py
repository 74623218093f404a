"""Thoughts of earlier turns: sent in the field of the make, or left out and noted."""

from collections.abc import Callable

import pytest

from kimidesk.checkpoints.remote.makes import HOSTS, Make
from kimidesk.engines.remote import Remote
from kimidesk.records import Attempt, Message, Noted
from tests.engines.remote.conftest import DONE, Told, event, until_over

TALK = (
    Message("user", "What is 17 + 25?"),
    Message("assistant", "42", thought="Add them."),
    Message("user", "And twice that?"),
)


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (Make.LLAMA, {"reasoning_content"}),
        (Make.VLLM, {"reasoning", "reasoning_content"}),
        (Make.SGLANG, {"reasoning_content"}),
        (Make.DEEPSEEK, {"reasoning_content"}),
        (Make.MOONSHOT, {"reasoning_content"}),
        (Make.OPENROUTER, {"reasoning"}),
        (Make.OPENAI, set()),
        (Make.ANTHROPIC, set()),
        (Make.OTHER, set()),
    ],
)
def test_an_earlier_thought_goes_into_the_field_of_its_make(
    told: Told,
    open_remote: Callable[..., Remote],
    monkeypatch: pytest.MonkeyPatch,
    make: Make,
    fields: set[str],
):
    monkeypatch.setitem(HOSTS, "127.0.0.1", make)
    told.streams = [lambda h: h.stream(event("84", finish="stop"), DONE)]
    remote = open_remote()
    remote.add(Attempt("t", TALK))
    notes = [note.what for step in until_over(remote) for note in step.notes]

    asked, said, again = told.bodies[-1]["messages"]
    assert said == {"role": "assistant", "content": "42"} | dict.fromkeys(fields, "Add them.")
    assert asked.keys() == again.keys() == {"role", "content"}
    assert (Noted.THOUGHTS_LEFT_OUT in notes) is not bool(fields)


def test_where_there_was_no_thought_nothing_is_noted(
    told: Told, open_remote: Callable[..., Remote]
):
    told.streams = [lambda h: h.stream(event("42", finish="stop"), DONE)]
    remote = open_remote()
    remote.add(Attempt("t", TALK[:1]))
    notes = [note.what for step in until_over(remote) for note in step.notes]
    assert notes == [Noted.SENT]
