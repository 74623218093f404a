"""Servers that fail, hang, lie and break off: each has its sentence, and nothing dies."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kimidesk.engines.remote import Remote
from kimidesk.errors import BadCheckpoint, Refused
from kimidesk.records import Attempt, Budget, Ended, Given, Message, Noted, Sampling
from tests.engines.remote.conftest import DONE, Handler, Told, event, said, until_over

Open = Callable[..., Remote]
ASKED = (Message("user", "What is 17 + 25?"),)


def grow(remote: Remote, **how: Any) -> tuple[str, Any]:
    """The text of one trace, and its last step."""
    remote.add(Attempt("t", ASKED, **how))
    steps = until_over(remote)
    text = b"".join(remote.piece(step.token.id) for step in steps if step.token)
    return text.decode(), steps[-1]


def streams(*parts: bytes | float) -> Callable[[Handler], None]:
    return lambda handler: handler.stream(*parts)


def test_an_answer_comes_piece_by_piece_and_ends(told: Told, open_remote: Open):
    told.streams = [streams(event("4"), event("2"), event(finish="stop"), DONE)]
    text, last = grow(open_remote())
    assert text == "42"
    assert last.ended is Ended.ANSWERED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reasoning_content", "Add."),
        ("reasoning", "Add."),
        ("reasoning_details", [{"type": "reasoning.text", "text": "Add."}]),
    ],
)
def test_a_field_for_thoughts_becomes_the_thought(
    told: Told, open_remote: Open, name: str, value: object
):
    told.streams = [streams(event(**{name: value}), event("42"), event(finish="stop"), DONE)]
    text, last = grow(open_remote())
    assert text == "<think>\nAdd.\n</think>\n\n42"
    assert last.ended is Ended.ANSWERED


def test_a_token_row_holds_what_was_told_and_no_more(told: Told, open_remote: Open):
    told.logprobs = True
    listed = [{"token": "4", "logprob": -0.5}, {"token": "5", "logprob": -1.5}]
    row = {"token": "4", "logprob": -0.5, "top_logprobs": listed}
    choice = {"delta": {"content": "4"}, "logprobs": {"content": [row]}, "finish_reason": "stop"}
    told.streams = [streams(said({"choices": [choice]}), DONE)]
    remote = open_remote()
    remote.add(Attempt("t", ASKED))
    token = until_over(remote)[0].token
    assert (token.logprob, token.rank) == (-0.5, 1)
    assert math.isnan(token.entropy)
    assert [remote.piece(id_) for id_ in token.rival_id] == [b"4", b"5"]
    assert token.rival_logprob.tolist() == [-0.5, -1.5]


@pytest.mark.parametrize(
    "parts",
    [
        (event("4").replace(b"\n", b"\r\n"), event("2").replace(b"\n", b"\r\n")),
        (b": keep-alive\n\n", event("4"), b": still here\n\n", event("2")),
        (event("4")[:9], 0.02, event("4")[9:], event("2")),
        (b'data: {"choices":\ndata: [{"delta":{"content":"4"}}]}\n\n', event("2")),
    ],
)
def test_every_spelling_of_a_stream_is_understood(
    told: Told, open_remote: Open, parts: tuple[bytes | float, ...]
):
    told.streams = [streams(*parts, event(finish="stop"), DONE, DONE)]
    assert grow(open_remote())[0] == "42"


def test_a_character_may_be_split_between_packets(told: Told, open_remote: Open):
    whole = 'data: {"choices":[{"delta":{"content":"日本"}}]}\n\n'.encode()
    at = whole.index("日".encode()) + 1
    told.streams = [streams(whole[:at], 0.02, whole[at:], event(finish="stop"))]
    assert grow(open_remote())[0] == "日本"


@pytest.mark.parametrize(
    ("finish", "ended"),
    [
        ("stop", Ended.ANSWERED),
        ("length", Ended.BUDGET),
        ("content_filter", Ended.FAILED),
    ],
)
def test_the_servers_word_for_the_end_is_kept(
    told: Told, open_remote: Open, finish: str, ended: Ended
):
    told.streams = [streams(event("4"), event(finish=finish))]
    assert grow(open_remote())[1].ended is ended


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((event("4"),), "before the answer's end"),
        ((event("4"), 5.0), "fell silent"),
        ((event("4"), b"data: {oops\n\n"), "no JSON"),
        ((event("4"), b"data: [1]\n\n"), "no chunk"),
        ((event("4"), said({"error": {"message": "out of memory"}})), "out of memory"),
        ((event("4"), b"data: " + b"x" * (2 << 20)), "no stream of events"),
        ((5.0,), "no first token within 1.5 s"),
    ],
)
def test_a_stream_that_breaks_ends_its_trace_with_a_sentence(
    told: Told, open_remote: Open, parts: tuple[bytes | float, ...], words: str
):
    told.streams = [streams(*parts)]
    remote = open_remote()
    text, last = grow(remote)
    assert text == ("4" if parts[0] == event("4") else "")
    assert last.ended is Ended.FAILED
    assert words in last.reason
    told.streams = [streams(event("2", finish="stop"))]
    assert grow(remote)[0] == "2"  # the engine lives


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda h: h.raw(b"<html><body>Login</body></html>", 200, "text/html"), "text/html"),
        (lambda h: h.whole({"choices": []}), "not a stream"),
        (lambda h: h.whole({"error": {"message": "bad field"}}, 400), "bad field"),
        (lambda h: h.whole({"error": "no"}, 401), "refuses"),
        (lambda h: h.raw(b"", 302, Location="http://example.invalid/"), "elsewhere"),
        (lambda h: h.raw(b"boom", 500, "text/plain"), "asked 3 times"),
    ],
)
def test_an_answer_that_is_no_stream_is_told(
    told: Told, open_remote: Open, answer: Callable[[Handler], None], words: str
):
    told.streams = [answer]
    last = grow(open_remote())[1]
    assert last.ended is Ended.FAILED
    assert words in last.reason


def test_a_busy_server_is_asked_again_when_it_says(told: Told, open_remote: Open):
    busy = [lambda h: h.whole({"error": "busy"}, 429, Retry_After="0.3")]
    failed = [lambda h: h.raw(b"", 503, "text/plain")]
    told.streams = [*busy, *failed, streams(event("42", finish="stop"))]
    begun = time.monotonic()
    assert grow(open_remote())[0] == "42"
    assert time.monotonic() - begun >= 0.3


def test_dropping_closes_the_connection_at_once(told: Told, open_remote: Open):
    told.streams = [streams(*[event("4"), 0.02] * 500)]
    remote = open_remote()
    remote.add(Attempt("t", ASKED))
    while not remote.step():
        pass
    remote.drop("t")
    assert remote.live == 0
    assert told.gone.wait(2)
    assert remote.step() == []


def test_an_endless_answer_ends_at_its_budget(told: Told, open_remote: Open):
    told.streams = [streams(*[event("4")] * 5000)]
    told.trial = {"reasoning_content": "Hm."}
    text, last = grow(open_remote(), budget=Budget(answer=10))
    assert text == "4" * 10
    assert last.ended is Ended.BUDGET


def test_many_traces_grow_side_by_side(told: Told, open_remote: Open):
    told.streams = [streams(event("4"), 0.4, event("2"), event(finish="stop"))]
    remote = open_remote(slots=8)
    begun = time.monotonic()
    for number in range(8):
        remote.add(Attempt(f"t{number}", ASKED))
    ended = [step.trace for step in until_over(remote) if step.ended]
    assert sorted(ended) == [f"t{number}" for number in range(8)]
    assert time.monotonic() - begun < 2.8


def test_what_a_server_cannot_do_is_refused(told: Told, open_remote: Open):
    told.trial = {"reasoning_content": "Hm."}
    remote = open_remote()
    for how, words in (
        ({"given": Given("text")}, "replay"),
        ({"prefix": (1,)}, "forks"),
        ({"budget": Budget(thinking=100)}, "thinking budget"),
        ({"budget": Budget(soft=10)}, "soft landing"),
        ({"sampling": Sampling(top_k=4)}, "top-k"),
        ({"thinking": True}, "switch"),
    ):
        with pytest.raises(Refused, match=words):
            remote.add(Attempt("t", ASKED, **how))
    assert remote.live == 0


def test_a_budget_goes_to_the_field_of_the_server_and_is_noted(told: Told, open_remote: Open):
    told.owner, told.trial = "vllm", {"reasoning_content": "Hm."}
    told.streams = [streams(event("42", finish="stop"))]
    remote = open_remote()
    remote.add(Attempt("t", ASKED, budget=Budget(thinking=100)))
    steps = until_over(remote)
    assert told.bodies[-1]["thinking_token_budget"] == 100
    sent, left = steps[0].notes
    assert (sent.what, left.what) == (Noted.SENT, Noted.LEFT_TO_SERVER)
    assert sent.told.startswith("/chat/completions ")
    assert "temperature=0.6 top_p=0.95" in sent.told
    assert left.told == "thinking_token_budget=100"


def test_the_key_is_sent_and_never_repeated(
    told: Told, open_remote: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KIMIDESK_API_KEY", "sk-secret")
    told.streams = [lambda h: h.whole({"error": "key sk-secret is unknown"}, 401)]
    remote = open_remote()
    assert told.keys[0] == "Bearer sk-secret"
    assert "sk-secret" not in grow(remote)[1].reason
    assert "sk-secret" not in str(remote.info)


def test_a_server_of_several_models_wants_one_named(told: Told, open_remote: Open):
    told.models = ("small", "large")
    with pytest.raises(BadCheckpoint, match="offers small, large"):
        open_remote()
    assert open_remote(ref=f"{told.url}#large").info.name == "large"
    with pytest.raises(BadCheckpoint, match="does not offer 'huge'"):
        open_remote(ref=f"{told.url}#huge")


def test_the_servers_count_of_the_prompt_comes_with_the_end(told: Told, open_remote: Open):
    told.owner = "vllm"
    usage = said({"choices": [], "usage": {"prompt_tokens": 31, "completion_tokens": 2}})
    told.streams = [streams(event("42", finish="stop"), usage, DONE)]
    assert grow(open_remote())[1].prompt_tokens == 31
    assert told.bodies[-1]["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize(
    ("served", "asked", "used"),
    [(100_000, 0, 100_000), (100_000, 512, 512), (512, 4096, 512), (0, 4096, 4096), (0, 0, 0)],
)
def test_a_context_is_the_servers_own_unless_less_is_asked(
    told: Told, open_remote: Open, served: int, asked: int, used: int
):
    told.context = served
    assert open_remote(context=asked).info.context == used


def test_rows_without_numbers_have_no_rank(told: Told, open_remote: Open):
    told.streams = [streams(event("4", finish="stop"))]
    remote = open_remote()
    remote.add(Attempt("t", ASKED))
    token = until_over(remote)[0].token
    assert token.rank == 0
    assert np.isnan(token.logprob)
