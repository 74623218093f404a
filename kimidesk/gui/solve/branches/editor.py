"""A small editor at the token where a branch begins: what it says, how many, how warm."""

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from kimidesk.gui.widgets.fields import RealField, WholeField
from kimidesk.gui.widgets.panel import Panel, label

translate = QCoreApplication.translate
WIDTH, TEXT_PX = 450, 76
MOST = 64  # branches at once


class _Text(QPlainTextEdit):
    """Enter submits; Shift+Enter breaks the line; Tab leaves it."""

    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(TEXT_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
            return
        super().keyPressEvent(event)


class BranchEditor(Panel):
    """`submitted` carries text, number of branches and temperature; Escape closes it."""

    submitted = Signal(str, int, float)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, card=True)
        self._within = parent
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.title, self.text = label(), _Text()
        self.title.setWordWrap(True)
        self.count, self.temperature = WholeField(1, MOST), RealField(0.0, 100.0, 0.1, 2)
        self._count_name, self._temperature_name = label("quiet"), label("quiet")
        self.begin, self.cancel = QPushButton(), QPushButton()
        self.begin.setProperty("kind", "primary")
        self.begin.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.close_editor)
        self.text.submitted.connect(self._submit)
        row = QHBoxLayout()
        row.setSpacing(6)
        for name, field in (
            (self._count_name, self.count),
            (self._temperature_name, self.temperature),
        ):
            name.setBuddy(field)
            field.setFixedWidth(46)
            row.addWidget(name)
            row.addWidget(field)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.begin)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.text)
        column.addLayout(row)
        self.retranslate()
        self.hide()

    def ask(self, title: str, place: QRect, text: str | None, count: int, warmth: float) -> None:
        """Open at a place of the parent; text None asks for none."""
        self.title.setText(title)
        self.text.setVisible(text is not None)
        self.text.setPlainText(text or "")
        self.text.moveCursor(QTextCursor.MoveOperation.End)
        self.count.setValue(count)
        self.temperature.setValue(warmth)
        self.setFixedWidth(min(WIDTH, self._within.width() - 16))
        self.adjustSize()
        self.move(self._beside(place))
        self.show()
        self.raise_()
        (self.count if text is None else self.text).setFocus()

    def close_editor(self) -> None:
        """Close without a branch."""
        self.hide()
        self.closed.emit()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Branches", "New branch"))
        self.text.setAccessibleName(translate("Branches", "What the branch says first"))
        self._count_name.setText(translate("Branches", "Branches"))
        self._temperature_name.setText(translate("Branches", "Temperature"))
        self.count.setAccessibleName(translate("Branches", "Number of branches"))
        self.temperature.setAccessibleName(translate("Branches", "Temperature"))
        self.begin.setText(translate("Branches", "Branch"))
        self.begin.setToolTip(translate("Branches", "Enter; Shift+Enter breaks the line"))
        self.cancel.setText(translate("Branches", "Cancel"))
        self.cancel.setToolTip("Esc")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Esc is a command of the window too; while this is open it closes this.
        override = event.type() is QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        (self.text if self.text.isVisible() else self.count).setFocus()
        super().focusInEvent(event)

    def _submit(self) -> None:
        self.hide()
        self.submitted.emit(
            self.text.toPlainText(), round(self.count.value()), float(self.temperature.value())
        )

    def _beside(self, place: QRect) -> QPoint:
        """Below the token where there is room, else above it, within the parent."""
        room, size = self._within.rect(), self.size()
        x = min(max(place.left() - 12, 8), max(room.width() - size.width() - 8, 0))
        below, above = place.bottom() + 8, place.top() - size.height() - 8
        y = below if below + size.height() <= room.height() or above < 0 else above
        return QPoint(x, max(min(y, room.height() - size.height() - 4), 4))
