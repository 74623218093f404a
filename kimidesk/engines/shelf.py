"""Sequences on disk: what was evaluated once need not be evaluated again after a restart.

A file holds the tokens and llama.cpp's memory of them, and is good only for the same checkpoint,
build and kinds of memory (its `key`). llama.cpp takes damaged bytes for memory without a word, so a
digest is checked first. Everything here is a cache: what is damaged is deleted, what cannot be
written is left, and the longest unused goes first.
"""

import hashlib
import os
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from kimidesk.checkpoints.drafts import left_behind
from kimidesk.engines.mix import Mix
from kimikernels.token_stats import Row

MAGIC = b"KDSEQ001"
SUFFIX = ".sequence"
LEAST = 1024  # tokens; fewer are evaluated again in about the time that a file takes
ALIKE = 0.75  # a sequence is not kept where the shelf holds so much of it already
HEADER = 1 << 16  # bytes, at most
LONGEST = 1 << 22  # tokens, at most

Ids = NDArray[np.int32]
Bytes = NDArray[np.uint8]
NOTHING: Row = np.zeros(0, np.float32)


class Header(msgspec.Struct, frozen=True):
    """What stands before the tokens and the memory."""

    key: str
    mix: list[tuple[str, float]]
    tokens: int
    prompt: int  # how many of them were evaluated as a prompt
    row: int  # numbers in the row of logits after the prompt, 0 without it
    bytes: int  # of llama.cpp's memory
    digest: str  # of the tokens, the row and the memory


@dataclass(frozen=True, slots=True)
class Shelved:
    """One file, without the memory in it."""

    path: Path
    header: Header
    ids: Ids
    start: int  # where the row, and the memory after it, begin in the file

    @property
    def mix(self) -> Mix:
        return tuple(self.header.mix)


class Shelf:
    """The sequences in `folder` that fit `key`; all of them together take `most` bytes.

    What is `whole` cannot be cut once it is back in memory: it is found by those who need all of
    it, and a longer one does not stand for it.
    """

    def __init__(self, folder: Path, key: str, most: int, *, whole: bool = False) -> None:
        self.whole = whole
        self._folder, self._key, self._most = folder, key, most
        for draft in left_behind(folder):  # as large as sequences, and counted by nobody
            _delete(draft)
        found = (_read_header(path) for path in folder.glob(f"*{SUFFIX}"))
        self._all = [each for each in found if each is not None and each.header.key == key]

    def longest(self, ids: Ids, mix: Mix) -> Shelved | None:
        """The sequence that begins with most of these ids."""
        fitting = [each for each in self._all if each.mix == mix]
        if self.whole:
            fitting = [each for each in fitting if shared(each.ids, ids) == len(each.ids)]
        return max(fitting, key=lambda each: shared(each.ids, ids), default=None)

    def take(self, shelved: Shelved) -> tuple[Row, Bytes] | None:
        """Its row and its memory; None where the file is gone or damaged, and is discarded."""
        header = shelved.header
        try:
            with shelved.path.open("rb") as file:
                file.seek(shelved.start)
                row = np.frombuffer(file.read(4 * header.row), "<f4").astype(np.float32)
                memory = np.frombuffer(file.read(header.bytes), np.uint8)
            os.utime(shelved.path)  # the time of its last use
        except OSError as error:
            _warn(f"{shelved.path} cannot be read: {error.strerror}")
            row, memory = NOTHING, np.zeros(0, np.uint8)
        if _digest(shelved.ids, row, memory) == header.digest:
            return row, memory
        self.discard(shelved)
        return None

    def put(
        self, tokens: Sequence[int], prompt: int, mix: Mix, memory: Bytes, row: Row = NOTHING
    ) -> None:
        """Keep a sequence; what it makes superfluous or crowds out is deleted."""
        ids = np.asarray(tokens, np.int32)
        digest = _digest(ids, row, memory)
        header = Header(self._key, list(mix), len(ids), prompt, len(row), len(memory), digest)
        text = msgspec.json.encode(header)
        raw = MAGIC + struct.pack("<I", len(text)) + text + ids.astype("<i4").tobytes()
        start = len(raw)
        raw += row.astype("<f4").tobytes()
        if not self._make_room(len(raw) + len(memory)):
            return
        path = self._folder / f"{header.digest}{SUFFIX}"
        draft = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(raw)
                file.write(memory.data)
            draft.replace(path)
        except OSError as error:
            _warn(f"a sequence cannot be kept in {self._folder}: {error.strerror}")
            if draft.exists():  # the disk is full
                _delete(draft)
            return
        for each in [each for each in self._all if each.mix == mix and not self.whole]:
            if shared(each.ids, ids) == len(each.ids):
                self.discard(each)
        self._all.append(Shelved(path, header, ids, start))

    def wants(self, tokens: Sequence[int], mix: Mix) -> bool:
        """Whether a sequence is long enough to be kept, and not mostly there already."""
        if len(tokens) < LEAST:
            return False
        ids = np.asarray(tokens, np.int32)
        held = self.longest(ids, mix)
        return held is None or shared(held.ids, ids) < ALIKE * len(ids)

    def discard(self, shelved: Shelved) -> None:
        """Delete a sequence."""
        self._all = [each for each in self._all if each.path != shelved.path]
        _delete(shelved.path)

    def _make_room(self, size: int) -> bool:
        """Delete the longest unused, whoever kept it, until so many bytes fit."""
        if size > self._most:
            return False
        files = sorted((_used(path), path) for path in self._folder.glob(f"*{SUFFIX}"))
        total = sum(bytes_ for (_, bytes_), _ in files) + size
        for (_, bytes_), path in files:
            if total <= self._most:
                break
            self._all = [each for each in self._all if each.path != path]
            _delete(path)
            total -= bytes_
        return True


def shared(held: Ids, ids: Ids) -> int:
    """How many tokens two sequences begin with in common."""
    count = min(len(held), len(ids))
    differ = np.flatnonzero(held[:count] != ids[:count])
    return int(differ[0]) if len(differ) else count


def _read_header(path: Path) -> Shelved | None:
    """What a file says of itself; a file that is none of ours or is damaged is deleted."""
    try:
        with path.open("rb") as file:
            magic, length = struct.unpack("<8sI", file.read(12))
            if magic != MAGIC or length > HEADER:
                raise ValueError("not a sequence")
            header = msgspec.json.decode(file.read(length), type=Header)
            if not 0 < header.tokens <= LONGEST or not 0 <= header.prompt <= header.tokens:
                raise ValueError("an absurd length")
            ids = np.frombuffer(file.read(4 * header.tokens), "<i4").astype(np.int32)
            start = file.tell()
            if (
                start + 4 * header.row + header.bytes != path.stat().st_size
                or len(ids) != header.tokens
            ):
                raise ValueError("cut short")
    except OSError as error:
        _warn(f"{path} cannot be read: {error.strerror}")
        return None
    except (ValueError, struct.error, msgspec.DecodeError) as error:
        _warn(f"{path} is damaged ({error}) and is deleted")
        _delete(path)
        return None
    return Shelved(path, header, ids, start)


def _used(path: Path) -> tuple[float, int]:
    try:
        status = path.stat()
    except FileNotFoundError:  # another worker has deleted it
        return 0.0, 0
    return status.st_mtime, status.st_size


def _delete(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _warn(f"{path} cannot be deleted: {error.strerror}")


def _digest(ids: Ids, row: Row, memory: Bytes) -> str:
    digest = hashlib.blake2b(ids.astype("<i4").tobytes(), digest_size=16)
    digest.update(row.astype("<f4").tobytes())
    digest.update(memory.data)
    return digest.hexdigest()


def _warn(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
