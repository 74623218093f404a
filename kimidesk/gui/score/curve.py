"""Accuracy against tokens: along a run, and one point a run (long2short)."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from kimidesk.grading.curves import FORCED, POST_HOC, CurvePoint, RunPoint
from kimidesk.gui import theme
from kimidesk.gui.charts.table import Table
from kimidesk.gui.widgets.panel import Panel

translate = QCoreApplication.translate
SYMBOLS = {POST_HOC: None, FORCED: "o"}


class Plot(Panel):
    """Axes in the colours of the theme; a subclass draws."""

    def __init__(self) -> None:
        super().__init__()
        self.plot = pg.PlotWidget(self, enableMenu=False)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the table has the keys
        self.plot.setAntialiasing(True)
        self.legend = self.plot.addLegend(offset=(-10, 10), labelTextSize="11px")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 150)
        self._ready = True
        self.retheme()

    def redraw(self) -> None:
        """Draw everything anew."""
        self.plot.clear()
        self.legend.clear()
        style = {"color": theme.current().quiet, "font-size": "11px"}
        self.plot.setLabel("left", translate("Score", "Accuracy"), **style)
        self.plot.setLabel("bottom", translate("Score", "Tokens"), **style)
        ticks = [(share / 4, f"{25 * share} %") for share in range(5)]
        self.plot.getAxis("left").setTicks([ticks])
        self.plot.getAxis("bottom").enableAutoSIPrefix(False)
        self.plot.setYRange(-0.03, 1.03, padding=0)
        self.draw()

    def draw(self) -> None:
        """What stands on the axes."""

    def retheme(self) -> None:
        """Take the colours of the theme; pyqtgraph does not follow the palette."""
        shown = theme.current()
        self.plot.setBackground(shown.surface)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(pg.mkPen(shown.edge))
            axis.setTextPen(pg.mkPen(shown.quiet))
            axis.setTickFont(theme.ui_font(11))
        self.plot.showGrid(x=False, y=True, alpha=0.18)
        self.legend.setLabelTextColor(QColor(shown.text))
        self.redraw()

    def retranslate(self) -> None:
        if hasattr(self, "_ready"):
            self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_ready"):
            self.retheme()
        super().changeEvent(event)


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
