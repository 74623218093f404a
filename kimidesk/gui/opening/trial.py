"""A server tried out before it is opened: is it there, and what can it do?"""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from kimidesk.client.launch import worker_command, worker_environment
from kimidesk.errors import KimiDeskError
from kimidesk.gui.link import Link
from kimidesk.gui.widgets.panel import Panel, label, plain, set_tone
from kimidesk.records import CheckpointInfo
from kimidesk.wire.messages import AnyEvent, Failed, Loaded, OpenCheckpoint

translate = QCoreApplication.translate
LINES = 6  # of what it can do, in sight at once


class Trial(QObject):
    """Opens a server in a worker that ends when it has told; one at a time.

    A process, not a thread: while it waits for a server it can be ended at any moment, and it asks
    exactly what opening asks. `told` and `failed` come at most once, and never after `cancel`.
    """

    told = Signal(object)  # a CheckpointInfo
    failed = Signal(object)  # a Failed

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link: Link | None = None

    @property
    def worker_pid(self) -> int:
        """Of the worker; 0 when there is none."""
        return self._link.pid if self._link else 0

    def start(self, command: OpenCheckpoint) -> None:
        """Ask; one that is under way is ended."""
        self.cancel()
        # It may outlive this object by the moment that its end takes.
        link = Link(worker_command(), worker_environment(), QCoreApplication.instance())
        link.event_came.connect(self._on_event)
        link.died.connect(self._on_died)
        link.ended.connect(link.deleteLater)
        self._link = link
        link.send(command)

    def cancel(self) -> None:
        """End it at once, if there is one."""
        if self._link is None:
            return
        link, self._link = self._link, None
        link.event_came.disconnect(self._on_event)
        link.died.disconnect(self._on_died)
        link.kill()

    def _on_event(self, event: AnyEvent) -> None:
        if isinstance(event, Loaded):
            self.cancel()
            self.told.emit(event.checkpoint)

    def _on_died(self, failure: Failed) -> None:
        self.cancel()
        self.failed.emit(failure)


class TrialPanel(Panel):
    """A button that tries out what `command` gives, and what came of it."""

    def __init__(
        self, command: Callable[[], OpenCheckpoint], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._command = command
        self._running = False
        self.trial = Trial(self)
        self.button = QPushButton()
        self.words, self.abilities = label("quiet"), QPlainTextEdit()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.abilities.setReadOnly(True)
        self.abilities.setTabChangesFocus(True)
        room = 2 * int(self.abilities.document().documentMargin()) + 10
        self.abilities.setFixedHeight(LINES * self.fontMetrics().lineSpacing() + room)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.words, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addLayout(row)
        column.addWidget(self.abilities)
        self.button.clicked.connect(self._on_button)
        self.trial.told.connect(self._on_told)
        self.trial.failed.connect(self._on_failed)
        self.retranslate()
        self.forget()

    def forget(self) -> None:
        """End what is under way: another server is meant, or none."""
        self.trial.cancel()
        self._show(running=False)

    def retranslate(self) -> None:
        self.abilities.setAccessibleName(translate("Opening", "What the server can do"))
        self._name_button()

    def _on_button(self) -> None:
        if self._running:
            self.trial.cancel()
            self._show(translate("Opening", "The test was cancelled."))
            return
        try:
            command = self._command()
        except KimiDeskError as error:
            self._show(str(error), tone="wrong")
            return
        self._show(translate("Opening", "The server is asked what it can do…"), running=True)
        self.trial.start(command)

    def _on_told(self, info: CheckpointInfo) -> None:
        context = translate("Opening", "{0} tokens of context").format(f"{info.context:,}")
        self._show(" · ".join(filter(None, (info.name, info.engine, context))))
        self.abilities.setPlainText("\n".join(f"· {each}" for each in info.capabilities))
        self.abilities.show()

    def _on_failed(self, failure: Failed) -> None:
        self._show("\n".join(filter(None, (failure.what, failure.hint))), tone="wrong")

    def _show(self, words: str = "", *, tone: str = "quiet", running: bool = False) -> None:
        self._running = running
        self.words.setText(words)
        set_tone(self.words, tone)
        self.abilities.hide()
        self._name_button()

    def _name_button(self) -> None:
        text = translate("Opening", "Test con&nection")
        if self._running:
            text = translate("Opening", "Ca&ncel the test")
        self.button.setText(text)
        self.button.setAccessibleName(plain(text))
        self.button.setToolTip(
            translate("Opening", "Asks the server for a few tokens, as opening it does")
        )
