"""Frames: a 4-byte little-endian length, then that many bytes of MessagePack.

`FrameReader` takes bytes as they come and gives whole messages. It refuses a frame above the
limit as soon as its length is read, so garbage cannot make it allocate or wait for gigabytes.
"""

import struct
from typing import Generic, TypeVar

import msgspec

from kimidesk.errors import BadFrame
from kimidesk.wire.messages import AnyCommand, AnyEvent

FRAME_LIMIT = 64 * 2**20  # bytes; the largest real frame, 4,096 rows with their pieces, is 1 MB

M = TypeVar("M")

_HEADER = struct.Struct("<I")
_encoder = msgspec.msgpack.Encoder()


def encode(message: AnyCommand | AnyEvent) -> bytes:
    """One frame; raises BadFrame above the limit."""
    body = _encoder.encode(message)
    if len(body) > FRAME_LIMIT:
        raise BadFrame(
            f"a {type(message).__name__} of {len(body):,} bytes is above the frame limit of "
            f"{FRAME_LIMIT:,}"
        )
    return _HEADER.pack(len(body)) + body


class FrameReader(Generic[M]):
    """Cuts a stream of bytes into messages of one direction."""

    def __init__(self, decoder: "msgspec.msgpack.Decoder[M]") -> None:
        self._decoder = decoder
        self._waiting = bytearray()
        self._broken: BadFrame | None = None

    @property
    def midway(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._waiting)

    def feed(self, data: bytes) -> list[M]:
        """The messages that `data` completes.

        Raises BadFrame for a length of zero or above the limit, for a body that is not a message
        of this direction: a stream that broke once has lost its place, so every later call
        raises too. Whole messages that came before the broken frame are returned first; the
        next call, even with no data, raises.
        """
        if self._broken is not None:
            raise self._broken
        self._waiting += data
        messages: list[M] = []
        start = 0
        try:
            while len(self._waiting) - start >= _HEADER.size:
                (length,) = _HEADER.unpack_from(self._waiting, start)
                if not 0 < length <= FRAME_LIMIT:
                    raise BadFrame(
                        f"a frame claims {length:,} bytes; it must be 1 … {FRAME_LIMIT:,}",
                        hint="Something other than a KimiDesk worker writes to this pipe.",
                    )
                end = start + _HEADER.size + length
                if len(self._waiting) < end:
                    break
                messages.append(self._decode(bytes(self._waiting[start + _HEADER.size : end])))
                start = end
        except BadFrame as error:
            self._broken = error
            self._waiting.clear()
            if not messages:
                raise
            return messages
        del self._waiting[:start]
        return messages

    def _decode(self, body: bytes) -> M:
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise BadFrame(
                f"a frame of {len(body):,} bytes is not a message: {error}",
                hint="The face and the worker may be of different versions; restart the program.",
            ) from error


def event_reader() -> FrameReader[AnyEvent]:
    """Reads what a worker says."""
    return FrameReader(msgspec.msgpack.Decoder(AnyEvent))


def command_reader() -> FrameReader[AnyCommand]:
    """Reads what a face asks."""
    return FrameReader(msgspec.msgpack.Decoder(AnyCommand))
