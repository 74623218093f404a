"""The tab of labels: who labels, the ten kinds as buttons, how far, and how well two agree."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui import kinds
from kimidesk.gui.labelling.bar import subtype_name
from kimidesk.gui.labelling.keys import KINDS
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.reading.segments.agreed import Agreement, Measured, known
from kimidesk.records import Kind

translate = QCoreApplication.translate
COLUMNS = 2
LONGEST_NAME = 60  # characters


class LabelPanel(Panel):
    """Says what is pressed; the room does it. `kind_chosen` carries the letter."""

    kind_chosen = Signal(str)
    annotator_changed = Signal(str)
    blind_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.mode, self.undo, self.redo, self.export = (QToolButton() for _ in range(4))
        self.mode.setCheckable(True)
        self._who, self._what, self._agreed = (label("title") for _ in range(3))
        self.annotator, self.blind = QLineEdit(), QCheckBox()
        self.annotator.setMaxLength(LONGEST_NAME)
        self.progress, self.agreement = QLabel(), QLabel()
        for shown in (self.progress, self.agreement):
            shown.setWordWrap(True)
            shown.setProperty("tone", "quiet")
        self.buttons = {letter: QToolButton() for letter in KINDS}
        self._build()
        self.mode.toggled.connect(self.retranslate)
        self.annotator.editingFinished.connect(
            lambda: self.annotator_changed.emit(self.annotator.text().strip())
        )
        self.blind.toggled.connect(self.blind_changed)
        self.retranslate()

    def show_state(self, *, labelled: int, sentences: int, undo: bool, redo: bool) -> None:
        """How far the annotator is, and what can be taken back."""
        self.progress.setText(
            translate("LabelPanel", "{0} of {1} sentences labelled").format(
                f"{labelled:,}", f"{sentences:,}"
            )
        )
        self.undo.setEnabled(undo)
        self.redo.setEnabled(redo)
        self.export.setEnabled(labelled > 0)

    def show_agreement(self, found: Mapping[str, Agreement]) -> None:
        """With each of the others; nothing is said while their labels are hidden."""
        if self.blind.isChecked():
            told = [translate("LabelPanel", "Hidden while the labels of others are")]
        else:
            told = [_told(name, each) for name, each in found.items()]
        self.agreement.setText(
            "\n".join(told) or translate("LabelPanel", "Nobody else has labelled this trace")
        )

    def retheme(self) -> None:
        for letter, button in self.buttons.items():
            colour = kinds.colour(KINDS[letter][0]).name()
            button.setStyleSheet(
                f"QToolButton {{ border-left: 4px solid {colour}; text-align: left; }}"
            )

    def retranslate(self) -> None:
        self._who.setText(translate("LabelPanel", "ANNOTATOR"))
        self._what.setText(translate("LabelPanel", "THE PINNED SENTENCE"))
        self._agreed.setText(translate("LabelPanel", "AGREEMENT"))
        self.annotator.setAccessibleName(translate("LabelPanel", "Annotator"))
        self.annotator.setToolTip(
            translate("LabelPanel", "The name that your labels are kept under")
        )
        self.blind.setText(translate("LabelPanel", "Hide labels of others"))
        self.blind.setToolTip(
            translate(
                "LabelPanel", "So that a second annotator does not see what the first one said"
            )
        )
        mode = (
            translate("LabelPanel", "Leave labelling")
            if self.mode.isChecked()
            else translate("LabelPanel", "Label sentences")
        )
        texts = {
            self.mode: (mode, "Ctrl+Alt+L"),
            self.undo: (translate("LabelPanel", "Undo"), "Ctrl+Z"),
            self.redo: (translate("LabelPanel", "Redo"), "Ctrl+Shift+Z"),
            self.export: (translate("LabelPanel", "Export labels…"), "Ctrl+Shift+L"),
        }
        for button, (text, keys) in texts.items():
            button.setText(text)
            button.setAccessibleName(text)
            button.setToolTip(f"{text}  ({keys})")
        for letter, (kind, subtype) in KINDS.items():
            name = f"{kinds.name(kind)}" if subtype is None else subtype_name(subtype)
            button = self.buttons[letter]
            button.setText(f"{letter}  {name}")
            whole = kinds.name(kind) if subtype is None else f"{kinds.name(kind)}: {name}"
            button.setAccessibleName(whole)
            button.setToolTip(f"{kinds.meaning(kind)}  ({letter})" if not subtype else whole)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(8)
        column.addWidget(self._who)
        column.addWidget(self.annotator)
        column.addWidget(self.blind)
        column.addWidget(self.mode)
        column.addWidget(self._what)
        column.addLayout(self._kinds())
        row = QHBoxLayout()
        for button in (self.undo, self.redo):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.progress)
        column.addWidget(self._agreed)
        column.addWidget(self.agreement)
        column.addWidget(self.export)
        column.addStretch(1)
        self.retheme()

    def _kinds(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(4)
        ordered = sorted(KINDS, key=lambda letter: (list(Kind).index(KINDS[letter][0]), letter))
        for number, letter in enumerate(ordered):
            button = self.buttons[letter]
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.clicked.connect(lambda _checked, letter=letter: self.kind_chosen.emit(letter))
            grid.addWidget(button, number // COLUMNS, number % COLUMNS)
        return grid


def _told(name: str, found: Agreement) -> str:
    if found.sentences is None:
        return translate("LabelPanel", "{0}: no sentence that both have labelled").format(name)
    by = [(translate("LabelPanel", "sentences"), found.sentences)]
    if found.characters is not None:
        by.append((translate("LabelPanel", "characters"), found.characters))
    return "\n".join([name, *(_row(what, measured) for what, measured in by)])


def _row(what: str, measured: Measured) -> str:
    kappa = known(measured.kappa)
    return translate("LabelPanel", "{0} {1}: κ {2}, AC2 {3}, alike {4}").format(
        f"{measured.items:,}",
        what,
        "–" if kappa is None else f"{kappa:.2f}",
        f"{measured.ac2:.2f}",
        f"{measured.alike:.0%}",
    )
