"""What is opened beside a checkpoint: who guesses ahead, what reads pictures, what is laid over."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QWidget

from kimidesk.gui.opening.estimate import NGRAM
from kimidesk.gui.opening.projector import ProjectorFields
from kimidesk.gui.opening.wanted import Engine, adapters_of, with_adapters
from kimidesk.gui.widgets.adapter_rows import AdapterRows
from kimidesk.gui.widgets.fields import WholeField, wrong_in
from kimidesk.gui.widgets.file_field import FileField
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.settings import Beside

translate = QCoreApplication.translate
GGUF = "GGUF (*.gguf)"


class BesideFields(Panel):
    """`beside` is what stands in the fields."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.draft, self.projector = FileField(GGUF), ProjectorFields()
        self.ngram = QToolButton()
        self.ngram.clicked.connect(lambda: self.draft.show_path(NGRAM))
        self.guesses = WholeField(1, 64)
        self.adapters = AdapterRows()
        self._labels = {name: label("faint") for name in ("draft", "guesses", "projector")}
        drafts = QHBoxLayout()
        drafts.setSpacing(6)
        drafts.addWidget(self.draft, 1)
        drafts.addWidget(self.ngram)
        drafts.addSpacing(6)
        drafts.addWidget(self._labels["guesses"])
        drafts.addWidget(self.guesses)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        grid.addWidget(self._labels["draft"], 0, 0)
        grid.addLayout(drafts, 0, 1)
        grid.addWidget(self._labels["projector"], 1, 0)
        grid.addWidget(self.projector, 1, 1)
        grid.addWidget(self.adapters, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        for field in (self.draft, self.projector, self.adapters):
            field.changed.connect(self.changed)
        self.guesses.valueChanged.connect(self.changed)
        self._labels["draft"].setBuddy(self.draft.line)
        self._labels["guesses"].setBuddy(self.guesses)
        self._labels["projector"].setBuddy(self.projector.file.line)
        self.show_beside(Beside())
        self.retranslate()

    @property
    def beside(self) -> Beside:
        """As the fields stand."""
        eyes = self.projector
        beside = Beside(
            self.draft.path,
            self.guesses.value(),
            eyes.file.path,
            image_min_tokens=eyes.least.value(),
            image_max_tokens=eyes.most.value(),
        )
        return with_adapters(beside, self.adapters.adapters)

    @property
    def wrong(self) -> dict[str, str]:
        """Name and text of each field that holds something else than its value."""
        return wrong_in([self.guesses]) | self.projector.wrong | self.adapters.wrong

    def show_beside(self, beside: Beside) -> None:
        """Put other values into the fields."""
        self.draft.show_path(beside.draft)
        self.guesses.setValue(beside.guesses)
        self.projector.show_values(
            beside.projector, beside.image_min_tokens, beside.image_max_tokens
        )
        self.adapters.show_adapters(adapters_of(beside))

    def show_for(self, engine: Engine) -> None:
        """Other engines than llama.cpp guess nothing and need no projector."""
        for field in (self.draft, self.ngram, self.projector):
            field.setEnabled(engine is Engine.LLAMA)

    def retranslate(self) -> None:
        self._labels["draft"].setText(translate("Opening", "D&raft"))
        self._labels["guesses"].setText(translate("Opening", "ah&ead"))
        self._labels["projector"].setText(translate("Opening", "&Projector"))
        self.draft.line.setPlaceholderText(translate("Opening", "nobody guesses ahead"))
        self.draft.name(
            translate("Opening", "Draft"),
            translate(
                "Opening",
                "Who guesses tokens ahead: ngram, the trace itself, or a smaller checkpoint of the "
                "same vocabulary; statistics stay exact",
            ),
        )
        self.ngram.setText(NGRAM)
        self.ngram.setAccessibleName(translate("Opening", "Guess from the trace itself"))
        self.ngram.setToolTip(self.ngram.accessibleName())
        self.guesses.setAccessibleName(translate("Opening", "Tokens guessed ahead at most"))
        self.guesses.setToolTip(self.guesses.accessibleName())
