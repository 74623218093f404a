"""Rivals: the tokens that could have come, as bars, and the mass of all others as its own bar."""

import math
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimidesk.flows import Solve
from kimidesk.gui import theme
from kimidesk.gui.widgets.spelling import short_percent, visible

ROW_PX = 21.0
LEAST_ROW_PX = 16.0


class Bar(NamedTuple):
    """One row: a token, or the rest of the vocabulary."""

    text: str
    p: float
    drawn: bool = False
    rest: bool = False
    folded: bool = False  # several rivals in one row


def bars_of(solve: Solve, token: int) -> list[Bar]:
    """Every kept rival, the drawn token even where it is none of them, and the rest."""
    columns = solve.columns
    drawn = int(columns.id[token])
    bars: list[Bar] = []
    ids, logprobs = columns.rivals(token, token + 1)
    for id_, logprob in zip(ids[0].tolist(), logprobs[0].tolist(), strict=True):
        if id_ >= 0:
            text = visible(solve.lexicon.get(id_, b"?"))
            bars.append(Bar(text, math.exp(logprob), drawn=id_ == drawn))
    told = not math.isnan(float(columns.logprob[token]))
    if bars and told and not any(bar.drawn for bar in bars):
        text = visible(solve.lexicon.get(drawn, b"?"))
        bars.append(Bar(text, math.exp(float(columns.logprob[token])), drawn=True))
    if bars:
        bars.append(Bar("", max(0.0, 1 - sum(bar.p for bar in bars)), rest=True))
    return bars


def folded(bars: list[Bar], room: int) -> list[Bar]:
    """At most `room` rows: the least likely rivals become one, the drawn token never."""
    if len(bars) <= room:
        return bars
    spare = [place for place, bar in enumerate(bars) if not (bar.drawn or bar.rest)]
    hidden = spare[-(len(bars) - room + 1) :]
    text = QCoreApplication.translate("Inspector", "{0} more").format(len(hidden))
    more = Bar(text, sum(bars[place].p for place in hidden), folded=True)
    kept = [bar for place, bar in enumerate(bars) if place not in hidden]
    return [*kept[:-1], more, kept[-1]]


class RivalBars(QWidget):
    """Paints the rows, as tall as there is room for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: list[Bar] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)

    def show_bars(self, bars: list[Bar]) -> None:
        """Show other rows."""
        self.bars = bars
        drawn = next((bar for bar in bars if bar.drawn), None)
        self.setAccessibleName(f"{drawn.text} {drawn.p:.3f}" if drawn else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(250, round(22 * ROW_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = folded(self.bars, max(4, int((self.height() - 4) / LEAST_ROW_PX)))
        row = min(ROW_PX, (self.height() - 4) / len(shown))
        for place, bar in enumerate(shown):
            top = place * row + (4 if bar.rest else 0)
            self._paint_bar(painter, bar, QRectF(0, top, self.width(), row))

    def _paint_bar(self, painter: QPainter, bar: Bar, box: QRectF) -> None:
        shown = theme.current()
        painter.setFont(theme.ui_font(11) if bar.rest or bar.folded else theme.mono_font(12))
        metrics = QFontMetrics(painter.font())
        figure = QFontMetrics(theme.mono_font(11)).horizontalAdvance("<0.01 %") + 6
        name = (box.width() - figure) * 0.46
        track = QRectF(name + 6, box.top() + 4, box.width() - figure - name - 8, box.height() - 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shown.hover))
        painter.drawRoundedRect(track, 2, 2)
        colour = shown.accent if bar.drawn else shown.edge if bar.rest else shown.faint
        painter.setBrush(QColor(colour))
        length = max(1.5, track.width() * min(bar.p, 1.0))
        painter.drawRoundedRect(QRectF(track.x(), track.y(), length, track.height()), 2, 2)
        text = QCoreApplication.translate("Inspector", "all other tokens")
        text = text if bar.rest else bar.text
        mark = "▸ " if bar.drawn else "  "
        painter.setPen(
            QColor(
                shown.faint if bar.rest or bar.folded else shown.text if bar.drawn else shown.quiet
            )
        )
        mark = "" if bar.rest or bar.folded else mark
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            QRectF(0, box.top(), name, box.height()),
            left,
            metrics.elidedText(mark + text, Qt.TextElideMode.ElideRight, int(name)),
        )
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setFont(theme.mono_font(11))
        painter.drawText(box, right, short_percent(bar.p))
