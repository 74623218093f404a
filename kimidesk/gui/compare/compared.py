"""The traces that are compared: what they have in common, and which places belong together.

The first is the one that the others are held against. Places are tokens, which may be broken.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, Signal

from kimidesk.flows import Solve
from kimidesk.gui.aside import Aside
from kimidesk.gui.compare.forced import Forced, same_vocabulary
from kimidesk.gui.solve.naming import Naming
from kimidesk.reading.aligning import (
    Aligned,
    by_place,
    by_segments,
    by_share,
    same_characters,
    same_tokens,
)
from kimidesk.reading.segments import merged
from kimidesk.records import Beliefs, Kind, Segment

MOST = 4
LETTERS = "ABCD"


class Align(StrEnum):
    """Which places of two traces belong together."""

    SEGMENTS = "segments"
    SHARE = "share"
    TOKENS = "tokens"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Common:
    """What a trace has in common with the first from its beginning on."""

    tokens: int = 0  # of this trace
    of_first: int = 0  # of the first; differs where the two cut texts differently
    characters: int = 0
    by_ids: bool = False  # of one vocabulary


@dataclass(slots=True)
class Side:
    """One of the traces."""

    solve: Solve
    naming: Naming
    common: Common = Common()
    held: bool = False  # against the first, and neither grows: what is common stands
    by_segments: Aligned | None = None  # from the first to this one, once both are named
    forced: Forced | None = None  # what this one's checkpoint thinks of the first's text
    beliefs: Beliefs | None = None  # what was probed along it

    @property
    def whole(self) -> bool:
        return self.solve.trace.ended is not None


class Compared(QObject):
    """At most four. `changed`: others are compared; `aligned`: places belong together otherwise."""

    changed = Signal()
    aligned = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sides: list[Side] = []
        self.align = Align.SEGMENTS
        self._spare: list[Naming] = []  # whose traces were taken out
        self._aside = Aside(self)

    def add(self, solve: Solve) -> bool:
        """Put a trace behind the others; False where there is no room, or it is there already."""
        known = any(side.solve.trace.id == solve.trace.id for side in self.sides)
        if known or len(self.sides) >= MOST:
            return False
        side = Side(solve, self._spare.pop() if self._spare else self._naming())
        self.sides.append(side)
        side.naming.show_trace(solve)
        self._compare(side)
        self.changed.emit()
        return True

    def remove(self, at: int) -> None:
        """Take a trace out; the next one is the first where it was that."""
        side = self.sides.pop(at)
        self._let_go(side)
        if at == 0:
            for each in self.sides:
                each.by_segments, each.held = None, False
                each.forced = None
                self._compare(each)
                self._align(each)
        self.changed.emit()

    def clear(self) -> None:
        """Compare nothing."""
        left, self.sides = self.sides, []
        for side in left:
            self._let_go(side)
        self.changed.emit()

    def grow(self) -> None:
        """A trace has grown, or ended."""
        for side in self.sides:
            side.naming.grow()
            self._compare(side)

    def way(self, side: Side) -> Aligned:
        """From places of the first to those of another, as `align` has it; shares until named."""
        one, two = len(self.sides[0].solve.columns), len(side.solve.columns)
        if self.align is Align.TOKENS:
            return by_place(one, two)
        if self.align is Align.SEGMENTS and side.by_segments is not None:
            return side.by_segments
        return by_share(one, two)

    def moved(self, place: float, from_: int, to: int) -> float:
        """The place of one trace that belongs to a place of another."""
        if from_:
            place = self.way(self.sides[from_]).to_one(place)
        return self.way(self.sides[to]).to_two(place) if to else place

    def parting(self, at: int) -> int:
        """The first token of a trace that is not common to all it is compared with."""
        if at:
            return self.sides[at].common.tokens
        return min((side.common.of_first for side in self.sides[1:]), default=0)

    def settle(self) -> None:
        """Name and align all that has come, now; for pictures, never while someone waits."""
        for side in self.sides:
            side.naming.settle()
        self._aside.settle()

    def close(self) -> None:
        """Nothing more is worked out."""
        self.clear()
        self._aside.close()

    def _compare(self, side: Side) -> None:
        first = self.sides[0]
        if side is not first and not side.held:
            side.common = common(first.solve, side.solve)
            side.held = first.whole and side.whole

    def _naming(self) -> Naming:
        made = Naming(self)
        made.changed.connect(lambda: self._on_named(made))
        return made

    def _let_go(self, side: Side) -> None:
        side.naming.show_trace(None)
        self._spare.append(side.naming)

    def _on_named(self, naming: Naming) -> None:
        side = next((each for each in self.sides if each.naming is naming), None)
        if side is None or not naming.whole:
            return
        for each in self.sides[1:] if side is self.sides[0] else [side]:
            self._align(each)

    def _align(self, side: Side) -> None:
        first = self.sides[0]
        if side is first or not (first.naming.whole and side.naming.whole):
            return
        one, two = first.solve, side.solve
        parts = parts_of(first), parts_of(side)
        same = same_characters(one.said, two.said)
        ends = one.transcript.ends, two.transcript.ends
        said = one.said, two.said

        def work() -> Aligned:
            return by_segments(said[0], parts[0], said[1], parts[1], same).at(*ends)

        def then(way: Aligned) -> None:
            if side in self.sides and self.sides[0] is first:
                side.by_segments = way
                self.aligned.emit()

        self._aside.run(work, then, _never)


def common(one: Solve, two: Solve) -> Common:
    """What two traces have in common from their beginnings on."""
    if same_vocabulary(one, two):
        count = same_tokens(one.columns.id, two.columns.id)
        end = one.transcript.ends[count - 1] if count else 0
        return Common(count, count, end, by_ids=True)
    characters = same_characters(one.said, two.said)
    return Common(_within(two, characters), _within(one, characters), characters)


def parts_of(side: Side) -> list[Segment]:
    """What a trace does, in parts: runs of one kind, and the answer behind the thought."""
    named = [Segment(n.start, n.end, n.kind, n.confidence) for n in side.naming.items]
    parts = merged(named)
    start = side.solve.parts.answer_start
    end = len(side.solve.said)
    if side.solve.trace.dialect.thinks and start < end:
        parts.append(Segment(start, end, Kind.ANSWER, 1.0))
    return parts


def _within(solve: Solve, characters: int) -> int:
    """How many first tokens end within so many characters."""
    return int(np.searchsorted(np.asarray(solve.transcript.ends), characters, "right"))


def _never(error: object) -> None:
    raise AssertionError(f"aligning reads no files: {error}")
