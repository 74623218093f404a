"""The entropies of compared traces on one axis, and how far another checkpoint's mind is from A's.

The axis is that of A by segments and tokens: what belongs to a place of A stands at that place.
By shares it is the share of each trace's own length. Curves are means over neighbouring tokens.
"""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, Qt, Signal
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kimidesk.gui import theme
from kimidesk.gui.compare import series
from kimidesk.gui.compare.compared import LETTERS, Align, Compared
from kimidesk.gui.widgets.panel import Panel
from kimidesk.reading.belief import gold

translate = QCoreApplication.translate
Floats = NDArray[np.float64]

BINS = 72  # stretches of the axis; a curve is the mean over each


class Curves(Panel):
    """`pointed` carries a place of A, or a share where the axis is one."""

    pointed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.entropy, self.belief, self.apart = (self._plot() for _ in range(3))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 10, 4)
        for plot in (self.entropy, self.belief, self.apart):
            row.addWidget(plot, 1)
        self.belief.hide()
        self.apart.hide()
        self.marks = [pg.InfiniteLine(angle=90) for _ in LETTERS]
        for mark in self.marks:
            mark.hide()
            self.entropy.addItem(mark, ignoreBounds=True)
        self.retranslate()

    def show_compared(self, compared: Compared) -> None:
        """Draw all curves anew."""
        for plot in (self.entropy, self.belief, self.apart):
            for item in tuple(plot.listDataItems()):
                plot.removeItem(item)
        if not compared.sides:
            return
        end = self._end(compared)
        for at, side in enumerate(compared.sides):
            self._draw(self.entropy, compared, at, side.solve.columns.entropy, series.pen(at), end)
        self._draw_apart(compared)
        self._draw_beliefs(compared)
        self._label(compared)

    def mark(self, places: Sequence[float]) -> None:
        """A line at a place of each trace on its axis; none for NaN."""
        for at, mark in enumerate(self.marks):
            place = places[at] if at < len(places) else np.nan
            mark.setVisible(not np.isnan(place))
            if not np.isnan(place):
                mark.setPos(place)

    def axis_place(self, compared: Compared, at: int, token: float) -> float:
        """Where a token of a trace stands on the axis."""
        return float(self._axis(compared, at, np.array([token]))[0])

    def retheme(self) -> None:
        """Take the colours of the theme; pyqtgraph does not follow the palette."""
        shown = theme.current()
        for plot in (self.entropy, self.belief, self.apart):
            plot.setBackground(shown.surface)
            for name in ("left", "bottom"):
                axis = plot.getAxis(name)
                axis.setPen(pg.mkPen(shown.line))
                axis.setTextPen(pg.mkPen(shown.faint))
                axis.setTickFont(theme.ui_font(10))
        for at, mark in enumerate(self.marks):
            mark.setPen(series.pen(at, 1.0))

    def retranslate(self) -> None:
        self.entropy.setAccessibleName(translate("Compare", "Entropy"))
        self.belief.setAccessibleName(translate("Compare", "Belief"))
        self.apart.setAccessibleName(translate("Compare", "Apart from A"))
        self.retheme()

    def _draw_apart(self, compared: Compared) -> None:
        told = {at: side.forced for at, side in enumerate(compared.sides) if side.forced}
        self.apart.setVisible(bool(told))
        end = self._axis(compared, 0, np.array([len(compared.sides[0].solve.columns)]))[0]
        for at, forced in told.items():  # the text that was forced is A's
            self._draw(self.apart, compared, 0, forced.apart, series.pen(at), float(end))

    def _draw_beliefs(self, compared: Compared) -> None:
        """The probability of the right answer where the thought is ended there."""
        told = {at: gold(side.beliefs) for at, side in enumerate(compared.sides) if side.beliefs}
        for at, (places, values) in told.items():
            self.belief.plot(self._axis(compared, at, places), values, pen=series.pen(at))
        self.belief.setVisible(any(len(places) for places, _ in told.values()))

    def _draw(
        self,
        plot: pg.PlotWidget,
        compared: Compared,
        at: int,
        values: NDArray[np.float32] | Floats,
        pen: QPen,
        end: float,
    ) -> None:
        """A curve over the tokens of trace `at`, as means over equal stretches of the axis."""
        places = self._axis(compared, at, np.arange(len(values), dtype=np.float64) + 0.5)
        plot.plot(*smoothed(places, values, end), pen=pen)

    def _end(self, compared: Compared) -> float:
        """Where the axis ends."""
        counts = [len(side.solve.columns) for side in compared.sides]
        if compared.align is Align.SHARE:
            return 100.0
        return float(counts[0] if compared.align is Align.SEGMENTS else max(counts))

    def _axis(self, compared: Compared, at: int, tokens: Floats) -> Floats:
        count = max(len(compared.sides[at].solve.columns), 1)
        if compared.align is Align.SHARE:
            return 100 * tokens / count
        if compared.align is Align.SEGMENTS and at:
            way = compared.way(compared.sides[at])
            return np.interp(tokens, way.two, way.one)
        return tokens

    def _label(self, compared: Compared) -> None:
        width = self._end(compared) / BINS
        share = compared.align is Align.SHARE
        size = (
            f"{width:.1f} %" if share else translate("Compare", "{0} tokens").format(f"{width:.0f}")
        )
        axis = {
            Align.SHARE: translate("Compare", "share of each trace, %"),
            Align.SEGMENTS: translate("Compare", "tokens of A; others by segment"),
        }.get(compared.align, translate("Compare", "tokens"))
        mean = translate("Compare", "entropy, nats (means over {0})").format(size)
        texts = (mean, translate("Compare", "P(gold)"), self._apart_words(compared))
        for plot, text in zip((self.entropy, self.belief, self.apart), texts, strict=True):
            style = {"color": theme.current().faint, "font-size": "8pt"}
            plot.setTitle(text, color=theme.current().quiet, size="8pt")
            plot.setLabel("bottom", axis, **style)

    def _apart_words(self, compared: Compared) -> str:
        if all(side.forced.by_ids for side in compared.sides if side.forced):
            return translate("Compare", "KL from A over A's text, nats (at least)")
        return translate("Compare", "A's text: how much likelier to A, nats a character")

    def _plot(self) -> pg.PlotWidget:
        plot = pg.PlotWidget(self, enableMenu=False)
        plot.setMouseEnabled(x=False, y=False)
        plot.hideButtons()
        plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        plot.setFrameShape(plot.Shape.NoFrame)
        plot.setMinimumWidth(120)
        plot.scene().sigMouseClicked.connect(lambda event: self._on_clicked(plot, event))
        return plot

    def _on_clicked(self, plot: pg.PlotWidget, event: object) -> None:
        point: QPointF = event.scenePos()  # type: ignore[attr-defined]
        box = plot.getPlotItem().getViewBox()
        if box.sceneBoundingRect().contains(point):
            self.pointed.emit(float(box.mapSceneToView(point).x()))


def smoothed(
    places: Floats, values: NDArray[np.float32] | Floats, end: float
) -> tuple[Floats, Floats]:
    """Means over equal stretches of an axis from 0 to `end`, at the stretches' middles.

    A stretch in which nothing is known is left out.
    """
    known = ~np.isnan(values)
    width = max(end, 1.0) / BINS
    bins = np.clip(places[known] / width, 0, BINS - 1).astype(np.intp)
    counts = np.bincount(bins, minlength=BINS)
    sums = np.bincount(bins, values[known].astype(np.float64), BINS)
    filled = np.flatnonzero(counts)
    middles: Floats = (filled.astype(np.float64) + 0.5) * width
    return middles, sums[filled] / counts[filled]
