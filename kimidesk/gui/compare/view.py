"""A trace view that is held against others: the common beginning, and how far two mean apart."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from kimidesk.gui import theme
from kimidesk.gui.widgets.trace_view import LEFT, TraceView

READ_AT = 0.3  # of the height: the line that is read, which aligned views have in common
SAME_ALPHA = 34  # of 255
APART_TOP = 2.0  # nats; above it the mark stays the strongest
APART_LEAST = 0.05  # nats; less is not marked
SAME_X = -8  # the stripe beside what is the same


class ComparedView(TraceView):
    """`scrolled` is told when a person scrolls, not when the view is made to follow another."""

    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.same = 0  # so many first tokens are as in the other
        self.apart: NDArray[np.float64] = np.zeros(0)  # nats for each token, NaN for unknown

    def show_same(self, tokens: int) -> None:
        """Shade the beginning that is common, and mark where the trace parts from it."""
        if tokens != self.same:
            self.same = tokens
            self.viewport().update()

    def show_apart(self, apart: NDArray[np.float64]) -> None:
        """Underline tokens of which another checkpoint thinks otherwise."""
        self.apart = apart
        self.viewport().update()

    @property
    def place(self) -> float:
        """The place that is read: a token, and how much of it, by its paragraph's height."""
        layouts, items = self.scene.layouts, self.scene.paragraphs.items
        y = self.verticalScrollBar().value() + READ_AT * self.viewport().height()
        paragraph = layouts.at(y)
        if paragraph < 0:
            return 0.0
        top, bottom = layouts.top(paragraph), layouts.top(paragraph + 1)
        share = min(max((y - top) / max(bottom - top, 1.0), 0.0), 1.0)
        item = items[paragraph]
        return item.first + share * (item.last + 1 - item.first)

    def show_place(self, place: float) -> None:
        """Bring a place to the line that is read."""
        paragraphs = self.scene.paragraphs
        if not paragraphs.items:
            return
        token = min(max(int(place), 0), self.scene.tokens - 1)
        at = paragraphs.paragraph_of(token)
        item, layouts = paragraphs.items[at], self.scene.layouts
        share = (place - item.first) / max(item.last + 1 - item.first, 1)
        y = layouts.top(at) + min(share, 1.0) * (layouts.top(at + 1) - layouts.top(at))
        self._set_following(False)
        self.scroller.move_to(y - READ_AT * self.viewport().height())
        self.settle()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if not self.scroller.moving:
            self.scrolled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        first, last = self.visible_paragraphs()
        if first < 0 or not (self.same or len(self.apart)):
            return
        painter = QPainter(self.viewport())
        painter.translate(LEFT, -self.verticalScrollBar().value())
        for paragraph in range(first, last + 1):
            self._paint_same(painter, paragraph)
            self._paint_apart(painter, paragraph)
        self._paint_parting(painter, first, last)

    def _paint_same(self, painter: QPainter, paragraph: int) -> None:
        item, layouts = self.scene.paragraphs.items[paragraph], self.scene.layouts
        if item.first >= self.same or not item.ends:
            return
        shade = QColor(theme.current().accent)
        top = layouts.text_top(paragraph)
        painter.fillRect(QRectF(SAME_X, top, 3, layouts.top(paragraph + 1) - top), shade)
        shade.setAlpha(SAME_ALPHA)
        for token, rect in layouts.boxes(paragraph):
            if token < self.same:
                painter.fillRect(rect.translated(0, top), shade)

    def _paint_apart(self, painter: QPainter, paragraph: int) -> None:
        """An underline whose height tells how far."""
        item, layouts = self.scene.paragraphs.items[paragraph], self.scene.layouts
        within = self.apart[item.first : item.last + 1]
        if not len(within) or not (np.nan_to_num(np.abs(within)) >= APART_LEAST).any():
            return
        shown, top = theme.current(), layouts.text_top(paragraph)
        for token, rect in layouts.boxes(paragraph):
            far = float(self.apart[token]) if token < len(self.apart) else 0.0
            if np.isnan(far) or abs(far) < APART_LEAST:
                continue
            share = min(abs(far) / APART_TOP, 1.0)
            colour = QColor(shown.wrong)
            colour.setAlphaF(0.35 + 0.65 * share)
            height = 1.5 + 4.5 * share
            line = rect.translated(0, top)
            painter.fillRect(
                QRectF(line.left(), line.bottom() - height + 3, line.width(), height), colour
            )

    def _paint_parting(self, painter: QPainter, first: int, last: int) -> None:
        """A hook before the first token that is another one."""
        items = self.scene.paragraphs.items
        if not (0 < self.same < self.scene.tokens):
            return
        if not items[first].first <= self.same <= items[last].last:
            return
        rects = self.scene.rects_of(self.same)
        if rects:
            box = rects[0]
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(
                QPen(
                    QColor(theme.current().accent),
                    2.4,
                    Qt.PenStyle.SolidLine,
                    Qt.PenCapStyle.RoundCap,
                )
            )
            painter.drawLine(QPointF(box.left(), box.top() - 3), QPointF(box.left(), box.bottom()))
            painter.drawLine(
                QPointF(box.left(), box.top() - 3), QPointF(box.left() + 7, box.top() - 3)
            )
