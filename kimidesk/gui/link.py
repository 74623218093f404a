"""A worker as Qt sees it: a process, its events as signals, and one readable end."""

import time
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import (
    QObject,
    QProcess,
    QProcessEnvironment,
    QTimer,
    Signal,
    SignalInstance,
)

from kimidesk.client.session import Session
from kimidesk.wire.frames import encode
from kimidesk.wire.messages import AnyCommand, AnyEvent, Failed, FailureKind

WATCH_MS = 1_000
TERMINATE_MS = 700  # after its stdin was closed
KILL_MS = 1_400


class Link(QObject):
    """One process from its start to its end; a fresh worker is a fresh link.

    `died` comes at most once and never after `close`; `ended` comes once, when the process is gone.
    `watched` is for processes that send a beat every second.
    """

    event_came = Signal(object)
    died = Signal(object)
    ended = Signal()

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        parent: QObject | None = None,
        *,
        watched: bool = True,
    ) -> None:
        super().__init__(parent)
        self.session = Session(time.monotonic())
        self._over = False
        self._process = QProcess(self)
        surroundings = QProcessEnvironment()
        for name, value in environment.items():
            surroundings.insert(name, value)
        self._process.setProcessEnvironment(surroundings)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.readyReadStandardError.connect(self._on_stderr)
        self._process.errorOccurred.connect(self._on_error)
        self._process.finished.connect(self._on_finished)
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self._on_watch)
        if watched:
            self._watch.start()
        program, *arguments = command
        self._process.start(program, arguments)

    @property
    def pid(self) -> int:
        """Of the process; 0 when there is none."""
        return self._process.processId()

    @property
    def over(self) -> bool:
        """Whether the process is gone."""
        return self._over

    def send(self, command: AnyCommand) -> None:
        """Ask the worker; nothing is waited for."""
        if not self._over and self.session.failed is None:
            self.session.sent(command)
            self._process.write(encode(command))

    def close(self) -> None:
        """Let the process end: politely, then not. Its end is told by `ended`."""
        self.session.closing = True
        self._watch.stop()
        if self._over:
            return
        self._process.closeWriteChannel()
        QTimer.singleShot(TERMINATE_MS, self._process, self._process.terminate)
        QTimer.singleShot(KILL_MS, self._process, self._process.kill)

    def kill(self) -> None:
        """End the process at once."""
        self.session.closing = True
        self._process.kill()

    def leave(self, on_event: Callable[[AnyEvent], None], ended: SignalInstance) -> None:
        """Kill the process, tell these two nothing more, and be deleted once it is gone."""
        self.event_came.disconnect(on_event)
        self.ended.disconnect(ended)
        self.ended.connect(self.deleteLater)
        self.kill()
        if self.over:
            self.deleteLater()

    def _on_output(self) -> None:
        data = bytes(self._process.readAllStandardOutput().data())
        for event in self.session.feed(data, time.monotonic()):
            if isinstance(event, Failed) and event.trace is None:
                self._die(event)
                return
            if not self.session.closing:
                self.event_came.emit(event)

    def _on_stderr(self) -> None:
        self.session.stderr(bytes(self._process.readAllStandardError().data()))

    def _on_watch(self) -> None:
        if failure := self.session.overdue(time.monotonic()):
            self._die(failure)

    def _on_error(self, error: QProcess.ProcessError) -> None:
        # A crash is told by `finished` too, which comes after the last output.
        if error is QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            failure = Failed(
                f"the worker could not be started: {self._process.errorString()}",
                "Install KimiDesk again.",
                FailureKind.WORKER,
            )
            self._die(failure)
            self.ended.emit()

    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_stderr()
        self._on_output()
        self._over = True
        crashed = status is QProcess.ExitStatus.CrashExit
        if failure := self.session.ended(-code if crashed else code):
            self._die(failure)
        self._watch.stop()
        self.ended.emit()

    def _die(self, failure: Failed) -> None:
        self._watch.stop()
        if self.session.closing:
            return
        self.session.closing = True
        self._process.kill()
        self.died.emit(failure)
