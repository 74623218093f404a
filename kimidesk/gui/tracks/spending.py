"""The budget along the tokens: thought and answer against their limits, notes, and the speed.

The row tells where on the axis the budget went and where it would have ended; the line above it
how fast the tokens came.
"""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen

from kimidesk.flows import Solve
from kimidesk.gui import theme
from kimidesk.gui.tracks.painted import Axis, Painted
from kimidesk.gui.tracks.track import Track
from kimidesk.gui.widgets.blocks import size_for
from kimidesk.gui.widgets.gauge import Spent, spent_of
from kimidesk.gui.widgets.notes import SIGNS
from kimidesk.reading.pace import tokens_per_s

translate = QCoreApplication.translate
HEIGHT, LOW_HEIGHT = 40, 26
BAR_PX = 9
ROWS = 300  # of the speed line
LEAST_ROW = 8  # tokens; the time of a single one is mostly noise
UPDATE_MS = 160


class Spending(Track):
    """Hidden while no token has come."""

    def __init__(self) -> None:
        super().__init__(HEIGHT, LOW_HEIGHT)
        self._solve: Solve | None = None
        self.spent = Spent()
        self.speeds: NDArray[np.float64] = np.zeros((0, 2))  # middle token, tokens a second
        self.plot.getAxis("left").setTicks([[]])
        self.line = pg.PlotCurveItem()
        self.painted = Painted(self._draw)
        self.plot.addItem(self.painted, ignoreBounds=True)
        self.plot.addItem(self.line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UPDATE_MS)
        self._timer.timeout.connect(self.refresh)
        self.hovered.connect(self._tell)
        self.retheme()
        self.fill(False)
        self.retranslate()

    def show_trace(self, solve: Solve | None) -> None:
        """Another trace, or none."""
        self._solve = solve
        self.refresh()

    def soon(self) -> None:
        """The trace has grown: draw it anew a few times a second."""
        if not self._timer.isActive():
            self._timer.start()

    def refresh(self) -> None:
        """Take what there is now, and draw it."""
        self._timer.stop()
        solve = self._solve
        self.tokens = len(solve.columns) if solve is not None else 0
        self.spent = spent_of(solve)
        self.speeds = speeds(solve.columns.time_ms) if solve is not None else self.speeds[:0]
        self.line.setData(self.speeds[:, 0], self.speeds[:, 1])
        top = float(self.speeds[:, 1].max(initial=0.0)) or 1.0
        self.plot.setYRange(-top * 0.45, top * 1.35, padding=0)  # a row below, words above
        self.fill(self.tokens > 0)
        self.painted.update()

    def told(self, token: int) -> str:
        """What was spent up to a token, for people."""
        solve, spent = self._solve, self.spent
        if solve is None or not 0 <= token < self.tokens:
            return ""
        used = token + 1
        lines = [
            translate("Spending", "{0} of {1} tokens spent").format(f"{used:,}", f"{spent.limit:,}")
            if spent.limit
            else translate("Spending", "{0} tokens spent").format(f"{used:,}"),
            translate("Spending", "{0} s after the first").format(
                f"{(solve.columns.time_ms[token] - solve.columns.time_ms[0]) / 1000:.2f}"
            ),
        ]
        if len(self.speeds):
            at = min(int(np.searchsorted(self.speeds[:, 0], token)), len(self.speeds) - 1)
            lines.append(
                translate("Spending", "{0} tokens a second here").format(
                    f"{self.speeds[at, 1]:.3g}"
                )
            )
        whole = tokens_per_s(solve.columns)
        if whole is not None:
            lines.append(translate("Spending", "{0} over all").format(f"{whole:.3g}"))
        return "\n".join(lines)

    def retheme(self) -> None:
        super().retheme()
        if hasattr(self, "line"):
            self.line.setPen(pg.mkPen(theme.current().quiet, width=1))

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Spending", "Budget and speed"))
        self.setAccessibleDescription(
            translate("Spending", "Tokens of thought and answer against their limits")
        )

    def _tell(self, token: int) -> None:
        self.plot.setToolTip(self.told(token) if token >= 0 else "")

    # ---- drawing ---------------------------------------------------------------------------

    def _draw(self, painter: QPainter, axis: Axis) -> None:
        shown, spent = theme.current(), self.spent
        row = QRectF(axis.area.left(), axis.area.bottom() - BAR_PX, axis.area.width(), BAR_PX - 2)
        begin = 0
        for tokens, colour in ((spent.thinking, shown.think), (spent.answer, shown.answer)):
            left, right = axis.x(begin), axis.x(begin + tokens)
            painter.fillRect(QRectF(left, row.top(), right - left, row.height()), QColor(colour))
            begin += tokens
        if spent.limit:  # room that is left, as far as the axis goes
            left, right = axis.x(begin), min(axis.x(spent.limit), axis.area.right())
            if right > left:
                free = QRectF(left, row.top(), right - left, row.height())
                painter.fillRect(free, QColor(shown.hover))
        self._draw_limits(painter, axis)
        self._draw_notes(painter, axis)
        self._draw_speed(painter, axis)

    def _draw_limits(self, painter: QPainter, axis: Axis) -> None:
        """A dashed line where the thought would be closed, a whole one where all is spent."""
        shown, spent = theme.current(), self.spent
        for limit, style in (
            (spent.thinking_limit, Qt.PenStyle.DashLine),
            (spent.limit, Qt.PenStyle.SolidLine),
        ):
            if limit and axis.left <= limit <= axis.right:
                painter.setPen(QPen(QColor(shown.wrong), 1, style))
                x = round(axis.x(limit))
                painter.drawLine(x, round(axis.area.top()), x, round(axis.area.bottom()))

    def _draw_notes(self, painter: QPainter, axis: Axis) -> None:
        if self._solve is None:
            return
        painter.setFont(theme.ui_font(10))
        painter.setPen(QColor(theme.current().warn))
        for note in self._solve.trace.notes:
            if axis.left <= note.at <= axis.right:
                at = QRectF(axis.x(note.at) - 8, axis.area.top(), 16, 13)
                painter.drawText(at, Qt.AlignmentFlag.AlignCenter, SIGNS[note.what])

    def _draw_speed(self, painter: QPainter, axis: Axis) -> None:
        """What the line reaches, where its own scale would stand."""
        if len(self.speeds) and axis.area.height() >= HEIGHT - 4:
            painter.setFont(theme.ui_font(10))
            painter.setPen(QColor(theme.current().faint))
            told = translate("Spending", "{0} tokens/s").format(f"≤ {self.speeds[:, 1].max():.3g}")
            at = QRectF(axis.area.left() + 4, axis.area.top(), 160, 13)
            painter.drawText(at, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, told)


def speeds(time_ms: NDArray[np.float32]) -> NDArray[np.float64]:
    """Rows of a middle token and the tokens a second around it; shape (rows, 2).

    `time_ms` are milliseconds since the trace began. Blocks that took no time are left out.
    """
    count = len(time_ms)
    size = max(size_for(count, ROWS), LEAST_ROW)
    edges = np.arange(0, count, size)
    if count - edges[-1:].sum() > 1 and count > 1:
        edges = np.append(edges, count - 1)
    if len(edges) < 2:
        return np.zeros((0, 2))
    took = np.diff(time_ms[edges].astype(np.float64)) / 1000
    middle, tokens = (edges[:-1] + edges[1:]) / 2 + 0.5, np.diff(edges)
    known = (took > 0) & (tokens > 0)
    return np.stack((middle[known], tokens[known] / took[known]), axis=1)
