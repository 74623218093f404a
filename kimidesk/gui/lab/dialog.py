"""The budget laboratory: what is tried on the left, what came of it on the right."""

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from kimidesk.flows.continuing import Expected
from kimidesk.gui.charts.frame import ChartFrame
from kimidesk.gui.lab.curve import BudgetCurve, table_of
from kimidesk.gui.lab.plan import PlanFields
from kimidesk.gui.lab.runs import RunsTable
from kimidesk.gui.lab.words import way_word
from kimidesk.gui.widgets.panel import label
from kimidesk.reading.budgets import Figures, Run, Way, curves, figures

translate = QCoreApplication.translate
FIELDS_PX = 250
SIZE_PX = (1120, 720)


class LabDialog(QDialog):
    """Beside the window, which can be used meanwhile. `opened` carries the id of a trace."""

    opened = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: list[Run] = []
        self._expected = Expected("", own=False)
        self.about, self.measure = self._wrapped(""), self._wrapped("quiet")
        self.plan = PlanFields()
        self.curve, self.runs = BudgetCurve(), RunsTable()
        title = lambda: translate("Lab", "RIGHT ANSWERS BY TOKENS OF THOUGHT")  # noqa: E731
        self.frame = ChartFrame(self.curve, title, "budgets")
        self.figures = self._wrapped("quiet")
        self.curve.chosen.connect(self.runs.choose)
        self.runs.opened.connect(self.opened)
        self._lay_out()
        self._retranslate()
        room = parent.window().size() if parent is not None else QSize(*SIZE_PX)
        self.resize(QSize(*SIZE_PX).boundedTo(room))

    def show_trace(self, problem: str, expected: Expected) -> None:
        """The problem that is tried, and what its answers are held against."""
        line = " ".join(problem.split())
        self.about.setText(line if len(line) <= 160 else line[:159] + "…")
        self.about.setToolTip(problem)
        self._expected = expected
        self._tell_measure()

    def show_runs(self, runs: list[Run]) -> None:
        """What has come so far."""
        self._runs = list(runs)
        told = curves(runs)
        self.curve.show_curves(told, own=self._expected.own)
        self.frame.show_table(table_of(self.curve.points))
        self.runs.show_runs(self._runs)
        lines = [_line(way, figures(points)) for way, points in told.items() if way is not Way.OWN]
        self.figures.setText("\n".join(lines))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def done(self, result: int) -> None:
        super().done(result)
        self.closed.emit()

    def _retranslate(self) -> None:
        self.setWindowTitle(translate("Lab", "Budget laboratory"))
        self.figures.setAccessibleName(translate("Lab", "Control, scaling and performance"))
        self.figures.setToolTip(
            translate(
                "Lab",
                "As s1 defines them (arXiv 2501.19393): control is the share of runs that kept to "
                "their budget, scaling the mean slope over all pairs of budgets, performance the "
                "best share.",
            )
        )
        self.runs.retranslate()
        self._tell_measure()
        self.show_runs(self._runs)

    def _tell_measure(self) -> None:
        answer = self._expected.answer
        if not answer:
            words = translate("Lab", "No answer is expected and the trace has none.")
        elif self._expected.own:
            words = translate("Lab", "Right means {0}, as the trace answered: none is expected.")
        else:
            words = translate("Lab", "Right means {0}.")
        self.measure.setText(words.format(answer))

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.about)
        left.addWidget(self.measure)
        left.addWidget(self.plan)
        left.addStretch(1)
        beside = QWidget()
        beside.setLayout(left)
        beside.setFixedWidth(FIELDS_PX)
        left.setContentsMargins(0, 0, 0, 0)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.frame)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.figures)
        column.addWidget(self.runs, 1)
        split.addWidget(below)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 16, 18, 14)
        row.setSpacing(18)
        row.addWidget(beside)
        row.addWidget(split, 1)

    def _wrapped(self, tone: str) -> QLabel:
        made = label(tone)
        made.setWordWrap(True)
        made.setTextFormat(Qt.TextFormat.PlainText)
        return made


def _line(way: Way, told: Figures) -> str:
    parts = []
    if told.control is not None:
        parts.append(translate("Lab", "control {0} %").format(f"{100 * told.control:.0f}"))
    if told.scaling is not None:
        slope = f"{100 * told.scaling:+.1f}".replace("-", "−")
        parts.append(translate("Lab", "scaling {0} points per 1,000 tokens").format(slope))
    if told.performance is not None:
        best = f"{100 * told.performance:.0f}"
        parts.append(translate("Lab", "performance {0} %").format(best))
    return f"{way_word(way)}: {', '.join(parts) or '–'}"
