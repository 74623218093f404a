"""The history: traces of the desk, newest first, searched by what they say."""

import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from kimidesk.errors import StoreError
from kimidesk.gui import theme
from kimidesk.gui.solve.words import SIGNS, ended_word, judgement_word
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.records import Ended, Judgement
from kimidesk.store import Desk, TraceRow

translate = QCoreApplication.translate
SEARCH_MS = 180  # after the last key
ROW_PX = 48
TRACES = "application/x-kimidesk-traces"  # ids, blanks between them
_Index = QModelIndex | QPersistentModelIndex


class HistoryRows(QAbstractListModel):
    """What the desk found."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[TraceRow] = []

    def show_rows(self, rows: list[TraceRow]) -> None:
        """Show another finding."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return len(self.rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [TRACES]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        made = QMimeData()
        ids = [self.rows[index.row()].id for index in indexes]
        made.setData(TRACES, " ".join(ids).encode())
        return made

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row.id
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.problem} – {under_line(row)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.problem[:600]}\n\n{under_line(row)}"
        return None


class _RowPainter(QStyledItemDelegate):
    """Two lines: the problem; then verdict, checkpoint, tokens and when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, HistoryRows):
            return
        row, shown = model.rows[index.row()], theme.current()
        box: QRect = option.rect.adjusted(6, 1, -6, -1)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = state & QStyle.StateFlag.State_Selected
            painter.setBrush(QColor(shown.wash if chosen else shown.hover))
            painter.drawRoundedRect(box, 6, 6)
        sign, colour = _sign(row)
        painter.setPen(QColor(getattr(shown, colour)))
        painter.setFont(theme.ui_font(13))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(box.x() + 8, box.y() + 4, 18, 18), left, sign)
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(shown.text))
        text = QRect(box.x() + 27, box.y() + 4, box.width() - 34, 18)
        self._line(painter, text, " ".join(row.problem.split()))
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(shown.faint))
        self._line(painter, text.translated(0, 19), under_line(row))
        painter.restore()

    def _line(self, painter: QPainter, box: QRect, text: str) -> None:
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)


class History(Panel):
    """Search box and list; `chosen` carries a trace's id.

    Where `several` can be taken, a click selects and only Return or a double click chooses; rows
    can be dragged away.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, several: bool = False) -> None:
        super().__init__(parent, card=True)
        self._desk: Desk | None = None
        self._title = label("title")
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.rows = HistoryRows(self)
        self.list = QListView()
        self.list.setModel(self.rows)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if several:
            self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
            self.list.setDragEnabled(True)
        else:
            self.list.clicked.connect(self._on_chosen)
        self.list.activated.connect(self._on_chosen)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SEARCH_MS)
        self._soon.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda: self._soon.start())
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 12, 6, 6)
        column.setSpacing(7)
        for widget, inset in ((self._title, 8), (self.search, 6)):
            widget.setContentsMargins(inset, 0, inset, 0)
            column.addWidget(widget)
        self.list.setMinimumHeight(2 * ROW_PX)
        self.nothing = label("faint")
        self.nothing.setContentsMargins(8, 0, 8, 0)
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        self.retranslate()

    def show_desk(self, desk: Desk | None) -> None:
        """List the traces of a desk; None lets go of it."""
        self._desk = desk
        self.refresh()

    @property
    def selected(self) -> list[str]:
        """The ids of the selected traces, from top to bottom."""
        places = sorted(index.row() for index in self.list.selectedIndexes())
        return [self.rows.rows[place].id for place in places]

    def refresh(self) -> None:
        """Ask the desk again."""
        if self._desk is None:
            return
        try:
            self.rows.show_rows(self._desk.traces(self.search.text()))
            self.nothing.setText(translate("History", "No trace matches."))
            self.nothing.setVisible(bool(self.search.text()) and not self.rows.rows)
        except StoreError as error:
            self.nothing.setText(error.what)
            self.nothing.show()

    def refresh_soon(self) -> None:
        """Ask the desk again when it has had time to write."""
        QTimer.singleShot(900, self, self.refresh)

    def retranslate(self) -> None:
        self._title.setText(translate("History", "HISTORY"))
        self.refresh()
        self.search.setPlaceholderText(translate("History", "Search problems and traces"))
        self.search.setAccessibleName(translate("History", "Search problems and traces"))
        self.list.setAccessibleName(translate("History", "Past traces"))
        self.list.viewport().update()

    def _on_chosen(self, index: QModelIndex) -> None:
        self.chosen.emit(str(index.data(Qt.ItemDataRole.UserRole)))


def under_line(row: TraceRow) -> str:
    """Verdict or end, checkpoint, tokens, when."""
    end = judgement_word(row.judgement) if row.judgement else ended_word(row.ended)
    if row.ended is Ended.INTERRUPTED:
        end = ended_word(row.ended)
    tokens = translate("History", "{0} tokens").format(f"{row.tokens:,}")
    if row.tokens == 1:
        tokens = translate("History", "1 token")
    return " · ".join((end, when(row.started_at), tokens, row.checkpoint))


def when(started_at: float) -> str:
    """The time today, else the date."""
    then, now = time.localtime(started_at), time.localtime()
    same_day = then[:3] == now[:3]
    return time.strftime("%H:%M" if same_day else "%Y-%m-%d", then)


def _sign(row: TraceRow) -> tuple[str, str]:
    if row.judgement is not None:
        colour = {Judgement.RIGHT: "right", Judgement.WRONG: "wrong"}.get(row.judgement, "warn")
        return SIGNS[row.judgement], colour
    if row.ended in (Ended.FAILED, Ended.INTERRUPTED):
        return "▲", "warn"
    return "•", "faint"
