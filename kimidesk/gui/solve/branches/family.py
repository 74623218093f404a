"""The family of the shown trace: what the desk has of it, and what grows here.

Where an answer is not told by a trace's own words its line is read from the desk, one trace between
two frames.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from kimidesk.client.reopening import answer_in
from kimidesk.errors import StoreError
from kimidesk.flows import Branch, Phase, Solve, Story
from kimidesk.gui.solve.branches.nodes import Node, of_relative, of_solve
from kimidesk.records import Fork
from kimidesk.store import Desk
from kimidesk.store.rows import Relative

IDLE_MS = 8


class Family(QObject):
    """`nodes` has the root first, and a parent before its branches."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.trouble = ""  # why the desk could not be read
        self._desk = desk
        self._nodes: dict[str, Node] = {}
        self._live: dict[str, Solve] = {}  # what was shown or has grown here
        self._whole: set[str] = set()  # of these, whose nodes will not change
        self._untold: list[Relative] = []
        self._timer = QTimer(self)
        self._timer.setInterval(IDLE_MS)
        self._timer.timeout.connect(self._tell_one)

    @property
    def nodes(self) -> list[Node]:
        """All of them."""
        return list(self._nodes.values())

    def show_trace(self, solve: Solve | None) -> None:
        """The family of another trace, unless it is of the one that is known."""
        own = solve.branch if isinstance(solve, Story) else solve
        if own is None:
            self._begin([], {})
        elif own.trace.id not in self._nodes:
            self._begin(self._read(own.trace.id), {own.trace.id: own})
        else:
            self._live.setdefault(own.trace.id, own)
        self.grow()

    def add(self, *branches: Branch) -> None:
        """Branches that begin here."""
        self._live |= {each.trace.id: each for each in branches}
        self.grow()

    def drop(self, trace: str) -> None:
        """One that came to nothing."""
        self._live.pop(trace, None)
        self._nodes.pop(trace, None)
        self.changed.emit()

    def live(self, trace: str) -> Solve | None:
        """What is held of a trace here; None where only the desk has it."""
        return self._live.get(trace)

    def grow(self) -> None:
        """Look at what grows here."""
        before = dict(self._nodes)
        for id_, solve in self._live.items():
            if id_ not in self._whole:  # telling the answer of a long one takes a while
                self._nodes[id_] = of_solve(solve, self._start(solve.trace.fork))
            if solve.phase is Phase.DONE:
                self._whole.add(id_)
        if before != self._nodes or not before:
            self.changed.emit()

    def close(self) -> None:
        """The desk is about to be closed."""
        self._timer.stop()

    def _begin(self, relatives: list[Relative], live: dict[str, Solve]) -> None:
        self._live, self._whole = live, set()
        self._nodes = {}
        for each in relatives:
            self._nodes[each.id] = of_relative(each, _told(each), self._start(each.fork))
        self._untold = [each for each in relatives if each.ended and not _told(each)]
        self._untold = [each for each in self._untold if each.id not in live]
        if self._untold:
            self._timer.start()

    def _start(self, fork: Fork | None) -> int:
        """How many tokens of its line stand before a branch; of a parent unknown here, of it."""
        parent = self._nodes.get(fork.parent) if fork is not None else None
        return (parent.start if parent is not None else 0) + (fork.at if fork is not None else 0)

    def _read(self, trace: str) -> list[Relative]:
        try:
            self.trouble = ""
            return self._desk.family(trace)
        except StoreError as error:
            self.trouble = error.what
            return []

    def _tell_one(self) -> None:
        if not self._untold:
            self._timer.stop()
            return
        each = self._untold.pop(0)
        try:
            answer = answer_in(self._desk, each)
        except StoreError as error:  # one is damaged; the others can be told
            self.trouble = error.what
            return
        if answer:
            self._nodes[each.id] = of_relative(each, answer, self._start(each.fork))
            self.changed.emit()


def _told(relative: Relative) -> str:
    return relative.verdict.extracted if relative.verdict else ""
