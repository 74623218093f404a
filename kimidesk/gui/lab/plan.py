"""The fields of the budget laboratory: what is to be tried, and its bill."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kimidesk.errors import UsageError
from kimidesk.flows.budgets import ASKED, Plan
from kimidesk.gui.lab.words import bill_words, way_help, way_word
from kimidesk.gui.widgets.fields import WholeField, mark, wrong_in
from kimidesk.gui.widgets.panel import Panel, label, name_fields, set_tone
from kimidesk.reading.bill import Bill
from kimidesk.reading.budgets import Way

translate = QCoreApplication.translate
BUDGETS = "0, 64, 128, 256, 512"
MOST = 10_000_000


def read_budgets(text: str) -> tuple[int, ...]:
    """Numbers of tokens between commas or blanks; raises UsageError for anything else."""
    parts = text.replace(",", " ").replace("，", " ").replace("、", " ").split()
    wrong = [part for part in parts if not part.isdecimal() or int(part) > MOST]
    if wrong:
        raise UsageError(
            translate("Lab", "“{0}” is no number of tokens").format(wrong[0]),
            hint=translate("Lab", "Write budgets like 0, 64, 128, 256."),
        )
    return tuple(sorted({int(part) for part in parts}))


class PlanFields(Panel):
    """`changed` when another plan stands there; `run_wanted` and `stop_wanted` by the button."""

    changed = Signal()
    run_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.running = False
        self._why_not = ""
        self.budgets = QLineEdit(BUDGETS)
        self.seeds, self.waits = WholeField(1, 500), WholeField(1, 20)
        self.seeds.setValue(3)
        self.waits.setValue(2)
        self.ways = {way: QCheckBox() for way in ASKED}
        self.fields: dict[str, QWidget] = {
            "budgets": self.budgets,
            "seeds": self.seeds,
            "waits": self.waits,
        }
        self.labels = {name: label("faint") for name in self.fields}
        self.titles = {name: label("title") for name in ("budgets", "ways", "bill")}
        self.bill = label("quiet")
        self.bill.setWordWrap(True)
        self.bill.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.hide()
        self.button = QPushButton()
        self.button.setProperty("kind", "primary")
        self.budgets.textChanged.connect(self.changed)
        for field in (self.seeds, self.waits):
            field.valueChanged.connect(self.changed)
            field.lineEdit().textChanged.connect(self.changed)  # also for what is no value
        for box in self.ways.values():
            box.setChecked(True)
            box.toggled.connect(self.changed)
        self.button.clicked.connect(
            lambda: (self.stop_wanted if self.running else self.run_wanted).emit()
        )
        self._lay_out()
        self.retranslate()

    @property
    def plan(self) -> Plan:
        """As the fields stand; raises UsageError."""
        for title, text in wrong_in((self.seeds, self.waits)).items():
            said = translate("Lab", "{0}: “{1}” is no value it can have")
            raise UsageError(said.format(title, text))
        ways = tuple(way for way, box in self.ways.items() if box.isChecked())
        if not ways:
            raise UsageError(translate("Lab", "Choose a way to set the budget."))
        budgets = read_budgets(self.budgets.text())
        if not budgets and {Way.CUT, Way.RERUN} & set(ways):
            raise UsageError(translate("Lab", "Name budgets, such as 0, 64, 128, 256."))
        return Plan(budgets, ways, self.seeds.value(), self.waits.value()).check()

    def show_bill(
        self, bill: Bill, seconds: float | None, beyond: tuple[int, ...], *, pending: bool
    ) -> None:
        """What is still to be drawn; at budgets `beyond` there is nothing to cut. `pending`: there
        is something to do, even if it is only to judge again what the grader failed at."""
        words = bill_words(bill, seconds)
        if beyond and self.ways[Way.CUT].isChecked():
            there = ", ".join(f"{each:,}" for each in beyond)
            words += "\n" + translate("Lab", "The thought is shorter: not cut at {0}").format(there)
        self._say(words, wrong=False)
        if pending and not bill.rollouts:
            words = translate("Lab", "Nothing is to be drawn; some answers are judged again.")
            self._say(words, wrong=False)
        self.allow("" if pending else words)

    def show_wrong(self, why: str) -> None:
        """It cannot be run as the fields stand, or not now."""
        self._say(why, wrong=True)
        self.allow(why)

    def show_progress(self, done: int, total: int, tokens: int, *, running: bool) -> None:
        """How far it is."""
        self.running = running
        self.progress.setVisible(running)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        if running:
            told = translate("Lab", "{0} of {1} runs, {2} tokens")
            self._say(told.format(f"{done:,}", f"{total:,}", f"{tokens:,}"), wrong=False)
        self._name_button()
        self.allow(self._why_not)

    def allow(self, why_not: str) -> None:
        """Run can be pressed, or says why not."""
        self._why_not = why_not
        self.button.setEnabled(self.running or not why_not)
        self.button.setAccessibleDescription(why_not)

    def retranslate(self) -> None:
        self.titles["budgets"].setText(translate("Lab", "BUDGETS"))
        self.titles["ways"].setText(translate("Lab", "WAYS TO SET THEM"))
        self.titles["bill"].setText(translate("Lab", "BILL"))
        words = {
            "budgets": (translate("Lab", "&Tokens"), translate("Lab", "Tokens of thought")),
            "seeds": (translate("Lab", "&Seeds"), translate("Lab", "Runs of each way and budget")),
            "waits": (
                translate("Lab", "&Waits"),
                translate("Lab", "How often the thought is made to go on, at most"),
            ),
        }
        name_fields(self.labels, self.fields, words)
        keys = (
            translate("Lab", "&Cut the thought"),
            translate("Lab", "“W&ait” instead of its end"),
            translate("Lab", "&No thinking"),
            translate("Lab", "Think a&fresh"),
        )
        for (way, box), text in zip(self.ways.items(), keys, strict=True):
            box.setText(text)
            box.setToolTip(way_help(way))
            box.setAccessibleName(way_word(way))
            box.setAccessibleDescription(way_help(way))
        self.progress.setAccessibleName(translate("Lab", "Progress"))
        self._name_button()

    def _say(self, words: str, *, wrong: bool) -> None:
        self.bill.setText(words)
        set_tone(self.bill, "wrong" if wrong else "quiet")
        mark(self.budgets, wrong=wrong and self._budgets_wrong())

    def _budgets_wrong(self) -> bool:
        try:
            read_budgets(self.budgets.text())
        except UsageError:
            return True
        return False

    def _name_button(self) -> None:
        stop, run = translate("Lab", "Stop"), translate("Lab", "&Run")
        self.button.setText(stop if self.running else run)
        self.button.setAccessibleName(stop if self.running else translate("Lab", "Run"))
        self.button.setToolTip(translate("Lab", "What has come is kept") if self.running else "")

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        for name, field in self.fields.items():
            form.addRow(self.labels[name], field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(self.titles["budgets"])
        column.addLayout(form)
        column.addSpacing(6)
        column.addWidget(self.titles["ways"])
        for box in self.ways.values():
            column.addWidget(box)
        column.addSpacing(6)
        column.addWidget(self.titles["bill"])
        column.addWidget(self.bill)
        column.addWidget(self.progress)
        column.addWidget(self.button)
