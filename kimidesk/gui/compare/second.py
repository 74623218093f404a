"""A worker of the Compare page's own: one checkpoint, opened for one trace, and let go of.

The Solve page keeps its checkpoint meanwhile. llama.cpp maps the file of weights, so the same
checkpoint twice takes the memory of its weights once.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from kimidesk.client.launch import worker_command, worker_environment
from kimidesk.errors import KimiDeskError
from kimidesk.flows import Solve
from kimidesk.gui.grader import Grader
from kimidesk.gui.link import Link
from kimidesk.records import CheckpointInfo
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Failed,
    FailureKind,
    Judge,
    Loaded,
    Loading,
    OpenCheckpoint,
)

Begin = Callable[[CheckpointInfo], Solve]


class Second(QObject):
    """`moved` brings each event that the trace took, `opening` how much of a checkpoint is read.

    `ended` comes once for each `run`: with None, or with the Failed that ended it.
    """

    opening = Signal(float)
    began = Signal(object)  # the Solve
    moved = Signal(object)
    ended = Signal(object)

    def __init__(self, grader: Grader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.solve: Solve | None = None
        self._grader = grader
        self._begin: Begin | None = None
        self._link: Link | None = None
        grader.judged.connect(self._on_event)

    @property
    def busy(self) -> bool:
        return self._link is not None

    def run(self, how: OpenCheckpoint, begin: Begin) -> None:
        """Open a checkpoint and grow what `begin` makes for it; `begin` may raise KimiDeskError."""
        self._begin, self.solve = begin, None
        self._link = Link(worker_command(), worker_environment(), self)
        self._link.event_came.connect(self._on_event)
        self._link.died.connect(self._end)
        self._link.send(how)

    def stop(self) -> None:
        """Stop the trace, which is kept as it is; before it has begun, all of it."""
        if self.solve is not None and not self.solve.done:
            self._send(self.solve.stop())
        elif self.busy:
            self._end(None)

    def close(self) -> None:
        """End the process; nothing more is told."""
        link, self._link, self.solve = self._link, None, None
        if link is not None:
            link.close()

    def _on_event(self, event: AnyEvent) -> None:
        if isinstance(event, Loading):
            self.opening.emit(event.fraction)
        elif isinstance(event, Loaded):
            self._start(event.checkpoint)
        elif self.solve is not None and not self.solve.done:
            self._take(self.solve, event)

    def _start(self, checkpoint: CheckpointInfo) -> None:
        if self._begin is None:
            return
        try:
            self.solve = self._begin(checkpoint)
        except KimiDeskError as error:
            self._end(Failed(error.what, error.hint, FailureKind.USAGE))
            return
        self.began.emit(self.solve)
        self._send(self.solve.start())

    def _take(self, solve: Solve, event: AnyEvent) -> None:
        try:
            self._send(solve.on(event))
        except KimiDeskError as error:
            self._end(Failed(error.what, error.hint, FailureKind.WORKER))
            return
        self.moved.emit(event)
        if solve.done:
            self._end(event if isinstance(event, Failed) else None)

    def _send(self, commands: list[AnyCommand]) -> None:
        for command in commands:
            if isinstance(command, Judge):
                self._grader.submit(command)
            elif self._link is not None:
                self._link.send(command)

    def _end(self, failure: Failed | None) -> None:
        link, self._link, self._begin = self._link, None, None
        if link is None:
            return
        if self.solve is not None and not self.solve.done and failure is not None:
            self.solve.on(Failed(failure.what, failure.hint, failure.kind, detail=failure.detail))
            self.moved.emit(failure)
        link.event_came.disconnect(self._on_event)
        link.died.disconnect(self._end)
        link.ended.connect(link.deleteLater)
        link.close()
        if link.over:
            link.deleteLater()
        self.ended.emit(failure)
