"""The problem and the answer that is expected of it."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from kimidesk.gui import theme
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.records import Problem, mended

translate = QCoreApplication.translate


class _Editor(QPlainTextEdit):
    """Ctrl+Return belongs to the window, not to the text."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


class ProblemEditor(Panel):
    """Plain text; `problem` is what stands in it."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self._title, self._answer_title = label("title"), label("title")
        self.text = _Editor()
        self.text.setFont(theme.ui_font(13))
        self.text.setTabChangesFocus(True)
        self.answer = QLineEdit()
        self.answer.setFont(theme.ui_font(13))
        self.text.textChanged.connect(self.changed)
        self.answer.textChanged.connect(self.changed)
        self.text.setMinimumHeight(64)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(7)
        column.addWidget(self._title)
        column.addWidget(self.text, 1)
        column.addSpacing(3)
        column.addWidget(self._answer_title)
        column.addWidget(self.answer)
        self.retranslate()

    @property
    def problem(self) -> Problem:
        """As it would be asked now."""
        return Problem(mended(self.text.toPlainText()), mended(self.answer.text()))

    def show_problem(self, problem: Problem) -> None:
        """Put another problem into the fields."""
        self.text.setPlainText(problem.text)
        self.answer.setText(problem.answer)

    def retranslate(self) -> None:
        self._title.setText(translate("Problem", "PROBLEM"))
        self._answer_title.setText(translate("Problem", "EXPECTED ANSWER"))
        self.text.setPlaceholderText(
            translate("Problem", "Write a problem, in words or LaTeX. Ctrl+Return solves it.")
        )
        self.answer.setPlaceholderText(translate("Problem", "optional: the answer is then graded"))
        self.text.setAccessibleName(translate("Problem", "Problem"))
        self.answer.setAccessibleName(translate("Problem", "Expected answer"))
