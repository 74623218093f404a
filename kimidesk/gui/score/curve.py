"""Accuracy against tokens: along a run, and one point a run (long2short)."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from kimidesk.grading.curves import FORCED, POST_HOC, CurvePoint, RunPoint
from kimidesk.gui import theme
from kimidesk.gui.charts.plot import SharePlot
from kimidesk.gui.charts.table import Table

translate = QCoreApplication.translate
SYMBOLS = {POST_HOC: None, FORCED: "o"}


class Plot(SharePlot):
    """Accuracy against tokens."""

    def __init__(self) -> None:
        super().__init__((-10, 10))
        self.setMinimumSize(260, 150)
        self.retheme()

    def redraw(self) -> None:
        self.clear(translate("Score", "Accuracy"), translate("Score", "Tokens"))
        self.plot.setYRange(-0.03, 1.03, padding=0)
        self.draw()

    def draw(self) -> None:
        """What stands on the axes."""


class BudgetCurve(Plot):
    """The free curve as a line with its band, the forced one as points with bars."""

    def __init__(self) -> None:
        self.points: list[CurvePoint] = []
        super().__init__()

    def show_points(self, points: Sequence[CurvePoint]) -> None:
        """Other points."""
        self.points = list(points)
        self.redraw()

    def draw(self) -> None:
        most = max((point.budget for point in self.points), default=64)
        self.plot.setXRange(0, 1.04 * most, padding=0)
        shown = theme.current()
        for kind, ink in ((POST_HOC, shown.accent), (FORCED, shown.right)):
            points = [point for point in self.points if point.kind == kind]
            if points:
                self._draw(kind, points, QColor(ink))

    def _draw(self, kind: str, points: list[CurvePoint], ink: QColor) -> None:
        x = np.array([point.budget for point in points], float)
        y, low, high = (
            np.array([getattr(point, name) for point in points])
            for name in ("accuracy", "low", "high")
        )
        faint = QColor(ink)
        faint.setAlpha(50 if kind == POST_HOC else 150)
        if kind == POST_HOC:
            edges = [self.plot.plot(x, side, pen=None) for side in (low, high)]
            self.plot.addItem(pg.FillBetweenItem(*edges, brush=pg.mkBrush(faint)))
        else:
            pen = pg.mkPen(faint, width=1.5)
            self.plot.addItem(
                pg.ErrorBarItem(x=x, y=y, top=high - y, bottom=y - low, beam=0.0, pen=pen)
            )
        self.plot.plot(
            x,
            y,
            pen=pg.mkPen(ink, width=2),
            symbol=SYMBOLS[kind],
            symbolSize=8,
            symbolBrush=pg.mkBrush(ink),
            symbolPen=pg.mkPen(theme.current().surface, width=1),
            name=curve_word(kind),
        )


class RunsPlot(Plot):
    """One point a run, accuracy against mean tokens: the top left is best."""

    def __init__(self) -> None:
        self.points: list[RunPoint] = []
        super().__init__()

    def show_points(self, points: Sequence[RunPoint]) -> None:
        """Other runs."""
        self.points = list(points)
        self.redraw()

    def draw(self) -> None:
        most = max((point.mean_tokens for point in self.points), default=64.0)
        self.plot.setXRange(0, 1.25 * most, padding=0)
        shown = theme.current()
        for point in self.points:
            ink = QColor(shown.right if point.front else shown.accent)
            x, y = np.array([point.mean_tokens]), np.array([point.accuracy])
            top, bottom = point.high - y, y - point.low
            pen = pg.mkPen(ink, width=1.5)
            self.plot.addItem(pg.ErrorBarItem(x=x, y=y, top=top, bottom=bottom, beam=0.0, pen=pen))
            self.plot.plot(x, y, pen=None, symbol="o", symbolSize=10, symbolBrush=pg.mkBrush(ink))
            said = pg.TextItem(point.name, color=shown.text, anchor=(-0.05, 1.0))
            said.setFont(theme.ui_font(11))
            said.setPos(point.mean_tokens, point.accuracy)
            self.plot.addItem(said)


def curve_word(kind: str) -> str:
    """What kind of curve it is."""
    if kind == FORCED:
        return translate("Score", "thought ended there, and answered")
    return translate("Score", "right within so many tokens")


def table_of(points: Sequence[CurvePoint]) -> Table:
    """The budget curve for a screen reader and CSV."""
    titles = (
        translate("Score", "Curve"),
        translate("Score", "Budget, tokens"),
        translate("Score", "Accuracy"),
        translate("Score", "From"),
        translate("Score", "To"),
        translate("Score", "Mean tokens"),
        translate("Score", "Samples"),
    )
    rows = tuple(
        (curve_word(p.kind), p.budget, p.accuracy, p.low, p.high, p.mean_tokens, p.samples)
        for p in points
    )
    return Table(titles, rows)


def runs_table(points: Sequence[RunPoint]) -> Table:
    """The long2short picture for a screen reader and CSV."""
    titles = (
        translate("Score", "Run"),
        translate("Score", "Mean tokens"),
        translate("Score", "Accuracy"),
        translate("Score", "From"),
        translate("Score", "To"),
        translate("Score", "Samples"),
    )
    rows = tuple((p.name, p.mean_tokens, p.accuracy, p.low, p.high, p.samples) for p in points)
    return Table(titles, rows)
