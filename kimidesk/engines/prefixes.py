"""What the memory of an engine still holds: the tokens of every sequence, growing or finished.

A new trace starts from the longest prefix that any of them holds, so the same prompt is evaluated
once for all who ask it, and a fork evaluates nothing again. How a prompt was cut into calls shows
in the last bits of its numbers; so that a trace does not depend on what happens to be kept, a
prefix is taken up where a fresh evaluation would have been cut too, at its prompt's end with the
row of logits that it left, or among tokens that were evaluated one by one. Only where that wastes
a whole chunk is any point taken. A picture (a run of one negative id) is taken up whole or not.

A memory that cannot be cut (recurrent, hybrid) is marked where prompts end their calls: a mark is
what such a memory was there, and it goes back to marks alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from kimidesk.checkpoints.sequences import MARKS, MOST_MARKS
from kimidesk.engines.mix import Mix
from kimidesk.engines.shelf import NOTHING, Shelf, shared
from kimikernels.token_stats import Row

CHUNK = 256  # tokens of a prompt in one call; another grid gives other roundings
LITTLE = 64  # tokens that are cut off rather than another sequence is given up
MOST_ROWS = 16  # kept rows of logits; one of 152,000 numbers takes 0.6 MB

Marks = dict[int, NDArray[np.uint8]]
"""What a memory was, by the number of tokens that it held, fewest first."""


class Memory(Protocol):
    """Keys and values of many sequences, as an engine keeps them."""

    @property
    def cells(self) -> int:
        """Tokens that all sequences together may hold."""
        ...

    def forget(self, sequence: int, first: int = 0) -> bool:
        """Drop a sequence's memory from position `first` on; False where it cannot be cut there."""
        ...

    def copy(self, source: int, target: int, count: int) -> bool:
        """Give `target`, which is empty, the first `count` tokens of `source`; False: emptied."""
        ...

    def saved(self, sequence: int, count: int) -> NDArray[np.uint8]:
        """The memory of a sequence, which holds `count` tokens, as bytes."""
        ...

    def restore(self, sequence: int, memory: NDArray[np.uint8], count: int) -> bool:
        """Fill an empty sequence with the memory of `count` tokens; False where it does not fit."""
        ...


class Marking(Protocol):
    """What a memory does that cannot be cut; its copies are whole."""

    def mark(self, sequence: int) -> NDArray[np.uint8]:
        """What cannot be cut of a sequence, as it is now; nothing where it goes back to no mark."""
        ...

    def rewind(self, sequence: int, mark: NDArray[np.uint8], count: int) -> bool:
        """Go back to a mark, made at `count` tokens; False where it does not fit: to be emptied."""
        ...


@dataclass(slots=True, eq=False)
class Held:
    """One sequence: what is evaluated in it, and whether a trace is growing on it."""

    sequence: int  # its number in the memory
    tokens: list[int] = field(default_factory=list)  # all evaluated
    mix: Mix = ()  # with these adapters
    prompt: int = 0  # how many of them were evaluated as a prompt, on the grid
    row: Row | None = None  # the logits after the prompt
    live: bool = False
    used: int = 0  # when it was last of use, on a clock that counts
    marks: Marks = field(default_factory=dict)

    def ends_at(self, count: int) -> bool:
        """Whether its memory ends there, or is marked."""
        return count == len(self.tokens) or count in self.marks

    def read(self, tokens: Sequence[int]) -> None:
        """A part of a prompt was evaluated in one call."""
        if self.prompt == len(self.tokens):
            self.prompt += len(tokens)
        self.tokens += tokens


class Reuse(NamedTuple):
    """How much of what is held a new trace may take up."""

    tokens: int = 0
    row: Row | None = None  # with all of a prompt: the logits that it left


class Prefixes:
    """Places traces on sequences. `exact` takes up nothing that a fresh evaluation would not give.

    A memory that cannot be cut has `marking`, and is taken up whole or at a mark. Finished
    sequences keep `idle` tokens at most, None for no bound: in a shared memory every evaluation
    walks over them. A `shelf` keeps long ones on disk.
    """

    def __init__(
        self,
        memory: Memory,
        sequences: int,
        *,
        exact: bool,
        idle: int | None = None,
        marking: Marking | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._memory = memory
        self._exact, self._idle, self._marking = exact, idle, marking
        self._all = [Held(number) for number in range(sequences)]
        self._clock = 0
        self._shelf = shelf

    def place(
        self, tokens: Sequence[int], *, mix: Mix = (), fork: bool = False
    ) -> tuple[Held, Row | None]:
        """A live sequence that holds a prefix of `tokens`, and the row where it holds them all.

        Only what was evaluated with the same adapters counts. A fork's tokens go beyond a prompt
        and were evaluated one by one. There must be a sequence on which no trace grows.
        """
        ids = np.asarray(tokens, np.int32)
        self._fetch(ids, mix)
        found = [
            (self._reuse(held, ids, fork=fork) if held.mix == mix else Reuse(), held)
            for held in self._all
        ]
        reuse, source = max(found, key=lambda pair: (pair[0].tokens, not pair[1].live))
        free = [held for held in self._all if not held.live]
        others = [held for held in free if held is not source] or free
        target = min(others, key=lambda held: (bool(held.tokens), held.used))
        if reuse.tokens and not source.live and self._spare(source, reuse, free, target):
            target = source
        held, row = self._take(target, source, reuse)
        held.mix = mix
        return held, row

    def release(self, held: Held) -> None:
        """Its trace has ended; what it holds stays until the room is needed."""
        self._shelve(held)
        held.live = False
        held.used = self._tick()
        while self._idle is not None and self._kept() > self._idle:
            self._drop_oldest()

    def forget(self, held: Held, first: int = 0) -> bool:
        """Drop a sequence's memory from position `first` on.

        False: it could not be cut there, and more or all of it was dropped.
        """
        asked = first
        if first:
            first = self._cut(held, first, held.marks)
        if not first:
            self._memory.forget(held.sequence)
        del held.tokens[first:]
        held.marks = {at: mark for at, mark in held.marks.items() if at <= first}
        if held.prompt > first:
            held.prompt, held.row = min(held.prompt, first), None
        return first == asked

    def has_room(self, tokens: int) -> bool:
        """Whether a trace of so many tokens can be read and grow a while beside the others."""
        live = sum(len(held.tokens) for held in self._all if held.live)
        if self._idle is None or not live:
            return True
        return live + tokens + CHUNK <= self._memory.cells

    def make_room(self) -> bool:
        """Drop what has been of no use for longest; False where that would make none."""
        if self._idle is None or not self._kept():
            return False  # a sequence with memory of its own gains nothing
        self._drop_oldest()
        return True

    def mark(self, held: Held) -> None:
        """A call ended with the last token of `held`; mark a memory that cannot be cut."""
        count = len(held.tokens)
        if self._marking is None or (count != held.prompt and count % CHUNK):
            return
        mark = self._marking.mark(held.sequence)
        if not len(mark):
            return
        held.marks = dict([*list(held.marks.items())[1 - MARKS :], (count, mark)])
        marked = sorted((each for each in self._all if each.marks), key=_last_use, reverse=True)
        kept = 0
        for each in marked:
            kept += len(each.marks)
            if kept > MOST_MARKS:
                each.marks = {}

    def keep_row(self, held: Held, row: Row) -> None:
        """All of `held` is evaluated, and this is the row that it left."""
        if held.prompt < len(held.tokens):
            return  # not as a fresh evaluation would have done it
        held.row = row.copy()
        if self._shelf is not None and self._shelf.whole:
            self._shelve(held)  # once it has grown it can no longer be cut to its prompt
        kept = sorted((each for each in self._all if each.row is not None), key=_last_use)
        for each in kept[:-MOST_ROWS]:
            each.row = None

    def _shelve(self, held: Held) -> None:
        """Keep a sequence on disk, where that is wanted."""
        if self._shelf is not None and self._shelf.wants(held.tokens, held.mix):
            if self._marking is None:  # a wrong guess may stand behind the last token still
                self._memory.forget(held.sequence, len(held.tokens))
            memory = self._memory.saved(held.sequence, len(held.tokens))
            row = NOTHING if held.row is None else held.row
            self._shelf.put(held.tokens, held.prompt, held.mix, memory, row)

    def _fetch(self, ids: NDArray[np.int32], mix: Mix) -> None:
        """Take from the shelf what holds a chunk more of these tokens than the memory does."""
        shelved = self._shelf.longest(ids, mix) if self._shelf is not None else None
        if self._shelf is None or shelved is None:
            return
        there = shared(shelved.ids, ids)
        here = (_common(held.tokens, ids) for held in self._of(mix))
        free = [held for held in self._all if not held.live]
        if there < max(here, default=0) + CHUNK or not free:
            return
        # Empty sequences first; the last free one would be given to this trace anyway.
        held = min(free, key=lambda held: (bool(held.tokens), held.used))
        self.forget(held)
        taken = self._shelf.take(shelved)
        if taken is None:
            return
        row, memory = taken
        if not self._memory.restore(held.sequence, memory, len(shelved.ids)):
            self._memory.forget(held.sequence)
            self._shelf.discard(shelved)
            return
        held.tokens, held.prompt = shelved.ids.tolist(), shelved.header.prompt
        held.mix, held.used = mix, self._tick()
        held.row = row if len(row) else None
        held.marks = {}
        self.mark(held)

    def _of(self, mix: Mix) -> list[Held]:
        return [held for held in self._all if held.mix == mix]

    def _kept(self) -> int:
        return sum(len(held.tokens) for held in self._all if not held.live)

    def _drop_oldest(self) -> None:
        idle = [held for held in self._all if not held.live and held.tokens]
        self.forget(min(idle, key=_last_use))

    def _reuse(self, held: Held, ids: NDArray[np.int32], *, fork: bool) -> Reuse:
        common = _common(held.tokens, ids)
        if (
            common == len(ids) == held.prompt
            and held.row is not None
            and (self._marking is None or held.ends_at(common))
        ):
            return Reuse(common, held.row)
        common = whole(ids, min(common, len(ids) - 1))
        clean = call_end(ids, min(common, held.prompt))
        alike = fork and common >= held.prompt > 0
        wasteful = common - clean >= CHUNK
        most = common if not self._exact and (alike or wasteful) else clean
        if self._marking is None:
            return Reuse(most)
        places = [at for at in (*held.marks, len(held.tokens)) if at <= most]
        return Reuse(max(places, default=0))

    def _spare(self, source: Held, reuse: Reuse, free: Sequence[Held], other: Held) -> bool:
        """Whether a finished sequence may be cut to what is taken up, or should be kept whole.

        What is cut off a probe is a few tokens; in its stead a whole trace would be given up.
        """
        lost = len(source.tokens) - reuse.tokens
        little = self._marking is None and lost <= LITTLE < len(other.tokens)
        return lost == 0 or len(free) == 1 or little

    def _take(self, target: Held, source: Held, reuse: Reuse) -> tuple[Held, Row | None]:
        source.used = target.used = self._tick()
        count, row = reuse
        tokens, prompt = source.tokens[:count], min(source.prompt, count)
        kept = source.row if prompt == source.prompt else None
        marks = {at: mark for at, mark in source.marks.items() if at <= count}
        if target is not source:
            self.forget(target)
            if count and not self._memory.copy(source.sequence, target.sequence, count):
                count = 0
        if 0 < count < len(source.tokens):
            count = self._cut(target, count, marks)
        if not count:
            self.forget(target)
            tokens, prompt, kept, row, marks = [], 0, None, None, {}
        target.tokens, target.prompt, target.row, target.live = tokens, prompt, kept, True
        target.marks = marks
        return target, row

    def _cut(self, held: Held, first: int, marks: Marks) -> int:
        """Drop a sequence's memory from `first` on, or from the last mark before it.

        Returns how many tokens are left; 0 where it must be emptied.
        """
        if self._memory.forget(held.sequence, first):
            return first
        at = max((at for at in marks if at <= first), default=0)
        if not at or self._marking is None:
            return 0
        return at if self._marking.rewind(held.sequence, marks[at], at) else 0

    def _tick(self) -> int:
        self._clock += 1
        return self._clock


def whole(ids: NDArray[np.int32], count: int) -> int:
    """How many of the first `count` ids there are without a picture that goes on behind them."""
    if not 0 < count < len(ids) or ids[count] >= 0 or ids[count - 1] != ids[count]:
        return count
    others = np.flatnonzero(ids[:count] != ids[count])
    return int(others[-1]) + 1 if len(others) else 0


def call_end(ids: NDArray[np.int32], most: int) -> int:
    """The last place up to `most` at which the evaluation of a prompt ends a call.

    That is each multiple of a chunk outside the pictures, and where a picture begins or ends.
    """
    grid = whole(ids, most // CHUNK * CHUNK)
    pictured = ids[: most + 1] < 0
    if not pictured.any():
        return grid
    turns = np.flatnonzero(np.diff(ids[: most + 1]) != 0) + 1
    edges = [place for place in turns.tolist() if pictured[place - 1] or pictured[place]]
    end = [most] if most == len(ids) and pictured[-1] else []
    return max([grid, *edges, *end])


def _last_use(held: Held) -> int:
    return held.used


def _common(held: Sequence[int], ids: NDArray[np.int32]) -> int:
    """How many tokens two sequences begin with in common; few look beyond the first."""
    if not held or not len(ids) or held[0] != ids[0]:
        return 0
    return shared(np.asarray(held[: len(ids)], np.int32), ids)
