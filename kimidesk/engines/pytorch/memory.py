"""Keys and values of all sequences: for each layer two tensors of (sequences, heads, length, dim).

A sequence has a row of its own, whole; a copy of a prefix is a copy of memory. Layers with a
sliding window keep everything too, so that a trace can be forked anywhere. The model's own code
writes and reads through `Cache`, at the places that the `Reading` under way names.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers.cache_utils import Cache, CacheLayerMixin

from kimidesk.engines.evaluating import Interrupted
from kimidesk.engines.positions import Positions


@dataclass(frozen=True, slots=True)
class Reading:
    """One evaluation: the next `count` tokens of some sequences, the same number of each."""

    sequences: tuple[int, ...]  # rising
    count: int
    length: int  # places that are looked at; those of the longest, or more
    rows: Tensor  # (B,) int64: the sequences
    places: Tensor  # (B, count) int64: where they are kept
    even: bool  # all end at `length`
    positions: Tensor  # as the model counts: (B, count) int64; of a picture maybe (3, B, count)
    fixed: bool = False  # in a CUDA graph: only tensors may change from one replay to the next

    @property
    def together(self) -> bool:
        """Whether the sequences lie next to each other, so that a view holds them."""
        return self.sequences[-1] - self.sequences[0] + 1 == len(self.sequences)

    @property
    def start(self) -> int:
        """Where the tokens of a reading of one sequence begin."""
        return self.length - self.count


READING: ContextVar[Reading | None] = ContextVar("READING", default=None)


class Layer(CacheLayerMixin):  # type: ignore[misc]
    """Keys and values of one layer."""

    is_sliding = False  # a window hides places from attention; it does not forget them

    def __init__(self, keys: Tensor, values: Tensor, stop: Callable[[], bool]) -> None:
        super().__init__()
        self.keys, self.values = keys, values
        self.is_initialized = True
        self._stop = stop

    def lazy_initialization(self, key_states: Tensor, value_states: Tensor) -> None:
        """Nothing: the tensors were given."""

    def update(
        self, key_states: Tensor, value_states: Tensor, *_: Any, **__: Any
    ) -> tuple[Tensor, Tensor]:
        """Write what the reading under way computed; everything that it may look at."""
        reading = READING.get()
        assert reading is not None
        if self._stop():
            raise Interrupted
        return _kept(self.keys, key_states, reading), _kept(self.values, value_states, reading)

    def get_mask_sizes(self, query_length: int) -> tuple[int, int]:
        """How many places are looked at, and from which on."""
        reading = READING.get()
        assert reading is not None
        return reading.length, 0

    def get_seq_length(self) -> int:
        """Nothing asks: positions are given."""
        return 0

    def get_max_length(self) -> int:
        """Tokens that a sequence may hold."""
        assert self.keys is not None
        return int(self.keys.shape[2])


class Memory(Cache):  # type: ignore[misc]
    """Memory for `sequences` sequences of `length` tokens.

    `like` is a cache of the same model that has read something: it tells the shapes of the layers.
    `placed`: pictures take fewer positions than places. Raises what torch raises where there is no
    memory.
    """

    def __init__(self, like: Cache, sequences: int, length: int, *, placed: bool = False) -> None:
        self.length = length
        self.sequences = sequences
        self.positions = Positions()
        self._placed = placed
        self._interrupted = False
        super().__init__(layers=[self._layer(each) for each in like.layers])

    @property
    def cells(self) -> int:
        """Tokens that all sequences together may hold."""
        return self.sequences * self.length

    @contextmanager
    def reading(self, reading: Reading) -> Iterator[None]:
        """What the model evaluates meanwhile belongs to these places."""
        self._interrupted = False
        token = READING.set(reading)
        try:
            yield
        finally:
            READING.reset(token)

    def interrupt(self) -> None:
        """Make the reading under way end with Interrupted; the one method for another thread."""
        self._interrupted = True

    def close(self) -> None:
        """Free it: who still holds this holds no tensors."""
        self.layers.clear()

    def get_query_offset(self, layer_idx: int | None = None) -> int:
        """Nothing: a mask is made of the positions."""
        return 0

    def forget(self, sequence: int, first: int = 0) -> bool:
        """Only positions are: what is not known of a sequence is never looked at."""
        self.positions.forget(sequence, first)
        return True

    def wipe(self, sequence: int) -> None:
        """Overwrite a sequence: what is hidden still counts where it is no number (0 x NaN)."""
        for tensor in self._tensors():
            tensor[sequence].zero_()

    def copy(self, source: int, target: int, count: int) -> bool:
        """Give `target` the first `count` tokens of `source`."""
        for tensor in self._tensors():
            tensor[target, :, :count] = tensor[source, :, :count]
        self.positions.copy(source, target, count)
        return True

    def saved(self, sequence: int, count: int) -> NDArray[np.uint8]:
        """The memory of a sequence's first `count` tokens as bytes."""
        parts = [_bytes(tensor[sequence, :, :count]) for tensor in self._tensors()]
        if self._placed:
            parts.insert(0, self.positions.packed(sequence).view(np.uint8))
        return np.concatenate(parts)

    def restore(self, sequence: int, memory: NDArray[np.uint8], count: int) -> bool:
        """Fill a sequence with the memory of `count` tokens; False where it does not fit."""
        if self._placed:
            memory = self.positions.unpack(sequence, memory)
        parts = [tensor[sequence, :, :count] for tensor in self._tensors()]
        sizes = [part.numel() * part.element_size() for part in parts]
        if sum(sizes) != len(memory):
            return False
        for part, raw in zip(parts, np.split(memory, np.cumsum(sizes)[:-1]), strict=True):
            told = torch.from_numpy(raw.copy()).view(part.dtype)
            part.copy_(told.view(part.shape))
        return True

    def _tensors(self) -> Iterator[Tensor]:
        for layer in self.layers:
            yield layer.keys
            yield layer.values

    def _layer(self, like: Any) -> Layer:
        def room(of: Tensor) -> Tensor:
            shape = (self.sequences, of.shape[1], self.length, of.shape[3])
            return torch.zeros(shape, dtype=of.dtype, device=of.device)

        return Layer(room(like.keys), room(like.values), lambda: self._interrupted)


def bytes_per_token(like: Cache) -> int:
    """What one token takes in all layers."""
    tensors = [tensor for layer in like.layers for tensor in (layer.keys, layer.values)]
    return sum(each.shape[1] * each.shape[3] * each.element_size() for each in tensors)


def reading_of(
    sequences: Sequence[int],
    starts: Sequence[int],
    count: int,
    device: torch.device,
    positions: Tensor | None = None,
) -> Reading:
    """The next `count` tokens of some sequences, which begin at `starts`.

    The model counts `positions`, as in `Reading`; without them it counts places.
    """
    steps = torch.arange(count)
    places = (torch.tensor(starts, dtype=torch.int64)[:, None] + steps).to(device)
    return Reading(
        tuple(sequences),
        count,
        max(starts) + count,
        torch.tensor(sequences, dtype=torch.int64).to(device),
        places,
        even=min(starts) == max(starts),
        positions=places if positions is None else positions.to(device),
    )


def _kept(room: Tensor, states: Tensor, reading: Reading) -> Tensor:
    """Write `states` (B, heads, count, dim) into `room`; the places that are looked at."""
    low, high = reading.sequences[0], reading.sequences[-1] + 1
    if reading.even and reading.together and not reading.fixed:
        room[low:high, :, reading.start : reading.length] = states
    else:
        # Indices on both sides of a slice come first: (B, count, heads, dim).
        room[reading.rows[:, None], :, reading.places] = states.transpose(1, 2)
    seen = room[:, :, : reading.length]
    return seen[low:high] if reading.together else seen.index_select(0, reading.rows)


def _bytes(part: Tensor) -> NDArray[np.uint8]:
    flat = part.contiguous().view(-1).view(torch.uint8)
    array: NDArray[np.uint8] = flat.cpu().numpy()
    return array
