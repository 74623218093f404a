"""The belief track: the probability of each candidate along the tokens, and what it amounts to."""

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor

from kimidesk.gui import theme
from kimidesk.gui.belief.colours import colour_of, dash_of
from kimidesk.gui.belief.words import probability
from kimidesk.gui.tracks.track import Track
from kimidesk.reading.belief import Curves, course, curves
from kimidesk.reading.dynamics import Dynamics
from kimidesk.records import Beliefs

translate = QCoreApplication.translate
HEIGHT_PX, LOW_PX = 78, 46
BOTTOM, TOP = -0.06, 1.1
APART = 0.26  # of the axis, between two names at the end of their curves
WIDTHS = (2.6, 1.5)  # of the right answer's line, and of the others


class BeliefTrack(Track):
    """Hidden while nothing is measured. `told` is what it shows, in words."""

    def __init__(self) -> None:
        super().__init__(HEIGHT_PX, LOW_PX)
        self.told = ""
        self._beliefs, self._curves = Beliefs(), curves(Beliefs())
        self._course: Dynamics | None = None
        self._items: list[pg.GraphicsObject] = []
        self.plot.setYRange(BOTTOM, TOP, padding=0)
        self.plot.getAxis("left").setTicks([[(0, "0"), (0.5, "½"), (1, "1")]])
        none = pg.mkPen((0, 0, 0, 0))
        self._tail = pg.LinearRegionItem(movable=False, pen=none)
        self._knew = pg.InfiniteLine(angle=90)
        self._settled = pg.InfiniteLine(angle=90)
        for item in (self._tail, self._knew, self._settled):
            item.hide()
            self.plot.addItem(item, ignoreBounds=True)
        self.fill(False)
        self.retranslate()

    def show_beliefs(self, beliefs: Beliefs, tokens: int) -> None:
        """Show what was measured of a trace of so many tokens; nothing hides the track."""
        self.tokens = tokens
        self._beliefs, self._curves, self._course = beliefs, curves(beliefs), course(beliefs)
        self.fill(bool(beliefs.trials))
        self._draw()

    def point(self, hovered: int, pinned: int) -> None:
        super().point(hovered, pinned)
        token = hovered if hovered >= 0 else pinned
        self.plot.setToolTip(self._at(token) if token >= 0 else self.told)

    def retheme(self) -> None:
        super().retheme()
        if hasattr(self, "_settled"):
            self._draw()

    def retranslate(self) -> None:
        self.plot.setAccessibleName(translate("Belief", "Belief in each answer along the trace"))
        if hasattr(self, "_settled"):
            self._draw()

    def _draw(self) -> None:
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        shown = theme.current()
        self._draw_course(shown)
        for number in reversed(range(len(self._beliefs.candidates))):  # the right one on top
            self._draw_curve(number, shown)
        self._draw_names(shown)
        self.told = self._words()
        self.plot.setAccessibleDescription(self.told)
        self.plot.setToolTip(self.told)

    def _draw_course(self, shown: theme.Theme) -> None:
        told, beliefs = self._course, self._beliefs
        settled = told.settled if told is not None else None
        knew = told.knew if told is not None else None
        wash = QColor(shown.faint)
        wash.setAlpha(38)
        self._tail.setBrush(pg.mkBrush(wash))
        self._tail.setVisible(settled is not None and told is not None and told.tail > 0)
        if settled is not None:
            self._tail.setRegion((settled, beliefs.boundaries[-1]))
            self._settled.setPos(settled)
        self._settled.setVisible(settled is not None)
        self._settled.setPen(pg.mkPen(shown.accent, width=1.5, style=Qt.PenStyle.DashLine))
        self._knew.setVisible(knew is not None)
        if knew is not None:
            self._knew.setPos(knew)
        self._knew.setPen(pg.mkPen(shown.right, width=1.5))
        marks = (
            (settled, translate("Belief", "settled"), shown.accent, 0.0),
            (knew, translate("Belief", "knew it"), shown.right, 0.42),
        )
        for place, word, ink, drop in marks:
            if place is None:
                continue
            late = place > 0.8 * max(self.tokens, 1)
            text = pg.TextItem(word, color=ink, anchor=(1 if late else 0, 0))
            text.setFont(theme.ui_font(10))
            text.setPos(place, TOP - drop)
            self._add(text)

    def _draw_curve(self, number: int, shown: theme.Theme) -> None:
        drawn, candidate = self._curves, self._beliefs.candidates[number]
        known = ~np.isnan(drawn.mid[:, number])
        if not known.any():
            return
        x = drawn.places[known].astype(np.float64)
        low, mid, high = (each[known, number] for each in (drawn.low, drawn.mid, drawn.high))
        ink = colour_of(candidate, number, shown)
        band = QColor(ink)
        band.setAlpha(46)
        none = pg.mkPen((0, 0, 0, 0))
        edges = pg.PlotCurveItem(x, low, pen=none), pg.PlotCurveItem(x, high, pen=none)
        self._add(*edges, pg.FillBetweenItem(*edges, brush=pg.mkBrush(band)))
        width = WIDTHS[0] if candidate.right else WIDTHS[1]
        pen = pg.mkPen(ink, width=width, style=dash_of(candidate, number))
        self._add(pg.PlotCurveItem(x, mid, pen=pen, antialias=True))
        dots = pg.ScatterPlotItem(x, mid, size=5 if candidate.right else 4, pen=none)
        dots.setBrush(pg.mkBrush(ink))
        self._add(dots)

    def _draw_names(self, shown: theme.Theme) -> None:
        """At the end of the curves, the right one's first, as far as there is room."""
        ends: list[tuple[float, float, int]] = []
        for number in range(len(self._beliefs.candidates)):
            known = np.flatnonzero(~np.isnan(self._curves.mid[:, number]))
            if len(known):
                last = known[-1]
                at = float(self._curves.places[last])
                ends.append((float(self._curves.mid[last, number]), at, number))
        taken: list[float] = []
        candidates = self._beliefs.candidates
        ends.sort(key=lambda end: (not candidates[end[2]].right, -end[0]))
        for height, at, number in ends:
            if any(abs(height - other) < APART for other in taken):
                continue
            taken.append(height)
            candidate = candidates[number]
            text = pg.TextItem(candidate.name[:16], anchor=(1, 0.5))
            text.setColor(colour_of(candidate, number, shown))
            text.setFont(theme.ui_font(10))
            ground = QColor(shown.surface)
            ground.setAlpha(190)
            text.fill = pg.mkBrush(ground)
            text.setPos(at, min(max(height, 0.1), 0.92))
            self._add(text)

    def _add(self, *items: pg.GraphicsObject) -> None:
        for item in items:
            self.plot.addItem(item, ignoreBounds=True)
            self._items.append(item)

    def _at(self, token: int) -> str:
        """What is believed at the last place up to a token."""
        shown: Curves = self._curves
        row = int(np.searchsorted(shown.places, token, side="right")) - 1
        if row < 0:
            return self.told
        lines = [translate("Belief", "after token {0}").format(f"{shown.places[row]:,}")]
        for number, candidate in enumerate(self._beliefs.candidates):
            low, mid, high = (float(one[row, number]) for one in (shown.low, shown.mid, shown.high))
            if not math.isnan(mid):
                lines.append(f"{candidate.name[:24]}: {probability(low, mid, high)}")
        return "\n".join(lines)

    def _words(self) -> str:
        if not self._beliefs.trials:
            return ""
        told, parts = self._course, list[str]()
        if told is not None and told.knew is not None:
            parts.append(
                translate("Belief", "It knew it after token {0}.").format(f"{told.knew:,}")
            )
        if told is not None and told.settled is not None:
            parts.append(
                translate("Belief", "It settled after token {0}; {1} tokens come after.").format(
                    f"{told.settled:,}", f"{told.tail:,}"
                )
            )
        return " ".join(parts) or translate("Belief", "It settles on no answer.")
