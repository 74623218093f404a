"""Sampling and budget: how the next token is drawn, and how many may be."""

import secrets

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QToolButton,
    QWidget,
)

from kimidesk.errors import UsageError
from kimidesk.gui.solve.landing import MOST_TOKENS, Landing
from kimidesk.gui.widgets.adapter_rows import AdapterRows
from kimidesk.gui.widgets.fields import RealField, SeedField, WholeField
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.records import Budget, Sampling

translate = QCoreApplication.translate
SEED_LIMIT = 2**31  # seeds that a person may have to copy stay short
NARROWEST_PX = 200
TWO_PAIRS_PX = 300  # from here on two fields stand side by side


class Controls(Panel):
    """Fields for `sampling`, `budget` and `seed`; no limit is written as ∞."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self._title = label("title")
        self._labels: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 12, 14, 14)
        self._grid.setVerticalSpacing(7)
        self.temperature = RealField(0, 100, 0.05, 4)
        self.top_p = RealField(0.0001, 1, 0.05, 4)
        self.top_k = WholeField(0, 1_000_000)
        self.min_p = RealField(0, 1, 0.01, 4)
        self.penalty = RealField(0.1, 10, 0.05, 4)
        self.thinking = WholeField(0, MOST_TOKENS, unlimited=True)
        self.answer = WholeField(1, MOST_TOKENS, unlimited=True)
        self.seed = SeedField()
        self.dice = QToolButton()
        self.dice.setText("↻")
        self.dice.setProperty("kind", "small")
        self.dice.clicked.connect(self.draw_seed)
        self._fields: dict[str, RealField | WholeField] = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": self.top_k,
            "min_p": self.min_p,
            "thinking": self.thinking,
            "answer": self.answer,
            "penalty": self.penalty,
        }
        for name in (*self._fields, "seed"):
            self._labels[name] = label("faint")
        for name, field in self._fields.items():
            field.setObjectName(name)
            field.valueChanged.connect(self.changed)
        self.landing = Landing()
        self.landing.changed.connect(self.changed)
        self.adapters = AdapterRows()
        self.adapters.changed.connect(self.changed)
        self._seed_row = self._row_of_seed()
        self._pairs = 0  # of name and field in a row
        self._place(2)
        self.setMinimumWidth(NARROWEST_PX)
        self.show_values(Sampling(), Budget(), 0)
        self.retranslate()

    @property
    def sampling(self) -> Sampling:
        """As the fields stand."""
        return Sampling(
            temperature=round(self.temperature.value(), 4),
            top_p=round(self.top_p.value(), 4),
            top_k=self.top_k.value(),
            min_p=round(self.min_p.value(), 4),
            repetition_penalty=round(self.penalty.value(), 4),
        )

    @property
    def budget(self) -> Budget:
        """As the fields stand."""
        return self.landing.laid_over(Budget(self.thinking.limit, self.answer.limit))

    @property
    def seed_value(self) -> int:
        """As the field stands."""
        return self.seed.seed

    def check(self) -> None:
        """Raise UsageError for a field that holds something else than its value."""
        texts = {
            name: field.text()
            for name, field in self._fields.items()
            if not field.hasAcceptableInput()
        }
        if self.seed.wrong:
            texts["seed"] = self.seed.text()
        wrong = {self._labels[name].text(): text for name, text in texts.items()}
        for title, text in (wrong | self.landing.wrong | self.adapters.wrong).items():
            raise UsageError(
                translate("Controls", "{0}: “{1}” is no value it can have").format(title, text),
                hint=translate("Controls", "Correct it, or leave the field to have the last one."),
            )

    @property
    def summary(self) -> str:
        """One line for the closed panel."""
        drawn, budget = self.sampling, self.budget
        limits = ["∞" if n is None else f"{n:,}" for n in (budget.thinking, budget.answer)]
        return "    ".join(
            (
                translate("Controls", "T {0}").format(f"{drawn.temperature:g}"),
                translate("Controls", "top-p {0}").format(f"{drawn.top_p:g}"),
                translate("Controls", "budget {0} + {1}").format(*limits),
                translate("Controls", "seed {0}").format(self.seed_value),
            )
        )

    def show_values(self, sampling: Sampling, budget: Budget, seed: int) -> None:
        """Put other values into the fields."""
        self.temperature.setValue(sampling.temperature)
        self.top_p.setValue(sampling.top_p)
        self.top_k.setValue(sampling.top_k)
        self.min_p.setValue(sampling.min_p)
        self.penalty.setValue(sampling.repetition_penalty)
        self.thinking.show_limit(budget.thinking)
        self.answer.show_limit(budget.answer)
        self.landing.show_budget(budget)
        self.seed.setText(str(seed))

    def draw_seed(self) -> None:
        """Another seed at random."""
        self.seed.setText(str(secrets.randbelow(SEED_LIMIT)))

    def retranslate(self) -> None:
        self._title.setText(translate("Controls", "SAMPLING AND BUDGET"))
        self.dice.setAccessibleName(translate("Controls", "Random seed"))
        self.dice.setToolTip(translate("Controls", "Random seed"))
        fields: dict[str, QWidget] = {**self._fields, "seed": self.seed}
        for name, (text, help_) in _words().items():
            self._labels[name].setText(text)
            self._labels[name].setBuddy(fields[name])
            fields[name].setAccessibleName(text)
            fields[name].setToolTip(help_)
        self._tell_seed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place(2 if event.size().width() >= TWO_PAIRS_PX else 1)
        super().resizeEvent(event)

    def _place(self, pairs: int) -> None:
        """So many fields side by side; the seed has a row to itself, it can be long."""
        if pairs == self._pairs:
            return
        self._pairs = pairs
        self._grid.addWidget(self._title, 0, 0, 1, 4)
        for number, (name, field) in enumerate(self._fields.items()):
            row, column = 1 + number // pairs, 2 * (number % pairs)
            self._grid.addWidget(self._labels[name], row, column)
            self._grid.addWidget(field, row, column + 1)
        row = 1 + len(self._fields)
        self._grid.addWidget(self._labels["seed"], row, 0)
        self._grid.addWidget(self._seed_row, row, 1, 1, 3)
        self._grid.addWidget(self.landing, row + 1, 0, 1, 4)
        self._grid.addWidget(self.adapters, row + 2, 0, 1, 4)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1 if pairs == 2 else 0)
        self._grid.setHorizontalSpacing(8 if pairs == 2 else 4)

    def _row_of_seed(self) -> QWidget:
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self.seed.changed.connect(self.changed)
        self.seed.changed.connect(self._tell_seed)
        self.dice.setFixedWidth(28)
        grid.addWidget(self.seed, 0, 0)
        grid.addWidget(self.dice, 0, 1)
        return row

    def _tell_seed(self) -> None:
        help_ = translate("Controls", "The same seed gives the same trace")
        self.seed.setToolTip(f"{self.seed.seed}\n{help_}")


def _words() -> dict[str, tuple[str, str]]:
    return {
        "temperature": (
            translate("Controls", "Temperature"),
            translate("Controls", "0 always takes the most likely token"),
        ),
        "top_p": (
            translate("Controls", "Top-p"),
            translate("Controls", "Keep the smallest set of tokens with this mass; 1 keeps all"),
        ),
        "top_k": (
            translate("Controls", "Top-k"),
            translate("Controls", "Keep this many tokens; 0 keeps all"),
        ),
        "min_p": (
            translate("Controls", "Min-p"),
            translate(
                "Controls", "Drop tokens below this share of the most likely one's probability"
            ),
        ),
        "penalty": (
            translate("Controls", "Repetition"),
            translate("Controls", "Penalty on tokens already in the context; 1 is none"),
        ),
        "seed": (
            translate("Controls", "Seed"),
            translate("Controls", "The same seed gives the same trace"),
        ),
        "thinking": (
            translate("Controls", "Think ≤"),
            translate("Controls", "Tokens the thought may take; ∞ leaves it to the context"),
        ),
        "answer": (
            translate("Controls", "Answer ≤"),
            translate("Controls", "Tokens the answer may take; ∞ leaves it to the context"),
        ),
    }
