"""One flow that a room runs beside the trace: told of some times a second, and of its end."""

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from kimidesk.errors import KimiDeskError
from kimidesk.flows import Solve
from kimidesk.gui.solve.beside import Flow
from kimidesk.gui.solve.driver import Driver
from kimidesk.records import CheckpointInfo
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate
PROGRESS_MS = 200


class Trying(QObject):
    """`progressed` while it runs; `ended` once nothing more comes of it, however it ended."""

    progressed = Signal()
    ended = Signal()
    failed = Signal(object)  # a Failed to be shown

    def __init__(self, driver: Driver, parent: QObject) -> None:
        super().__init__(parent)
        self._driver = driver
        self.flow: Flow | None = None  # while it runs
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PROGRESS_MS)
        self._soon.timeout.connect(self.progressed)
        driver.beside.moved.connect(self._on_moved)
        driver.beside.ended.connect(self._on_ended)

    @property
    def width(self) -> int:
        """How many traces the checkpoint grows at once."""
        checkpoint = self._driver.checkpoint
        return checkpoint.slots if checkpoint is not None else self._driver.settings.slots

    def run(self, flow: Flow, checkpoint: CheckpointInfo) -> bool:
        """Start a flow; whether it could be. What stands against it is told by `failed`."""
        self.flow = flow
        try:
            self._driver.run_beside(flow, checkpoint)
        except KimiDeskError as error:
            self.flow = None
            self.failed.emit(Failed(error.what, error.hint, FailureKind.USAGE))
            return False
        return self.flow is not None  # it may have ended at once

    def stop(self) -> None:
        """Stop it; what has come is kept in it."""
        if self.flow is not None:
            self._driver.beside.stop(self.flow)

    def _on_moved(self, flow: Flow, _event: object) -> None:
        if flow is self.flow and not self._soon.isActive():
            self._soon.start()

    def _on_ended(self, flow: Flow) -> None:
        if flow is self.flow:
            self._soon.stop()
            self.flow = None
            self.ended.emit()


def cannot(solve: Solve | None) -> str:
    """Why a trace cannot be gone on with now; "" where it can."""
    if solve is None:
        return translate("Trying", "There is no trace.")
    if solve.trace.ended is None:
        return translate("Trying", "Wait until the trace has ended, or stop it.")
    if not solve.trace.prompt:
        return translate("Trying", "Its server told no token ids: it cannot be gone on with.")
    if len(solve.columns) <= solve.trace.closing:
        return translate("Trying", "The trace has no tokens.")
    return ""
