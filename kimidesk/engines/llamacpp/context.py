"""A llama.cpp context: the memory of the sequences being grown, and their evaluation.

llama.cpp aborts the process on a batch that is too long or on a second thread, so everything it
would not survive is checked here first.
"""

import ctypes
import threading
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from llama_cpp import llama_cpp as lib
from numpy.typing import NDArray

from kimidesk.checkpoints.sequences import BATCH, sequences_of
from kimidesk.checkpoints.tensor_types import TENSOR_TYPES
from kimidesk.engines.llamacpp.adapters import Laid, lay
from kimidesk.engines.llamacpp.library import start
from kimidesk.engines.llamacpp.stopping import ASK, NEVER, Flag
from kimidesk.engines.llamacpp.vision import Glimpse
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.positions import Positions, Span
from kimidesk.errors import ModelError, TooLarge

_TYPES = {type_.name.lower(): number for number, type_ in TENSOR_TYPES.items()}
_FLASH = {"auto": -1, "off": 0, "on": 1}  # llama_flash_attn_type
_UNCUTTABLE = lib.LLAMA_STATE_SEQ_FLAGS_PARTIAL_ONLY
LONGEST = 1 << 30  # more tokens than any sequence holds
# What it keeps of compressed tokens goes back to no mark, and copies itself over it later.
_UNMARKABLE = frozenset({"deepseek4"})
GRAIN = 256  # llama.cpp rounds the length of a context up to this


class Outcome(IntEnum):
    """What an evaluation came to."""

    DONE = 0
    NO_ROOM = 1
    """No place in the memory; it is as it was."""
    INTERRUPTED = 2
    """`interrupt` was called; the memory may hold a part of the batch."""


class Context:
    """Memory for `traces` traces of `length` tokens each, as `sequences` sequences. One thread.

    With a `pool` of tokens all sequences take their places from it and a copy of a prefix takes no
    more; but a sequence's place depends on its neighbours, which changes the order of some sums.
    Without, each sequence has its own. Measured on SmolLM2, ten traces through four slots, even at
    one sequence a call: shared, 1 of 10 is what it is alone, to the last bit; apart, 10 of 10.
    Raises TooLarge when it does not fit.
    """

    def __init__(
        self,
        weights: Weights,
        length: int,
        traces: int,
        threads: int,
        *,
        pool: int = 0,
        kv_type: str = "f16",
        flash: str = "auto",
    ) -> None:
        self._weights = weights
        self._cuttable = weights.cuttable
        self._positions = Positions() if weights.multi_positioned else None
        self._thread = threading.get_ident()
        self._stop = Flag()
        self._patient = False  # interruptions wait for the end of the evaluation
        self._viewed = (0, 0)  # address and number of the rows that were seen last
        self._view = np.empty((0, weights.size), np.float32)
        self.shared = bool(pool)
        sequences = sequences_of(weights.architecture, traces, shared=self.shared)
        cells = -(-pool // GRAIN) * GRAIN if pool else sequences * (-(-length // GRAIN) * GRAIN)
        self.cells = cells
        parameters = lib.llama_context_default_params()
        parameters.n_ctx = cells
        parameters.n_batch = parameters.n_ubatch = BATCH
        parameters.n_seq_max = sequences
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.kv_unified = self.shared
        parameters.type_k = parameters.type_v = _TYPES[kv_type]
        parameters.flash_attn_type = _FLASH[flash]
        parameters.swa_full = True  # otherwise a fork behind the window is silently empty
        parameters.abort_callback, parameters.abort_callback_data = ASK, self._stop.address
        log = start()
        log.clear()
        self._context = lib.llama_init_from_model(weights.model, parameters)
        if not self._context:
            raise TooLarge(
                f"no memory for a context of {cells:,} tokens with {kv_type} keys and values: "
                f"{log.reason()}",
                hint="Ask for a shorter context (--context), fewer traces at once (--slots), or "
                "another --kv-type; quantized values need flash attention.",
            )
        self.batch = lib.llama_n_batch(self._context)
        self.sequences = sequences
        self._memory = lib.llama_get_memory(self._context)
        self._arrays = _Arrays(self.batch)

    def close(self) -> None:
        """Free the memory."""
        if self._context:
            lib.llama_free(self._context)
            self._context = None

    def lay(self, laid: Laid) -> None:
        """Lay adapters over the weights for what is evaluated from now on."""
        lay(self._context, laid, self._weights.width)

    def interrupt(self) -> None:
        """Make the running evaluation return; the one method for another thread to call."""
        self._stop.lift()

    def resume(self) -> None:
        """An evaluation begins, here or elsewhere: earlier interruptions do not count."""
        self._stop.lower()

    @property
    def interrupted(self) -> bool:
        """Whether that was asked since the last evaluation began."""
        return self._stop.raised

    def evaluate(
        self,
        tokens: Sequence[int],
        places: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> Outcome:
        """Evaluate tokens, each at its place in its sequence; `wanted` marks rows to read.

        Raises ModelError when llama.cpp fails, ValueError and RuntimeError for a call that it
        would not survive.
        """
        self._check(tokens, sequences)
        self.resume()
        # A step of growing traces is short, and what it half did to such a memory is read again.
        self._be_patient(not self._cuttable and len(set(sequences)) == len(tokens))
        positions = places
        if self._positions is not None:
            each = zip(sequences, places, strict=True)
            positions = [self._positions.at(sequence, place) for sequence, place in each]
        self._arrays.fill(tokens, positions, sequences, wanted)
        return self._decode(self._arrays.batch)

    def see(self, glimpse: Glimpse, place: int, sequence: int, *, wanted: bool) -> Outcome:
        """Evaluate a picture from `place` on in a sequence; `wanted` asks for its last row.

        What is not DONE leaves the sequence as it was. Raises as `evaluate` does.
        """
        count = len(glimpse.rows)
        self._check([0], [sequence])
        self._be_patient(False)
        if glimpse.whole and count > self.batch:
            raise ValueError(f"{count} tokens to be seen at once; at most {self.batch} can be")
        base = place if self._positions is None else self._positions.at(sequence, place)
        positions = glimpse.positions(base)
        outcome = Outcome.DONE
        lib.llama_set_causal_attn(self._context, not glimpse.whole)
        try:
            for first in range(0, count, self.batch):
                part = slice(first, first + self.batch)
                last = wanted and part.stop >= count
                outcome = self._decode(
                    self._arrays.show(glimpse.rows[part], positions[:, part], sequence, last=last)
                )
                if outcome is not Outcome.DONE:
                    lib.llama_memory_seq_rm(self._memory, sequence, base, -1)
                    break
        finally:
            lib.llama_set_causal_attn(self._context, True)
        if self._positions is not None and outcome is Outcome.DONE:
            self._positions.add(sequence, Span(place, count, glimpse.advance))
        return outcome

    def _be_patient(self, patient: bool) -> None:
        """Whether interruptions wait for the end of what is evaluated next."""
        if patient != self._patient:
            flag = NEVER if patient else self._stop
            lib.llama_set_abort_callback(self._context, ASK, flag.address)
            self._patient = patient

    def _decode(self, batch: Any) -> Outcome:
        assert self._context is not None
        code = lib.llama_decode(self._context, batch)
        if code not in (0, 1, 2):
            raise ModelError(
                f"llama.cpp could not evaluate {batch.n_tokens} tokens (code {code}): "
                f"{start().reason()}"
            )
        return Outcome(code)

    def rows(self, first: int, count: int) -> NDArray[np.float32]:
        """The rows of `count` tokens of the last evaluation, all wanted: shape (count, V).

        A view of llama.cpp's own memory: valid until the next evaluation, not to be written.
        """
        address = self._row_of(first)
        if count > 1:
            self._row_of(first + count - 1)
        if self._viewed != (address, count):
            # llama.cpp keeps the rows of one evaluation next to each other, in their order.
            kind = ctypes.c_float * (count * self._weights.size)
            view = np.frombuffer(kind.from_address(address), np.float32)
            view.flags.writeable = False
            self._view = view.reshape(count, self._weights.size)
            self._viewed = (address, count)
        return self._view

    def _row_of(self, index: int) -> int:
        assert self._context is not None
        row = lib.llama_get_logits_ith(self._context, index)
        if not row:
            raise ModelError(f"llama.cpp has no logits for token {index} of its last batch")
        return ctypes.addressof(row.contents)

    def forget(self, sequence: int, first: int = 0) -> bool:
        """Drop a sequence's memory from token `first` on; False where it cannot be cut there."""
        position = first
        if self._positions is not None:
            position = self._positions.at(sequence, first)
            self._positions.forget(sequence, first)
        if first and self._cuttable and lib.llama_memory_seq_pos_min(self._memory, sequence) > 0:
            # What came from the shelf lacks what stood before a sliding window.
            return bool(lib.llama_memory_seq_pos_max(self._memory, sequence) < position)
        return bool(lib.llama_memory_seq_rm(self._memory, sequence, position, -1))

    def copy(self, source: int, target: int, count: int) -> bool:
        """Give `target`, which is empty, the first `count` tokens of `source`.

        What cannot be cut is copied whole. False: it does not hold exactly these now, as behind a
        sliding window, and must be emptied.
        """
        if not self._cuttable:
            lib.llama_memory_seq_cp(self._memory, source, target, -1, -1)
            if self._positions is not None:
                self._positions.copy(source, target, LONGEST)
            ends = (lib.llama_memory_seq_pos_max(self._memory, one) for one in (source, target))
            return len(set(ends)) == 1
        stop, expected = count, count - 1
        if self._positions is not None:
            self._positions.copy(source, target, count)
            stop, expected = self._positions.at(target, count), self._positions.last(target, count)
        # With memory apart llama.cpp aborts the process on the copy of a part.
        lib.llama_memory_seq_cp(self._memory, source, target, -1, stop if self.shared else -1)
        last = lib.llama_memory_seq_pos_max(self._memory, target)
        if last >= stop:
            lib.llama_memory_seq_rm(self._memory, target, stop, -1)
            last = lib.llama_memory_seq_pos_max(self._memory, target)
        first = lib.llama_memory_seq_pos_min(self._memory, target)
        whole = last == lib.llama_memory_seq_pos_max(self._memory, source)
        return bool(last == expected and (first == 0 or whole))

    def mark(self, sequence: int) -> NDArray[np.uint8]:
        """What cannot be cut of a sequence, as it is now; nothing where it goes back to no mark."""
        if self._weights.architecture in _UNMARKABLE:
            return np.zeros(0, np.uint8)
        size = lib.llama_state_seq_get_size_ext(self._context, sequence, _UNCUTTABLE)
        mark = np.empty(size, np.uint8)
        pointer = _pointer(mark, ctypes.c_uint8)
        wrote = lib.llama_state_seq_get_data_ext(
            self._context, pointer, size, sequence, _UNCUTTABLE
        )
        return mark[:wrote]

    def rewind(self, sequence: int, mark: NDArray[np.uint8], count: int) -> bool:
        """Go back to a mark, made at `count` tokens; False where it does not fit: to be emptied."""
        pointer = _pointer(mark, ctypes.c_uint8)
        read = lib.llama_state_seq_set_data_ext(
            self._context, pointer, len(mark), sequence, _UNCUTTABLE
        )
        cut = self.forget(sequence, count)
        expected = count - 1
        if self._positions is not None:
            expected = self._positions.last(sequence, count)
        last = lib.llama_memory_seq_pos_max(self._memory, sequence)
        return bool(cut and read == len(mark) and last == expected)

    def saved(self, sequence: int, count: int) -> NDArray[np.uint8]:
        """A sequence's memory of `count` tokens as bytes; good for a context of its kind alone."""
        size = lib.llama_state_seq_get_size(self._context, sequence)
        memory = np.empty(size, np.uint8)
        pointer = _pointer(memory, ctypes.c_uint8)
        wrote = lib.llama_state_seq_get_data(self._context, pointer, size, sequence)
        if self._positions is None:
            return memory[:wrote]
        return np.concatenate([self._positions.packed(sequence).view(np.uint8), memory[:wrote]])

    def restore(self, sequence: int, memory: NDArray[np.uint8], count: int) -> bool:
        """Fill an empty sequence with the memory of `count` tokens; False where it does not fit."""
        expected = count - 1
        if self._positions is not None:
            memory = self._positions.unpack(sequence, memory)
            expected = self._positions.last(sequence, count)
        memory = np.ascontiguousarray(memory)
        pointer = _pointer(memory, ctypes.c_uint8)
        read = lib.llama_state_seq_set_data(self._context, pointer, len(memory), sequence)
        last = lib.llama_memory_seq_pos_max(self._memory, sequence)
        return bool(read == len(memory) and last == expected)

    def _check(self, tokens: Sequence[int], sequences: Sequence[int]) -> None:
        if threading.get_ident() != self._thread:
            raise RuntimeError("a llama.cpp context was used from a second thread")
        if self._context is None:
            raise RuntimeError("the llama.cpp context is closed")
        if not 0 < len(tokens) <= self.batch:
            raise ValueError(f"{len(tokens)} tokens in a batch; it must be 1 to {self.batch}")
        if min(tokens) < 0 or max(tokens) >= self._weights.size:
            raise ValueError(f"a token is outside the vocabulary of {self._weights.size}")
        if min(sequences) < 0 or max(sequences) >= lib.llama_n_seq_max(self._context):
            raise ValueError("a sequence is outside the context")


class _Arrays:
    """The arrays of a `llama_batch`, filled anew for each call."""

    def __init__(self, room: int) -> None:
        self._token = np.zeros(room, np.int32)
        self._position = np.zeros(room, np.int32)
        self._sequence = np.zeros(room, np.int32)
        self._wanted = np.zeros(room, np.int8)
        self._one = np.ones(room, np.int32)  # sequences a token belongs to
        step = self._sequence.itemsize
        self._pointers = (
            np.uintp(self._sequence.ctypes.data) + np.arange(room, dtype=np.uintp) * step
        )
        self.batch = lib.llama_batch()
        self.batch.token = _pointer(self._token, ctypes.c_int32)
        self.batch.pos = _pointer(self._position, ctypes.c_int32)
        self.batch.n_seq_id = _pointer(self._one, ctypes.c_int32)
        self.batch.seq_id = _pointer(self._pointers, ctypes.POINTER(ctypes.c_int32))
        self.batch.logits = _pointer(self._wanted, ctypes.c_int8)

    def fill(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[bool],
    ) -> None:
        count = len(tokens)
        self._token[:count] = tokens
        self._position[:count] = positions
        self._sequence[:count] = sequences
        self._wanted[:count] = wanted
        self.batch.n_tokens = count

    def show(
        self, rows: NDArray[np.float32], positions: NDArray[np.int32], sequence: int, *, last: bool
    ) -> lib.llama_batch:
        """A batch of rows, shape (T, D), instead of tokens; positions have a line a dimension."""
        count = len(rows)
        self._sequence[:count] = sequence
        self._wanted[:count] = 0
        self._wanted[count - 1] = last
        # A structure keeps no array alive; these attributes do, until the next call.
        self._rows = np.ascontiguousarray(rows, np.float32)
        self._places = np.ascontiguousarray(positions, np.int32)
        batch = lib.llama_batch()
        batch.n_tokens = count
        batch.embd = _pointer(self._rows, ctypes.c_float)
        batch.pos = _pointer(self._places, ctypes.c_int32)
        batch.n_seq_id, batch.seq_id = self.batch.n_seq_id, self.batch.seq_id
        batch.logits = self.batch.logits
        return batch


def _pointer(array: NDArray[Any], kind: Any) -> Any:
    return ctypes.cast(array.ctypes.data, ctypes.POINTER(kind))
