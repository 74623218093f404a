"""Small pieces that panels are made of: a frame that speaks the window's language, labels, rows."""

import re
from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QWidget,
)


class Panel(QFrame):
    """Sets its texts in `retranslate`, at once and whenever the language changes."""

    def __init__(self, parent: QWidget | None = None, *, card: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("card", card)

    def retranslate(self) -> None:
        """Set every text."""

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)


class Segments(QFrame):
    """Some choices side by side, of which one is chosen."""

    chosen = Signal(str)

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "segments")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for name in names:
            button = QToolButton()
            button.setProperty("kind", "segment")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(lambda _checked, name=name: self.chosen.emit(name))
            self._group.addButton(button)
            row.addWidget(button)
            self.buttons[name] = button
        self.setFocusProxy(self.buttons[names[0]])
        self.choose(names[0])

    @property
    def choice(self) -> str:
        """The name of the chosen one."""
        return next(name for name, button in self.buttons.items() if button.isChecked())

    def choose(self, name: str) -> None:
        """Choose without telling."""
        self.buttons[name].setChecked(True)

    def set_texts(self, title: str, texts: dict[str, str]) -> None:
        """Texts of the choices, and for accessibility what is chosen here."""
        self.setAccessibleName(title)
        for name, text in texts.items():
            self.buttons[name].setText(text)
            self.buttons[name].setAccessibleName(f"{title}: {text}")


class Scrolled(QScrollArea):
    """Lets a column be shorter than what stands in it, never narrower than `least`."""

    def __init__(self, inside: QWidget, least: int) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inside = inside
        self.setWidget(inside)
        self.setMinimumSize(least, 90)
        for each in (self, self.viewport()):
            each.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        return self._inside.sizeHint()


def label(tone: str = "") -> QLabel:
    """An empty label of one tone of the style sheet."""
    made = QLabel()
    made.setProperty("tone", tone)
    return made


def set_tone(shown: QLabel, tone: str) -> None:
    """Show a label in another tone of the style sheet."""
    if shown.property("tone") != tone:
        shown.setProperty("tone", tone)
        shown.style().unpolish(shown)
        shown.style().polish(shown)


def plain(text: str) -> str:
    """A text without the mark of its key: "&Open" and "打开(&O)" for a screen reader."""
    return re.sub(r"\(&.\)|&", "", text)


def name_fields(
    labels: Mapping[str, QLabel],
    fields: Mapping[str, QWidget],
    words: Mapping[str, tuple[str, str]],
) -> None:
    """Give each field its words, a text and a help: in its label, and to a screen reader."""
    for name, (text, help_) in words.items():
        labels[name].setText(text)
        labels[name].setBuddy(fields[name])
        for widget in (labels[name], fields[name]):
            widget.setToolTip(help_)
        fields[name].setAccessibleName(plain(text))
