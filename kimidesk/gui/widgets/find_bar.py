"""The bar that finds words in a trace, with counts, and goes to a token by its number."""

from bisect import bisect_right

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.gui.widgets.trace_view import TraceView

translate = QCoreApplication.translate
LONGEST = 12  # digits
NUMBER = "#"  # what follows it is the number of a token


class FindBar(Panel):
    """Hidden until asked for. `#120` goes to token 120, anything else is found as it stands."""

    def __init__(self, view: TraceView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.field, self.count = QLineEdit(), label("quiet")
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(120)
        self.back, self.on, self.dismiss = QToolButton(), QToolButton(), QToolButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 10, 7)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for button, sign in ((self.back, "↑"), (self.on, "↓"), (self.dismiss, "×")):
            button.setText(sign)
            button.setProperty("kind", "small")
            row.addWidget(button)
        self.field.textChanged.connect(self._on_words)
        self.back.clicked.connect(lambda: self.walk(-1))
        self.on.clicked.connect(lambda: self.walk(1))
        self.dismiss.clicked.connect(self.leave)
        view.settled.connect(self._show_count)
        view.pinned.connect(self._show_count)
        self.retranslate()
        self.hide()

    def ask(self, *, number: bool = False) -> None:
        """Show the bar for words, or for the number of a token."""
        self.show()
        if number:
            self.field.setText(NUMBER)
        elif self.field.text().startswith(NUMBER):
            self.field.clear()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not number:
            self.field.selectAll()

    def walk(self, by: int) -> None:
        """Go to the next hit, forward or back, or to the token whose number stands there."""
        if self.isHidden():
            self.ask()
            self._on_words(self.field.text())
        elif self.field.text().startswith(NUMBER):
            self._go()
        else:
            to_hit(self._view, by)
        self._show_count()

    def leave(self) -> None:
        """Hide the bar and its marks; the trace has the focus."""
        self.hide()
        search(self._view, "")
        self._view.setFocus()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and _closes(event):
            event.accept()  # Esc stops the trace everywhere else
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _closes(event):
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.walk(-1 if shifted else 1)
        else:
            super().keyPressEvent(event)

    def retranslate(self) -> None:
        names = {
            self.field: translate("FindBar", "Find in the trace"),
            self.back: translate("FindBar", "Previous hit"),
            self.on: translate("FindBar", "Next hit"),
            self.dismiss: translate("FindBar", "Close the search"),
        }
        for widget, name in names.items():
            widget.setAccessibleName(name)
            widget.setToolTip(name)
        self.field.setPlaceholderText(translate("FindBar", "Find words, or # and a token's number"))
        self._show_count()

    def _on_words(self, words: str) -> None:
        search(self._view, "" if words.startswith(NUMBER) else words)
        self._show_count()

    def _go(self) -> None:
        number = self.field.text().removeprefix(NUMBER).strip().replace(",", "")
        if (
            number.isdecimal()
            and len(number) <= LONGEST
            and 1 <= int(number) <= self._view.scene.tokens
        ):
            self._view.pin(int(number) - 1)

    def _show_count(self) -> None:
        if self.isHidden():
            return
        hits = self._view.scene.hits
        if self.field.text().startswith(NUMBER):
            told = translate("FindBar", "1 … {0}").format(f"{self._view.scene.tokens:,}")
        elif not hits.words:
            told = ""
        elif hits.current >= 0:
            told = translate("FindBar", "{0} of {1}")
            told = told.format(f"{hits.current + 1:,}", f"{len(hits.starts):,}")
        else:
            told = translate("FindBar", "{0} found").format(f"{len(hits.starts):,}")
        self.count.setText(told)
        self.field.setAccessibleDescription(told)


def search(view: TraceView, words: str) -> None:
    """Mark every place where `words` stand."""
    view.scene.search(words)
    view.settled.emit()
    view.viewport().update()


def to_hit(view: TraceView, by: int) -> None:
    """Pin the first token of the next hit, forward or back, from what is seen."""
    items, source = view.scene.paragraphs.items, view.scene.source
    if source is None or not items:
        return
    start = view.scene.hits.walk(by, items[max(view.visible_paragraphs()[0], 0)].start)
    if start >= 0:
        view.pin(bisect_right(source.transcript.ends, start))
        view.viewport().update()


def _closes(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
