"""Heat: how surprising each token is, as one of 32 bins, and the colour of each bin.

Both scales run from calm to surprising, so the same colours serve them. Bin 0 has no colour:
most tokens of a confident checkpoint are never filled. The colours are of one hue family and
their lightness runs one way, so they read the same without colour vision and in print.
"""

import math
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimidesk.gui import theme
from kimidesk.records import TokenColumns

BINS = 32
ENTROPY_TOP = 4.0  # nats; above it the colour stays the strongest
SURPRISE_TOP = math.log(1000)  # nats; a probability of 0.1 %


class Heat(StrEnum):
    """What the colour behind a token says."""

    ENTROPY = "entropy"
    """How open the choice was: the entropy of the step that drew it."""
    PROBABILITY = "probability"
    """How unlikely the token itself was."""
    OFF = "off"


def bins_of(columns: TokenColumns, heat: Heat, start: int = 0) -> NDArray[np.uint8]:
    """A bin for each token from `start` on; 0 where nothing is known."""
    if heat is Heat.OFF:
        return np.zeros(len(columns) - start, np.uint8)
    if heat is Heat.ENTROPY:
        share = columns.entropy[start:] / ENTROPY_TOP
    else:
        share = -columns.logprob[start:] / SURPRISE_TOP
    share = np.nan_to_num(share, nan=0.0, posinf=1.0)
    return np.asarray(np.clip(share * BINS, 0, BINS - 1), np.uint8)


@lru_cache(maxsize=4)
def colours(points: tuple[str, ...]) -> list[QColor]:
    """One colour a bin, between the control points."""
    stops = [QColor(point) for point in points]
    made: list[QColor] = []
    for bin_ in range(BINS):
        place = bin_ / (BINS - 1) * (len(stops) - 1)
        low = min(int(place), len(stops) - 2)
        share, a, b = place - low, stops[low], stops[low + 1]
        made.append(
            QColor(
                round(a.red() + share * (b.red() - a.red())),
                round(a.green() + share * (b.green() - a.green())),
                round(a.blue() + share * (b.blue() - a.blue())),
            )
        )
    return made


def table(points: tuple[str, ...]) -> NDArray[np.uint8]:
    """The same colours as rows of red, green, blue."""
    return np.array([(c.red(), c.green(), c.blue()) for c in colours(points)], np.uint8)


class Legend(QWidget):
    """The scale of the heat: its colours, and what the two ends mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heat = Heat.ENTROPY
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def ends(self) -> tuple[str, str]:
        """What stands left and right of the colours."""
        if self.heat is Heat.PROBABILITY:
            return "p 100%", "≤ 0.1%"
        return "H 0", f"≥ {ENTROPY_TOP:g} nats"

    def show_heat(self, heat: Heat) -> None:
        """Describe `heat`; nothing is shown for none."""
        self.heat = heat
        self.setVisible(heat is not Heat.OFF)
        self.setAccessibleName(" … ".join(self.ends))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        left, right = self.ends
        return QSize(metrics.horizontalAdvance(left + right) + 84, metrics.height() + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = self.fontMetrics()
        left, right = self.ends
        start = metrics.horizontalAdvance(left) + 7
        bar = QRectF(start, self.height() / 2 - 5, 64, 10)
        shades = QLinearGradient(bar.topLeft(), bar.topRight())
        for place, point in enumerate(shown.heat):
            shades.setColorAt(place / (len(shown.heat) - 1), QColor(point))
        painter.setBrush(shades)
        painter.setPen(QColor(shown.edge))
        painter.drawRoundedRect(bar.adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
        painter.setPen(QColor(shown.faint))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignLeft, left)
        painter.drawText(
            QRectF(bar.right() + 7, 0, self.width(), self.height()),
            middle | Qt.AlignmentFlag.AlignLeft,
            right,
        )
