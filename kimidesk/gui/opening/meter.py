"""The memory that a checkpoint will take, as a bar and a sentence."""

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimidesk.gui import theme
from kimidesk.gui.opening.estimate import Estimate
from kimidesk.gui.widgets.panel import Panel, label, set_tone

translate = QCoreApplication.translate


class _Bar(QWidget):
    """Weights, cache and the rest, as shares of what is free."""

    def __init__(self) -> None:
        super().__init__()
        self.estimate: Estimate | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown, told = theme.current(), self.estimate
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), 4, 4)
        painter.setClipPath(outline)
        painter.fillRect(self.rect(), QColor(shown.hover))
        if told is None:
            return
        whole, x = max(told.free, told.total, 1), 0.0
        parts = (
            (told.weights, shown.accent),
            (told.cache or 0, shown.answer),
            (told.compute + told.beside, shown.think),
        )
        for size, colour in parts:
            width = self.width() * size / whole
            ink = QColor(colour if told.fits else shown.wrong)
            painter.fillRect(QRectF(x, 0, max(width - 1, 0), self.height()), ink)
            x += width


class Meter(Panel):
    """Shows an Estimate, why there is none, or nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar, self.words = _Bar(), label("quiet")
        self._told: Estimate | str = ""
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.words.setMinimumHeight(2 * self.fontMetrics().lineSpacing() + 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self._bar)
        column.addWidget(self.words)

    def show_estimate(self, told: Estimate) -> None:
        """Show how much is needed, and how much there is."""
        self._show(told, told, sentence(told), "quiet" if told.fits else "wrong")

    def show_words(self, words: str, *, wrong: bool = False) -> None:
        """Show why nothing can be told."""
        self._show(words, None, words, "wrong" if wrong else "faint")

    def show_bar(self, *, shown: bool) -> None:
        """Only what is loaded here takes memory here."""
        self._bar.setVisible(shown)

    def retranslate(self) -> None:
        if isinstance(self._told, Estimate):
            self.show_estimate(self._told)

    def _show(self, told: Estimate | str, bar: Estimate | None, words: str, tone: str) -> None:
        self._told, self._bar.estimate = told, bar
        self.words.setText(words)
        set_tone(self.words, tone)
        self._bar.setAccessibleName(words)
        self._bar.update()


def sentence(told: Estimate) -> str:
    """What is needed for what, what is free, and what would fit."""
    parts = [translate("Opening", "weights {0}").format(size(told.weights))]
    if told.cache is not None:
        tokens = f"{told.slots} × {told.context:,}" if told.slots > 1 else f"{told.context:,}"
        parts.append(translate("Opening", "{0} tokens {1}").format(tokens, size(told.cache)))
        parts.append(translate("Opening", "working room {0}").format(size(told.compute)))
    if told.beside:
        parts.append(translate("Opening", "beside it {0}").format(size(told.beside)))
    whole = translate("Opening", "About {0} of {1} free: {2}.").format(
        size(told.total), size(told.free), " + ".join(parts)
    )
    if told.cache is None:
        whole = translate(
            "Opening", "At least {0} of {1} free: {2}, and memory for tokens."
        ).format(size(told.total), size(told.free), " + ".join(parts))
    if told.fits:
        return whole
    too_much = translate("Opening", "It does not fit.")
    if told.largest:
        too_much = translate("Opening", "It does not fit; {0} tokens would.").format(
            f"{told.largest:,}"
        )
    return f"{too_much} {whole}"


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"
