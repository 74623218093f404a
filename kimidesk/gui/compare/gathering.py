"""Bringing many traces together: one is read, or 1,500 characters are named, at a time."""

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from kimidesk.errors import KimiDeskError
from kimidesk.gui.aside import Aside
from kimidesk.gui.compare.kept import kept
from kimidesk.gui.compare.samples import Sampled, of_sample, of_solve
from kimidesk.reading.segments import Growing
from kimidesk.records import Sample, SampleStatus
from kimidesk.store import Desk
from kimidesk.store.runs import samples_in

SLICE_CHARS = 1_500  # about 20 sentences, 3 ms
SHOWN_AFTER = 25  # traces; what they amount to is worked out anew each time


class Gathering(QObject):
    """`came`: more of `samples` are there; `named`: one of them; `failed`: a KimiDeskError."""

    came = Signal()
    named = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.samples: list[Sampled] = []
        self.problems: dict[int, list[Sample]] = {}  # of a run, by their rows in the data
        self._desk = desk
        self._to_read: deque[str] = deque()
        self._to_name: deque[Sampled] = deque()
        self._naming: tuple[Sampled, Growing, int] | None = None
        self._aside = Aside(self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.step)

    @property
    def left(self) -> int:
        """How many traces are still to be read or named."""
        return len(self._to_read) + len(self._to_name) + (self._naming is not None)

    def read_desk(self, traces: Sequence[str]) -> None:
        """Gather these traces of the desk."""
        self._begin()
        self.problems = {}
        self._to_read = deque(traces)
        self._timer.start()

    def read_run(self, folder: Path, then: Callable[[], object]) -> None:
        """Read what a scored run holds; `then` is called when `problems` are known."""

        def told(samples: list[Sample]) -> None:
            self.problems = {}
            for sample in samples:
                if sample.status is SampleStatus.DONE:
                    self.problems.setdefault(sample.number, []).append(sample)
            then()

        self._aside.run(lambda: samples_in(folder), told, self.failed.emit)

    def show_problem(self, number: int) -> None:
        """Gather the samples of one problem of the run."""
        self._begin()
        for sample in self.problems[number]:
            self._put(of_sample(sample))
        self.came.emit()
        self._timer.start()

    def step(self) -> bool:
        """Read or name a little; whether something is left."""
        if self._to_read:
            self._read(self._to_read.popleft())
        elif self._naming is not None or self._to_name:
            self._name()
        if not self.left:
            self._timer.stop()
        return bool(self.left)

    def settle(self) -> None:
        """All of it now; for pictures and tests, never while someone waits."""
        self._aside.settle()
        while self.left:
            self.step()

    def close(self) -> None:
        """Nothing more is read."""
        self._begin()
        self._aside.close()

    def _begin(self) -> None:
        self._timer.stop()
        self.samples = []
        self._to_read.clear()
        self._to_name.clear()
        self._naming = None

    def _read(self, trace: str) -> None:
        try:
            self._put(of_solve(kept(self._desk, trace)))
        except KimiDeskError as error:  # the others can be seen without it
            self.failed.emit(error)
        if not self._to_read or len(self.samples) % SHOWN_AFTER == 0:
            self.came.emit()

    def _put(self, sample: Sampled) -> None:
        self.samples.append(sample)
        self._to_name.append(sample)

    def _name(self) -> None:
        sample, growing, taken = self._naming or (self._to_name.popleft(), Growing(), 0)
        stop = min(taken + SLICE_CHARS, len(sample.text))
        whole = stop == len(sample.text)
        named = growing.finish(sample.text) if whole else growing.grow(sample.text[:stop])
        if not whole:
            self._naming = (sample, growing, stop)
            return
        self._naming = None
        for each in named:
            if sample.runs and sample.runs[-1][2] is each.kind:
                sample.runs[-1] = (sample.runs[-1][0], each.end, each.kind)
            else:
                sample.runs.append((each.start, each.end, each.kind))
        self.named.emit(sample)
