"""The many-sample room: ribbons by answer, the vote beside them, and the text of the chosen one."""

import math

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui import kinds
from kimidesk.gui.charts.frame import ChartFrame
from kimidesk.gui.charts.table import Cell, Table, TableModel
from kimidesk.gui.compare.ribbons import Ribbons, judged, odd_words
from kimidesk.gui.compare.samples import (
    Group,
    Odd,
    Sampled,
    counted,
    grouped,
    known_weights,
    labels,
    odd,
)
from kimidesk.gui.widgets.elided import ElidedLabel
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.reading.voting import Weight, answer_entropy

translate = QCoreApplication.translate


class _Frame(ChartFrame):
    """Takes all the height there is, for the table too."""

    def _fit(self) -> None:
        self.view.setMinimumHeight(80)


class SamplesRoom(Panel):
    """`opened` carries a kept trace's id, `beside` too (to the columns), `problem_chosen` a row."""

    opened = Signal(str)
    beside = Signal(str)
    problem_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples: list[Sampled] = []
        self.problem = QComboBox()
        self.problem.activated.connect(self._on_problem)
        self.told = ElidedLabel("quiet")
        self.legend = label("quiet")
        self.legend.setContentsMargins(12, 2, 8, 5)
        self.legend.setMinimumWidth(80)
        self.ribbons, self.votes = Ribbons(), TableModel(self)
        self.frame = _Frame(self.ribbons, lambda: translate("Compare", "Samples"), "samples")
        self.vote_view = QTableView()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.open_button, self.beside_button = QPushButton(), QPushButton()
        self._vote_title, self._text_title = label("title"), label("title")
        self.ribbons.current_changed.connect(self._on_current)
        self.ribbons.opened.connect(self._on_opened)
        self.open_button.clicked.connect(lambda: self._on_opened(self.ribbons.current))
        self.beside_button.clicked.connect(self._on_beside)
        self._build()
        self.retranslate()
        self.show_samples([])

    def show_problems(self, problems: dict[int, str]) -> None:
        """Offer the problems of a run; none where the samples are the desk's."""
        self.problem.clear()
        for number, text in problems.items():
            self.problem.addItem(f"{number + 1}. {' '.join(text.split())[:90]}", number)
        self.problem.setVisible(bool(problems))

    def show_samples(self, samples: list[Sampled], left: int = 0) -> None:
        """Show what is gathered; `left` are still to come."""
        self.samples = samples
        groups, strange = grouped(samples), odd(samples)
        self.ribbons.show_groups(groups, strange)
        self.votes.show_table(self._votes(groups))
        self.frame.show_table(self._table(groups, strange))
        self.told.setText(self._words(left))
        self._on_current(self.ribbons.current)

    def show_named(self, sample: Sampled, left: int) -> None:
        """The sentences of one are named; everything else is as it was."""
        self.ribbons.forget(sample)
        self.told.setText(self._words(left))

    def retranslate(self) -> None:
        self.problem.setAccessibleName(translate("Compare", "Problem of the run"))
        view = self.vote_view
        for each in (view, view.horizontalHeader(), view.verticalHeader()):
            each.setAccessibleName(translate("Compare", "Votes"))
        self.text.setAccessibleName(translate("Compare", "Text of the chosen sample"))
        self.text.setPlaceholderText(translate("Compare", "The text of the chosen sample."))
        self._vote_title.setText(translate("Compare", "VOTES"))
        self._text_title.setText(translate("Compare", "CHOSEN SAMPLE"))
        self.open_button.setText(translate("Compare", "Open"))
        said = translate("Compare", "Show this trace on the Solve page")
        self.open_button.setToolTip(f"{said}  (Return)")
        self.beside_button.setText(translate("Compare", "Side by side"))
        for button in (self.open_button, self.beside_button):
            button.setAccessibleName(button.text())
        self.retheme()
        self.show_samples(self.samples)

    def retheme(self) -> None:
        """Take the colours of the theme."""
        told = (
            f"<span style='color:{kinds.colour(kind).name()}'><b>{letter}</b></span>"
            f"&nbsp;{kinds.name(kind)}"
            for kind, letter in kinds.LETTERS.items()
        )
        self.legend.setText(" &nbsp; ".join(told))
        self.ribbons.forget()

    def _votes(self, groups: list[Group]) -> Table:
        """Each answer with its share of the votes, by every weight that is known of all."""
        weights = known_weights(self.samples)
        tallies = {weight: counted(groups, weight) for weight in weights}
        titles = [translate("Compare", "Answer"), translate("Compare", "Votes")]
        titles += [_weight_word(weight) for weight in weights]
        rows: list[tuple[Cell, ...]] = []
        for vote in tallies[Weight.EQUAL]:
            row: list[Cell] = [vote.answer, vote.count]
            for weight in weights:
                share = next(each.share for each in tallies[weight] if each.answer == vote.answer)
                won = share >= tallies[weight][0].share
                row.append(f"{100 * share:.1f} %" + (" ★" if won else ""))
            rows.append(tuple(row))
        return Table(tuple(titles), tuple(rows))

    def _table(self, groups: list[Group], strange: dict[str, Odd]) -> Table:
        weights = [each for each in known_weights(self.samples) if each is not Weight.EQUAL]
        named = labels(self.samples)
        titles = (
            translate("Compare", "Sample"),
            translate("Compare", "Answer"),
            translate("Compare", "Verdict"),
            translate("Compare", "Tokens"),
            *(_weight_word(weight) for weight in weights),
            translate("Compare", "Unlike the others in"),
        )
        rows = tuple(
            (
                named[each.id],
                each.answer or None,
                judged(each.judgement),
                each.tokens,
                *(each.weights.get(weight) for weight in weights),
                odd_words(strange[each.id]) or None,
            )
            for group in groups
            for each in group.samples
        )
        return Table(titles, rows)

    def _words(self, left: int) -> str:
        if not self.samples:
            return translate("Compare", "Choose a trace and press “All of the problem”, or a run.")
        entropy = answer_entropy([each.key for each in self.samples])
        said = translate("Compare", "{0} samples").format(len(self.samples))
        if not math.isnan(entropy):
            agree = translate("Compare", "entropy of the answers {0} bits").format(f"{entropy:.2f}")
            said = f"{said} · {agree}"
        if left:
            said += " · " + translate("Compare", "{0} to come").format(left)
        return said

    def _on_current(self, sample: Sampled | None) -> None:
        text = sample.text if sample else ""
        if self.text.toPlainText() != text:
            self.text.setPlainText(text)
        for button in (self.open_button, self.beside_button):
            button.setEnabled(sample is not None and sample.kept)

    def _on_opened(self, sample: Sampled | None) -> None:
        if sample is not None and sample.kept:
            self.opened.emit(sample.id)

    def _on_beside(self) -> None:
        if self.ribbons.current is not None:
            self.beside.emit(self.ribbons.current.id)

    def _on_problem(self, at: int) -> None:
        self.problem_chosen.emit(int(self.problem.itemData(at)))

    def _build(self) -> None:
        self.problem.hide()
        self.problem.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.problem.setMinimumContentsLength(24)
        top = QHBoxLayout()
        top.setContentsMargins(10, 6, 8, 6)
        top.setSpacing(10)
        top.addWidget(self.problem)
        top.addWidget(self.told, 1)
        self.frame.setContentsMargins(10, 0, 4, 4)
        self.vote_view.setModel(self.votes)
        self.vote_view.verticalHeader().hide()
        self.vote_view.setTabKeyNavigation(False)  # Tab leaves the table
        self.vote_view.verticalHeader().setDefaultSectionSize(24)
        self.vote_view.setShowGrid(False)
        self.vote_view.setFrameShape(QTableView.Shape.NoFrame)
        header = self.vote_view.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setHighlightSections(False)
        card = Panel(card=True)
        column = QVBoxLayout(card)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.frame, 1)
        column.addWidget(self.legend)
        under = QSplitter(Qt.Orientation.Horizontal)
        under.setChildrenCollapsible(False)
        under.setHandleWidth(8)
        under.addWidget(_titled(self._vote_title, self.vote_view))
        under.addWidget(_titled(self._text_title, self.text, self.open_button, self.beside_button))
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.setHandleWidth(8)
        halves.addWidget(card)
        halves.addWidget(under)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 1)
        halves.setSizes([560, 200])
        room = QVBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(halves)


def _weight_word(weight: Weight) -> str:
    return {
        Weight.EQUAL: translate("Compare", "Majority"),
        Weight.MEAN: translate("Compare", "Mean confidence"),
        Weight.LOWEST: translate("Compare", "Lowest group"),
        Weight.BOTTOM: translate("Compare", "Lowest tenth"),
        Weight.TAIL: translate("Compare", "Tail"),
        Weight.LIKELIHOOD: translate("Compare", "Mean probability"),
    }[weight]


def _titled(title: QWidget, inside: QWidget, *beside: QWidget) -> QWidget:
    card = Panel(card=True)
    head = QHBoxLayout()
    head.addWidget(title)
    head.addStretch(1)
    for widget in beside:
        head.addWidget(widget)
    column = QVBoxLayout(card)
    column.setContentsMargins(10, 6, 8, 8)
    column.setSpacing(4)
    column.addLayout(head)
    column.addWidget(inside, 1)
    card.setMinimumSize(200, 96)
    return card
