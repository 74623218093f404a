"""Something that is painted in pixels along the tokens of a track."""

from collections.abc import Callable
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter


@dataclass(frozen=True, slots=True)
class Axis:
    """What is in sight: tokens left … right over the pixels of `area`."""

    left: float
    right: float
    area: QRectF

    @property
    def pixels(self) -> float:
        """Of one token."""
        return self.area.width() / max(self.right - self.left, 1e-9)

    def x(self, token: float) -> float:
        """The pixel at which a token begins."""
        return self.area.left() + (token - self.left) * self.pixels


class Painted(pg.GraphicsObject):  # type: ignore[misc]  # pyqtgraph has no types
    """Calls `draw` with a painter in pixels, for what is in sight alone."""

    def __init__(self, draw: Callable[[QPainter, Axis], None]) -> None:
        super().__init__()
        self._draw = draw

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def paint(self, painter: QPainter, *_: object) -> None:
        seen = QRectF(self.viewRect())
        axis = Axis(seen.left(), seen.right(), painter.transform().mapRect(seen))
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._draw(painter, axis)
        painter.restore()
