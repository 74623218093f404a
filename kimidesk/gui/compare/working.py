"""What the Compare page asks of checkpoints: to read the first text, or to solve the problem again.

Each in a worker of its own, one after the other, so that the Solve page stays as it is.
"""

from collections import deque
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from kimidesk.client.keeping import keep
from kimidesk.errors import KimiDeskError, UsageError
from kimidesk.flows import Solve, replaying
from kimidesk.gui.compare.compared import Compared, Side
from kimidesk.gui.compare.forced import Forcing, by_ids, by_text, same_vocabulary
from kimidesk.gui.compare.second import Second
from kimidesk.gui.opening.wanted import Wanted
from kimidesk.gui.solve.asked import Asked
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.picker import short
from kimidesk.records import CheckpointInfo, Ended
from kimidesk.wire.messages import AnyEvent, Failed, FailureKind, OpenCheckpoint

translate = QCoreApplication.translate
ROOM = 1_024  # tokens of a prompt that is put anew
GRID = 256


@dataclass(frozen=True, slots=True)
class _Task:
    """One checkpoint that is to read the first's text."""

    first: Side
    side: Side
    by_ids: bool


def _opened(side: Side) -> tuple[object, ...]:
    """What another engine, checkpoint or adapter is told by."""
    checkpoint = side.solve.trace.checkpoint
    return checkpoint.fingerprint, checkpoint.ref, side.solve.trace.adapters


class Working(QObject):
    """`told` says what is under way, "" at the end; `came` brings a Solve that has begun."""

    told = Signal(str)
    grew = Signal()
    came = Signal(object)
    failed = Signal(object)

    def __init__(self, driver: Driver, compared: Compared, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._driver, self._compared = driver, compared
        self._second = Second(driver.grader, self)
        self._second.opening.connect(self._on_opening)
        self._second.began.connect(self._on_began)
        self._second.moved.connect(self._on_moved)
        self._second.ended.connect(self._on_ended)
        self._tasks: deque[_Task] = deque()
        self._task: _Task | None = None  # None while a problem is solved
        self._ref = ""
        self._forcing: Forcing | None = None
        self._slices = QTimer(self)
        self._slices.timeout.connect(self._measure)

    @property
    def busy(self) -> bool:
        return self._second.busy or self._forcing is not None

    def force(self) -> None:
        """Let every other checkpoint read the first's text."""
        sides = self._compared.sides
        if self.busy or len(sides) < 2:
            return
        first = sides[0]
        if not first.whole:
            self.failed.emit(
                Failed(
                    translate("Compare", "A still grows"),
                    translate("Compare", "Wait until it has ended."),
                    FailureKind.USAGE,
                )
            )
            return
        own = _opened(first)
        others = [side for side in sides[1:] if _opened(side) != own]
        if not others:
            self.failed.emit(
                Failed(
                    translate("Compare", "all traces are of one checkpoint"),
                    translate("Compare", "It thinks of A's text what A's own numbers say."),
                    FailureKind.USAGE,
                )
            )
            return
        for side in others:
            alike = same_vocabulary(first.solve, side.solve) and bool(first.solve.trace.prompt)
            self._tasks.append(_Task(first, side, alike))
        self._next()

    def solve_with(self, ref: str) -> None:
        """Put the first's problem to another checkpoint, as it was put to the first's."""
        if self.busy or not self._compared.sides:
            return
        trace = self._compared.sides[0].solve.trace
        asked = Asked(trace.problem, trace.sampling, trace.budget, trace.seed, trace.thinking)

        def begin(checkpoint: CheckpointInfo) -> Solve:
            if asked.problem.images and not checkpoint.vision:
                raise UsageError(
                    translate("Compare", "{0} cannot see the pictures of the problem").format(
                        checkpoint.name
                    )
                )
            solve = asked.put_to(checkpoint)
            self._driver.desk.begin(solve.trace)
            return solve

        try:
            how = Wanted.of(self._driver.settings, ref).command()
        except KimiDeskError as error:
            self.failed.emit(Failed(error.what, error.hint, FailureKind.MODEL))
            return
        self._ref, self._task = ref, None
        self._second.run(how, begin)
        self._on_opening(0.0)

    def stop(self) -> None:
        """Ask nothing more; what is under way ends."""
        self._tasks.clear()
        self._second.stop()
        if self._forcing is not None:
            self._forcing = None
            self._go_on()

    def close(self) -> None:
        """End the process. What a problem's trace has so far is on the desk already."""
        self._tasks.clear()
        self._forcing = None
        self._second.close()

    def apart_of(self, at: int) -> NDArray[np.float64]:
        """For each token of a column, how far the others' minds are at most; only of the first."""
        told = [side.forced for side in self._compared.sides if side.forced is not None]
        if at or not told:
            return np.zeros(0)
        stacked = np.stack([np.abs(each.apart) for each in told])
        known = ~np.isnan(stacked)
        most = np.where(known, stacked, -1.0).max(axis=0)
        return np.where(known.any(axis=0), most, np.nan)

    def _next(self) -> None:
        self._task = self._tasks.popleft()
        task = self._task
        written = task.first.solve.grown
        try:
            how = self._opening(task)
        except KimiDeskError as error:
            self._tasks.clear()
            self.failed.emit(Failed(error.what, error.hint, FailureKind.MODEL))
            return
        adapters = task.side.solve.trace.adapters
        make = replaying.by_ids if task.by_ids else replaying.by_text
        attempt = make(written, adapters)
        problem = written.trace.problem
        self._ref = how.name or how.ref
        self._second.run(how, lambda info: replaying.replay(attempt, info, problem))
        self._on_opening(0.0)

    def _opening(self, task: _Task) -> OpenCheckpoint:
        """As the settings have it, with room for the whole text and its rows."""
        ref = task.side.solve.trace.checkpoint.ref
        solve = task.first.solve
        tokens = len(solve.columns) + len(solve.trace.prompt) + ROOM
        if not task.by_ids:  # no vocabulary needs more tokens than a text has bytes
            tokens = max(tokens, len(solve.said.encode()) // 2 + ROOM)
        how = Wanted.of(self._driver.settings, ref).command()
        room = -(-tokens // GRID) * GRID
        context = max(how.context, room) if how.context else 0
        made: OpenCheckpoint = msgspec.structs.replace(
            how, context=context, slots=1, replays=True, draft="", keep_gb=0.0
        )
        return made

    def _on_opening(self, fraction: float) -> None:
        said = translate("Compare", "opening {0} … {1} %")
        self.told.emit(said.format(short(self._ref), f"{100 * fraction:.0f}"))

    def _on_began(self, solve: Solve) -> None:
        if self._task is None:
            self.came.emit(solve)
        self._tell(solve)

    def _on_moved(self, event: AnyEvent) -> None:
        solve = self._second.solve
        if solve is None:
            return
        if self._task is None:
            keep(self._driver.desk, solve, event)
            self.grew.emit()
        self._tell(solve)

    def _tell(self, solve: Solve) -> None:
        name, count = solve.trace.checkpoint.name, len(solve.columns)
        if self._task is None:
            said = translate("Compare", "{0} solves: {1} tokens")
            self.told.emit(said.format(name, f"{count:,}"))
        else:
            of = len(self._task.first.solve.columns)
            said = translate("Compare", "{0} reads A's text: {1} of {2} tokens")
            self.told.emit(said.format(name, f"{count:,}", f"{of:,}"))

    def _on_ended(self, failure: Failed | None) -> None:
        task, solve = self._task, self._second.solve
        if failure is not None:
            self._tasks.clear()
            self.failed.emit(failure)
        elif task is not None and solve is not None and solve.done and self._whole(task, solve):
            make = by_ids if task.by_ids else by_text
            self._forcing = make(task.first.solve.grown, solve.grown)
            self._slices.start()
            return
        self._go_on()

    def _whole(self, task: _Task, solve: Solve) -> bool:
        """Whether it read all of the text; what was stopped before its end tells nothing."""
        count = len(task.first.solve.columns) if task.by_ids else 1
        return solve.trace.ended is Ended.REPLAYED and len(solve.columns) >= count

    def _measure(self) -> None:
        """A slice of working out what the other thinks of the text."""
        if self._forcing is None or self._task is None:
            self._slices.stop()
            return
        try:
            next(self._forcing)
            return
        except StopIteration as done:
            self._task.side.forced = done.value
        except KimiDeskError as error:
            self.failed.emit(Failed(error.what, error.hint, FailureKind.USAGE))
        self._forcing = None
        self._slices.stop()
        self._go_on()

    def _go_on(self) -> None:
        if self._tasks:
            self._next()
        else:
            self.told.emit("")
            self.grew.emit()
