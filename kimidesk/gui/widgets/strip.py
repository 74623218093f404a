"""The entropy strip: every token on one axis, shared with the text.

Zoomed out it shows block means with the p10 … p90 band; zoomed in, every token. The row of heat
below is max-pooled, so that a single surprising token is never averaged away. Where a server told
only a part of the vocabulary, the band is the interval of the entropy, and there is no line.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kimidesk.gui import theme
from kimidesk.gui.widgets.blocks import Blocks
from kimidesk.gui.widgets.heat import BINS, ENTROPY_TOP, SURPRISE_TOP, Heat, table
from kimidesk.gui.widgets.intervals import Intervals
from kimidesk.gui.widgets.notes import sentence
from kimidesk.records import Note, TokenColumns

UPDATE_MS = 160
RAW_TOKENS = 2_500  # up to so many on screen are drawn one by one
BLOCKS = 400
HEAT_CELLS = 1_500
HEAT_SHARE = 0.13  # of the height, below zero
SHORTEST = 64  # tokens on the axis of a trace that has just begun
LEFT_AXIS_PX = 34  # of every track, so that tokens stand below each other


class Strip(QWidget):
    """Signals carry token numbers, -1 for none."""

    hovered = Signal(int)
    pinned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns: TokenColumns | None = None
        self._heat = Heat.ENTROPY
        self._seen = (-1, -1)
        self._whole = True  # the axis shows all tokens, however many come
        self._growing = False
        self._ranging = False
        self._fitted = (-1, 0.0, False)
        self._notes: tuple[Note, ...] = ()
        self._top = ENTROPY_TOP  # of the axis; that of the heat is fixed
        self._blocks, self._cells = Blocks(BLOCKS), Blocks(HEAT_CELLS)
        self._intervals = Intervals()
        self.plot = pg.PlotWidget(self, enableMenu=False)
        self.plot.setMouseEnabled(x=True, y=False)
        self.plot.hideButtons()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the text beside it has the keys
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self._box = self.plot.getPlotItem().getViewBox()
        self._make_items()
        self.plot.scene().sigMouseMoved.connect(self._on_moved)
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)
        self._box.sigXRangeChanged.connect(self._on_range)
        self.plot.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UPDATE_MS)
        self._timer.timeout.connect(self.redraw)
        self.retheme()

    def show_columns(
        self, columns: TokenColumns | None, *, growing: bool = False, vocabulary: int = 0
    ) -> None:
        """Show another trace, all of it; `vocabulary` tokens bound an entropy that is not known."""
        self._columns, self._growing = columns, growing
        self._intervals.clear(vocabulary)
        self._blocks.clear()
        self._cells.clear()
        self._whole = True
        self.point(-1, -1)
        self.redraw()

    def grow(self, *, growing: bool = True) -> None:
        """The trace has grown, or is whole: draw it soon."""
        self._growing = growing
        self._soon()

    def set_heat(self, heat: Heat) -> None:
        """Show the statistic that colours the text; entropy where nothing does."""
        if heat is not self._heat:
            self._heat = heat
            self._blocks.clear()
            self._cells.clear()
        self.redraw()

    def set_window(self, first: int, last: int) -> None:
        """Mark the tokens that the text shows."""
        if (first, last) != self._seen:
            self._seen = (first, last)
            self._soon()

    def show_notes(self, notes: Sequence[Note]) -> None:
        """Mark the tokens at which something was done to the trace, or noticed about it."""
        if tuple(notes) != self._notes:
            self._notes = tuple(notes)
            self._place_notes()

    def show_whole(self) -> None:
        """Show all tokens again, however far it was zoomed in."""
        self._whole = True
        self._fitted = (-1, 0.0, False)
        self.redraw()

    def point(self, hovered: int, pinned: int) -> None:
        """Mark the two tokens that the inspector speaks of; -1 marks none."""
        for line, token in ((self._hover_line, hovered), (self._pin_line, pinned)):
            line.setVisible(token >= 0)
            if token >= 0:
                line.setPos(token + 0.5)

    def retheme(self) -> None:
        """Take the colours of the theme; pyqtgraph does not follow the palette."""
        shown = theme.current()
        self.plot.setBackground(shown.surface)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(pg.mkPen(shown.line))
            axis.setTextPen(pg.mkPen(shown.faint))
            axis.setTickFont(theme.ui_font(10))
        self._line.setPen(pg.mkPen(shown.accent, width=1))
        self._band.setBrush(pg.mkBrush(shown.band))
        wash = QColor(shown.faint)
        wash.setAlpha(34)
        self._window.setBrush(pg.mkBrush(wash))
        self._hover_line.setPen(pg.mkPen(shown.faint, width=1))
        self._pin_line.setPen(pg.mkPen(shown.accent, width=2))
        self._heat_row.setLookupTable(table(shown.heat))
        self._note_marks.setBrush(pg.mkBrush(shown.warn))
        self.redraw()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.hovered.emit(-1)
        return False

    def _make_items(self) -> None:
        none = pg.mkPen((0, 0, 0, 0))
        self._low, self._high = pg.PlotCurveItem(pen=none), pg.PlotCurveItem(pen=none)
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._line = pg.PlotCurveItem()
        self._heat_row = pg.ImageItem(axisOrder="row-major")
        self._window = pg.LinearRegionItem(movable=False, pen=none)
        self._hover_line = pg.InfiniteLine(angle=90)
        self._pin_line = pg.InfiniteLine(angle=90)
        self._note_marks = pg.ScatterPlotItem(
            symbol="t", size=9, pen=none, hoverable=True, tip=lambda x, y, data: data
        )
        for item in (
            self._window,
            self._band,
            self._low,
            self._high,
            self._line,
            self._heat_row,
            self._hover_line,
            self._pin_line,
            self._note_marks,
        ):
            self.plot.addItem(item)
        axis = self.plot.getAxis("left")
        axis.setWidth(LEFT_AXIS_PX)
        self.plot.getAxis("bottom").setHeight(20)
        self._box.setDefaultPadding(0)

    def redraw(self) -> None:
        """Draw everything anew; `grow` calls for it a few times a second."""
        columns = self._columns
        count = len(columns) if columns is not None else 0
        self._top = self._heat_top
        if columns is not None and count:
            largest = float(self._cells.of(self._values(columns))[:, 3].max())
            self._top = axis_top(self._heat_top, largest)
        # A mark over everything would say nothing.
        hidden = count > 0 and (self._seen[0] > 0 or self._seen[1] < count - 1)
        self._window.setVisible(hidden and self._seen[0] >= 0)
        self._window.setRegion((self._seen[0], self._seen[1] + 1))
        self._fit(count)
        if columns is None or not count:
            for curve in (self._line, self._low, self._high):
                curve.setData([], [])
            self._heat_row.clear()
            return
        values = self._values(columns)
        self._draw_line(values)
        self._draw_heat(values)

    @property
    def _heat_top(self) -> float:
        return SURPRISE_TOP if self._heat is Heat.PROBABILITY else ENTROPY_TOP

    def _fit(self, count: int) -> None:
        """The axis grows in steps: each costs pyqtgraph as much as drawing everything."""
        end = axis_end(count, growing=self._growing)
        if self._fitted == (end, self._top, self._whole):
            return
        self._fitted = (end, self._top, self._whole)
        self._place_notes()
        self._ranging = True
        self._box.setLimits(xMin=0, xMax=end, minXRange=16)
        if self._whole:
            self.plot.setXRange(0, end, padding=0)
        self.plot.setYRange(-self._top * HEAT_SHARE, self._top * 1.08, padding=0)
        step = 2 if self._top <= 8 else 4
        ticks = [(value, f"{value:g}") for value in range(0, round(self._top) + 1, step)]
        self.plot.getAxis("left").setTicks([ticks])
        self._ranging = False

    def _place_notes(self) -> None:
        x = [note.at + 0.5 for note in self._notes]
        told = [sentence(note) for note in self._notes]
        self._note_marks.setData(x=x, y=[self._top] * len(x), data=told)

    def _values(self, columns: TokenColumns) -> NDArray[np.float32]:
        if self._heat is Heat.PROBABILITY:
            return np.asarray(-columns.logprob, np.float32)
        return columns.entropy

    def _draw_line(self, values: NDArray[np.float32]) -> None:
        left, right = self._box.viewRange()[0]
        first, last = max(0, int(left)), min(len(values), int(right) + 2)
        if self._draw_intervals(values, first, last):
            return
        if last - first <= RAW_TOKENS:
            x = np.arange(first, last) + 0.5
            self._line.setData(x, values[first:last], connect="finite")
            self._band.setVisible(False)
            return
        rows = self._blocks.of(values)
        x = (np.arange(len(rows)) + 0.5) * self._blocks.size
        x[-1] = min(x[-1], len(values))
        self._line.setData(x, rows[:, 0])
        self._draw_band(x, rows[:, 1], rows[:, 2])

    def _draw_intervals(self, values: NDArray[np.float32], first: int, last: int) -> bool:
        """The band of an entropy that is not known to the point; whether that is so."""
        if self._heat is Heat.PROBABILITY or self._columns is None:
            return False
        self._intervals.grow(self._columns)
        if not self._intervals.vague:
            return False
        self._draw_band(*self._intervals.within(first, last, RAW_TOKENS, self._top))
        x = np.arange(first, last) + 0.5
        self._line.setData(x, values[first:last], connect="finite")
        return True

    def _draw_band(self, x: NDArray[Any], low: NDArray[Any], high: NDArray[Any]) -> None:
        self._low.blockSignals(True)  # the band is made anew at each signal, once is enough
        self._low.setData(x, low)
        self._low.blockSignals(False)
        self._high.setData(x, high)
        self._band.setVisible(True)

    def _draw_heat(self, values: NDArray[np.float32]) -> None:
        largest = self._cells.of(values)[:, 3]
        cells = np.clip(largest / self._heat_top * BINS, 0, BINS - 1).astype(np.uint8)[None, :]
        self._heat_row.setImage(cells, autoLevels=False, levels=(0, BINS - 1))
        width, height = self._cells.size * cells.shape[1], self._top * HEAT_SHARE
        self._heat_row.setRect(QRectF(0, -height, width, 0.8 * height))

    def _token_at(self, point: QPointF) -> int:
        if self._columns is None or not self._box.sceneBoundingRect().contains(point):
            return -1
        token = int(self._box.mapSceneToView(point).x())
        return token if 0 <= token < len(self._columns) else -1

    def _on_moved(self, point: QPointF) -> None:
        self.hovered.emit(self._token_at(point))

    def _on_clicked(self, event: object) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        if event.double():  # type: ignore[attr-defined]
            self.show_whole()
            return
        token = self._token_at(event.scenePos())  # type: ignore[attr-defined]
        if token >= 0:
            self.pinned.emit(token)

    def _on_range(self) -> None:
        if not self._ranging:
            left, right = self._box.viewRange()[0]
            self._whole = left <= 0.5 and right >= self._fitted[0] - 0.5
            self._soon()

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()


def axis_top(least: float, largest: float) -> float:
    """How high the axis reaches: `least`, or the next even number above what was seen."""
    return least if largest <= least else 2.0 * math.ceil(largest / 2)


def axis_end(count: int, *, growing: bool) -> int:
    """Where the axis ends: at the last token, or some room behind it while more come."""
    if not growing:
        return max(count, SHORTEST)
    step = max(SHORTEST, (1 << max(count.bit_length() - 1, 0)) // 8)
    return (count // step + 1) * step
