"""The shown run against another one: what differs, how surely, and which problems changed."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from kimidesk.grading.paired import POINTS, Paired
from kimidesk.gui.charts.table import Table, TableModel
from kimidesk.gui.widgets.panel import Panel, label

translate = QCoreApplication.translate
QUESTION = 120  # characters


class Versus(Panel):
    """`wanted` carries the folder of the other run, None for none; `chosen` a problem's number."""

    wanted = Signal(object)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.found: Paired | None = None
        self.against, self.runs = label("quiet"), QComboBox()
        self.runs.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.runs.setMinimumContentsLength(12)
        self.runs.currentIndexChanged.connect(lambda _: self.wanted.emit(self.runs.currentData()))
        self.against.setBuddy(self.runs)
        self.said = label()
        self.said.setWordWrap(True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.model = TableModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        self.table.activated.connect(self._on_row)
        self.table.selectionModel().currentRowChanged.connect(lambda now, _: self._on_row(now))
        self._build()
        self.retranslate()

    def show_runs(self, folders: Sequence[Path]) -> None:
        """Those that may be compared with; the chosen one stays where it is among them."""
        before = self.runs.currentData()
        self.runs.blockSignals(True)
        self.runs.clear()
        self.runs.addItem(translate("Score", "Choose a run"), None)
        for folder in folders:
            self.runs.addItem(folder.name or str(folder), folder)
            self.runs.setItemData(self.runs.count() - 1, str(folder), Qt.ItemDataRole.ToolTipRole)
        place = self.runs.findData(before) if before in folders else 0
        self.runs.setCurrentIndex(max(place, 0))
        self.runs.blockSignals(False)
        if before not in folders:
            self.show_found(None)

    def show_found(self, found: Paired | None) -> None:
        """What comparing told; None before there is anything."""
        self.found = found
        self.said.setText("" if found is None else sentence(found))
        rows = () if found is None else found.changed
        titles = (
            translate("Score", "Problem"),
            translate("Score", "Here"),
            translate("Score", "There"),
            translate("Score", "Question"),
        )
        self.model.show_table(
            Table(
                titles,
                tuple(
                    (
                        each.numbers[0] + 1,  # as the table of samples counts
                        f"{100 * each.one:.0f} %",
                        f"{100 * each.other:.0f} %",
                        " ".join(each.question.split())[:QUESTION],
                    )
                    for each in rows
                ),
            )
        )

    def retranslate(self) -> None:
        self.against.setText(translate("Score", "Against"))
        self.runs.setAccessibleName(translate("Score", "The run to compare with"))
        self.table.setAccessibleName(translate("Score", "Problems that changed"))
        if self.runs.count():
            self.runs.setItemText(0, translate("Score", "Choose a run"))
        self.show_found(self.found)

    def _on_row(self, index: QModelIndex) -> None:
        if self.found is not None and index.isValid():
            self.chosen.emit(self.found.changed[index.row()].numbers[0])

    def _build(self) -> None:
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 6, 0, 0)
        page.setSpacing(6)
        row = QHBoxLayout()
        row.addWidget(self.against)
        row.addWidget(self.runs, 1)
        page.addLayout(row)
        page.addWidget(self.said)
        page.addWidget(self.table, 1)


def sentence(found: Paired) -> str:
    """What the other run is less this one, and what these problems can show."""
    low, high = found.interval
    lines = [
        translate("Score", "{0} here, {1} there, on {2} problems that both have.").format(
            f"{100 * found.one:.1f} %", f"{100 * found.other:.1f} %", f"{found.problems:,}"
        ),
        translate("Score", "There less here: {0} points, 95 % interval {1} to {2}.").format(
            *(f"{100 * share:+.1f}" for share in (found.difference, low, high))
        ),
    ]
    if found.mcnemar is not None:
        lines.append(
            translate(
                "Score", "Right here alone: {0}; there alone: {1}; McNemar's exact p = {2}."
            ).format(found.only_one, found.only_other, f"{found.mcnemar:.3g}")
        )
    if not found.sure:
        lines.append(
            translate(
                "Score", "No difference that these problems can show; {0} points take {1} more."
            ).format(f"{100 * POINTS:.0f}", f"{found.problems_more:,}")
        )
    lines.append(
        translate("Score", "{0} tokens a sample. {1} problems changed:").format(
            f"{found.tokens:+,.0f}", f"{len(found.changed):,}"
        )
    )
    return "\n".join(lines)
