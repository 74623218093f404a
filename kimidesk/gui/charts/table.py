"""A chart as a table: what is saved as CSV, and what a screen reader walks through."""

import csv
import io
import math
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Cell = str | int | float | None  # None and NaN: not known
_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Table:
    """One title a column; every row has as many cells."""

    titles: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    @property
    def csv(self) -> str:
        """As RFC 4180 has it, numbers in full; what is not known is empty."""
        made = io.StringIO()
        writer = csv.writer(made)
        writer.writerow(self.titles)
        writer.writerows([_plain(cell) for cell in row] for row in self.rows)
        return made.getvalue()


def spelled(cell: Cell) -> str:
    """For people: numbers short, what is not known as a dash."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return "–"
    if isinstance(cell, int):
        return f"{cell:,}"
    if isinstance(cell, float):
        return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.4g}"
    return cell


def _plain(cell: Cell) -> Cell:
    return "" if isinstance(cell, float) and math.isnan(cell) else cell


class TableModel(QAbstractTableModel):
    """A Table as Qt's views read it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table = Table()

    def show_table(self, table: Table) -> None:
        """Show another table; where it has the same shape, selection and place stay."""
        old, self_shape = self.table, (len(table.titles), len(table.rows))
        if (len(old.titles), len(old.rows)) != self_shape:
            self.beginResetModel()
            self.table = table
            self.endResetModel()
            return
        self.table = table
        if table.rows and table != old:
            last = self.index(len(table.rows) - 1, len(table.titles) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        if table.titles != old.titles:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(table.titles) - 1)

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.table.rows)

    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.table.titles)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self.table.rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return spelled(cell)
        if role == Qt.ItemDataRole.TextAlignmentRole and not isinstance(cell, str):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.table.titles[section]
        return None
