"""The button that floats over a growing trace and leads back to its newest token."""

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QPushButton, QWidget


class LiveButton(QPushButton):
    """Sits at the bottom of its parent while the person reads further up."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._retranslate()
        self.hide()

    def place(self, *, shown: bool) -> None:
        """Show or hide it, at the middle of the lower edge."""
        self.setVisible(shown)
        parent = self.parentWidget()
        if shown and parent is not None:
            self.adjustSize()
            room = parent.size()
            self.move((room.width() - self.width()) // 2, room.height() - self.height() - 12)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def _retranslate(self) -> None:
        self.setText("↓  " + QCoreApplication.translate("TraceView", "Jump to live"))
        self.setAccessibleName(QCoreApplication.translate("TraceView", "Jump to live"))
