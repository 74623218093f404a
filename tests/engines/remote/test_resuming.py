"""A server that is lost in the middle of a trace: it is asked again, and every token comes once."""

import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kimidesk.checkpoints.remote import look_up
from kimidesk.checkpoints.remote.talk import Unreachable
from kimidesk.engines.remote import Remote
from kimidesk.engines.remote.chunks import opened
from kimidesk.engines.remote.patience import Broken, Patience
from kimidesk.engines.remote.resuming import recognise
from kimidesk.errors import BadCheckpoint, ModelError
from kimidesk.records import Attempt, Budget, Ended, Message, Noted
from kimidesk.settings import Manners
from tests.engines.remote.conftest import DONE, Handler, Opens, Told, event, said, until_over, word

ASKED = (Message("user", "What is 17 + 25?"),)
WORDS = ("Add", " them", ":", " 17", " + 25", " 是", "四十", "二", ".", "</think>", "42", " it is")
WHOLE = "".join(WORDS)
STREAM = b"".join(map(word, WORDS))


@dataclass
class Reciting:
    """Goes on from wherever a prompt ends; its first connections break where they are told to."""

    breaks: list[tuple[int, str]] = field(default_factory=list)  # bytes, and how

    def __call__(self, handler: Handler) -> None:
        prompt = handler.told.bodies[-1]["prompt"]
        said_already = prompt.rpartition("<think>")[2]
        assert WHOLE.startswith(said_already), "the trace was cut within a token, or repeated"
        left, so_far = [], ""
        for each in WORDS:
            if len(so_far) >= len(said_already):
                left.append(word(each))
            so_far += each
        stream = b"".join([*left, word(finish="stop"), DONE])
        if not self.breaks:
            handler.stream(stream)
            return
        at, how = self.breaks.pop(0)
        if how == "busy":  # between two events
            busy = said({"error": {"code": 503, "message": "loading"}})
            before, end, _ = stream[:at].rpartition(b"\n\n")
            handler.stream(before + end, busy)
            return
        handler.stream(stream[:at])
        if how == "reset":
            linger = struct.pack("ii", 1, 0)
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def grow(remote: Remote, **how: Any) -> tuple[str, list[Any]]:
    remote.add(Attempt("t", ASKED, **how))
    steps = until_over(remote)
    return b"".join(remote.piece(one.token.id) for one in steps if one.token).decode(), steps


def resumed(steps: list[Any]) -> list[Any]:
    return [note for one in steps for note in one.notes if note.what is Noted.RESUMED]


PLACES = st.tuples(st.integers(0, len(STREAM)), st.sampled_from(["close", "reset", "busy"]))


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(breaks=st.lists(PLACES, max_size=2))
@pytest.mark.slow
def test_wherever_a_stream_breaks_every_token_comes_once(
    told: Told, raw: Opens, breaks: list[tuple[int, str]]
):
    told.streams = [Reciting(breaks)]
    text, steps = grow(raw())
    assert text == WHOLE
    assert steps[-1].ended is Ended.ANSWERED
    assert all(one.token is None or one.token.logprob == -0.5 for one in steps)


def test_where_a_trace_was_gone_on_with_is_noted(told: Told, raw: Opens):
    told.streams = [Reciting([(len(word("Add")) + len(word(" them")), "close")])]
    [note] = resumed(grow(raw())[1])
    assert note.at == 2
    assert "ended the stream before the answer's end" in note.told


def test_a_server_that_falls_silent_is_asked_again(told: Told, raw: Opens):
    told.streams = [lambda h: h.stream(word("Add"), 5.0), Reciting()]
    text, steps = grow(raw())
    assert text == WHOLE
    assert "fell silent" in resumed(steps)[0].told


def test_a_trace_that_is_lost_too_often_says_how_often(told: Told, raw: Opens):
    told.streams = [lambda h: h.stream(word("Add")), lambda h: h.raw(b"", 503, "text/plain")]
    text, steps = grow(raw())
    assert text == "Add"
    assert steps[-1].ended is Ended.FAILED
    assert "status 503" in steps[-1].reason
    assert "(asked 3 times in a row) after 1 tokens" in steps[-1].reason


def test_how_often_a_server_is_asked_is_a_persons_to_set(
    told: Told, open_remote: Callable[..., Remote], template: Path
):
    told.raw, told.owner = True, "vllm"
    told.streams = [lambda h: h.stream(word("Add")), Reciting()]
    manners = Manners(tries=1, chat_template=str(template))
    text, steps = grow(open_remote(patience=None, manners=manners))
    assert (text, steps[-1].ended) == ("Add", Ended.FAILED)
    assert "ended the stream before the answer's end after 1 tokens" in steps[-1].reason


def test_a_token_sets_the_count_back(told: Told, raw: Opens):
    longest = max(len(word(each)) for each in WORDS)
    reciting = Reciting([(longest, "close")] * len(WORDS))  # each brings a token or more
    told.streams = [reciting]
    text, steps = grow(raw())
    assert text == WHOLE
    assert len(resumed(steps)) > 3 > len(reciting.breaks)


def test_a_closing_is_said_once_though_the_server_is_lost_at_it(told: Told, raw: Opens):
    told.streams = [
        lambda h: h.stream(*[word(" hm")] * 50),
        lambda h: h.raw(b"", 503, "text/plain"),
        lambda h: h.stream(word("42"), word(finish="stop"), DONE),
    ]
    text, steps = grow(raw(), budget=Budget(thinking=5, answer=8, closing="Enough."))
    assert text == " hm" * 5 + "\n\nEnough.\n</think>\n\n42"
    assert [note.what for one in steps for note in one.notes][1:] == [Noted.CUT, Noted.RESUMED]


def test_another_model_never_finishes_a_trace(told: Told, raw: Opens):
    def leave(handler: Handler) -> None:
        handler.stream(word("Add"))
        told.owner = "sglang"

    told.streams = [leave, Reciting()]
    text, steps = grow(raw())
    assert text == "Add"
    assert "came back with another model" in steps[-1].reason


def test_a_trace_can_be_dropped_while_its_server_is_away(told: Told, raw: Opens):
    told.streams = [lambda h: h.stream(word("Add")), lambda h: h.raw(b"", 503, "text/plain")]
    remote = raw()
    remote.add(Attempt("t", ASKED))
    while not remote.step():
        pass
    remote.drop("t")
    for _ in range(4):
        assert remote.step() == []
    assert remote.live == 0


def test_others_grow_while_a_server_that_hangs_is_asked_who_it_is(
    told: Told, raw: Opens, monkeypatch: pytest.MonkeyPatch
):
    remote = raw()
    told.streams = [lambda h: h.stream(word("Add")), Reciting()]
    remote.add(Attempt("lost", ASKED))
    while not remote.step():
        pass
    monkeypatch.setattr(Handler, "do_GET", lambda handler: handler.told.gone.wait(5))
    begun = time.monotonic()
    while time.monotonic() - begun < 0.3:
        remote.step()
    remote.add(Attempt("other", ASKED))
    steps: list[Any] = []
    while not any(one.ended for one in steps):
        steps += remote.step()
        assert time.monotonic() - begun < 4
    assert {one.trace for one in steps} == {"other"}


def test_by_messages_a_broken_stream_is_the_end_and_says_why(
    told: Told, open_remote: Callable[..., Remote]
):
    told.streams = [lambda h: h.stream(event("4"))]
    _, steps = grow(open_remote())
    assert steps[-1].ended is Ended.FAILED
    assert "asked by messages, so it cannot be gone on with" in steps[-1].reason


def test_a_server_that_is_loading_its_model_is_not_taken_for_another(told: Told):
    told.owner, told.props = "llamacpp", (200, {"model_path": "m.gguf", "chat_template": "x"})
    server = look_up(f"{told.url}#m", trial=False)
    told.props = (503, {"error": {"message": "Loading model"}})

    with pytest.raises(Unreachable, match="Loading model"):
        recognise(server).result()
    told.props = (200, {"model_path": "other.gguf"})
    with pytest.raises(BadCheckpoint, match="came back with another model"):
        recognise(server).result()


def test_pauses_stay_bounded_however_often_a_server_was_lost():
    assert Patience().pause(5000) <= Patience().longest_s


def test_the_words_of_an_error_are_told_whatever_its_code_is():
    with pytest.raises(ModelError, match="the server says: no") as caught:
        opened('{"error": {"code": ["503"], "message": "no"}}')
    assert not isinstance(caught.value, Broken)
