"""The grading process behind its queue: judgements go in, verdicts come out, nothing waits."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from kimidesk.client.launch import worker_environment
from kimidesk.grading.process import command
from kimidesk.grading.queue import GradingQueue
from kimidesk.gui.link import Link
from kimidesk.wire.messages import AnyEvent, Failed, Judge, Judged


class Grader(QObject):
    """Starts the process when it is first needed, and again when it died or took too long."""

    judged = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = GradingQueue()
        self._link: Link | None = None
        self._closing = False
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.timeout.connect(self._on_deadline)

    @property
    def over(self) -> bool:
        """Whether no process is left."""
        return self._link is None or self._link.over

    @property
    def pid(self) -> int:
        """Of the process; 0 when there is none."""
        return self._link.pid if self._link else 0

    def warm(self) -> None:
        """Start the process, so that it is ready when the first answer comes."""
        if self._link is None and not self._closing:
            self._link = Link(command(), worker_environment(), self, watched=False)
            self._link.event_came.connect(self._on_event)
            self._link.died.connect(self._on_died)
            self._link.ended.connect(self.ended)

    def submit(self, judge: Judge) -> None:
        """Ask for a judgement; `judged` brings it."""
        self._queue.submit(judge)
        self.warm()
        self._pump()

    def close(self) -> None:
        """End the process."""
        self._closing = True
        self._deadline.stop()
        if self._link is not None:
            self._link.close()

    def _pump(self) -> None:
        now = time.monotonic()
        if self._link is not None and (judge := self._queue.next(now)):
            self._link.send(judge)
        if self._queue.deadline is not None:
            self._deadline.start(max(0, round(1000 * (self._queue.deadline - now))) + 1)
        else:
            self._deadline.stop()

    def _on_event(self, event: AnyEvent) -> None:
        if judged := self._queue.on(event):
            self.judged.emit(judged)
        self._pump()

    def _on_deadline(self) -> None:
        judged = self._queue.expired(time.monotonic())
        if judged is None:
            self._pump()
            return
        self._drop_link()
        self.warm()
        self.judged.emit(judged)

    def _on_died(self, failure: Failed) -> None:
        self._drop_link()
        given_up: list[Judged] = self._queue.lost(failure.what)
        for judged in given_up:
            self.judged.emit(judged)
        if not self._queue.idle:
            self.warm()

    def _drop_link(self) -> None:
        if self._link is not None:
            self._link.leave(self._on_event, self.ended)
            self._link = None
