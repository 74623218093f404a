"""The runs of the laboratory as a table: each opens as a trace."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from kimidesk.gui.lab.words import way_word
from kimidesk.reading.budgets import Point, Run, Way

translate = QCoreApplication.translate
TRACE = Qt.ItemDataRole.UserRole


class RunsTable(QTreeWidget):
    """One run a row; `opened` carries the id of its trace (Return, or two clicks)."""

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: list[Run] = []
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.itemDoubleClicked.connect(self._open)
        self.retranslate()

    def show_runs(self, runs: list[Run]) -> None:
        """Show other runs; those that were shown stay where they are."""
        if runs[: len(self.runs)] != self.runs:
            self.clear()
            self.runs = []
        for run in runs[len(self.runs) :]:
            self.addTopLevelItem(_item(run))
        self.runs = list(runs)

    def choose(self, point: Point) -> None:
        """Select the runs of a point, and go to the first of them."""
        self.clearSelection()
        wanted = {run.place for run in point.runs}
        places = [at for at, run in enumerate(self.runs) if run.place in wanted]
        items = [item for at in places if (item := self.topLevelItem(at)) is not None]
        for item in items:
            item.setSelected(True)
        if items:
            self.scrollToItem(items[0])
            selection = self.selectionModel()
            first = self.indexFromItem(items[0])
            selection.setCurrentIndex(first, selection.SelectionFlag.NoUpdate)

    def retranslate(self) -> None:
        """Set every text."""
        self.setHeaderLabels(
            [
                translate("Lab", "Way"),
                translate("Lab", "Budget"),
                translate("Lab", "Run"),
                translate("Lab", "Thinking, tokens"),
                translate("Lab", "Right"),
                translate("Lab", "Answer"),
            ]
        )
        self.setAccessibleName(translate("Lab", "Runs; Return opens the trace of one"))
        head = self.header()
        head.setAccessibleName(translate("Lab", "Columns"))
        for column in range(5):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        head.setStretchLastSection(True)
        runs, self.runs = self.runs, []
        self.clear()
        self.show_runs(runs)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._open(item)
            return
        super().keyPressEvent(event)

    def _open(self, item: QTreeWidgetItem) -> None:
        trace = item.data(0, TRACE)
        if trace:
            self.opened.emit(trace)


def _item(run: Run) -> QTreeWidgetItem:
    budget = f"×{run.budget}" if run.way is Way.WAIT else f"{run.budget:,}"
    sign = {True: "✓", False: "✗", None: "–"}[run.right]
    answer = run.trouble or " ".join(run.answer.split()) or translate("Lab", "(none)")
    thinking = "" if run.trouble else f"{run.thinking:,}"
    cells = [way_word(run.way), budget, f"{run.number + 1}", thinking, sign, answer]
    item = QTreeWidgetItem(cells)
    for column in (1, 2, 3):
        item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
    item.setTextAlignment(4, Qt.AlignmentFlag.AlignHCenter)
    item.setData(0, TRACE, run.trace)
    return item
