"""How a thought ends: what is said, how early, how late, and what a loop does."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from kimidesk.gui.widgets.fields import WholeField
from kimidesk.gui.widgets.panel import Panel, Segments, label, name_fields
from kimidesk.records import Budget, OnLoop, mended

translate = QCoreApplication.translate
MOST_TOKENS = 10_000_000
LONGEST_WORDS = 400  # characters of what is said for the checkpoint


class Landing(Panel):
    """Fields for the part of a Budget that is seldom changed, under a button that shows them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.more = QToolButton()
        self.more.setCheckable(True)
        self.more.setProperty("kind", "plain")
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.soft, self.least = WholeField(0, MOST_TOKENS), WholeField(0, MOST_TOKENS)
        self.closing, self.onward = QLineEdit(), QLineEdit()
        self.on_loop = Segments(tuple(choice.value for choice in OnLoop))
        self._fields: dict[str, QWidget] = {
            "soft": self.soft,
            "least": self.least,
            "closing": self.closing,
            "onward": self.onward,
            "on_loop": self.on_loop,
        }
        self._labels: dict[str, QLabel] = {name: label("faint") for name in self._fields}
        self._inside = self._form()
        self.more.toggled.connect(self._on_toggled)
        self._connect()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.more)
        column.addWidget(self._inside)
        self._on_toggled(False)
        self.show_budget(Budget())
        self.retranslate()

    def laid_over(self, budget: Budget) -> Budget:
        """The budget with what these fields say."""
        return replace(
            budget,
            soft=self.soft.value(),
            least=self.least.value(),
            closing=mended(self.closing.text()),
            onward=mended(self.onward.text()),
            on_loop=OnLoop(self.on_loop.choice),
        )

    def show_budget(self, budget: Budget) -> None:
        """Put other values into the fields."""
        self.soft.setValue(budget.soft)
        self.least.setValue(budget.least)
        for field, text in ((self.closing, budget.closing), (self.onward, budget.onward)):
            field.setText(text)
            field.setCursorPosition(0)
        self.on_loop.choose(budget.on_loop.value)

    @property
    def wrong(self) -> dict[str, str]:
        """Name and text of each field that holds something else than its value."""
        numbers = {"soft": self.soft, "least": self.least}
        return {
            self._labels[name].text(): field.text()
            for name, field in numbers.items()
            if not field.hasAcceptableInput()
        }

    def retranslate(self) -> None:
        self.more.setText(translate("Landing", "How a thought ends"))
        self.more.setAccessibleName(self.more.text())
        self.more.setToolTip("Ctrl+Shift+B")
        name_fields(self._labels, self._fields, _words())
        self.on_loop.set_texts(
            translate("Landing", "On a loop"),
            {
                "flag": translate("Landing", "Flag"),
                "stop": translate("Landing", "Stop"),
                "ignore": translate("Landing", "Ignore"),
            },
        )

    def _form(self) -> QWidget:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for row, (name, field) in enumerate(self._fields.items()):
            field.setObjectName(name)
            wide = field is self.on_loop  # three words do not fit beside a label
            grid.addWidget(self._labels[name], row, 0, 1, 2 if wide else 1)
            grid.addWidget(field, row + wide, 0 if wide else 1, 1, 2 if wide else 1)
        for line in (self.closing, self.onward):
            line.setMaxLength(LONGEST_WORDS)
            line.setMinimumWidth(90)
        return inside

    def _connect(self) -> None:
        for number in (self.soft, self.least):
            number.valueChanged.connect(self.changed)
        for line in (self.closing, self.onward):
            line.textChanged.connect(self.changed)
        self.on_loop.chosen.connect(lambda _: self.changed.emit())

    def _on_toggled(self, shown: bool) -> None:
        arrow = Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow
        self.more.setArrowType(arrow)
        self._inside.setVisible(shown)


def _words() -> dict[str, tuple[str, str]]:
    return {
        "soft": (
            translate("Landing", "Soft landing"),
            translate(
                "Landing",
                "The last so many tokens of the thought's budget may end at a sentence; 0 cuts it "
                "exactly at the budget",
            ),
        ),
        "least": (
            translate("Landing", "Think ≥"),
            translate("Landing", "Tokens before a thought may end; 0 lets it end at once"),
        ),
        "closing": (
            translate("Landing", "Closing"),
            translate("Landing", "Said before a thought is closed by force; may be empty"),
        ),
        "onward": (
            translate("Landing", "Onward"),
            translate("Landing", "Said instead of an end that comes too early"),
        ),
        "on_loop": (
            translate("Landing", "On a loop"),
            translate("Landing", "What to do with a trace that repeats itself"),
        ),
    }
