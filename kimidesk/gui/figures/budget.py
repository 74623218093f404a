"""Tokens against time: how the budget was used up, and where it would have ended."""

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from kimidesk.flows import Solve
from kimidesk.gui import theme
from kimidesk.gui.charts.table import Table
from kimidesk.gui.widgets.gauge import spent_of
from kimidesk.gui.widgets.notes import sentence

translate = QCoreApplication.translate
POINTS = 400
HEIGHT_PX = 150


class BudgetChart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Seconds along, tokens up: thought and answer as lines, limits dashed, notes as marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, enableMenu=False)
        self.setFixedHeight(HEIGHT_PX)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._solve: Solve | None = None
        self.thought, self.answer = pg.PlotCurveItem(), pg.PlotCurveItem()
        self.limits = [pg.InfiniteLine(angle=0), pg.InfiniteLine(angle=0)]
        self.notes = pg.ScatterPlotItem(
            symbol="t", size=9, hoverable=True, tip=lambda x, y, data: data
        )
        for item in (self.thought, self.answer, *self.limits, self.notes):
            self.addItem(item)
        self.retheme()

    def show_solve(self, solve: Solve | None) -> None:
        """Draw a trace as far as it has come."""
        self._solve = solve
        count = len(solve.columns) if solve is not None else 0
        if solve is None or not count:
            for curve in (self.thought, self.answer):
                curve.setData([], [])
            self.notes.setData([], [])
            return
        seconds = solve.columns.time_ms.astype(np.float64) / 1000
        spent = spent_of(solve)
        step = max(count // POINTS, 1)
        for curve, first, last in (
            (self.thought, 0, spent.thinking),
            (self.answer, max(spent.thinking - 1, 0), count),
        ):
            at = np.unique(np.append(np.arange(first, last, step), max(last - 1, first)))
            at = at[at < count] if last > first else at[:0]
            curve.setData(seconds[at], at + 1)
        self._show_limits(spent.thinking_limit, spent.limit, count)
        self._show_notes(solve, seconds)
        self.setXRange(0, max(float(seconds[-1]), 0.1), padding=0.02)

    def table(self) -> Table:
        """A row every so many tokens, so that there are at most 100."""
        titles = (
            translate("Budget", "seconds"),
            translate("Budget", "tokens"),
            translate("Budget", "of them thought"),
            translate("Budget", "tokens a second"),
        )
        solve = self._solve
        if solve is None or not len(solve.columns):
            return Table(titles)
        seconds = solve.columns.time_ms.astype(np.float64) / 1000
        count, thinking = len(seconds), solve.thinking_tokens
        places = np.unique(np.linspace(0, count - 1, min(count, 100)).astype(int)).tolist()
        rows, before = [], 0
        for at in places:
            took = float(seconds[at] - seconds[before])
            speed = (at - before) / took if took > 0 else None
            rows.append((float(seconds[at]), at + 1, min(at + 1, thinking), speed))
            before = at
        return Table(titles, tuple(rows))

    def retheme(self) -> None:
        """Take the colours of the theme."""
        shown = theme.current()
        self.setBackground(shown.surface)
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(shown.line))
            axis.setTextPen(pg.mkPen(shown.faint))
            axis.setTickFont(theme.ui_font(10))
        self.thought.setPen(pg.mkPen(shown.think, width=2))
        self.answer.setPen(pg.mkPen(shown.answer, width=2))
        for line, style in zip(
            self.limits, (Qt.PenStyle.DashLine, Qt.PenStyle.SolidLine), strict=True
        ):
            line.setPen(pg.mkPen(shown.wrong, width=1, style=style))
        self.notes.setBrush(pg.mkBrush(shown.warn))
        self.notes.setPen(pg.mkPen(None))
        self.retranslate()

    def retranslate(self) -> None:
        """Name the axes."""
        style = {"color": theme.current().faint, "font-size": "10px"}
        self.setLabel("bottom", translate("Budget", "seconds"), **style)
        self.setLabel("left", translate("Budget", "tokens"), **style)

    def _show_limits(self, thinking: int | None, whole: int, count: int) -> None:
        """Limits are drawn where the tokens come near them; else the axis would be of the limit."""
        top = float(count)
        for line, limit in zip(self.limits, (thinking, whole), strict=True):
            near = bool(limit) and (limit or 0) <= 2 * count
            line.setVisible(near)
            if near and limit:
                line.setPos(limit)
                top = max(top, float(limit))
        self.setYRange(0, top * 1.05, padding=0)

    def _show_notes(self, solve: Solve, seconds: np.ndarray) -> None:
        notes = [note for note in solve.trace.notes if note.at < len(seconds)]
        self.notes.setData(
            x=[float(seconds[note.at]) for note in notes],
            y=[note.at + 1 for note in notes],
            data=[sentence(note) for note in notes],
        )
