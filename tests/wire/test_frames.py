"""Frames come back whole; garbage is refused at once, with what was wrong."""

import struct

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.errors import BadFrame
from kimidesk.records import Attempt, Budget, Message, Sampling, Token, TokenColumns
from kimidesk.wire.columns import pack, unpack
from kimidesk.wire.frames import FRAME_LIMIT, command_reader, encode, event_reader
from kimidesk.wire.messages import Beat, Cancel, Failed, Generate, Ready, TokensCame


def some_columns(count: int) -> TokenColumns:
    columns = TokenColumns()
    for id_ in range(count):
        rivals = np.arange(id_ % 21, dtype=np.int32)
        logprobs = -rivals.astype(np.float32)
        columns.append(Token(id_, -0.25, 1.5, 1, rivals, logprobs, id_ % 2 == 0, id_ * 2.0))
    return columns


@given(st.integers(0, 50))
def test_columns_travel_unchanged(count: int):
    columns = some_columns(count)
    event = TokensCame("t", 0, pack(columns), {1: b"\xe4\xbd"})

    (came,) = event_reader().feed(encode(event))

    assert isinstance(came, TokensCame)
    for (name, sent), (_, received) in zip(
        columns.arrays(), unpack(came.columns).arrays(), strict=True
    ):
        assert np.array_equal(sent, received), name
    assert came.pieces == {1: b"\xe4\xbd"}


@given(st.text(), st.lists(st.integers(0, 2**31 - 1)), st.integers(0, 2**63 - 1))
def test_an_attempt_travels_unchanged(text: str, prefix: list[int], seed: int):
    ids = tuple(prefix)
    attempt = Attempt(
        "t", (Message("user", text),), Sampling(0.3), Budget(5, None), seed, ids, ids, text
    )

    assert command_reader().feed(encode(Generate(attempt))) == [Generate(attempt)]


@given(st.data())
def test_a_stream_may_be_cut_anywhere(data: st.DataObject):
    messages = [Ready(1, 2, "x"), Beat(0.5), Failed("no", trace="t")]
    stream = b"".join(map(encode, messages))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = event_reader()

    came = []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        came += reader.feed(stream[start:stop])

    assert came == messages
    assert not reader.midway


@given(st.binary(max_size=4096))
def test_garbage_gives_messages_or_a_clear_error_and_never_more_memory_than_it_has(junk: bytes):
    reader = event_reader()
    try:
        reader.feed(junk)
        reader.feed(b"")
    except BadFrame as error:
        assert "frame" in str(error)  # noqa: PT017 — either outcome is right


@given(st.binary(min_size=1, max_size=200))
def test_a_frame_of_garbage_says_that_it_is_no_message(junk: bytes):
    reader = event_reader()

    with pytest.raises(BadFrame, match="is not a message"):
        reader.feed(struct.pack("<I", len(junk)) + junk)


@pytest.mark.parametrize("length", [0, FRAME_LIMIT + 1, 0xFFFFFFFF])
def test_an_absurd_length_is_refused_before_the_body_comes(length: int):
    with pytest.raises(BadFrame, match=f"claims {length:,} bytes"):
        event_reader().feed(struct.pack("<I", length))


def test_whole_frames_before_a_broken_one_are_not_lost():
    reader = event_reader()

    came = reader.feed(encode(Beat(0.0)) + struct.pack("<I", 0))

    assert came == [Beat(0.0)]
    with pytest.raises(BadFrame):
        reader.feed(b"")
    with pytest.raises(BadFrame):
        reader.feed(encode(Beat(0.0)))


def test_deep_nesting_is_refused_not_recursed():
    body = b"\x91" * 100_000 + b"\xc0"

    with pytest.raises(BadFrame):
        event_reader().feed(struct.pack("<I", len(body)) + body)


def test_a_command_is_not_taken_for_an_event():
    with pytest.raises(BadFrame, match="not a message"):
        event_reader().feed(encode(Cancel("t")))


def test_a_frame_above_the_limit_is_not_sent():
    with pytest.raises(BadFrame, match="above the frame limit"):
        encode(Failed("x" * (FRAME_LIMIT + 1)))


def test_columns_that_claim_more_rows_than_they_hold_are_refused():
    packed = msgspec.structs.replace(pack(some_columns(3)), n=4)

    with pytest.raises(BadFrame, match="4 rows were claimed"):
        unpack(packed)


@pytest.mark.parametrize("claim", [{"n": -1}, {"k": -1}, {"k": 10**9}])
def test_columns_that_claim_absurd_shapes_are_refused(claim: dict[str, int]):
    packed = msgspec.structs.replace(pack(some_columns(1)), **claim)

    with pytest.raises(BadFrame):
        unpack(packed)
