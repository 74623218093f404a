"""Many traces as ribbons: one row each, grouped by answer, coloured by what its sentences do.

Only what is seen is painted. The length of a ribbon is that of its trace in tokens; its kinds
stand where their characters do.
"""

from collections.abc import Sequence

from PySide6.QtCore import (
    QCoreApplication,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from kimidesk.gui import kinds, theme
from kimidesk.gui.compare.samples import Group, Odd, Sampled, labels
from kimidesk.gui.solve.words import SIGNS, judgement_word
from kimidesk.records import Judgement

translate = QCoreApplication.translate
ROW_PX, HEAD_PX = 20, 30
LEFT_PX, RIGHT_PX = 178, 150  # beside the ribbons: who; how long and how odd
LETTER_PX = 14  # a part this wide is lettered
_Row = Group | Sampled
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Ribbons(QAbstractScrollArea):
    """`current_changed` carries a Sampled, `opened` too."""

    current_changed = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.current: Sampled | None = None
        self._rows: list[_Row] = []
        self._tops: list[int] = [0]
        self._odd: dict[str, Odd] = {}
        self._labels: dict[str, str] = {}
        self._drawn: dict[str, QPixmap] = {}  # ribbons, as long as nothing about them changes
        self._longest = 1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)

    def show_groups(self, groups: Sequence[Group], odd: dict[str, Odd]) -> None:
        """Show other rows, or the same with more known of them."""
        self._rows, self._odd = [], odd
        for group in groups:
            self._rows += [group, *group.samples]
        heights = [HEAD_PX if isinstance(row, Group) else ROW_PX for row in self._rows]
        self._tops = [0]
        for height in heights:
            self._tops.append(self._tops[-1] + height)
        samples = self._samples()
        self._labels = labels(samples)
        self._longest = max((each.tokens for each in samples), default=1) or 1
        known = self.current.id if self.current else ""
        self.current = next((each for each in samples if each.id == known), None)
        self._fit()
        self._tell()
        self.forget()

    def forget(self, sample: Sampled | None = None) -> None:
        """Draw a ribbon anew, or all of them: more is known, or the colours have changed."""
        if sample is None:
            self._drawn.clear()
        else:
            self._drawn.pop(sample.id, None)
        self.viewport().update()

    def choose(self, sample: Sampled | None) -> None:
        """Make a row the current one, and bring it into sight."""
        if sample is self.current:
            return
        self.current = sample
        if sample is not None:
            at = next(n for n, row in enumerate(self._rows) if row is sample)
            bar, height = self.verticalScrollBar(), self.viewport().height()
            if self._tops[at] < bar.value():
                bar.setValue(self._tops[at] - HEAD_PX)
            elif self._tops[at + 1] > bar.value() + height:
                bar.setValue(self._tops[at + 1] - height)
        self._tell()
        self.viewport().update()
        self.current_changed.emit(sample)

    def row_at(self, point: QPoint) -> _Row | None:
        """What stands at a point of the viewport."""
        y = point.y() + self.verticalScrollBar().value()
        for at, row in enumerate(self._rows):
            if self._tops[at] <= y < self._tops[at + 1]:
                return row
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(theme.current().page))
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        for at, row in enumerate(self._rows):
            if self._tops[at + 1] <= top or self._tops[at] >= top + height:
                continue
            box = QRect(0, self._tops[at] - top, self.viewport().width(), 0)
            if isinstance(row, Group):
                box.setHeight(HEAD_PX)
                self._paint_head(painter, box, row)
            else:
                box.setHeight(ROW_PX)
                self._paint_row(painter, box, row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        if isinstance(row, Sampled):
            self.choose(row)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        if isinstance(row, Sampled):
            self.opened.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        self.viewport().setToolTip(self.words(row) if isinstance(row, Sampled) else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        samples = self._samples()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10,
                 Qt.Key.Key_PageUp: -10, Qt.Key.Key_Home: -len(samples),
                 Qt.Key.Key_End: len(samples)}  # fmt: skip
        by = steps.get(Qt.Key(event.key()))
        if by is not None and samples:
            here = samples.index(self.current) if self.current in samples else -1
            self.choose(samples[min(max(here + by, 0), len(samples) - 1)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._drawn.clear()
        self._fit()

    def words(self, sample: Sampled) -> str:
        """A row in one sentence."""
        said = translate("Compare", "{0}: answer {1}, {2}, {3} tokens").format(
            self._labels[sample.id],
            sample.answer or "–",
            judged(sample.judgement),
            f"{sample.tokens:,}",
        )
        strange = odd_words(self._odd.get(sample.id))
        return f"{said}, {strange}" if strange else said

    def _samples(self) -> list[Sampled]:
        return [row for row in self._rows if isinstance(row, Sampled)]

    def _fit(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(height)
        bar.setSingleStep(ROW_PX)
        bar.setRange(0, max(0, self._tops[-1] + 8 - height))

    def _tell(self) -> None:
        self.setAccessibleDescription(self.words(self.current) if self.current else "")

    def _paint_head(self, painter: QPainter, box: QRect, group: Group) -> None:
        shown = theme.current()
        font = theme.ui_font(12)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(_colour(group.judgement)))
        sign = SIGNS[group.judgement] if group.judgement else "•"
        answer = group.answer or translate("Compare", "no answer")
        text = painter.fontMetrics().elidedText(
            f"{sign}  {answer}", Qt.TextElideMode.ElideRight, box.width() - RIGHT_PX - 60
        )
        line = box.adjusted(12, 6, -12, 0)
        painter.drawText(line, LEFT, text)
        x = line.x() + painter.fontMetrics().horizontalAdvance(text) + 12
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(shown.faint))
        total = len(self._samples())
        count = translate("Compare", "{0} of {1}").format(len(group.samples), total)
        painter.drawText(QRect(x, line.y(), 140, line.height()), LEFT, count)
        painter.setPen(QColor(shown.line))
        painter.drawLine(x + 76, line.center().y(), box.right() - 12, line.center().y())

    def _paint_row(self, painter: QPainter, box: QRect, sample: Sampled) -> None:
        shown = theme.current()
        if sample is self.current:
            painter.fillRect(box, QColor(shown.wash))
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(_colour(sample.judgement)))
        sign = SIGNS[sample.judgement] if sample.judgement else "•"
        painter.drawText(QRect(12, box.y(), 18, ROW_PX), LEFT, sign)
        painter.setPen(QColor(shown.quiet))
        name = painter.fontMetrics().elidedText(
            self._labels[sample.id], Qt.TextElideMode.ElideMiddle, LEFT_PX - 40
        )
        painter.drawText(QRect(30, box.y(), LEFT_PX - 36, ROW_PX), LEFT, name)
        room = max(box.width() - LEFT_PX - RIGHT_PX, 40)
        width = max(room * sample.tokens / self._longest, 2.0)
        if sample.id not in self._drawn:
            self._drawn[sample.id] = self._ribbon(sample, QSizeF(width, ROW_PX - 6))
        painter.drawPixmap(QPointF(LEFT_PX, box.y() + 3), self._drawn[sample.id])
        if sample is self.current:
            painter.setPen(QPen(QColor(shown.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(LEFT_PX - 1, box.y() + 2, width + 2, ROW_PX - 4))
        strange = self._odd.get(sample.id)
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(shown.warn if strange else shown.faint))
        marks = f"{sample.tokens:,}" + (f"  ◆ {odd_words(strange)}" if strange else "")
        place = QRect(box.width() - RIGHT_PX + 8, box.y(), RIGHT_PX - 12, ROW_PX)
        painter.drawText(
            place, LEFT,
            painter.fontMetrics().elidedText(marks, Qt.TextElideMode.ElideRight, place.width()),
        )  # fmt: skip

    def _ribbon(self, sample: Sampled, size: QSizeF) -> QPixmap:
        """Drawn once: thousands of parts would have to be filled at each step of scrolling."""
        shown, scale = theme.current(), self.devicePixelRatioF()
        made = QPixmap((size * scale).toSize().expandedTo(QSize(1, 1)))
        made.setDevicePixelRatio(scale)
        made.fill(QColor(shown.line))
        painter = QPainter(made)
        font = theme.ui_font(10)
        font.setBold(True)
        painter.setFont(font)
        characters = max(len(sample.text), 1)
        for start, end, kind in sample.runs:
            left = size.width() * start / characters
            width = size.width() * (end - start) / characters
            part = QRectF(left, 0, max(width - 0.6, 0.6), size.height())
            painter.fillRect(part, kinds.colour(kind))
            if part.width() >= LETTER_PX:
                painter.setPen(QColor(shown.page))
                painter.drawText(part, Qt.AlignmentFlag.AlignCenter, kinds.LETTERS[kind])
        painter.end()
        return made


def odd_words(odd: Odd | None) -> str:
    """In what a trace is unlike the others."""
    if odd is None:
        return ""
    named = (
        (odd.length, translate("Compare", "length")),
        (odd.answer, translate("Compare", "lone answer")),
        (odd.confidence, translate("Compare", "confidence")),
    )
    return ", ".join(word for holds, word in named if holds)


def judged(judgement: Judgement | None) -> str:
    """One word; a dash where nothing was judged."""
    return judgement_word(judgement) if judgement else "–"


def _colour(judgement: Judgement | None) -> str:
    shown = theme.current()
    if judgement is None:
        return shown.quiet
    return {Judgement.RIGHT: shown.right, Judgement.WRONG: shown.wrong}.get(judgement, shown.warn)
