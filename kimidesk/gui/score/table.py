"""The samples of a run as a table: only rows in sight are asked for, so 100,000 stay smooth."""

from collections.abc import Callable, Sequence, Set
from enum import StrEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QColor

from kimidesk.gui import theme
from kimidesk.gui.score.words import finish_word, verdict_word
from kimidesk.records import Finish, Judgement
from kimidesk.store.watching import Row

translate = QCoreApplication.translate
_Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()
# As numbers: Qt asks for some seven roles of each cell, and comparing enumerations takes longest.
DISPLAY, TOOLTIP, ALIGNMENT, FOREGROUND, ACCESSIBLE = (
    int(role)
    for role in (
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.AccessibleTextRole,
    )
)
ASKED = {DISPLAY, TOOLTIP, ALIGNMENT, FOREGROUND, ACCESSIBLE}
NUMBERS = int((Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value)
CUT_OFF = {Finish.LENGTH, Finish.UNFINISHED_THOUGHT}


class Show(StrEnum):
    """Which samples are shown."""

    ALL = "all"
    RIGHT = "right"
    WRONG = "wrong"
    CUT = "cut"
    DISPUTED = "disputed"


class Column(StrEnum):
    """What the table tells of each."""

    NUMBER = "number"
    VERDICT = "verdict"
    QUESTION = "question"
    ANSWER = "answer"
    EXPECTED = "expected"
    FINISH = "finish"
    TOKENS = "tokens"
    SUBJECT = "subject"
    LEVEL = "level"


COLUMNS = tuple(Column)
KEYS: dict[Column, Callable[[Row], object]] = {
    Column.NUMBER: lambda row: row.key,
    Column.VERDICT: lambda row: (str(row.judgement), row.key),
    Column.QUESTION: lambda row: row.question,
    Column.ANSWER: lambda row: (row.answer, row.key),
    Column.EXPECTED: lambda row: (row.expected, row.key),
    Column.FINISH: lambda row: (str(row.finish), row.key),
    Column.TOKENS: lambda row: (row.tokens, row.key),
    Column.SUBJECT: lambda row: (row.subject, row.key),
    Column.LEVEL: lambda row: (row.level, row.key),
}


def title_of(column: Column) -> str:
    """Of a column, in the language of the window."""
    titles = {
        Column.NUMBER: translate("Score", "No."),
        Column.VERDICT: translate("Score", "Verdict"),
        Column.QUESTION: translate("Score", "Problem"),
        Column.ANSWER: translate("Score", "Answer"),
        Column.EXPECTED: translate("Score", "Expected"),
        Column.FINISH: translate("Score", "Ended"),
        Column.TOKENS: translate("Score", "Tokens"),
        Column.SUBJECT: translate("Score", "Subject"),
        Column.LEVEL: translate("Score", "Level"),
    }
    return titles[column]


class SamplesModel(QAbstractTableModel):
    """Rows that are shown, in the order that was chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()
        self.shown: Sequence[Row] = ()
        self._disputed: Set[tuple[int, int, int]] = set()
        self._show, self._words, self._subject = Show.ALL, "", ""
        self._column, self._down = Column.NUMBER, False

    def show_rows(self, rows: Sequence[Row], disputed: Set[tuple[int, int, int]]) -> None:
        """Other samples, or more of them, in the order of their keys; filters and order stay."""
        self.rows, self._disputed = rows, disputed
        self._filter()

    def narrow(self, show: Show, words: str, subject: str) -> None:
        """Show these alone: of a kind, that hold the words, of a subject or a level."""
        self._show, self._words, self._subject = show, words.casefold().strip(), subject
        self._filter()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column, self._down = COLUMNS[column], order is Qt.SortOrder.DescendingOrder
        self._filter()

    def rowCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: _Index = _NONE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = DISPLAY) -> object:
        if role not in ASKED:
            return None
        row, column = self.shown[index.row()], COLUMNS[index.column()]
        if role == DISPLAY:
            return self._text(row, column)
        if role == FOREGROUND:
            return self._colour(row) if column is Column.VERDICT else None
        if role == ALIGNMENT:
            return NUMBERS if column is Column.TOKENS else None
        if role == TOOLTIP:
            return row.question if column is Column.QUESTION else None
        return f"{title_of(column)}: {self._text(row, column)}"

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return title_of(COLUMNS[section])

    def retranslate(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    @staticmethod
    def _text(row: Row, column: Column) -> str:
        match column:
            case Column.NUMBER:
                repeat = f".{row.repeat + 1}" if row.repeat else ""
                return f"{row.number + 1}{repeat}"
            case Column.VERDICT:
                return verdict_word(row)
            case Column.FINISH:
                return finish_word(row.finish)
            case Column.TOKENS:
                return f"{row.tokens:,}"
            case _:
                return str(getattr(row, column.value))

    @staticmethod
    def _colour(row: Row) -> QColor:
        shown = theme.current()
        colours = {Judgement.RIGHT: shown.right, Judgement.WRONG: shown.wrong}
        return QColor(colours.get(row.judgement, shown.quiet) if row.judgement else shown.quiet)

    def _filter(self) -> None:
        self.beginResetModel()
        every = self._show is Show.ALL and not (self._words or self._subject)
        self.shown = self.rows if every else list(filter(self._wanted, self.rows))
        if self._column is not Column.NUMBER or self._down:
            self.shown = sorted(
                self.shown,
                key=KEYS[self._column],  # type: ignore[arg-type]  # each orders rows alike
                reverse=self._down,
            )
        self.endResetModel()

    def _wanted(self, row: Row) -> bool:
        match self._show:
            case Show.RIGHT:
                shown = row.judgement is Judgement.RIGHT
            case Show.WRONG:
                shown = row.judgement not in (Judgement.RIGHT, None)
            case Show.CUT:
                shown = row.finish in CUT_OFF
            case Show.DISPUTED:
                shown = row.key in self._disputed
            case Show.ALL:
                shown = True
        if shown and self._subject:
            shown = self._subject in (row.subject, row.level)
        if shown and self._words:
            words = (row.question, row.answer, row.expected, row.name)
            shown = any(self._words in word.casefold() for word in words)
        return shown
