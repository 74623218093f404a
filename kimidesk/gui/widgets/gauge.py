"""The gauge: how much of the token budget is spent, thought and answer apart."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimidesk.flows import Solve
from kimidesk.gui import theme
from kimidesk.gui.widgets.panel import Panel


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens; a limit of None is left to the context."""

    thinking: int = 0
    answer: int = 0
    thinking_limit: int | None = None
    answer_limit: int | None = None
    room: int = 0  # what the context leaves after the prompt

    @property
    def limit(self) -> int:
        """The most that the trace may add; 0 when that is not known."""
        limits = (self.thinking_limit, self.answer_limit)
        whole = 0 if None in limits else sum(limit or 0 for limit in limits)
        known = [limit for limit in (whole, self.room) if limit]
        return min(known, default=0)


def spent_of(solve: Solve | None) -> Spent:
    """What a trace has spent so far; what it keeps of a parent is not counted."""
    if solve is None:
        return Spent()
    trace, thinking = solve.trace, max(solve.thinking_tokens, solve.shared)
    return Spent(
        thinking - solve.shared,
        len(solve.columns) - thinking,
        trace.budget.thinking if trace.dialect.thinks else 0,
        trace.budget.answer,
        max(0, trace.checkpoint.context - trace.prompt_length - solve.shared),
    )


class Gauge(Panel):
    """A bar and its figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spent = Spent()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_spent(self, spent: Spent) -> None:
        """Show other figures."""
        if spent != self.spent:
            self.spent = spent
            self.setAccessibleName(" ".join(self.texts))
            self.setToolTip("\n".join(self.texts))
            self.update()

    @property
    def texts(self) -> tuple[str, str, str]:
        """Total, thinking and answer, for people."""
        spent = self.spent
        total = f"{spent.thinking + spent.answer:,}"
        of = f"{total} / {spent.limit:,}" if spent.limit else total
        return (
            QCoreApplication.translate("Gauge", "{0} tokens").format(of),
            QCoreApplication.translate("Gauge", "thinking {0}").format(
                _of(spent.thinking, spent.thinking_limit)
            ),
            QCoreApplication.translate("Gauge", "answer {0}").format(
                _of(spent.answer, spent.answer_limit)
            ),
        )

    def retranslate(self) -> None:
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown, spent = theme.current(), self.spent
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.ui_font(11))
        metrics = painter.fontMetrics()
        texts: tuple[str, ...] = self.texts
        if sum(map(metrics.horizontalAdvance, texts)) + 80 > self.width():
            texts = tuple(text.split(" / ")[0] for text in texts)  # the tooltip has the limits
        x = 2.0
        middle = Qt.AlignmentFlag.AlignVCenter
        for text, colour in zip(texts, (shown.text, shown.think, shown.answer), strict=True):
            if colour != shown.text:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colour))
                painter.drawEllipse(QRectF(x, self.height() / 2 - 3.5, 7, 7))
                x += 12
            painter.setPen(QColor(shown.text if colour == shown.text else shown.quiet))
            painter.drawText(QRectF(x, 0, 400, self.height()), middle, text)
            x += metrics.horizontalAdvance(text) + 18
        track = QRectF(x, self.height() / 2 - 4, self.width() - x - 4, 8)
        if track.width() > 40:
            self._paint_track(painter, track, spent.limit or max(spent.thinking + spent.answer, 1))

    def _paint_track(self, painter: QPainter, track: QRectF, whole: int) -> None:
        shown, spent = theme.current(), self.spent
        outline = QPainterPath()
        outline.addRoundedRect(track, 4, 4)
        painter.setClipPath(outline)
        painter.fillRect(track, QColor(shown.hover))
        x = track.x()
        for tokens, colour in ((spent.thinking, shown.think), (spent.answer, shown.answer)):
            width = track.width() * min(tokens / whole, 1.0)
            painter.fillRect(QRectF(x, track.y(), width, track.height()), QColor(colour))
            x += width


def _of(tokens: int, limit: int | None) -> str:
    return f"{tokens:,}" if limit is None else f"{tokens:,} / {limit:,}"
