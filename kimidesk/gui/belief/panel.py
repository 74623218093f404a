"""The Answer tab: what was asked along the trace, what came, and what it cost."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui import theme
from kimidesk.gui.belief.words import candidates_table, figures, places_table
from kimidesk.gui.charts.table import TableModel
from kimidesk.gui.widgets.panel import Panel, label, set_tone
from kimidesk.reading.belief import course, curves
from kimidesk.records import Beliefs

translate = QCoreApplication.translate
_FIGURES = ("knew", "settled", "ratio", "flips", "tail")
PLACES_PX = 190  # of the table of places
ROW_PX = 23
WIDEST_PX = 88  # of a column: two answers and a number beside them fit a narrow side


class BeliefPanel(Panel):
    """Signals: `asked` to probe or to stop, `live_changed` by the check, `chosen` a place,
    `exported` the curve. Its `figures` are for tests to read."""

    asked = Signal()
    live_changed = Signal(bool)
    chosen = Signal(int)
    exported = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.figures: dict[str, str] = {}
        self._beliefs, self._curves, self._row = Beliefs(), curves(Beliefs()), -1
        self._running = False
        self.button, self.export = QPushButton(), QPushButton()
        self.export.setProperty("kind", "plain")
        self.live = QCheckBox()
        self.progress, self.cost = label("quiet"), label("quiet")
        self._cost_title = label("faint")
        self._names = {name: label("faint") for name in _FIGURES}
        self._values = {name: label() for name in _FIGURES}
        self.where = label("title")
        self._places_title = label("title")
        self.candidates, self.places = _table(self), _table(self)
        self.places.horizontalHeader().setMaximumSectionSize(WIDEST_PX)
        self._models = {"candidates": TableModel(self), "places": TableModel(self)}
        self.candidates.setModel(self._models["candidates"])
        self.places.setModel(self._models["places"])
        self.setFocusProxy(self.button)
        self.button.clicked.connect(self.asked)
        self.export.clicked.connect(self.exported)
        self.live.toggled.connect(self.live_changed)
        self.places.selectionModel().currentRowChanged.connect(self._on_row)
        self._lay_out()
        self.retranslate()

    def show_live(self, *, checked: bool) -> None:
        """Show whether it is asked while it thinks, without telling."""
        self.live.blockSignals(True)
        self.live.setChecked(checked)
        self.live.blockSignals(False)

    def show_state(self, *, running: bool, possible: bool, told: str, wrong: bool = False) -> None:
        """Show what is being done, or why nothing can be."""
        self._running = running
        self.button.setEnabled(running or possible)
        self._name_button()
        self.progress.setText(told)
        self.progress.setVisible(bool(told))
        set_tone(self.progress, "wrong" if wrong else "quiet")

    def show_beliefs(self, beliefs: Beliefs, cost: str) -> None:
        """Show what has been measured."""
        self._beliefs, self._curves = beliefs, curves(beliefs)
        self._row = min(self._row, len(self._curves.places) - 1)
        self.cost.setText(cost)
        self.export.setEnabled(bool(beliefs.trials))
        told = figures(beliefs, course(beliefs))
        sure = self._curves.confidence[-1:].tolist()
        told["confidence"] = f"{sure[0]:.3f}" if sure and sure[0] == sure[0] else "–"
        self.figures = told
        for name in _FIGURES:
            self._values[name].setText(told[name])
        self._models["places"].show_table(places_table(beliefs, self._curves))
        self._fit(self.places, PLACES_PX)
        self._show_candidates()

    def point(self, token: int) -> None:
        """Tell the beliefs at the last place up to a token; -1: at the end."""
        places = self._curves.places.tolist()
        row = sum(place <= token for place in places) - 1 if token >= 0 else -1
        if row != self._row:
            self._row = row
            self._show_candidates()

    def retranslate(self) -> None:
        self._name_button()
        self.live.setText(translate("Belief", "&While it thinks"))
        self.live.setAccessibleName(translate("Belief", "Probe while it thinks"))
        self.live.setToolTip(
            translate(
                "Belief",
                "Ask for the answer at the end of each sentence while the trace grows, in a slot "
                "that is idle. The trace is not changed, but comes more slowly.",
            )
        )
        self.export.setText(translate("Belief", "E&xport…"))
        self.export.setAccessibleName(translate("Belief", "Export the curve"))
        self.export.setToolTip(translate("Belief", "Save the curve as PNG, SVG or CSV"))
        for name, (text, help_) in _words().items():
            self._names[name].setText(text)
            for widget in (self._names[name], self._values[name]):
                widget.setToolTip(help_)
        self._cost_title.setText(translate("Belief", "Cost"))
        self.cost.setToolTip(
            translate(
                "Belief",
                "Tokens of cues and answers that were evaluated, beside those of the trace; "
                "seconds by the clock, beside what the trace took",
            )
        )
        self._places_title.setText(translate("Belief", "Along the trace"))
        _name(self.candidates, translate("Belief", "Candidates"))
        _name(self.places, translate("Belief", "Answers along the trace"))
        self.show_beliefs(self._beliefs, self.cost.text())

    def _name_button(self) -> None:
        text = (
            translate("Belief", "Stop probing") if self._running else translate("Belief", "Probe")
        )
        self.button.setText(text)
        self.button.setAccessibleName(text)
        self.button.setToolTip(
            translate(
                "Belief", "Ask what it would answer if its thought ended here, at many places"
            )
            + "  (Ctrl+Shift+P)"
        )

    def _show_candidates(self) -> None:
        places = self._curves.places
        at = translate("Belief", "Belief at the end")
        if 0 <= self._row < len(places):
            at = translate("Belief", "Belief after token {0}").format(f"{places[self._row]:,}")
        self.where.setText(at)
        row = self._row if self._row >= 0 else len(places) - 1
        told = candidates_table(self._beliefs, self._curves, row)
        self._models["candidates"].show_table(told)
        header = self.candidates.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)  # a long answer is cut
        self._fit(self.candidates, ROW_PX * 7)

    def _fit(self, table: QTableView, most: int) -> None:
        rows = table.model().rowCount()
        head = table.horizontalHeader().sizeHint().height()
        table.setFixedHeight(min(rows * ROW_PX + head + 4, most))
        table.setVisible(rows > 0)
        title = self.where if table is self.candidates else self._places_title
        title.setVisible(rows > 0)

    def _on_row(self, index: object) -> None:
        row = index.row()  # type: ignore[attr-defined]  # a QModelIndex
        if 0 <= row < len(self._curves.places):
            self.chosen.emit(int(self._curves.places[row]))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.button)
        top.addWidget(self.live, 1)
        self.progress.setWordWrap(True)
        self.progress.setTextFormat(Qt.TextFormat.PlainText)
        facts = QFormLayout()
        facts.setHorizontalSpacing(14)
        facts.setVerticalSpacing(4)
        for name in _FIGURES:
            facts.addRow(self._names[name], self._values[name])
        self.cost.setWordWrap(True)
        facts.addRow(self._cost_title, self.cost)
        below = QHBoxLayout()
        below.addWidget(self._places_title, 1)
        below.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.progress)
        column.addLayout(facts)
        column.addWidget(self.where)
        column.addWidget(self.candidates)
        column.addLayout(below)
        column.addWidget(self.places)
        column.addStretch(1)


def _table(parent: QWidget) -> QTableView:
    made = QTableView(parent)
    made.setShowGrid(False)
    made.setFrameShape(QTableView.Shape.NoFrame)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(ROW_PX)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    made.horizontalHeader().setStretchLastSection(True)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setTabKeyNavigation(False)
    for header in (made.horizontalHeader(), made.verticalHeader()):
        header.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setFont(theme.ui_font())
    return made


def _name(table: QTableView, name: str) -> None:
    for each in (table, table.horizontalHeader(), table.verticalHeader()):
        each.setAccessibleName(name)


def _words() -> dict[str, tuple[str, str]]:
    return {
        "knew": (
            translate("Belief", "Knew it"),
            translate("Belief", "The first place at which the forced answer is right"),
        ),
        "settled": (
            translate("Belief", "Settled"),
            translate(
                "Belief", "The commit point: from here on every forced answer is the last one"
            ),
        ),
        "ratio": (
            translate("Belief", "Convergence"),
            translate(
                "Belief",
                "Answer convergence ratio: the number of the sentence at which it settled, by that "
                "of all sentences (Liu and Wang, arXiv 2506.02536)",
            ),
        ),
        "flips": (
            translate("Belief", "Flips"),
            translate("Belief", "How often the forced answer changes along the trace"),
        ),
        "tail": (
            translate("Belief", "Wasted tail"),
            translate("Belief", "Tokens after it settled: thought that changed no answer"),
        ),
    }
