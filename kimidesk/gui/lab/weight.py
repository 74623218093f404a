"""The tab that weighs a sentence: what it costs, how much it decides, what was said instead."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kimidesk.flows.continuing import Expected
from kimidesk.gui.lab.alternatives import AlternativesTree
from kimidesk.gui.lab.whiskers import Whisker, Whiskers
from kimidesk.gui.lab.words import answers_words, bill_words, difference_words, share_words
from kimidesk.gui.widgets.fields import WholeField, wrong_in
from kimidesk.gui.widgets.panel import Panel, Segments, label, name_fields, set_tone
from kimidesk.reading.bill import Bill
from kimidesk.reading.importance import Importance, Price, Rollout, Side
from kimidesk.records import Difference, Share

translate = QCoreApplication.translate
MOST_ROLLOUTS, MOST_HORIZON = 1_000, 50
SHOWN_CHARS = 400  # of the sentence


class WeightPanel(Panel):
    """Shows what its room tells it. `asked` when price or numbers have changed."""

    asked = Signal()
    run_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.running = False
        self._sentence = self._why_not = ""
        self._told: Importance | None = None
        self._rollouts: list[Rollout] = []
        self._expected = Expected("", own=False)
        self.title, self.sentence = label("title"), self._wrapped("")
        self.price = Segments(tuple(each.value for each in Price))
        self.rollouts = WholeField(1, MOST_ROLLOUTS)
        self.horizon = WholeField(1, MOST_HORIZON)
        self.rollouts.setValue(10)
        self.horizon.setValue(3)
        self.fields = {"rollouts": self.rollouts, "horizon": self.horizon}
        self.labels = {name: label("faint") for name in self.fields}
        self.bill, self.measure = self._wrapped("quiet"), self._wrapped("quiet")
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.button = QPushButton()
        self.whiskers, self.answers = Whiskers(), self._wrapped("quiet")
        self.tree, self.text = AlternativesTree(), QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setMinimumHeight(90)
        self.text.setTabChangesFocus(True)
        self.price.chosen.connect(self._on_price)
        for field in self.fields.values():
            field.valueChanged.connect(self.asked)
            field.lineEdit().textChanged.connect(self.asked)  # also for what is no value
        self.button.clicked.connect(self._on_button)
        self.tree.chosen.connect(self._show_rollout)
        self._lay_out()
        self.retranslate()
        self._on_price()

    @property
    def wrong(self) -> dict[str, str]:
        """Fields that hold something else than their value."""
        return wrong_in(self.fields.values())

    def show_sentence(self, text: str, why_not: str) -> None:
        """The sentence that is weighed, "" for none; `why_not` tells why it cannot be."""
        self._sentence, self._why_not = text, why_not
        line = " ".join(text.split())
        cut = line if len(line) <= SHOWN_CHARS else line[: SHOWN_CHARS - 1] + "…"
        self.sentence.setText(cut)
        self.sentence.setVisible(bool(text))
        self._allow()

    def show_bill(self, bill: Bill, seconds: float | None) -> None:
        """What is still to be drawn."""
        self.bill.setText(bill_words(bill, seconds))

    def show_progress(self, done: int, total: int, tokens: int, *, running: bool) -> None:
        """How far it is."""
        self.running = running
        self.progress.setVisible(running)
        self.progress.setRange(0, max(total, 1))
        self.progress.setValue(done)
        if running:
            told = translate("Weight", "{0} of {1} done, {2} tokens")
            self.bill.setText(told.format(f"{done:,}", f"{total:,}", f"{tokens:,}"))
        self._name_button()
        self._allow()

    def show_results(
        self, told: Importance | None, rollouts: list[Rollout], expected: Expected
    ) -> None:
        """What the rollouts tell; None where there are none."""
        self._told, self._rollouts, self._expected = told, rollouts, expected
        shown = told is not None and bool(rollouts)
        for widget in (self.measure, self.whiskers, self.answers):
            widget.setVisible(shown)
        drawn = any(each.said for each in rollouts)
        self.tree.setVisible(shown and drawn)
        self.text.setVisible(shown and drawn)
        self.space.setVisible(not (shown and drawn))
        if told is None or not rollouts:
            self.text.clear()
            return
        self.measure.setText(self._measure())
        self.whiskers.show_rows(_rows(told))
        self.answers.setText(_answers(told))
        if told.unjudged and expected.answer:
            words = translate("Weight", "The grader failed at {0}; weigh again to judge them.")
            self.answers.setText(f"{self.answers.text()}\n{words.format(told.unjudged)}")
        after = tuple(each for each in rollouts if each.side is Side.AFTER and not each.trouble)
        self.tree.show_groups(told.alternatives, after)

    def retranslate(self) -> None:
        self.title.setText(translate("Weight", "HOW MUCH A SENTENCE DECIDES"))
        self.price.set_texts(
            translate("Weight", "Price"),
            {
                Price.FORCED.value: translate("Weight", "Forced"),
                Price.SHORT.value: translate("Weight", "Short"),
                Price.FULL.value: translate("Weight", "Full"),
            },
        )
        helps = {
            Price.FORCED: translate("Weight", "The answer is forced before and after the sentence"),
            Price.SHORT: translate("Weight", "Some sentences are drawn, then the answer is forced"),
            Price.FULL: translate("Weight", "The trace is drawn to its end: the dearest"),
        }
        for price, text in helps.items():
            self.price.buttons[price.value].setToolTip(text)
        words = {
            "rollouts": (
                translate("Weight", "&Rollouts"),
                translate("Weight", "From before the sentence, and as many from after it"),
            ),
            "horizon": (
                translate("Weight", "Sen&tences"),
                translate("Weight", "Drawn before the answer is forced"),
            ),
        }
        name_fields(self.labels, self.fields, words)
        self.text.setAccessibleName(translate("Weight", "What this rollout said"))
        self.whiskers.setAccessibleName(translate("Weight", "How much the sentence decides"))
        self.progress.setAccessibleName(translate("Weight", "Progress"))
        self.setAccessibleName(translate("Weight", "How much a sentence decides"))
        self.tree.retranslate()
        self._name_button()
        self._allow()
        self.show_results(self._told, self._rollouts, self._expected)

    def focusInEvent(self, event: object) -> None:
        """The keys go to what is pressed next."""
        self.button.setFocus()

    def _allow(self) -> None:
        why_not = self._why_not
        if not self._sentence and not why_not:
            why_not = translate("Weight", "Click a token of the sentence that is to be weighed.")
        for title, text in self.wrong.items():
            why_not = translate("Weight", "{0}: “{1}” is no value it can have").format(title, text)
        self.button.setEnabled(self.running or not why_not)
        self.button.setAccessibleDescription(why_not)
        set_tone(self.bill, "warn" if self.wrong else "quiet")
        if why_not and not self.running:
            self.bill.setText(why_not)

    def _name_button(self) -> None:
        stop, run = translate("Weight", "Stop"), translate("Weight", "&Weigh")
        self.button.setText(stop if self.running else run)
        spoken = translate("Weight", "Weigh this sentence")
        self.button.setAccessibleName(stop if self.running else spoken)
        kept = translate("Weight", "What has come is kept")
        self.button.setToolTip(kept if self.running else spoken)

    def _on_price(self) -> None:
        short = self.price.choice == Price.SHORT.value
        for widget in (self.labels["horizon"], self.horizon):
            widget.setVisible(short)
        self.asked.emit()

    def _on_button(self) -> None:
        (self.stop_wanted if self.running else self.run_wanted).emit()

    def _show_rollout(self, rollout: Rollout) -> None:
        said = rollout.said.strip()
        self.text.setPlainText(said or translate("Weight", "(nothing was drawn)"))

    def _measure(self) -> str:
        if not self._expected.answer:
            return translate(
                "Weight", "No answer is expected and the trace has none: answers are counted alone."
            )
        if self._expected.own:
            told = translate("Weight", "Right means {0}, as the trace answered: none is expected.")
            return told.format(self._expected.answer)
        return translate("Weight", "Right means {0}.").format(self._expected.answer)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(5)
        for name, field in self.fields.items():
            form.addRow(self.labels[name], field)
        self.space = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        self.price.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column.addWidget(self.price)
        column.addLayout(form)
        column.addWidget(self.bill)
        column.addWidget(self.progress)
        column.addWidget(self.button)
        column.addWidget(self.measure)
        column.addWidget(self.whiskers)
        column.addWidget(self.answers)
        column.addWidget(self.tree, 2)
        column.addWidget(self.text, 1)
        column.addWidget(self.space, 4)
        self.progress.hide()

    def _wrapped(self, tone: str) -> QLabel:
        made = label(tone)
        made.setWordWrap(True)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return made


def _rows(told: Importance) -> list[Whisker]:
    rows = [
        _share(
            translate("Weight", "Before"),
            told.before,
            translate("Weight", "Right answers where the sentence may be another one"),
        ),
        _share(
            translate("Weight", "After"),
            told.after,
            translate("Weight", "Right answers where the sentence stands"),
        ),
        _difference(
            translate("Weight", "Importance"),
            told.difference,
            translate("Weight", "After less before (resampling importance, Thought Anchors)"),
        ),
    ]
    if told.different is not None:
        rows += [
            _difference(
                translate("Weight", "Counterfactual"),
                told.counterfactual,
                translate("Weight", "After less those from before that say something else"),
            ),
            _share(
                translate("Weight", "Different"),
                told.different,
                translate("Weight", "How many from before say something else"),
            ),
        ]
    return [row for row in rows if row.value is not None]


def _share(title: str, share: Share | None, help_: str) -> Whisker:
    if share is None:
        return Whisker(title, "–", help_)
    return Whisker(title, share_words(share), help_, share.share, *share.interval)


def _difference(title: str, told: Difference | None, help_: str) -> Whisker:
    words = difference_words(told)
    if told is None:
        return Whisker(title, words, help_)
    return Whisker(title, words, help_, told.value, told.low, told.high, -1.0, 1.0, told.sure)


def _answers(told: Importance) -> str:
    lines = [
        translate("Weight", "Before: {0}").format(answers_words(told.answers_before)),
        translate("Weight", "After: {0}").format(answers_words(told.answers_after)),
    ]
    if told.divergence is not None and told.divergence_interval is not None:
        low, high = told.divergence_interval
        kl = translate("Weight", "KL of the answers {0} nats ({1} … {2})")
        lines.append(kl.format(f"{told.divergence:.3f}", f"{low:.3f}", f"{high:.3f}"))
    if told.failed:
        lines.append(translate("Weight", "{0} came to nothing").format(told.failed))
    return "\n".join(lines)
