"""The chart of the budget laboratory: right answers against tokens of thought, a line a way."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolTip

from kimidesk.gui import theme
from kimidesk.gui.charts.plot import SharePlot
from kimidesk.gui.charts.table import Table
from kimidesk.gui.lab.words import share_words, way_word
from kimidesk.reading.budgets import Point, Way

translate = QCoreApplication.translate
SYMBOLS = {Way.OWN: "star", Way.CUT: "o", Way.WAIT: "t1", Way.NONE: "d", Way.RERUN: "s"}
SIZES = {Way.OWN: 16, Way.CUT: 9, Way.WAIT: 11, Way.NONE: 11, Way.RERUN: 9}
NEAR_PX = 14  # of a point that is meant
BESIDE = 0.006  # of the width by which points of different ways at one place stand apart


class BudgetCurve(SharePlot):
    """`chosen` carries the Point that was clicked. Bars are 95 % intervals, and the range of the
    thought."""

    chosen = Signal(object)

    def __init__(self) -> None:
        self.points: list[Point] = []
        self._own = False
        super().__init__((-12, -12))
        self.box = self.plot.getPlotItem().getViewBox()
        self.plot.scene().sigMouseMoved.connect(self._on_moved)
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)
        self.setMinimumSize(320, 220)
        self.retheme()

    def show_curves(self, told: dict[Way, list[Point]], *, own: bool) -> None:
        """Show other points; `own`: right means as the trace itself answered."""
        self.points = [point for points in told.values() for point in points]
        self._own = own
        self.redraw()

    def redraw(self) -> None:
        """Draw everything anew."""
        self.clear(self._measure(), translate("Lab", "Thinking, tokens"))
        shown = [point for point in self.points if point.share is not None]
        most = max((point.most for point in self.points), default=0)
        end = max(64, 1.06 * most)
        self.plot.setXRange(-0.03 * end, end, padding=0)
        self.plot.setYRange(-0.06, 1.06, padding=0)
        for at, way in enumerate(Way):
            points = [point for point in shown if point.way is way]
            if points:
                self._draw(way, points, (at - 2) * BESIDE * end)
        self._describe()

    def point_at(self, place: QPointF) -> Point | None:
        """The nearest point to a place of the plot's scene, if it is meant."""
        found: tuple[float, Point] | None = None
        for point in self.points:
            if point.share is None:
                continue
            there = self.box.mapViewToScene(QPointF(point.thinking, point.share.share))
            apart = math.hypot(there.x() - place.x(), there.y() - place.y())
            if apart <= NEAR_PX and (found is None or apart < found[0]):
                found = (apart, point)
        return found[1] if found is not None else None

    def _draw(self, way: Way, points: list[Point], aside: float) -> None:
        ink = colour(way)
        x = [point.thinking + aside for point in points]
        y = [point.share.share for point in points if point.share is not None]
        low = [point.share.interval[0] for point in points if point.share is not None]
        high = [point.share.interval[1] for point in points if point.share is not None]
        faint = QColor(ink)
        faint.setAlpha(130)
        bars = pg.ErrorBarItem(
            x=np.asarray(x),
            y=np.asarray(y),
            top=np.asarray([b - a for a, b in zip(y, high, strict=True)]),
            bottom=np.asarray([a - b for a, b in zip(y, low, strict=True)]),
            left=np.asarray([point.thinking - point.least for point in points]),
            right=np.asarray([point.most - point.thinking for point in points]),
            beam=0.0,
            pen=pg.mkPen(faint, width=1.5),
        )
        self.plot.addItem(bars)
        line = None if way is Way.OWN else pg.mkPen(ink, width=2)
        item = self.plot.plot(
            x,
            y,
            pen=line,
            symbol=SYMBOLS[way],
            symbolSize=SIZES[way],
            symbolBrush=pg.mkBrush(ink),
            symbolPen=pg.mkPen(theme.current().surface, width=1),
            name=way_word(way),
        )
        item.setZValue(5)

    def _measure(self) -> str:
        if self._own:
            return translate("Lab", "As the trace answered, share")
        return translate("Lab", "Right answers, share")

    def _describe(self) -> None:
        self.setAccessibleDescription("; ".join(map(told, self.points)))

    def _on_moved(self, place: QPointF) -> None:
        point = self.point_at(place)
        self.plot.setCursor(
            Qt.CursorShape.PointingHandCursor if point else Qt.CursorShape.ArrowCursor
        )
        text = told(point) if point is not None else ""
        at = self.plot.mapToGlobal(self.plot.mapFromScene(place))
        QToolTip.showText(at, text, self.plot)

    def _on_clicked(self, event: object) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        point = self.point_at(event.scenePos())  # type: ignore[attr-defined]
        if point is not None:
            self.chosen.emit(point)


def colour(way: Way) -> QColor:
    """Of a way; each has a sign of its own too."""
    shown = theme.current()
    return QColor(
        {
            Way.OWN: shown.text,
            Way.CUT: shown.accent,
            Way.WAIT: shown.warn,
            Way.NONE: shown.think,
            Way.RERUN: shown.answer,
        }[way]
    )


def asked(point: Point) -> str:
    """The budget of a point: tokens, or how often it was made to go on."""
    if point.way is Way.WAIT:
        return f"×{point.budget}"
    return f"{point.budget:,}"


def told(point: Point) -> str:
    """A point in one line."""
    words = translate("Lab", "{0}, budget {1}: {2} tokens of thought, right {3}")
    return words.format(
        way_word(point.way), asked(point), f"{point.thinking:,.0f}", share_words(point.share)
    )


def table_of(points: list[Point]) -> Table:
    """The chart as a table."""
    titles = (
        translate("Lab", "Way"),
        translate("Lab", "Budget"),
        translate("Lab", "Thinking, tokens"),
        translate("Lab", "Right"),
        translate("Lab", "Runs"),
        translate("Lab", "Share"),
        translate("Lab", "95 % from"),
        translate("Lab", "to"),
    )
    rows = []
    for point in points:
        share = point.share
        known = (share.right, share.total, share.share, *share.interval) if share else (None,) * 5
        rows.append((way_word(point.way), asked(point), point.thinking, *known))
    return Table(titles, tuple(rows))
