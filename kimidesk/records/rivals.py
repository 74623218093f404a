"""The rivals of a trace's tokens: eight ninths of what a token takes, and seldom looked at.

Rows that are not of the last block may lie outside memory (`Spill`): 160 of the 180 bytes of a row.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

BLOCK = 1_024  # rows: 160 KB with 20 rivals, which a disk gives in less than a millisecond

Ids = NDArray[np.int32]
Logprobs = NDArray[np.float32]


class Spill(Protocol):
    """Takes bytes out of memory."""

    def put(self, raw: bytes) -> int:
        """Where they lie; -1 when they could not be taken."""

    def get(self, at: int, size: int) -> bytes:
        """The bytes that lie there."""


class Rivals:
    """Two tables of n rows and k columns, `<i4` ids and `<f4` nats."""

    __slots__ = ("_blocks", "_hot", "_id", "_logprob", "_spill", "k")

    def __init__(self, k: int, capacity: int, spill: Spill | None = None) -> None:
        self.k = k
        self._spill = spill
        self._blocks: list[int | tuple[Ids, Logprobs]] = []  # where each lies, or what it holds
        self._hot = 0  # rows behind the blocks
        self._id: Ids = np.zeros((capacity, k), "<i4")
        self._logprob: Logprobs = np.zeros((capacity, k), "<f4")

    def __len__(self) -> int:
        return len(self._blocks) * BLOCK + self._hot

    def append(self, id_: Ids, logprob: Logprobs) -> None:
        """Add a row; surplus rivals are cut, missing ones are -1 with log-probability -inf."""
        self._reserve(1)
        row, count = self._hot, min(self.k, len(id_))
        self._id[row, :count] = id_[:count]
        self._id[row, count:] = -1
        self._logprob[row, :count] = logprob[:count]
        self._logprob[row, count:] = -np.inf
        self._hot += 1

    def extend(self, id_: Ids, logprob: Logprobs) -> None:
        """Add rows of width k."""
        step = BLOCK if self._spill else max(len(id_), 1)
        for start in range(0, len(id_), step):
            part = slice(start, start + step)
            self._reserve(len(id_[part]))
            rows = slice(self._hot, self._hot + len(id_[part]))
            self._id[rows], self._logprob[rows] = id_[part], logprob[part]
            self._hot = rows.stop

    def rows(self, start: int, stop: int) -> tuple[Ids, Logprobs]:
        """Rows start … stop - 1, read-only: a view where they are in memory, else a copy."""
        cold = len(self._blocks) * BLOCK
        parts = [
            self._of_block(n, start, stop)
            for n in range(start // BLOCK, min(-(-stop // BLOCK), len(self._blocks)))
        ]
        if stop > cold or not parts:
            hot = slice(max(start - cold, 0), max(stop - cold, 0))
            parts.append((self._id[: self._hot][hot], self._logprob[: self._hot][hot]))
        ids, logprobs = zip(*parts, strict=True)
        if len(parts) == 1:
            return _locked(ids[0]), _locked(logprobs[0])
        return _locked(np.concatenate(ids)), _locked(np.concatenate(logprobs))

    def _of_block(self, n: int, start: int, stop: int) -> tuple[Ids, Logprobs]:
        within = slice(max(start - n * BLOCK, 0), min(stop - n * BLOCK, BLOCK))
        block = self._blocks[n]
        if isinstance(block, int):
            assert self._spill is not None
            size = BLOCK * self.k * 4
            raw = self._spill.get(block, 2 * size)
            block = (
                np.frombuffer(raw[:size], "<i4").reshape(BLOCK, self.k),
                np.frombuffer(raw[size:], "<f4").reshape(BLOCK, self.k),
            )
        return block[0][within], block[1][within]

    def _reserve(self, more: int) -> None:
        while self._spill is not None and self._hot >= 2 * BLOCK:
            self._spill_block(self._spill)
        if self._hot + more > len(self._id):
            size = grown(len(self._id), self._hot + more)
            self._id = larger(self._id, self._hot, size)
            self._logprob = larger(self._logprob, self._hot, size)

    def _spill_block(self, spill: Spill) -> None:
        """The oldest rows in memory go; the last block stays, for it is what is looked at."""
        ids, logprobs = self._id[:BLOCK], self._logprob[:BLOCK]
        at = spill.put(ids.tobytes() + logprobs.tobytes())
        self._blocks.append(at if at >= 0 else (ids.copy(), logprobs.copy()))
        rest = self._hot - BLOCK
        self._id[:rest] = self._id[BLOCK : self._hot].copy()
        self._logprob[:rest] = self._logprob[BLOCK : self._hot].copy()
        self._hot = rest


def grown(capacity: int, needed: int) -> int:
    """How many rows to make room for: a quarter more than there were, so that little is empty."""
    return max(needed, capacity + capacity // 4 + 16)


def larger(old: NDArray[Any], kept: int, size: int) -> NDArray[Any]:
    """The first `kept` rows in an array of `size` rows."""
    new = np.zeros((size, *old.shape[1:]), old.dtype)
    new[:kept] = old[:kept]
    return new


def _locked(view: NDArray[Any]) -> NDArray[Any]:
    view = view.view()
    view.flags.writeable = False
    return view
