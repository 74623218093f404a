"""The bar above the trace while sentences are labelled: which one, what it is, and the keys."""

from typing import Protocol

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from kimidesk.gui import kinds
from kimidesk.gui.widgets.elided import ElidedLabel
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.records import By, Kind, Subtype

translate = QCoreApplication.translate


class Told(Protocol):
    """What is said of a sentence, and by whom."""

    @property
    def kind(self) -> Kind: ...
    @property
    def subtype(self) -> Subtype | None: ...
    @property
    def by(self) -> By: ...
    @property
    def confidence(self) -> float: ...


class LabelBar(Panel):
    """Hidden but while label mode is on."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.said, self.hint = label("title"), ElidedLabel(), ElidedLabel("quiet")
        self.leave = QToolButton()
        self.leave.setProperty("kind", "small")
        self.leave.setText("×")
        self.leave.clicked.connect(self.left)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 2, 10, 7)
        row.setSpacing(10)
        row.addWidget(self.title)
        row.addWidget(self.said, 1)
        row.addWidget(self.hint, 5)
        row.addWidget(self.leave)
        self.retranslate()
        self.hide()

    def show_named(self, named: Told | None) -> None:
        """Tell what the pinned sentence is said to be."""
        self.said.setText(described(named))
        self.said.setAccessibleName(self.said.text())

    def retranslate(self) -> None:
        self.title.setText(translate("LabelBar", "LABELLING"))
        self.hint.setText(
            translate(
                "LabelBar",
                "Letter: name · Enter: keep · S: split · J: join · Backspace: clear · Esc: leave",
            )
        )
        self.leave.setAccessibleName(translate("LabelBar", "Leave labelling"))
        self.leave.setToolTip(translate("LabelBar", "Leave labelling") + "  (Esc)")


def described(named: Told | None) -> str:
    """A sentence's kind, and who says so."""
    if named is None:
        return translate("LabelBar", "Point at a sentence")
    who = {
        By.MODEL: translate("LabelBar", "model {0}").format(f"{named.confidence:.2f}"),
        By.RULE: translate("LabelBar", "rule"),
        By.PERSON: translate("LabelBar", "person"),
    }[named.by]
    return f"{kind_name(named.kind, named.subtype)} · {who}"


def kind_name(kind: Kind, subtype: Subtype | None) -> str:
    """The kind with its letter, and how it turns back."""
    told = f"{kinds.LETTERS[kind]}  {kinds.name(kind)}"
    return f"{told} ({subtype_name(subtype)})" if subtype is not None else told


def subtype_name(subtype: Subtype) -> str:
    """In the language of the window."""
    return {
        Subtype.ERROR: translate("LabelBar", "error"),
        Subtype.SWITCH: translate("LabelBar", "switch"),
    }[subtype]
