"""Reading forward through a file that may claim anything.

Nothing is allocated because the file says so: every count and length is held against what is
left of the file, and against `HEADER_LIMIT`, first; what is kept of it is bounded by `KEPT_LIMIT`,
for a byte of a file can become forty of Python. Every fault is a BadCheckpoint.
"""

import os
import struct
from pathlib import Path
from typing import Any, BinaryIO

from kimidesk.errors import BadCheckpoint

HEADER_LIMIT = 64 << 20  # bytes; a vocabulary of 262k tokens with its merges takes 15 MB
KEPT_LIMIT = 16 << 20  # bytes of texts and numbers that are kept; a chat template takes 0.1 MB
CHUNK = 1 << 20
LONGEST_NAME = 65_535  # bytes, as the format says
NAMED = 128  # bytes counted for whatever bears a name: that it is there
FETCH_AGAIN = "The download may have stopped early; fetch the file again."


def open_file(path: Path) -> BinaryIO:
    """Open for reading; raises BadCheckpoint when it is missing, no regular file, or unreadable."""
    if path.is_dir():
        raise BadCheckpoint(f"{path} is a folder", hint="Name the .gguf file in it.")
    if path.exists() and not path.is_file():  # to open a pipe would wait for its writer
        raise BadCheckpoint(f"{path} is not a regular file")
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise BadCheckpoint(f"there is no file {path}") from error
    except OSError as error:
        raise BadCheckpoint(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL in the name
        raise BadCheckpoint(f"{str(path)!r} cannot be the name of a file") from error


class Cursor:
    """Reads forward through the header, a chunk of the file in memory at a time."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path = file, path
        self.size = os.fstat(file.fileno()).st_size
        self._end = min(self.size, HEADER_LIMIT)
        self._buffer, self._at, self._start = b"", 0, 0  # _start: where the buffer lies in the file
        self._keepable = KEPT_LIMIT

    @property
    def position(self) -> int:
        """Bytes from the start of the file."""
        return self._start + self._at

    def need(self, count: int) -> None:
        """Have `count` bytes in the buffer; raises BadCheckpoint when the file ends before."""
        if count <= len(self._buffer) - self._at:
            return
        self.room_for(count, 1, "values")
        self._start, self._buffer = self.position, self._buffer[self._at :]
        self._at = 0
        try:
            self._buffer += self._file.read(max(CHUNK, count - len(self._buffer)))
        except OSError as error:
            raise BadCheckpoint(f"{self._path} cannot be read: {error.strerror}") from error
        if count > len(self._buffer):
            raise self._cut()

    def room_for(self, count: int, each: int, what: str) -> None:
        """Refuse a claim of `count` things of at least `each` bytes that cannot be there."""
        if count * each > self._end - self.position:
            if self._end == HEADER_LIMIT:
                raise self.damaged(f"its header claims {count * each:,} bytes of {what}")
            raise self._cut()

    def keep(self, count: int) -> None:
        """Have `count` more bytes counted as kept; raises BadCheckpoint when that is too many."""
        self._keepable -= count
        if self._keepable < 0:
            raise self.damaged(f"its header holds more than {KEPT_LIMIT:,} bytes of values")

    def damaged(self, why: str) -> BadCheckpoint:
        """An error for the caller to raise."""
        return BadCheckpoint(f"{self._path} is damaged: {why}", hint="Fetch the file again.")

    def _cut(self) -> BadCheckpoint:
        return BadCheckpoint(f"{self._path} is cut short within its header", hint=FETCH_AGAIN)

    def raw(self, count: int) -> bytes:
        """The next bytes."""
        self.need(count)
        self._at += count
        return self._buffer[self._at - count : self._at]

    def numbers(self, format_: str) -> tuple[Any, ...]:
        """The next numbers, little-endian, as `struct` spells them."""
        format_ = "<" + format_
        return struct.unpack(format_, self.raw(struct.calcsize(format_)))

    def text(self) -> str:
        """The next string; broken UTF-8 shows as U+FFFD."""
        (length,) = self.numbers("Q")
        return self.text_of(length)

    def name(self) -> str:
        """The next string, which must be short enough to be a name, and is kept."""
        (length,) = self.numbers("Q")
        if length > LONGEST_NAME:
            self.room_for(length, 1, "a name")
            raise self.damaged(f"a name in it is {length:,} bytes long")
        self.keep(length + NAMED)
        return self.text_of(length)

    def text_of(self, length: int) -> str:
        """The next bytes as text."""
        return self.raw(length).decode("utf-8", "replace")

    def skip(self, count: int) -> None:
        """Step over bytes."""
        self.room_for(count, 1, "values")
        while count:
            step = min(count, CHUNK)
            self.raw(step)
            count -= step

    def skip_strings(self, count: int) -> None:
        """Step over them; the loop is bare because a vocabulary has 300k tokens and merges."""
        self.room_for(count, 8, "strings")
        length_of = struct.Struct("<Q").unpack_from
        while count:
            buffer, at, stop = self._buffer, self._at, len(self._buffer) - 8
            while count and at <= stop:
                at += 8 + length_of(buffer, at)[0]
                count -= 1
            beyond = max(0, at - len(buffer))
            self._at = at - beyond
            self.skip(beyond)
            if count:
                self.need(8)
