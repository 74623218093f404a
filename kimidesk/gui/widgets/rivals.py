"""Rivals: the tokens that could have come, as bars, and the mass of all others as its own bar."""

import math
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
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
    id: int = -1  # of the token; -1 for several


def bars_of(solve: Solve, token: int) -> list[Bar]:
    """Every kept rival, the drawn token even where it is none of them, and the rest."""
    columns = solve.columns
    drawn = int(columns.id[token])
    bars: list[Bar] = []
    ids, logprobs = columns.rivals(token, token + 1)
    for id_, logprob in zip(ids[0].tolist(), logprobs[0].tolist(), strict=True):
        if id_ >= 0:
            text = visible(solve.lexicon.get(id_, b"?"))
            bars.append(Bar(text, math.exp(logprob), drawn=id_ == drawn, id=id_))
    told = not math.isnan(float(columns.logprob[token]))
    if bars and told and not any(bar.drawn for bar in bars):
        text = visible(solve.lexicon.get(drawn, b"?"))
        bars.append(Bar(text, math.exp(float(columns.logprob[token])), drawn=True, id=drawn))
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


def _choosable(bar: Bar) -> bool:
    return bar.id >= 0 and not bar.drawn


class RivalBars(QWidget):
    """Paints the rows, as tall as there is room for. A rival is chosen by a click, or by Up, Down
    and Enter; `chosen` carries its id."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: list[Bar] = []
        self._at = 0  # the row that the keys are at
        self._hovered = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._name()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)

    def show_bars(self, bars: list[Bar]) -> None:
        """Show other rows."""
        if bars != self.bars:
            self._at, self._hovered = self._first(bars), -1
        self.bars = bars
        self._name()
        self.update()

    def _first(self, bars: list[Bar]) -> int:
        """The likeliest that was not drawn."""
        return next((place for place, bar in enumerate(bars) if _choosable(bar)), 0)

    def _name(self) -> None:
        """The drawn token, and while the keys are here the one that they are at."""
        drawn = next((bar for bar in self.bars if bar.drawn), None)
        bar = self.bars[self._at] if self.hasFocus() and self._at < len(self.bars) else drawn
        nothing = QCoreApplication.translate("Inspector", "What could have come")
        self.setAccessibleName(f"{bar.text} {bar.p:.3f}" if bar else nothing)

    def _rows(self) -> list[Bar]:
        return folded(self.bars, max(4, int((self.height() - 4) / LEAST_ROW_PX)))

    def _row_px(self, shown: list[Bar]) -> float:
        return min(ROW_PX, (self.height() - 4) / max(len(shown), 1))

    def _place_of(self, y: float) -> int:
        """The rival at a height; -1 for none that could be chosen."""
        shown = self._rows()
        place = int(y / self._row_px(shown)) if shown else -1
        if not 0 <= place < len(shown) or not _choosable(shown[place]):
            return -1
        return self.bars.index(shown[place])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._place_of(event.position().y())
        if hovered != self._hovered:
            self._hovered = hovered
            hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
            self.setCursor(hand if hovered >= 0 else arrow)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._place_of(event.position().y())
        if place >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.chosen.emit(self.bars[place].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        places = [place for place, bar in enumerate(self.bars) if _choosable(bar)]
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self._at in places:
                self.chosen.emit(self.bars[self._at].id)
        elif event.key() == Qt.Key.Key_Down:
            self._at = next((place for place in places if place > self._at), self._at)
        elif event.key() == Qt.Key.Key_Up:
            self._at = next((place for place in places[::-1] if place < self._at), self._at)
        else:
            super().keyPressEvent(event)
            return
        self._name()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._name()
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._name()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(250, round(22 * ROW_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self._rows()
        row = self._row_px(shown)
        keyed = self.bars[self._at] if self.hasFocus() else None
        for place, bar in enumerate(shown):
            top = place * row + (4 if bar.rest else 0)
            self._paint_chosen(painter, bar, QRectF(0, top, self.width(), row), keyed)
            self._paint_bar(painter, bar, QRectF(0, top, self.width(), row))

    def _paint_chosen(self, painter: QPainter, bar: Bar, box: QRectF, keyed: Bar | None) -> None:
        """The row under the mouse, and the one that the keys are at."""
        colours = theme.current()
        hovered = 0 <= self._hovered < len(self.bars) and bar is self.bars[self._hovered]
        if bar is keyed or hovered:
            edge = colours.accent if bar is keyed else colours.edge
            painter.setPen(QColor(edge))
            painter.setBrush(QColor(colours.wash if bar is keyed else colours.hover))
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)

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
