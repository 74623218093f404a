"""Drives a Solve flow: commands to the processes, their events to it, its growth to the desk."""

import time
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Signal

from kimidesk.client.keeping import keep
from kimidesk.client.launch import worker_command, worker_environment
from kimidesk.client.reopening import reopened
from kimidesk.errors import KimiDeskError, UsageError
from kimidesk.flows import Phase, Solve, Story
from kimidesk.gui.grader import Grader
from kimidesk.gui.link import Link
from kimidesk.gui.opening.wanted import Wanted
from kimidesk.gui.solve.asked import Asked, blind
from kimidesk.gui.solve.beside import Beside, Flow
from kimidesk.records import CheckpointInfo, Ended, Wish
from kimidesk.settings import Settings
from kimidesk.store import Desk, Kept, spooled_columns
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Failed,
    FailureKind,
    Judge,
    Judged,
    Loaded,
    Loading,
    TokensCame,
    TraceEnded,
)

translate = QCoreApplication.translate


class Open(StrEnum):
    """How far the checkpoint is."""

    NONE = "none"
    OPENING = "opening"
    OPEN = "open"
    LOST = "lost"
    """Its worker is gone, or it could not be opened."""


class Driver(QObject):
    """State: `solve` (growing or reopened), `open`, `ref`, `checkpoint`, `fraction`, `failure`."""

    checkpoint_changed = Signal()
    trace_changed = Signal()  # another trace, or none
    grew = Signal()  # tokens, phase or verdict of the trace
    ended = Signal()  # the trace is whole, or its verdict came
    failed = Signal(object)  # a Failed to be shown
    closed = Signal()  # every process is gone

    def __init__(self, desk: Desk, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.settings = settings
        self.solve: Solve | None = None
        self.open = Open.NONE
        self.ref = ""
        self.checkpoint: CheckpointInfo | None = None
        self.fraction = 0.0
        self.failure: Failed | None = None
        self.asked_at = 0.0  # monotonic seconds, when the worker was asked
        self.first_token_s: float | None = None
        self.waiting: Asked | None = None  # until the checkpoint is open
        self.closing = False
        self._link: Link | None = None
        self._leaving: list[Link] = []
        self.beside = Beside(self._send, self)
        self.grader = Grader(self)
        self.grader.judged.connect(self._on_event)
        self.grader.ended.connect(self._tell_closed)

    @property
    def busy(self) -> bool:
        """Whether a trace grows or waits to that would be lost if another one were shown."""
        return self._growing or self.waiting is not None

    @property
    def growing(self) -> bool:
        """Whether the shown trace grows; a branch grows beside, shown or not."""
        return self.solve is not None and self.solve.trace.ended is None

    @property
    def _growing(self) -> bool:
        return self.growing and not isinstance(self.solve, Story)

    @property
    def worker_pid(self) -> int:
        """Of the worker; 0 when there is none."""
        return self._link.pid if self._link else 0

    def open_checkpoint(self, ref: str) -> None:
        """Open what `ref` names in a fresh worker; the old one ends."""
        self._end_growing()
        self.beside.leave()
        self._open(ref)

    def _open(self, ref: str) -> None:
        self._leave()
        self.ref, self.checkpoint, self.fraction, self.failure = ref, None, 0.0, None
        try:
            command = Wanted.of(self.settings, ref).command()
        except KimiDeskError as error:
            failure = Failed(error.what, error.hint, FailureKind.MODEL)
            self.beside.lost(failure)
            self._fail(failure)
            return
        self.open = Open.OPENING
        self._link = Link(worker_command(), worker_environment(), self)
        self._link.event_came.connect(self._on_event)
        self._link.died.connect(self._on_died)
        self._link.send(command)
        self.checkpoint_changed.emit()

    def cancel_opening(self) -> None:
        """Let go of a checkpoint that is being opened, at once; the window stays as it is."""
        if self.open is not Open.OPENING:
            return
        self._end_growing()
        self.waiting = None
        self.beside.leave()
        self._leave(at_once=True)
        self.open = Open.LOST
        self.checkpoint_changed.emit()
        self.grew.emit()

    def start_again(self) -> None:
        """Open the same checkpoint in a fresh worker."""
        self.open_checkpoint(self.ref)

    def start(self, asked: Asked) -> None:
        """Put a problem to the checkpoint, as soon as it is open."""
        if self.busy:
            return
        self.waiting = asked
        self.first_token_s = None
        if asked.problem.answer:
            self.grader.warm()
        if self.open is Open.OPEN:
            self._begin()
        elif self.open is not Open.OPENING:
            self.start_again()
        self.grew.emit()

    def run_beside(self, flow: Flow, checkpoint: CheckpointInfo) -> None:
        """Run a flow in the worker of this checkpoint, which is opened if another one is.

        It waits for that. Raises UsageError while a trace of another checkpoint grows, or where
        its file holds another checkpoint now.
        """
        there = self.checkpoint if self.open is Open.OPEN else None
        if there is not None and there.fingerprint == checkpoint.fingerprint:
            self.beside.run(flow, now=True)
            return
        if self.busy or self.beside.flows:
            raise UsageError(
                translate("Driver", "{0} is needed for this, and {1} is at work").format(
                    checkpoint.name, self.ref
                ),
                hint=translate("Driver", "Stop it, or wait until it has ended."),
            )
        if there is not None and there.ref == checkpoint.ref:
            raise UsageError(
                translate(
                    "Driver", "{0} holds another checkpoint now than the one that wrote this trace"
                ).format(checkpoint.ref),
                hint=translate("Driver", "Its token ids may mean other words."),
            )
        self.beside.run(flow, now=False)
        if self.open is not Open.OPENING or self.ref != checkpoint.ref:
            self._open(checkpoint.ref)

    def stop(self) -> None:
        """Stop the growing trace; what has come is kept."""
        self.waiting = None
        if self.open is Open.OPENING:  # its worker has died, and the next one knows nothing of it
            self._end_growing()
        elif isinstance(self.solve, Story):
            self.beside.stop_member(self.solve.branch)
        elif self.solve is not None:
            self._send(self.solve.stop())
        self.grew.emit()

    def steer(self, wish: Wish) -> None:
        """Ask the growing trace to answer now, or to keep thinking."""
        if self.solve is not None and self.thinking:
            self._send(self.solve.steer(wish))

    @property
    def thinking(self) -> bool:
        """Whether a thought grows."""
        solve = self.solve
        if solve is None or solve.phase is not Phase.WRITING:
            return False
        return solve.trace.dialect.thinks and solve.parts.answer is None

    def new(self) -> None:
        """Clear the page."""
        if not self.busy:
            self.solve, self.first_token_s = None, None
            self.trace_changed.emit()

    def reopen(self, trace: str) -> None:
        """Show a kept trace with every number."""
        if self.busy:
            return
        try:
            self.present(reopened(self.desk.line(trace, spooled_columns)))
        except KimiDeskError as error:
            self.failed.emit(Failed(error.what, error.hint, FailureKind.USAGE))

    def show(self, kept: Kept) -> None:
        """Show a trace that has ended."""
        self.present(reopened((kept,)))

    def present(self, solve: Solve) -> None:
        """Show what has ended, or grows beside."""
        self.solve, self.first_token_s = solve, None
        if solve.trace.prompt_ms:
            self.first_token_s = solve.trace.prompt_ms / 1000
        self.trace_changed.emit()

    def followed(self, *, ended: bool) -> None:
        """The shown branch has taken more of what grows beside."""
        if self.solve is not None and self.solve.trace.prompt_ms:
            self.first_token_s = self.solve.trace.prompt_ms / 1000
        self.grew.emit()
        if ended:
            self.ended.emit()

    def close(self) -> None:
        """End every process; `closed` comes when they are gone."""
        self.closing = True
        self.beside.leave()
        self._end_growing()
        self._leave()
        self.grader.close()
        self._tell_closed()

    # ---- reactions -------------------------------------------------------------------------

    def _on_event(self, event: AnyEvent) -> None:
        match event:
            case Loading(fraction=fraction):
                self.fraction = fraction
                self.checkpoint_changed.emit()
            case Loaded(checkpoint=checkpoint):
                self.open, self.checkpoint, self.failure = Open.OPEN, checkpoint, None
                self.checkpoint_changed.emit()
                self._begin()
                self.beside.begin()
            case _:
                self._pass_on(event)
                self.beside.on(event)

    def _on_died(self, failure: Failed) -> None:
        solve = self.solve
        self.beside.lost(failure)
        if failure.kind is FailureKind.WORKER and self._growing and solve and solve.lost():
            hint = translate("Driver", "A fresh worker draws its tokens again and goes on.")
            self.failed.emit(Failed(failure.what, hint, FailureKind.ATTEMPT, detail=failure.detail))
            self._open(self.ref)
            self.grew.emit()
            return
        self._leave()
        self._fail(failure)

    def _begin(self) -> None:
        if self._growing and self.solve is not None:
            self._send(self.solve.again())
            return
        if self.waiting is None or self.checkpoint is None:
            return
        asked, self.waiting = self.waiting, None
        if asked.problem.images and not self.checkpoint.vision:
            self.failed.emit(blind(self.checkpoint))
            self.grew.emit()
            return
        self.solve = asked.put_to(self.checkpoint)
        self.solve.columns = spooled_columns()
        self.desk.begin(self.solve.trace)
        self.asked_at = time.monotonic()
        self._send(self.solve.start())
        self.trace_changed.emit()

    def _pass_on(self, event: AnyEvent) -> None:
        solve = self.solve
        if solve is None or isinstance(solve, Story):  # which hears of its branch alone
            return
        if isinstance(event, Failed) and solve.trace.ended is None:
            measured = 1000 * (self.first_token_s or 0.0)
            solve.trace = replace(solve.trace, prompt_ms=measured)
        try:
            self._send(solve.on(event))
        except KimiDeskError as error:
            self._on_died(Failed(error.what, error.hint, FailureKind.WORKER))
            return
        keep(self.desk, solve, event)
        if isinstance(event, TokensCame) and self.first_token_s is None:
            self.first_token_s = time.monotonic() - self.asked_at
        if solve.trace.prompt_ms:
            self.first_token_s = solve.trace.prompt_ms / 1000
        if isinstance(event, Failed) and event.trace == solve.trace.id:
            self.failed.emit(event)
        self.grew.emit()
        own = (solve.trace.id, None)  # not what runs beside it
        if isinstance(event, (TraceEnded, Judged, Failed)) and event.trace in own:
            self.ended.emit()

    def _send(self, commands: list[AnyCommand]) -> None:
        for command in commands:
            if isinstance(command, Judge):
                self.grader.submit(command)
            elif self._link is not None:
                self._link.send(command)

    def _end_growing(self) -> None:
        """The worker of a growing trace is about to go: what has come is kept as stopped."""
        self.waiting = self.waiting if self.open is not Open.OPEN else None
        if self.solve is not None and self._growing:
            measured = 1000 * (self.first_token_s or 0.0)
            self._pass_on(TraceEnded(self.solve.trace.id, Ended.STOPPED, prompt_ms=measured))

    def _leave(self, *, at_once: bool = False) -> None:
        if self._link is not None:
            link, self._link = self._link, None
            link.event_came.disconnect(self._on_event)
            link.died.disconnect(self._on_died)
            if link.over:
                link.deleteLater()
                return
            self._leaving.append(link)
            link.ended.connect(lambda: self._gone(link))
            link.close()
            if at_once:
                link.kill()

    def _gone(self, link: Link) -> None:
        self._leaving.remove(link)
        link.deleteLater()
        self._tell_closed()

    def _fail(self, failure: Failed) -> None:
        if self._growing:
            self._pass_on(failure)
        self.open, self.failure, self.waiting = Open.LOST, failure, None
        self.checkpoint_changed.emit()
        self.grew.emit()
        self.failed.emit(failure)

    def _tell_closed(self) -> None:
        if self.closing and not self._leaving and self.grader.over:
            self.closed.emit()
