"""Servers that send more than anybody takes: memory stays bounded, and one trace pays."""

import json
import time
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
import pytest

from kimidesk.engines.remote import Remote
from kimidesk.engines.remote.chunks import MOST_HELD, MOST_RIVALS, ChatReader, number_of
from kimidesk.engines.remote.lines import AHEAD
from kimidesk.engines.remote.pieces import EACH, Pieces
from kimidesk.errors import Refused
from kimidesk.records import Attempt, Budget, Ended, Message
from tests.engines.remote.conftest import DONE, Handler, Told, event, until_over

Open = Callable[..., Remote]
ASKED = (Message("user", "What is 17 + 25?"),)


def test_a_server_that_is_faster_than_it_is_read_waits(told: Told, open_remote: Open):
    sent, big = [0], "x" * 50_000

    def flood(handler: Handler) -> None:
        handler.stream()
        for _ in range(2000):
            handler.wfile.write(event(big))
            sent[0] += 1
        handler.wfile.write(event("!", finish="stop") + DONE)

    told.streams = [flood]
    remote = open_remote()
    remote.add(Attempt("t", ASKED, budget=Budget(answer=None)))
    time.sleep(1.5)  # longer than a token may take: nobody reads, and the server is not to blame
    waiting = sent[0]
    assert waiting < 2000
    assert remote._lines.came.qsize() <= AHEAD + 1
    steps = until_over(remote)
    assert steps[-1].ended is Ended.ANSWERED
    assert sum(step.token is not None for step in steps) == 2001


def test_a_line_that_waits_is_closed_at_once(told: Told, open_remote: Open):
    told.streams = [lambda h: h.stream(*[event("x" * 50_000)] * 2000)]
    remote = open_remote()
    remote.add(Attempt("t", ASKED))
    time.sleep(0.5)
    remote.drop("t")
    assert told.gone.wait(2)


def rows(text: str, token: str, listed: int = 0) -> str:
    top = [{"token": f"{n}", "logprob": -1.0} for n in range(listed)]
    row = {"token": token, "logprob": -0.5, "top_logprobs": top}
    choice = {"delta": {"content": text}, "logprobs": {"content": [row]}}
    return msgspec.json.encode({"choices": [choice]}).decode()


def test_rows_whose_text_never_comes_are_given_up():
    reader, row = ChatReader(), rows("", "x" * 100_000)
    for _ in range(10 * MOST_HELD // len(row)):
        assert reader.read(row).told == ()
        assert sum(len(held["token"]) for held in reader._held) <= MOST_HELD
    [told] = reader.read(rows("end", "end")).told
    assert told.piece == b"end"
    assert np.isnan(told.logprob)  # of what was given up, and so of what cannot be told apart
    [after] = reader.read(rows("now", "now")).told
    assert after.logprob == -0.5


@pytest.mark.parametrize("number", [-(10**400), -1e300, True, "x", None])
def test_a_number_that_no_log_probability_is_is_none(number: object):
    row = {"token": "a", "logprob": number, "top_logprobs": [{"token": "b", "logprob": number}]}
    choice = {"delta": {"content": "a"}, "logprobs": {"content": [row]}}
    [told] = ChatReader().read(json.dumps({"choices": [choice]})).told
    assert np.isnan(told.logprob)
    assert told.rivals == ()


def test_no_log_probability_is_above_zero():
    assert [number_of(number) for number in (10**400, 0.1, 0, -0.5)] == [0, 0, 0, -0.5]


def test_no_more_rivals_are_taken_than_are_asked_for():
    [told] = ChatReader().read(rows("a", "a", listed=10_000)).told
    assert len(told.rivals) == MOST_RIVALS


def test_texts_that_fill_the_memory_end_the_trace_that_brings_them(
    told: Told, open_remote: Open, monkeypatch: pytest.MonkeyPatch
):
    told.streams = [lambda h: h.stream(*[event(f"{n}" * 1000) for n in range(100)])]
    remote = open_remote()
    monkeypatch.setattr(remote, "_pieces", Pieces(most=50_000))
    remote.add(Attempt("t", ASKED))
    steps: list[Any] = until_over(remote)
    assert steps[-1].ended is Ended.FAILED
    assert "fill the memory" in steps[-1].reason
    assert 0 < sum(step.token is not None for step in steps) < 100


def test_a_piece_that_is_known_takes_nothing():
    pieces = Pieces(most=3 + EACH)
    assert pieces.id_of(b"abc") == pieces.id_of(b"abc")
    with pytest.raises(Refused, match="fill the memory"):
        pieces.id_of(b"d")
