"""The problem, its pictures, and the answer that is expected of it."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui import theme
from kimidesk.gui.pictures.arriving import pixels_in, take, takes
from kimidesk.gui.pictures.strip import PictureStrip
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.records import Problem, mended
from kimidesk.store.pictures import KeptPicture

translate = QCoreApplication.translate


class _Editor(QPlainTextEdit):
    """Ctrl+Return belongs to the window, not to the text, and pictures to the strip."""

    def __init__(self, pictures: PictureStrip) -> None:
        super().__init__()
        self._pictures = pictures

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return takes(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        if not take(source, self._pictures):
            super().insertFromMimeData(source)

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
        self.pictures = PictureStrip()
        self.pictures.changed.connect(self._on_pictures)
        self.add, self.remove = QToolButton(), QToolButton()
        for button in (self.add, self.remove):
            button.setProperty("kind", "plain")
        self.add.clicked.connect(self.pictures.browse)
        self.remove.clicked.connect(self.pictures.remove_chosen)
        self.pictures.list.itemSelectionChanged.connect(self._on_pictures)
        self.text = _Editor(self.pictures)
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
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title, 1)
        head.addWidget(self.remove)
        head.addWidget(self.add)
        column.addLayout(head)
        column.addWidget(self.text, 1)
        column.addWidget(self.pictures)
        column.addSpacing(3)
        column.addWidget(self._answer_title)
        column.addWidget(self.answer)
        self._on_pictures()
        self.retranslate()

    @property
    def problem(self) -> Problem:
        """As it would be asked now."""
        text, answer = mended(self.text.toPlainText()), mended(self.answer.text())
        return Problem(text, answer, self.pictures.paths)

    def show_problem(self, problem: Problem, kept: Sequence[KeptPicture] = ()) -> None:
        """Put another problem into the fields; `kept` are its pictures as a trace had them."""
        self.text.setPlainText(problem.text)
        self.answer.setText(problem.answer)
        self.pictures.show_paths(problem.images, kept)

    def clear(self) -> None:
        """Another problem begins."""
        self.show_problem(Problem(""))

    def paste_picture(self) -> None:
        """Add what the clipboard holds, if it is a picture."""
        data = QGuiApplication.clipboard().mimeData()
        image = data.imageData() if data.hasImage() else pixels_in(data)
        if not take(data, self.pictures) and image is not None:
            self.pictures.add_image(image)

    def _on_pictures(self) -> None:
        self.remove.setVisible(bool(self.pictures.list.selectedItems()))
        self.changed.emit()

    def retranslate(self) -> None:
        self._title.setText(translate("Problem", "PROBLEM"))
        self._answer_title.setText(translate("Problem", "EXPECTED ANSWER"))
        self.add.setText(translate("Problem", "+ Picture"))
        self.add.setAccessibleName(translate("Problem", "Add pictures"))
        self.add.setToolTip(
            translate(
                "Problem", "Add PNG, JPEG or WebP pictures; they can be dropped and pasted too"
            )
            + "  (Ctrl+I)"
        )
        self.remove.setText(translate("Problem", "Remove"))
        self.remove.setAccessibleName(translate("Problem", "Remove the selected picture"))
        self.remove.setToolTip(self.remove.accessibleName() + "  (Del)")
        self.text.setPlaceholderText(
            translate("Problem", "Write a problem, in words or LaTeX. Ctrl+Return solves it.")
        )
        self.answer.setPlaceholderText(translate("Problem", "optional: the answer is then graded"))
        self.text.setAccessibleName(translate("Problem", "Problem"))
        self.answer.setAccessibleName(translate("Problem", "Expected answer"))
