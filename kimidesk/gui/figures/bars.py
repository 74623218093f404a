"""Bars: one row a kind or stage, with its letter, name, length and value."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimidesk.gui import theme
from kimidesk.gui.figures.cells import Cells
from kimidesk.gui.tracks.ink import ink_on

ROW_PX, CHIP_PX, VALUE_PX = 20, 16, 58


@dataclass(frozen=True, slots=True)
class Row:
    """`length` is of the longest, from 0 to 1."""

    letter: str
    name: str
    colour: QColor
    length: float
    value: str
    told: str


class Bars(Cells):
    """As high as its rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show others."""
        if len(rows) != len(self.rows):
            self.updateGeometry()
        self.rows, self.count = rows, len(rows)
        self.go(min(self.current, max(self.count - 1, 0)))
        self.update()

    def rect_of(self, cell: int) -> QRectF:
        return QRectF(0, cell * ROW_PX, self.width(), ROW_PX)

    def told(self, cell: int) -> str:
        return self.rows[cell].told

    def sizeHint(self) -> QSize:
        return QSize(220, max(len(self.rows), 1) * ROW_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, max(len(self.rows), 1) * ROW_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        names = max(
            (self.fontMetrics().horizontalAdvance(row.name) for row in self.rows), default=0
        )
        for cell, row in enumerate(self.rows):
            self._draw(painter, self.rect_of(cell), row, names)
        self.draw_current(painter)

    def _draw(self, painter: QPainter, at: QRectF, row: Row, names: int) -> None:
        shown, middle = theme.current(), Qt.AlignmentFlag.AlignVCenter
        font = theme.ui_font(11)
        font.setBold(True)
        chip = QRectF(at.left() + 2, at.top() + 2, CHIP_PX, ROW_PX - 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(row.colour)
        painter.drawRoundedRect(chip, 3, 3)
        painter.setFont(font)
        painter.setPen(ink_on(row.colour))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, row.letter)
        painter.setFont(theme.ui_font())
        painter.setPen(QColor(shown.text))
        name = QRectF(chip.right() + 6, at.top(), names + 2, ROW_PX)
        painter.drawText(name, middle | Qt.AlignmentFlag.AlignLeft, row.name)
        left = name.right() + 6
        room = max(at.right() - VALUE_PX - 8 - left, 8)
        painter.fillRect(
            QRectF(left, at.top() + 5, room * min(max(row.length, 0), 1), ROW_PX - 10), row.colour
        )
        painter.setPen(QColor(shown.quiet))
        value = QRectF(at.right() - VALUE_PX - 2, at.top(), VALUE_PX, ROW_PX)
        painter.drawText(value, middle | Qt.AlignmentFlag.AlignRight, row.value)
