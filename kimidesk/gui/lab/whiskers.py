"""Shares and a difference as dots with their 95 % intervals, on one scale each."""

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimidesk.gui import theme

ROW_PX = 34
SCALE_PX = 12  # of the row, for dot and whisker; the words stand above it


class Whisker(NamedTuple):
    """One row; `value` None where nothing is known."""

    title: str
    words: str
    help: str  # what it is, a sentence
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    least: float = 0.0  # of the scale
    most: float = 1.0
    sure: bool = True


class Whiskers(QWidget):
    """Paints the rows; a screen reader gets their words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Whisker] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: list[Whisker]) -> None:
        """Show other rows."""
        self.rows = rows
        self.setAccessibleDescription("; ".join(f"{row.title}: {row.words}" for row in rows))
        self.setToolTip("\n".join(f"{row.title}: {row.help}" for row in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, ROW_PX * len(self.rows))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, row in enumerate(self.rows):
            self._paint(painter, row, place * ROW_PX)

    def _paint(self, painter: QPainter, row: Whisker, top: int) -> None:
        shown, width = theme.current(), self.width()
        box = QRectF(0, top, width, ROW_PX - SCALE_PX)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.mono_font(10))
        painter.setPen(QColor(shown.text))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, row.words)
        left = box.width() - painter.fontMetrics().horizontalAdvance(row.words) - 6
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(shown.quiet))
        metrics = painter.fontMetrics()  # a narrow column takes from the title; the tooltip has it
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, max(int(left), 0))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignLeft, title)
        y = top + ROW_PX - SCALE_PX / 2 - 1
        painter.setPen(QPen(QColor(shown.line), 1))
        painter.drawLine(QPointF(4, y), QPointF(width - 4, y))
        if row.least < 0:
            zero = self._x(row, 0.0)
            painter.setPen(QPen(QColor(shown.edge), 1))
            painter.drawLine(QPointF(zero, y - 5), QPointF(zero, y + 5))
        if row.value is None:
            return
        ink = QColor(shown.accent if row.sure else shown.faint)
        painter.setPen(QPen(ink, 2))
        painter.drawLine(QPointF(self._x(row, row.low), y), QPointF(self._x(row, row.high), y))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(self._x(row, row.value), y), 4, 4)

    def _x(self, row: Whisker, value: float) -> float:
        return 6 + (value - row.least) / (row.most - row.least) * (self.width() - 12)
