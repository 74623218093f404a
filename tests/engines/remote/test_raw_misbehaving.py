"""Prompts made here for a server of texts: what it is sent, rated, and where it breaks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kimidesk.engines.remote import Remote
from kimidesk.errors import Refused
from kimidesk.records import Attempt, Budget, Ended, Given, Message, Noted, Wish
from tests.engines.remote.conftest import DONE, Handler, Opens, Told, event, said, until_over, word

ASKED = (Message("user", "What is 17 + 25?"),)
THOUGHT = [word("Add"), word(" them"), word(".")]


def streams(*parts: bytes | float) -> Callable[[Handler], None]:
    return lambda handler: handler.stream(*parts)


def grow(remote: Remote, trace: str = "t", **how: Any) -> tuple[str, list[Any]]:
    remote.add(Attempt(trace, how.pop("messages", ASKED), **how))
    steps = until_over(remote)
    return b"".join(remote.piece(one.token.id) for one in steps if one.token).decode(), steps


def test_the_prompt_is_made_here_and_sent_as_text(told: Told, raw: Opens):
    told.streams = [streams(*THOUGHT, word("</think>"), word("42"), word(finish="stop"), DONE)]
    remote = raw()
    text, steps = grow(remote)
    assert told.paths[-1] == "/v1/completions"
    assert told.bodies[-1]["prompt"] == "[user]What is 17 + 25?[assistant]<think>"
    assert told.bodies[-1]["skip_special_tokens"] is False
    assert text == "Add them.</think>42"
    assert steps[-1].ended is Ended.ANSWERED
    assert (steps[0].token.logprob, steps[0].token.rank) == (-0.5, 1)


def test_a_thought_is_cut_and_the_server_goes_on_after_it(told: Told, raw: Opens):
    told.streams = [
        streams(*[word(" hm")] * 50, word(finish="length")),
        streams(word("42"), word(finish="stop"), DONE),
    ]
    text, steps = grow(raw(), budget=Budget(thinking=5, answer=8, closing="Enough."))
    assert text == " hm" * 5 + "\n\nEnough.\n</think>\n\n42"
    sent, cut = [note for one in steps for note in one.notes]
    assert (cut.at, cut.what) == (5, Noted.CUT)
    assert (sent.what, sent.told.split()[0]) == (Noted.SENT, "/completions")
    first, second = told.bodies[-2:]
    assert second["prompt"] == first["prompt"] + text.removesuffix("42")
    assert first["max_tokens"] == 5 + 3
    assert second["seed"] != first["seed"]


def test_a_stream_that_ends_at_its_length_is_gone_on_with(told: Told, raw: Opens):
    told.streams = [
        streams(word("4"), word(finish="length")),
        streams(word("2"), word(finish="stop"), DONE),
    ]
    text, steps = grow(raw())
    assert text == "42"
    assert steps[-1].ended is Ended.ANSWERED


def test_a_server_whose_context_is_full_ends_the_trace(told: Told, raw: Opens):
    told.streams = [streams(word("4"), word(finish="length")), streams(word(finish="length"))]
    assert grow(raw())[1][-1].ended is Ended.CONTEXT_FULL


def test_asked_to_answer_a_thought_ends_while_the_server_is_silent(told: Told, raw: Opens):
    silent = streams(word("Hm"), *[0.02, b": wait\n\n"] * 200)
    told.streams = [silent, streams(word("42"), word(finish="stop"), DONE)]
    remote = raw()
    remote.add(Attempt("t", ASKED, budget=Budget(closing="")))
    steps = []
    while not steps:
        steps += remote.step()
    remote.steer("t", Wish.ANSWER_NOW)
    steps += until_over(remote)
    text = b"".join(remote.piece(one.token.id) for one in steps if one.token).decode()
    assert text == "Hm\n</think>\n\n42"
    assert told.gone.wait(2)


def test_a_thought_that_would_end_by_a_mark_is_made_to_go_on(told: Told, raw: Opens):
    told.streams = [
        streams(word("Hm"), word("</think>"), word("42"), word(finish="stop")),
        streams(word(" so"), word("</think>"), word("42"), word(finish="stop"), DONE),
    ]
    text, steps = grow(raw(), budget=Budget(least=2, onward="Wait,"))
    assert text == "HmWait, so</think>42"
    assert [note.what for one in steps for note in one.notes][1:] == [Noted.KEPT_THINKING]


def test_a_fork_sends_what_it_keeps(told: Told, raw: Opens):
    told.streams = [streams(*THOUGHT, word(finish="stop"), DONE)]
    remote = raw()
    _, steps = grow(remote)
    ids = tuple(one.token.id for one in steps if one.token)
    grow(remote, "f", prefix=ids[:2])
    assert told.bodies[-1]["prompt"].endswith("<think>Add them")


def test_a_fork_of_another_session_is_refused(told: Told, raw: Opens):
    with pytest.raises(Refused, match="the texts of this trace are gone"):
        raw().add(Attempt("f", ASKED, prefix=(1 << 25,)))


def test_a_given_text_comes_back_rated(told: Told, raw: Opens):
    told.echo = True
    remote = raw()
    text, steps = grow(remote, given=Given(" It is 42."))
    assert text == " It is 42."
    assert steps[-1].ended is Ended.REPLAYED
    assert [one.token.logprob for one in steps] == [-0.5] * 3
    assert told.bodies[-1]["echo"] is True
    assert any("replay and candidates" in line for line in remote.info.capabilities)


def test_tokens_across_the_start_of_a_given_text_are_told(told: Told, raw: Opens):
    told.echo = True
    _, steps = grow(raw(), given=Given("It is 42."))  # the server cuts "<think>It" as one
    assert steps[-1].ended is Ended.FAILED
    assert "do not meet" in steps[-1].reason


def test_a_given_text_is_refused_where_nothing_is_rated(told: Told, raw: Opens):
    with pytest.raises(Refused, match="rates no given text"):
        raw().add(Attempt("r", ASKED, given=Given("Four.")))


def test_forced_tokens_have_no_numbers(told: Told, raw: Opens):
    told.streams = [streams(word("42"), word(finish="stop"), DONE)]
    _, steps = grow(raw(), force="So: ")
    assert steps[0].token.forced
    assert np.isnan(steps[0].token.logprob)
    assert (steps[0].token.rank, len(steps[0].token.rival_id)) == (0, 0)


def test_pictures_go_by_messages(told: Told, raw: Opens, tmp_path: Path):
    picture = tmp_path / "p.png"
    Image.new("RGB", (4, 4)).save(picture)
    told.streams = [streams(event("42", finish="stop"), DONE)]
    grow(raw(), messages=(Message("user", "Read it.", (str(picture),)),))
    assert told.paths[-1] == "/v1/chat/completions"
    part = told.bodies[-1]["messages"][0]["content"][0]
    assert part["image_url"]["url"].startswith("data:image/png;base64,iVBORw0KGgo")


def test_why_a_server_is_asked_by_messages_is_stated(
    told: Told, open_remote: Callable[..., Remote]
):
    assert any("chat template is not known" in line for line in open_remote().info.capabilities)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((word("4"), b"data: {oops\n\n"), "no JSON"),
        ((word("4"), b'data: {"choices": [3]}\n\n'), "no chunk"),
        ((word("4"), word(finish="content_filter")), "content filter"),
    ],
)
def test_a_raw_stream_of_nonsense_ends_its_trace_with_a_sentence(
    told: Told, raw: Opens, parts: tuple[bytes | float, ...], words: str
):
    told.streams = [streams(*parts)]
    text, steps = grow(raw())
    assert text == "4"
    assert steps[-1].ended is Ended.FAILED
    assert words in steps[-1].reason


@pytest.mark.parametrize(
    "logprobs",
    [
        {"tokens": ["4"], "token_logprobs": [], "top_logprobs": []},
        {"tokens": ["5"], "token_logprobs": [-1], "top_logprobs": [{}]},
        {"tokens": ["4"], "token_logprobs": [None], "top_logprobs": None},
        {"tokens": 4, "token_logprobs": "x"},
        {"content": [{"token": "4", "logprob": "?", "top_logprobs": [{"id": "x"}, 3]}]},
        [],
    ],
)
def test_numbers_that_do_not_fit_are_left_out(told: Told, raw: Opens, logprobs: object):
    choice = {"text": "4", "logprobs": logprobs, "finish_reason": "stop"}
    told.streams = [lambda h: h.stream(said({"choices": [choice]}), DONE)]
    text, steps = grow(raw())
    assert text == "4"
    assert np.isnan(steps[0].token.logprob)
