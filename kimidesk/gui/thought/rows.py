"""The segments of a thought as rows, those of some kinds or all; only what changed is told."""

from bisect import bisect_left

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from kimidesk.gui.kinds import LETTERS
from kimidesk.gui.widgets.folder import described
from kimidesk.gui.widgets.passages import Change, Passage, Passages, words_of
from kimidesk.reading import Transcript
from kimidesk.records import Kind

_Index = QModelIndex | QPersistentModelIndex


class OutlineRows(QAbstractListModel):
    """Row → passage; `passage` and `row_of` go from one to the other."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kinds: frozenset[Kind] = frozenset()  # shown; all where there is none
        self._passages = Passages()
        self._transcript = Transcript()
        self._rows: list[int] = []

    def show(self, passages: Passages, transcript: Transcript) -> None:
        """Show the passages of another trace."""
        self._passages, self._transcript = passages, transcript
        self._reset()

    def filter(self, kinds: frozenset[Kind]) -> None:
        """Show those of some kinds alone; all for none."""
        self.kinds = kinds
        self._reset()

    def follow(self, change: Change) -> None:
        """The passages have changed."""
        first, shift = change.first, change.added - change.removed
        start, stop = (bisect_left(self._rows, at) for at in (first, first + change.removed))
        fresh = [n for n in range(first, first + change.added) if self._shows(n)]
        behind = [place + shift for place in self._rows[stop:]] if shift else self._rows[stop:]
        both = start + min(stop - start, len(fresh))
        none = QModelIndex()
        if stop > both:
            self.beginRemoveRows(none, both, stop - 1)
            self._rows[start:] = fresh + behind
            self.endRemoveRows()
        elif start + len(fresh) > both:
            self.beginInsertRows(none, both, start + len(fresh) - 1)
            self._rows[start:] = fresh + behind
            self.endInsertRows()
        else:
            self._rows[start:] = fresh + behind
        if both > start:
            self.dataChanged.emit(self.index(start), self.index(both - 1))

    def passage(self, row: int) -> Passage | None:
        """What a row shows; None for no row, or one whose passage is about to go."""
        place = self.place(row)
        return self._passages.items[place] if 0 <= place < len(self._passages.items) else None

    def place(self, row: int) -> int:
        """The passage of a row among all; -1 for none."""
        return self._rows[row] if 0 <= row < len(self._rows) else -1

    def row_of(self, token: int) -> int:
        """The row of the passage with a token; -1 where it has none."""
        place = self._passages.at(token)
        row = bisect_left(self._rows, place)
        return row if place >= 0 and row < len(self._rows) and self._rows[row] == place else -1

    def words(self, row: int) -> str:
        """How the passage of a row begins."""
        passage = self.passage(row)
        return words_of(passage, self._transcript) if passage else ""

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        passage = self.passage(index.row())
        if passage is None:
            return None
        if role == Qt.ItemDataRole.UserRole:
            return passage
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            told = described(passage).splitlines()[0]
            return f"{LETTERS[passage.kind]}  {told}: {self.words(index.row())}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{described(passage)}\n\n{self.words(index.row())}"
        return None

    def _shows(self, place: int) -> bool:
        return not self.kinds or self._passages.items[place].kind in self.kinds

    def _reset(self) -> None:
        self.beginResetModel()
        self._rows = [n for n in range(len(self._passages.items)) if self._shows(n)]
        self.endResetModel()
