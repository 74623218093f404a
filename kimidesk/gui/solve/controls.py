"""Sampling and budget: how the next token is drawn, and how many may be."""

import secrets

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QToolButton,
    QWidget,
)

from kimidesk.gui import theme
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.records import Budget, Sampling

translate = QCoreApplication.translate
SEED_LIMIT = 2**31  # seeds that a person may have to copy stay short


class Controls(Panel):
    """Fields for `sampling`, `budget` and `seed`; no limit is written as an empty field."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self._title = label("title")
        self._labels: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(14, 12, 14, 14)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(7)
        self._grid.addWidget(self._title, 0, 0, 1, 4)
        self.temperature = self._real("temperature", 0, 5, 0.05, 2)
        self.top_p = self._real("top_p", 0.01, 1, 0.05, 2)
        self.top_k = self._whole("top_k", 0, 1_000_000)
        self.min_p = self._real("min_p", 0, 1, 0.01, 3)
        self.penalty = self._real("penalty", 0.1, 10, 0.05, 2)
        self.seed = QLineEdit()
        self.dice = QToolButton()
        self.dice.setText("↻")
        self.dice.setProperty("kind", "small")
        self.dice.clicked.connect(self.draw_seed)
        self.thinking = self._whole("thinking", -1, 10_000_000)
        self.answer = self._whole("answer", 0, 10_000_000)
        self.thinking.setSpecialValueText("∞")
        self.answer.setSpecialValueText("∞")
        places = (
            ("temperature", self.temperature),
            ("top_p", self.top_p),
            ("top_k", self.top_k),
            ("min_p", self.min_p),
            ("penalty", self.penalty),
            ("seed", self._seed_row()),
            ("thinking", self.thinking),
            ("answer", self.answer),
        )
        for number, (name, field) in enumerate(places):
            self._labels[name] = label("faint")
            row, column = 1 + number // 2, 2 * (number % 2)
            self._grid.addWidget(self._labels[name], row, column)
            self._grid.addWidget(field, row, column + 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(3, 1)
        self.show_values(Sampling(), Budget(), 0)
        self.retranslate()

    @property
    def sampling(self) -> Sampling:
        """As the fields stand."""
        return Sampling(
            temperature=round(self.temperature.value(), 3),
            top_p=round(self.top_p.value(), 3),
            top_k=self.top_k.value(),
            min_p=round(self.min_p.value(), 4),
            repetition_penalty=round(self.penalty.value(), 3),
        )

    @property
    def budget(self) -> Budget:
        """As the fields stand."""
        thinking, answer = self.thinking.value(), self.answer.value()
        return Budget(None if thinking < 0 else thinking, answer or None)

    @property
    def seed_value(self) -> int:
        """As the field stands; 0 for an empty one."""
        text = self.seed.text().strip()
        return int(text) if text.isdecimal() else 0

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
        self.thinking.setValue(-1 if budget.thinking is None else budget.thinking)
        self.answer.setValue(budget.answer or 0)
        self.seed.setText(str(seed))

    def draw_seed(self) -> None:
        """Another seed at random."""
        self.seed.setText(str(secrets.randbelow(SEED_LIMIT)))

    def retranslate(self) -> None:
        self._title.setText(translate("Controls", "SAMPLING AND BUDGET"))
        self.dice.setAccessibleName(translate("Controls", "Random seed"))
        self.dice.setToolTip(translate("Controls", "Random seed"))
        fields: dict[str, QWidget] = {
            "temperature": self.temperature,
            "top_p": self.top_p,
            "top_k": self.top_k,
            "min_p": self.min_p,
            "penalty": self.penalty,
            "seed": self.seed,
            "thinking": self.thinking,
            "answer": self.answer,
        }
        for name, (text, help_) in _words().items():
            self._labels[name].setText(text)
            self._labels[name].setBuddy(fields[name])
            fields[name].setAccessibleName(text)
            fields[name].setToolTip(help_)

    def _seed_row(self) -> QWidget:
        row = QWidget()
        grid = QGridLayout(row)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        self.seed.setFont(theme.mono_font())
        self.seed.setMaxLength(18)
        self.seed.textChanged.connect(self.changed)
        self.dice.setFixedWidth(28)
        grid.addWidget(self.seed, 0, 0)
        grid.addWidget(self.dice, 0, 1)
        return row

    def _real(self, name: str, low: float, high: float, step: float, digits: int) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(low, high)
        field.setSingleStep(step)
        field.setDecimals(digits)
        self._finish(field, name)
        field.valueChanged.connect(self.changed)
        return field

    def _whole(self, name: str, low: int, high: int) -> QSpinBox:
        field = QSpinBox()
        field.setRange(low, high)
        field.setGroupSeparatorShown(True)
        self._finish(field, name)
        field.valueChanged.connect(self.changed)
        return field

    def _finish(self, field: QAbstractSpinBox, name: str) -> None:
        field.setObjectName(name)
        field.setFont(theme.mono_font())
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.setMinimumWidth(58)
        field.lineEdit().setTextMargins(5, 0, 2, 0)  # the style sheet cannot


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
