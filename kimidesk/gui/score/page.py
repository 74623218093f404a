"""The Score page: runs on the left, the samples of the shown one, what they amount to beside."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui import theme
from kimidesk.gui.charts.frame import ChartFrame
from kimidesk.gui.score.curve import BudgetCurve, RunsPlot
from kimidesk.gui.score.table import COLUMNS, Column, SamplesModel, Show
from kimidesk.gui.score.versus import Versus
from kimidesk.gui.solve.notice import Notice
from kimidesk.gui.widgets.elided import ElidedLabel
from kimidesk.gui.widgets.panel import Panel, Segments, label

translate = QCoreApplication.translate
WIDTHS = {
    Column.NUMBER: 52, Column.VERDICT: 104, Column.QUESTION: 216, Column.ANSWER: 92,
    Column.EXPECTED: 84, Column.FINISH: 104, Column.TOKENS: 64, Column.SUBJECT: 110,
    Column.LEVEL: 60,
}  # fmt: skip


class ScorePage(Panel):
    """Widgets and their places; what they do is in `presenter`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = QListWidget()
        self.runs.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.runs.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.new, self.open, self.stop = QPushButton(), QPushButton(), QPushButton()
        self.new.setProperty("kind", "primary")
        self.runs_title, self.facts_title = label("title"), label("title")
        self.headline, self.facts = label(), label("quiet")
        for text in (self.headline, self.facts):
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.alarm = label("wrong")
        self.alarm.setWordWrap(True)
        self.alarm.hide()
        self.notice, self.doing = Notice(), ElidedLabel("quiet")
        self.show_only = Segments(tuple(each.value for each in Show))
        self.search, self.subject = QLineEdit(), QComboBox()
        self.search.setClearButtonEnabled(True)
        self.subject.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.subject.setMinimumContentsLength(12)
        self.model = SamplesModel(self)
        self.table = QTableView()
        self._build_table()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.mono_font(11))
        self.right, self.wrong, self.undo = QPushButton(), QPushButton(), QPushButton()
        self.to_solve, self.to_trace = QPushButton(), QPushButton()
        self.curve, self.points = BudgetCurve(), RunsPlot()
        self.curve_frame = ChartFrame(
            self.curve, lambda: translate("Score", "ACCURACY BY TOKENS"), "budget-curve"
        )
        self.points_frame = ChartFrame(
            self.points, lambda: translate("Score", "ACCURACY OF RUNS BY MEAN TOKENS"), "long2short"
        )
        self.versus = Versus()
        self.tabs = QTabWidget()
        self._build()
        self.retranslate()

    def show_sample_buttons(self, *, chosen: bool) -> None:
        """Whether a sample is there to be judged."""
        for button in (self.right, self.wrong, self.undo, self.to_solve, self.to_trace):
            button.setEnabled(chosen)

    def retranslate(self) -> None:
        self.runs_title.setText(translate("Score", "RUNS"))
        self.facts_title.setText(translate("Score", "RESULT"))
        self.runs.setAccessibleName(translate("Score", "Runs"))
        self._name(self.new, translate("Score", "New run…"), "Ctrl+Shift+N")
        self._name(self.open, translate("Score", "Open a run…"), "Ctrl+Shift+R")
        self._name(self.stop, translate("Score", "Stop the run"), "Esc")
        self._name(self.right, translate("Score", "Judge as right"), "Ctrl+F2")
        self._name(self.wrong, translate("Score", "Judge as wrong"), "Ctrl+F3")
        self._name(self.undo, translate("Score", "As the grader judged"), "Ctrl+F5")
        self._name(self.to_solve, translate("Score", "Solve it again"), "Ctrl+Shift+S")
        self._name(self.to_trace, translate("Score", "Show its trace"), "Ctrl+Alt+M")
        self.search.setPlaceholderText(translate("Score", "Search problems and answers"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.subject.setAccessibleName(translate("Score", "Subject or level"))
        self.table.setAccessibleName(translate("Score", "Samples"))
        self.text.setAccessibleName(translate("Score", "The chosen sample"))
        self.text.setPlaceholderText(translate("Score", "Choose a sample to read it."))
        self.show_only.set_texts(
            translate("Score", "Show"),
            {
                Show.ALL.value: translate("Score", "All"),
                Show.RIGHT.value: translate("Score", "Right"),
                Show.WRONG.value: translate("Score", "Wrong"),
                Show.CUT.value: translate("Score", "Cut off"),
                Show.DISPUTED.value: translate("Score", "Disputed"),
            },
        )
        self.show_only.buttons[Show.DISPUTED.value].setToolTip(
            translate(
                "Score", "Repeats disagree, the grader failed, or a person changed the verdict"
            )
        )
        for place, name in enumerate(
            (
                translate("Score", "Sample"),
                translate("Score", "Budget curve"),
                translate("Score", "Runs compared"),
                translate("Score", "Changed"),
            )
        ):
            self.tabs.setTabText(place, name)
        self.model.retranslate()

    def _name(self, button: QPushButton, text: str, keys: str) -> None:
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(keys)

    def _build_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setSortingEnabled(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(26)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        for place, column in enumerate(COLUMNS):
            self.table.setColumnWidth(place, WIDTHS[column])

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.runs_title)
        column.addWidget(self.runs, 1)
        for button in (self.new, self.open, self.stop):
            column.addWidget(button)
        left.setMinimumWidth(150)
        sample = QWidget()
        inside = QVBoxLayout(sample)
        inside.setContentsMargins(0, 6, 0, 0)
        inside.addWidget(self.text, 1)
        inside.addWidget(self.to_trace)
        for pair in ((self.right, self.wrong), (self.undo, self.to_solve)):
            row = QHBoxLayout()
            for each in pair:
                row.addWidget(each, 1)
            inside.addLayout(row)
        for tab in (sample, self.curve_frame, self.points_frame, self.versus):
            self.tabs.addTab(tab, "")
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(6)
        for line in (self.facts_title, self.headline, self.alarm, self.facts):
            beside.addWidget(line)
        beside.addWidget(self.tabs, 1)
        right.setMinimumWidth(250)
        middle = QWidget()
        samples = QVBoxLayout(middle)
        samples.setContentsMargins(0, 0, 0, 0)
        samples.setSpacing(6)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(self.show_only)
        bar.addWidget(self.search, 1)
        bar.addWidget(self.subject)
        samples.addLayout(bar)
        samples.addWidget(self.table, 1)
        samples.addWidget(self.doing)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for part in (left, middle, right):
            self.splitter.addWidget(part)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([200, 760, 400])
        page = QVBoxLayout(self)
        page.setContentsMargins(10, 8, 10, 10)
        page.setSpacing(8)
        page.addWidget(self.notice)
        page.addWidget(self.splitter, 1)
