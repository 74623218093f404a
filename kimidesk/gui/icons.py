"""The few icons of the window, drawn in the colours of the theme."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QPolygonF

SIZE = 22
SCALE = 3  # pixels a point, sharp on every screen


def icon(name: str, colour: str) -> QIcon:
    """The icon called `name`."""
    pixmap = QPixmap(QSize(SIZE, SIZE) * SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(SCALE)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(QColor(colour), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _DRAWN[name](painter)
    painter.end()
    return QIcon(pixmap)


def _solve(painter: QPainter) -> None:
    """Lines of text under a lens."""
    for y, right in ((5, 15), (9, 9), (13, 7)):
        painter.drawLine(QPointF(3, y), QPointF(right, y))
    painter.drawEllipse(QRectF(9.5, 8.5, 7.5, 7.5))
    painter.drawLine(QPointF(16, 15), QPointF(19, 18.5))


def _compare(painter: QPainter) -> None:
    """Two columns of lines that part."""
    for y, share in ((5, 6.0), (9, 6.0), (13, 4.0), (17, 5.0)):
        painter.drawLine(QPointF(3, y), QPointF(3 + share, y))
    for y, share in ((5, 6.0), (9, 6.0), (13, 6.0), (17, 2.5)):
        painter.drawLine(QPointF(13, y), QPointF(13 + share, y))
    painter.drawLine(QPointF(11, 3), QPointF(11, 19))


def _score(painter: QPainter) -> None:
    """Bars that rise, over their ground."""
    for x, top in ((5, 13.0), (9, 9.0), (13, 11.0), (17, 5.0)):
        painter.drawLine(QPointF(x, 17), QPointF(x, top))
    painter.drawLine(QPointF(3, 19.5), QPointF(19, 19.5))


def _history(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(3.5, 3.5, 15, 15))
    painter.drawPolyline(QPolygonF([QPointF(11, 7), QPointF(11, 11), QPointF(14, 13)]))


def _settings(painter: QPainter) -> None:
    for y, knob in ((6, 14), (11, 7), (16, 12)):
        painter.drawLine(QPointF(3, y), QPointF(knob - 2.2, y))
        painter.drawLine(QPointF(knob + 2.2, y), QPointF(19, y))
        painter.drawEllipse(QPointF(knob, y), 2.2, 2.2)


def _theme(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(4, 4, 14, 14))
    painter.setBrush(painter.pen().color())
    painter.drawChord(QRectF(4, 4, 14, 14), 90 * 16, 180 * 16)


_DRAWN: dict[str, Callable[[QPainter], None]] = {
    "solve": _solve,
    "compare": _compare,
    "score": _score,
    "history": _history,
    "settings": _settings,
    "theme": _theme,
}
