"""Which kind follows which: one row a kind, shaded by its share, the count in the cell."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimidesk.gui import kinds, theme
from kimidesk.gui.charts.table import Table
from kimidesk.gui.figures.cells import Cells
from kimidesk.gui.tracks.ink import ink_on
from kimidesk.reading.segments.counting import KINDS

translate = QCoreApplication.translate
SIDE = len(KINDS)
MOST_PX, LEAST_PX = 30, 18  # of a cell


class Matrix(Cells):
    """`counts[i, j]`: how often a sentence of kind j came right behind one of kind i."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.counts: NDArray[np.int64] = np.zeros((SIDE, SIDE), np.int64)
        self.count, self.across = SIDE * SIDE, SIDE
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def shares(self) -> NDArray[np.float64]:
        """Of each row; rows without any are 0."""
        return np.asarray(self.counts / np.maximum(self.counts.sum(axis=1, keepdims=True), 1))

    def show_counts(self, counts: NDArray[np.int64]) -> None:
        """Show others, shape (10, 10)."""
        self.counts = counts
        self.go(self.current)
        self.update()

    def table(self) -> Table:
        """One row a pair that occurs."""
        titles = (
            translate("Matrix", "kind"),
            translate("Matrix", "then"),
            translate("Matrix", "times"),
            translate("Matrix", "share"),
        )
        shares = self.shares
        rows = tuple(
            (kinds.name(KINDS[i]), kinds.name(KINDS[j]), int(self.counts[i, j]), shares[i, j])
            for i, j in zip(*np.nonzero(self.counts), strict=True)
        )
        return Table(titles, tuple((a, b, n, float(share)) for a, b, n, share in rows))

    def rect_of(self, cell: int) -> QRectF:
        row, column = divmod(cell, SIDE)
        return self._square(row + 1, column + 1)

    def told(self, cell: int) -> str:
        row, column = divmod(cell, SIDE)
        return translate("Matrix", "{0} → {1}: {2} of {3} ({4})").format(
            kinds.name(KINDS[row]),
            kinds.name(KINDS[column]),
            f"{self.counts[row, column]:,}",
            f"{self.counts[row].sum():,}",
            f"{self.shares[row, column]:.0%}",
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as its squares are; a layout of layouts forgets heights that follow widths."""
        self.setFixedHeight(round(_side(self.width()) * (SIDE + 1)))

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST_PX * (SIDE + 1), LEAST_PX * (SIDE + 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown, shares = theme.current(), self.shares
        for at, kind in enumerate(KINDS):
            for place in (self._square(at + 1, 0), self._square(0, at + 1)):
                self._draw_letter(painter, place, kinds.colour(kind), kinds.LETTERS[kind])
        painter.setFont(theme.ui_font(9))
        for cell in range(self.count):
            row, column = divmod(cell, SIDE)
            count = int(self.counts[row, column])
            place = self.rect_of(cell).adjusted(0.5, 0.5, -0.5, -0.5)
            ground = _between(shown.surface, shown.accent, 0.85 * float(shares[row, column]))
            painter.fillRect(place, ground if count else QColor(shown.hover))
            if count:
                painter.setPen(ink_on(ground))
                text = f"{count:,}" if count < 1000 else f"{count / 1000:.0f}k"
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        self.draw_current(painter)

    def _draw_letter(self, painter: QPainter, place: QRectF, colour: QColor, letter: str) -> None:
        bold = theme.ui_font(10)
        bold.setBold(True)
        painter.setFont(bold)
        painter.fillRect(place.adjusted(1, 1, -1, -1), colour)
        painter.setPen(ink_on(colour))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, letter)

    def _square(self, row: int, column: int) -> QRectF:
        side = _side(self.width())
        return QRectF(column * side, row * side, side, side)


def _side(width: int) -> float:
    return min(max(width / (SIDE + 1), LEAST_PX), MOST_PX)


def _between(low: str, high: str, share: float) -> QColor:
    """A colour on the way from one to the other."""
    a, b = QColor(low), QColor(high)
    pairs = zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(one + share * (other - one)) for one, other in pairs))
