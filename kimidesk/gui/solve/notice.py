"""The message bar: what went wrong and what to do, without a dialog in the way."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from kimidesk.gui import theme
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate


class Notice(Panel):
    """Hidden until there is something to say.

    `again` asks for a fresh worker, `another` for another checkpoint.
    """

    again = Signal()
    another = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.failure: Failed | None = None
        self._what, self._hint, self._mark = label(), label("quiet"), label("wrong")
        self._mark.setText("▲")
        for text in (self._what, self._hint):
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setMinimumWidth(80)  # a long path must not widen the window
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.more, self.start_again, self.dismiss = QPushButton(), QPushButton(), QPushButton("×")
        self.choose = QPushButton()
        self.choose.clicked.connect(self.another)
        self.more.setProperty("kind", "plain")
        self.more.setCheckable(True)
        self.dismiss.setProperty("kind", "plain")
        self.dismiss.setFixedWidth(30)
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setFont(theme.mono_font(11))
        self.detail.setFixedHeight(84)
        self.more.toggled.connect(self.detail.setVisible)
        self.start_again.clicked.connect(self.again)
        self.dismiss.clicked.connect(self.clear)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._what)
        words.addWidget(self._hint)
        row = QHBoxLayout()
        row.setSpacing(9)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for button in (self.more, self.choose, self.start_again, self.dismiss):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 8, 9)
        column.addLayout(row)
        column.addWidget(self.detail)
        self.retranslate()
        self.hide()

    def say(self, failure: Failed) -> None:
        """Show a failure until it is dismissed or replaced."""
        self.failure = failure
        self._what.setText(failure.what[:1].upper() + failure.what[1:])
        self._what.setToolTip(failure.what)
        self._hint.setText(failure.hint)
        self._hint.setToolTip(failure.hint)
        self._hint.setVisible(bool(failure.hint))
        self.detail.setPlainText(failure.detail)
        self.more.setChecked(False)
        self.detail.hide()
        self.more.setVisible(bool(failure.detail))
        self.start_again.setVisible(failure.kind in (FailureKind.WORKER, FailureKind.MODEL))
        self.choose.setVisible(failure.kind is FailureKind.MODEL)
        self.setAccessibleName(f"{failure.what} {failure.hint}")
        self.show()

    def clear(self) -> None:
        """Say nothing."""
        self.failure = None
        self.hide()

    def retranslate(self) -> None:
        self.more.setText(translate("Notice", "Details"))
        self.start_again.setText(translate("Notice", "Start again"))
        self.choose.setText(translate("Notice", "Choose another…"))
        self.dismiss.setAccessibleName(translate("Notice", "Dismiss"))
        self.detail.setAccessibleName(translate("Notice", "The worker's last words"))
