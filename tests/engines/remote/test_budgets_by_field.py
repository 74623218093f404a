"""Budgets that a server keeps: each make's own field, as its documentation has it."""

from collections.abc import Callable
from typing import Any

import pytest

from kimidesk.checkpoints.remote.budgets import KEEPINGS, effort_of
from kimidesk.checkpoints.remote.makes import HOSTS, Make
from kimidesk.engines.remote import Remote
from kimidesk.errors import Refused
from kimidesk.records import Attempt, Budget, Ended, Message
from tests.engines.remote.conftest import DONE, Handler, Told, event, until_over

ASKED = (Message("user", "What is 17 + 25?"),)
Open = Callable[..., Remote]


@pytest.fixture
def hosted(
    told: Told, open_remote: Open, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Make], Remote]:
    """Opens the server of these tests as if its host were a maker's."""

    def open_(make: Make) -> Remote:
        monkeypatch.setitem(HOSTS, "127.0.0.1", make)
        told.trial = {"content": ""}
        told.streams = [lambda h: h.stream(event("42", finish="stop"), DONE)]
        return open_remote()

    return open_


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (Make.VLLM, {"thinking_token_budget": 4096}),
        (Make.SGLANG, {"custom_params": {"thinking_budget": 4096}}),
        (Make.OPENAI, {"reasoning_effort": "medium"}),
        (Make.ANTHROPIC, {"thinking": {"type": "enabled", "budget_tokens": 4096}}),
        (Make.DASHSCOPE, {"enable_thinking": True, "thinking_budget": 4096}),
        (Make.OPENROUTER, {"reasoning": {"max_tokens": 4096}}),
        (Make.LLAMA, {"reasoning_budget_tokens": 4096, "reasoning_budget_message": ""}),
    ],
)
def test_a_budget_goes_into_the_field_of_its_make(
    told: Told, hosted: Callable[[Make], Remote], make: Make, fields: dict[str, Any]
):
    remote = hosted(make)
    remote.add(Attempt("t", ASKED, budget=Budget(thinking=4096, closing="")))
    steps = until_over(remote)
    assert fields.items() <= told.bodies[-1].items()
    assert steps[-1].ended is Ended.ANSWERED
    assert any(next(iter(fields)) in note.told for note in steps[0].notes)


def test_every_row_of_the_table_names_its_source():
    assert all(keeping.source and keeping.field for keeping in KEEPINGS.values())


def test_an_effort_stands_for_a_budget():
    assert [effort_of(n) for n in (0, 2048, 2049, 8192, 8193)] == [
        "low",
        "low",
        "medium",
        "medium",
        "high",
    ]


def test_an_effort_bounds_no_sum_of_tokens(told: Told, hosted: Callable[[Make], Remote]):
    remote = hosted(Make.OPENAI)
    remote.add(Attempt("t", ASKED, budget=Budget(thinking=4096, answer=100)))
    until_over(remote)
    assert "max_completion_tokens" not in told.bodies[-1]
    assert any("becomes an effort" in line for line in remote.info.capabilities)


@pytest.mark.parametrize("make", [Make.DEEPSEEK, Make.MOONSHOT])
def test_a_make_without_a_field_refuses_a_budget(hosted: Callable[[Make], Remote], make: Make):
    with pytest.raises(Refused, match="no field for a thinking budget"):
        hosted(make).add(Attempt("t", ASKED, budget=Budget(thinking=4096)))


def picky(handler: Handler, body: dict[str, Any], *refused: str) -> bool:
    """Refuses the first of these fields that it is sent, as OpenAI words it."""
    wrong = next((name for name in refused if name in body), None)
    if wrong:
        words = f"Unsupported parameter: '{wrong}' is not supported with this model."
        handler.whole({"error": {"message": words, "param": wrong}}, 400)
    return wrong is not None


def test_what_a_model_refuses_in_its_trial_is_never_sent(
    told: Told, hosted: Callable[[Make], Remote]
):
    told.picky = lambda handler, body: picky(handler, body, "temperature", "logprobs", "max_tokens")
    remote = hosted(Make.OPENAI)
    remote.add(Attempt("t", ASKED, budget=Budget(thinking=64, answer=9)))
    until_over(remote)
    assert not {"temperature", "top_p", "logprobs", "max_tokens"} & told.bodies[-1].keys()
    assert told.bodies[-1]["reasoning_effort"] == "low"
    told.picky = lambda handler, body: picky(handler, body, "reasoning_effort")
    with pytest.raises(Refused, match="no field for a thinking budget"):
        hosted(Make.OPENAI).add(Attempt("t", ASKED, budget=Budget(thinking=64)))
