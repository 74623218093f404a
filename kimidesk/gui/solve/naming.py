"""The segments of the shown trace, named in slices between frames, so that nothing waits for them.

What stands behind the last paragraph of a growing trace keeps its name. What people say lies over
what the machine says.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from kimidesk.flows import Solve
from kimidesk.reading.boundaries import with_tokens
from kimidesk.reading.segments import Growing
from kimidesk.reading.segments.labelled import Labels, overlaid
from kimidesk.records import By, Kind, Label, Segment, Subtype

SLICE_CHARS = 3_000  # about 40 sentences, 5 ms
IDLE_MS = 16
GROWN_MS = 400  # between two looks at a growing trace


@dataclass(frozen=True, slots=True)
class Named:
    """Tokens first … last of the trace, its characters start … end - 1, and what they do."""

    first: int
    last: int
    start: int
    end: int
    kind: Kind
    confidence: float
    subtype: Subtype | None = None
    by: By = By.MODEL


class Naming(QObject):
    """`items` are sentences in their order, of the thought, or of all where there is no thought.

    `machine` are the same as they are without what people say of them.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.items: list[Named] = []
        self.machine: list[Named] = []
        self._labels: Labels = ()
        self._solve: Solve | None = None
        self._growing = Growing()
        self._start = 0  # of what is named, in characters of the trace
        self._taken = 0  # characters of it
        self._kept = (0, 0)  # segments that stand, and the items made of them
        self._whole = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._slice)

    @property
    def whole(self) -> bool:
        """Whether all is named and nothing more will come."""
        return self._whole

    def show_trace(self, solve: Solve | None) -> None:
        """Name another trace, from its beginning."""
        self._timer.stop()
        self._solve, self.items, self.machine, self._labels = solve, [], [], ()
        self._growing, self._start, self._taken, self._whole = Growing(), 0, 0, False
        self._kept = (0, 0)
        self.changed.emit()
        if solve is not None:
            self._timer.start(IDLE_MS)

    def grow(self) -> None:
        """The trace has grown, or ended."""
        if self._solve is not None and not self._whole and not self._timer.isActive():
            self._timer.start(IDLE_MS if self._solve.trace.ended else GROWN_MS)

    def show_labels(self, labels: Labels) -> None:
        """Lay what people say over what the machine says; in their order, none over another."""
        if labels != self._labels:
            self._labels = labels
            self._lay_over()
            self.changed.emit()

    def settle(self) -> None:
        """Name all that has come, now; for tests and pictures, never while someone waits."""
        while self._solve is not None and not self._whole and self._slice():
            pass

    def at(self, token: int) -> int:
        """Which of `items` holds a token; -1 for none."""
        place = bisect_right(self.items, token, key=lambda each: each.first) - 1
        return place if place >= 0 and token <= self.items[place].last else -1

    def _slice(self) -> bool:
        """Name some more; whether there is more to name now."""
        solve = self._solve
        if solve is None:
            return False
        text, start = _named_part(solve)
        if start != self._start and self._taken == 0:
            self._start = start
        stop = min(self._taken + SLICE_CHARS, len(text))
        last = stop == len(text)
        if stop == self._taken and not (last and solve.trace.ended):
            return False
        ended = last and solve.trace.ended is not None
        if ended:  # an answer is known now, and what looked like one before is none
            self.machine = _placed(self._growing.finish(text[:stop]), self._start, solve, -1)
        else:
            self._place(self._growing.grow(text[:stop]), solve)
        self._lay_over()
        self._taken, self._whole = stop, ended
        self.changed.emit()
        if not last:
            self._timer.start(IDLE_MS)
        return not last

    def _place(self, segments: list[Segment], solve: Solve) -> None:
        known, made = self._kept
        done, items = self._growing.done, self.machine[:made]
        items += _placed(segments[known:done], self._start, solve, _last(items))
        self._kept = (done, len(items))
        self.machine = items + _placed(segments[done:], self._start, solve, _last(items))

    def _lay_over(self) -> None:
        solve = self._solve
        if solve is None or not self._labels:
            self.items = self.machine
        else:
            self.items = _relabelled(self.machine, self._labels, solve)


def _named_part(solve: Solve) -> tuple[str, int]:
    """The thought, or all where there is none, and where it begins."""
    said, parts = solve.said, solve.parts
    begin, end = parts.thinking_span
    return (said[begin:end], begin) if end > begin else (said, 0)


def _last(items: list[Named]) -> int:
    return items[-1].last if items else -1


def _placed(segments: list[Segment], start: int, solve: Solve, behind: int) -> list[Named]:
    told = with_tokens(segments, start, solve.transcript.ends, behind)
    return [
        Named(
            first,
            last,
            start + each.start,
            start + each.end,
            each.kind,
            each.confidence,
            each.subtype,
            each.by,
        )
        for each, first, last in told
    ]


def _relabelled(machine: list[Named], labels: Labels, solve: Solve) -> list[Named]:
    """With people's labels; only what lies near them is placed anew."""
    said, made, at, label = solve.said, list[Named](), 0, 0
    while label < len(labels):
        first = bisect_right(machine, labels[label].start, lo=at, key=lambda each: each.end)
        if (whole := _whole(machine, first, labels[label])) is not None:
            made += [*_behind(machine[at:first], _last(made)), whole]
            at, label = first + 1, label + 1
            continue
        stop, after = _reached(machine, labels[label].end, first), label + 1
        while first < stop and after < len(labels) and labels[after].start < machine[stop - 1].end:
            stop, after = _reached(machine, labels[after].end, stop), after + 1
        made += _behind(machine[at:first], _last(made))
        near = [
            Segment(each.start, each.end, each.kind, each.confidence, each.subtype, each.by)
            for each in machine[first:stop]
        ]
        made += _placed(overlaid(said, near, labels[label:after]), 0, solve, _last(made))
        at, label = stop, after
    return made + _behind(machine[at:], _last(made))


def _whole(machine: list[Named], at: int, label: Label) -> Named | None:
    """A sentence that is labelled just as it was cut, which most are; None for any other."""
    if at == len(machine) or (machine[at].start, machine[at].end) != (label.start, label.end):
        return None
    here = machine[at]
    return Named(
        here.first, here.last, here.start, here.end, label.kind, 1.0, label.subtype, By.PERSON
    )


def _behind(items: list[Named], token: int) -> list[Named]:
    """Without tokens up to `token`: a label may end within one."""
    if not items or items[0].first > token:
        return items
    if items[0].last <= token:
        return items[1:]
    return [replace(items[0], first=token + 1), *items[1:]]


def _reached(machine: list[Named], end: int, from_: int) -> int:
    """How many of the first sentences begin before a character."""
    return bisect_left(machine, end, lo=from_, key=lambda each: each.start)
