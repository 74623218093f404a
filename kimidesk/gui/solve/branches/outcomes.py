"""What branches came to: a bar an answer, and the share that is right with its interval."""

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimidesk.grading.outcomes import Outcome, Outcomes
from kimidesk.gui import theme
from kimidesk.gui.widgets.panel import Panel, label

translate = QCoreApplication.translate
ROW_PX = 21
MOST_ROWS = 6


class OutcomeBars(QWidget):
    """Paints the groups; the rarest become one row where there are many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Outcome] = []
        self._total = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_outcomes(self, told: Outcomes) -> None:
        """Show other outcomes."""
        self.rows, self._total = _folded(list(told.groups)), told.total
        self.setFixedHeight(ROW_PX * len(self.rows))
        self.setAccessibleName(", ".join(f"{_name(each)}: {each.count}" for each in self.rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, ROW_PX * len(self.rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name, figure = self.width() * 0.42, 34
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        for place, each in enumerate(self.rows):
            box = QRectF(0, place * ROW_PX, self.width(), ROW_PX)
            track = QRectF(name + 6, box.top() + 5, box.width() - name - figure - 8, ROW_PX - 10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.hover))
            painter.drawRoundedRect(track, 2, 2)
            painter.setBrush(QColor(colours.right if each.right else colours.edge))
            length = max(1.5, track.width() * each.count / max(self._total, 1))
            painter.drawRoundedRect(QRectF(track.x(), track.y(), length, track.height()), 2, 2)
            painter.setPen(QColor(colours.text if each.answer else colours.faint))
            painter.setFont(theme.mono_font(12) if each.answer else theme.ui_font(11))
            text = ("✓ " if each.right else "") + _name(each)
            metrics = QFontMetrics(painter.font())
            cut = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(name))
            painter.drawText(QRectF(0, box.top(), name, ROW_PX), left, cut)
            painter.setFont(theme.mono_font(11))
            painter.drawText(box, right, f"{each.count}")


class OutcomePanel(Panel):
    """Bars below a title that says what is counted; `summary` is what is shown below them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self._share = label("title"), label("quiet")
        self.title.setWordWrap(True)
        self._share.setWordWrap(True)
        self.bars = OutcomeBars()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(5)
        for widget in (self.title, self.bars, self._share):
            column.addWidget(widget)
        self.hide()

    @property
    def summary(self) -> str:
        """The share that is right."""
        return self._share.text()

    def show_outcomes(self, title: str, told: Outcomes) -> None:
        """Show other outcomes; nothing is said of fewer than two."""
        self.setVisible(told.total > 1)
        self.title.setText(title)
        self.bars.show_outcomes(told)
        self._share.setVisible(told.interval is not None)
        if told.interval is not None:
            low, high = (f"{100 * each:.0f}" for each in told.interval)
            share = f"{100 * told.right / told.judged:.0f}"
            text = translate("Branches", "{0} of {1} right: {2} % (95 % interval {3} to {4} %)")
            self._share.setText(text.format(told.right, told.judged, share, low, high))


def _name(each: Outcome) -> str:
    return each.answer or translate("Branches", "no answer")


def _folded(groups: list[Outcome]) -> list[Outcome]:
    if len(groups) <= MOST_ROWS:
        return groups
    kept, rest = groups[: MOST_ROWS - 1], groups[MOST_ROWS - 1 :]
    text = translate("Branches", "{0} other answers").format(len(rest))
    return [*kept, Outcome(text, sum(each.count for each in rest), 0)]
