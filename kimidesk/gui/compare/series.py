"""The four traces as they are drawn: a letter, a colour and a kind of line for each.

The colours are of Okabe and Ito's set (2008), made for all kinds of colour vision, darker on light
grounds so that each reaches 3 : 1 there; the line tells them apart without any colour.
"""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kimidesk.gui import theme

COLOURS = {
    theme.LIGHT.name: ("#0060a0", "#b85a00", "#00795a", "#a8437f"),
    theme.DARK.name: ("#56b4e9", "#e69f00", "#2fc79b", "#e08fbc"),
}
LINES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
)


def colour(at: int) -> QColor:
    """Of the theme that is shown."""
    return QColor(COLOURS[theme.current().name][at])


def pen(at: int, width: float = 1.7) -> QPen:
    """For a curve; cosmetic, so that it is as wide on every axis."""
    made = QPen(colour(at), width, LINES[at])
    made.setCosmetic(True)
    return made


class Swatch(QWidget):
    """The letter of a trace on its colour, above its kind of line."""

    def __init__(self, at: int, letter: str) -> None:
        super().__init__()
        self._at, self._letter = at, letter
        self.setFixedSize(QSize(26, 26))
        self.setAccessibleName(letter)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.ui_font(13)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(colour(self._at))
        box = self.rect().adjusted(0, 0, 0, -6)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.setPen(pen(self._at, 2.2))
        painter.drawLine(
            QPointF(2, self.height() - 4), QPointF(self.width() - 2, self.height() - 4)
        )
