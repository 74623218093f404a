"""Token columns: one row a token, as growable arrays.

About 180 bytes a token with 20 rivals: a 128k-token trace is 24 MB, not half a gigabyte of
objects, and 3 MB where the rivals lie outside memory. Token ids are the truth; the bytes of a token
are looked up in a `Lexicon`.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kimidesk.records.rivals import Rivals, Spill, grown, larger

RIVALS = (
    20  # the most likely tokens kept for each position, the drawn one among them if it is there
)

Lexicon = dict[int, bytes]
"""Token id → its bytes, as far as a trace has met them. A piece is bytes, because a character may
be split between two tokens."""


class Token(NamedTuple):
    """One row. Statistics are of the full vocabulary at temperature 1, before truncation.

    A server may know less: see `kimidesk.reading.bounds` for what its rivals say of the entropy.
    """

    id: int
    logprob: float  # nats; NaN where nothing is known
    entropy: float  # nats; NaN where only a part of the vocabulary is known
    rank: int  # 1 = most likely; 0 where it is not known
    rival_id: NDArray[np.int32]  # (k,), most likely first; -1 where there are fewer
    rival_logprob: NDArray[np.float32]  # (k,), nats
    forced: bool = False  # typed, injected or kept, not drawn
    time_ms: float = 0.0  # since the trace began


FIELDS: dict[str, str] = {  # the order and the little-endian types they travel and rest in
    "id": "<i4",
    "logprob": "<f4",
    "entropy": "<f4",
    "rank": "<i4",
    "rival_id": "<i4",
    "rival_logprob": "<f4",  # two bytes would be off by 0.004 nats
    "forced": "|b1",
    "time_ms": "<f4",
}
WIDE = frozenset({"rival_id", "rival_logprob"})  # k values a row; the others have one
_NARROW = tuple(name for name in FIELDS if name not in WIDE)


class TokenColumns:
    """The rows of one trace. `append` and `extend` are the only ways in; views are read-only.

    Attributes, each of length n: `id`, `logprob`, `entropy`, `rank`, `forced`, `time_ms`, and of
    shape (n, k): `rival_id`, `rival_logprob`. Units are those of `Token`. With a `spill` the rivals
    but for the last ones lie outside memory, and those two attributes read all of them back:
    `rivals` gives some.
    """

    __slots__ = ("_data", "_n", "_rivals", "k")

    def __init__(self, k: int = RIVALS, capacity: int = 64, spill: Spill | None = None) -> None:
        self.k = k
        self._n = 0
        self._rivals = Rivals(k, capacity, spill)
        self._data: dict[str, NDArray[Any]] = {
            name: np.zeros(capacity, FIELDS[name]) for name in _NARROW
        }

    def __len__(self) -> int:
        return self._n

    def _view(self, name: str) -> NDArray[Any]:
        view = self._data[name][: self._n]
        view.flags.writeable = False
        return view

    @property
    def id(self) -> NDArray[np.int32]:
        return self._view("id")

    @property
    def logprob(self) -> NDArray[np.float32]:
        return self._view("logprob")

    @property
    def entropy(self) -> NDArray[np.float32]:
        return self._view("entropy")

    @property
    def rank(self) -> NDArray[np.int32]:
        return self._view("rank")

    @property
    def rival_id(self) -> NDArray[np.int32]:
        return self.rivals(0, self._n)[0]

    @property
    def rival_logprob(self) -> NDArray[np.float32]:
        return self.rivals(0, self._n)[1]

    @property
    def forced(self) -> NDArray[np.bool_]:
        return self._view("forced")

    @property
    def time_ms(self) -> NDArray[np.float32]:
        return self._view("time_ms")

    def rivals(self, start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Ids and log-probabilities of the rivals of rows start … stop - 1, k each."""
        return self._rivals.rows(start, min(stop, self._n))

    def arrays(self) -> Iterator[tuple[str, NDArray[Any]]]:
        """Each field's name and read-only view, in the order of `FIELDS`."""
        yield from self._cut(0, self._n).items()

    def append(self, token: Token) -> None:
        """Add one row; rivals beyond k are cut, missing ones are -1 with log-probability -inf."""
        self._reserve(1)
        row, data = self._n, self._data
        data["id"][row] = token.id
        data["logprob"][row] = token.logprob
        data["entropy"][row] = token.entropy
        data["rank"][row] = token.rank
        data["forced"][row] = token.forced
        data["time_ms"][row] = token.time_ms
        self._rivals.append(token.rival_id, token.rival_logprob)
        self._n += 1

    def extend(self, other: "TokenColumns") -> None:
        """Add every row of `other`, which must have the same k (ValueError)."""
        if other.k != self.k:
            raise ValueError(f"columns hold {self.k} rivals a token, the new rows {other.k}")
        self._put(len(other), dict(other.arrays()))

    def later(self, by_ms: float) -> "TokenColumns":
        """A copy whose times are later by so many milliseconds."""
        arrays = dict(self.arrays())
        return TokenColumns.of({**arrays, "time_ms": arrays["time_ms"] + by_ms}, self.k)

    def cut(self, start: int, stop: int) -> "TokenColumns":
        """A copy of rows start … stop - 1."""
        start, stop, _ = slice(start, stop).indices(self._n)
        return TokenColumns.of(self._cut(start, max(stop, start)), self.k)

    @classmethod
    def of(cls, arrays: dict[str, NDArray[Any]], k: int) -> "TokenColumns":
        """Columns made of whole arrays, one for each of `FIELDS`, copied.

        Raises ValueError when lengths or shapes disagree.
        """
        n = len(arrays["id"])
        for name in FIELDS:
            shape = (n, k) if name in WIDE else (n,)
            if arrays[name].shape != shape:
                raise ValueError(f"{name} has shape {arrays[name].shape}; it must be {shape}")
        made = cls(k, capacity=max(n, 1))
        made._put(n, arrays)
        return made

    def _cut(self, start: int, stop: int) -> dict[str, NDArray[Any]]:
        wide = dict(zip(("rival_id", "rival_logprob"), self.rivals(start, stop), strict=True))
        return {
            name: wide[name] if name in WIDE else self._view(name)[start:stop] for name in FIELDS
        }

    def _put(self, n: int, arrays: dict[str, NDArray[Any]]) -> None:
        self._reserve(n)
        for name in _NARROW:
            self._data[name][self._n : self._n + n] = arrays[name]
        self._rivals.extend(arrays["rival_id"], arrays["rival_logprob"])
        self._n += n

    def _reserve(self, more: int) -> None:
        capacity = len(self._data["id"])
        if self._n + more > capacity:
            size = grown(capacity, self._n + more)
            self._data = {name: larger(old, self._n, size) for name, old in self._data.items()}
