"""Cells that are pointed at, walked by keys, and chosen: what bars, matrices and measures share."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from kimidesk.gui import theme

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Cells(QWidget):
    """A grid of `across` columns. A subclass says where a cell is, what it tells, and draws it."""

    chosen = Signal(int)  # by click, Enter or Space

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count, self.across = 0, 1
        self.current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def rect_of(self, cell: int) -> QRectF:
        """Where it is, in pixels of the widget."""
        raise NotImplementedError

    def told(self, cell: int) -> str:
        """What it says, for a tooltip and a screen reader."""
        raise NotImplementedError

    def go(self, cell: int) -> None:
        """Make another cell the current one."""
        if 0 <= cell < self.count:
            self.current = cell
            self.setAccessibleDescription(self.told(cell).replace("\n", ", "))
            self.update()

    def cell_at(self, point: QPointF) -> int:
        """The cell under a point; -1 where there is none."""
        return next((n for n in range(self.count) if self.rect_of(n).contains(point)), -1)

    def draw_current(self, painter: QPainter) -> None:
        """A frame around the current cell, while the keys are here."""
        if self.hasFocus() and self.current < self.count:
            painter.setPen(QColor(theme.current().accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect_of(self.current).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS:
            along, down = ARROWS[Qt.Key(event.key())]
            row, column = divmod(self.current, self.across)
            if 0 <= column + along < self.across:
                self.go((row + down) * self.across + column + along)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.current < self.count:
                self.chosen.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.go(cell)
            self.chosen.emit(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.cell_at(event.position()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.told(cell) if cell >= 0 else "", self)
            return True
        return super().event(event)
