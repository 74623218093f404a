"""The outline: the segments of the thought in order, beside the text that they stand for."""

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui import kinds, theme
from kimidesk.gui.thought.kind_filter import KindFilter
from kimidesk.gui.thought.rows import OutlineRows
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.gui.widgets.passages import Passage

translate = QCoreApplication.translate
ROW_PX = 40
_Index = QModelIndex | QPersistentModelIndex


class _RowPainter(QStyledItemDelegate):
    """The letter, then two lines: how it begins; its tokens and the confidence of its name."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        if not isinstance(model, OutlineRows):
            return
        passage = model.passage(index.row())
        if passage is None:
            return
        shown, state = theme.current(), option.state
        box: QRect = option.rect.adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            chosen = state & QStyle.StateFlag.State_Selected
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shown.wash if chosen else shown.hover))
            painter.drawRoundedRect(box, 5, 5)
        shade = kinds.colour(passage.kind)
        painter.fillRect(QRect(box.x() + 2, box.y() + 4, 4, box.height() - 8), shade)
        bold = theme.ui_font(13)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(shade)
        letter = QRect(box.x() + 8, box.y(), 18, box.height())
        painter.drawText(letter, Qt.AlignmentFlag.AlignCenter, kinds.LETTERS[passage.kind])
        text = QRect(box.x() + 30, box.y() + 3, box.width() - 34, 16)
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(shown.text))
        _line(painter, text, model.words(index.row()))
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(shown.faint))
        _line(painter, text.translated(0, 16), under_line(passage))
        painter.restore()


class Outline(Panel):
    """`chosen` carries the first token of the segment that was chosen."""

    chosen = Signal(int)
    fold_all = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = OutlineRows(self)
        self.count = label("title")
        self.collapse, self.expand = QToolButton(), QToolButton()
        self.filter = KindFilter()
        self.filter.changed.connect(self._on_filter)
        self.nothing = label("faint")
        self.nothing.setWordWrap(True)
        self.list = QListView()
        self._following = False  # the current row is changed by us
        self._make_list()
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.count, 1)
        for button, sign, folded in ((self.collapse, "▸", True), (self.expand, "▾", False)):
            button.setText(sign)
            button.setProperty("kind", "plain")
            button.clicked.connect(lambda _checked, folded=folded: self.fold_all.emit(folded))
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 6, 6)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.filter)
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        self.setFocusProxy(self.list)
        self.retranslate()

    def follow(self, token: int) -> None:
        """Show the row of a token's segment; where it has none the row that was stays."""
        row = self.rows.row_of(token)
        if row < 0 or row == self.list.currentIndex().row():
            return
        self._following = True
        index = self.rows.index(row)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        self._following = False

    def show_count(self) -> None:
        """Tell how many segments there are, or why there are none."""
        count = self.rows.rowCount()
        self.nothing.setVisible(not count)
        self.count.setText(
            translate("Outline", "1 SEGMENT")
            if count == 1
            else translate("Outline", "{0} SEGMENTS").format(f"{count:,}")
        )

    def retranslate(self) -> None:
        names = {
            self.collapse: translate("Outline", "Collapse every segment"),
            self.expand: translate("Outline", "Expand every segment"),
        }
        for button, name in names.items():
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.list.setAccessibleName(translate("Outline", "Segments of the thought"))
        self.nothing.setText(
            translate("Outline", "No segment is here. They come as the thought grows.")
        )
        self.show_count()
        self.list.viewport().update()

    def _make_list(self) -> None:
        self.list.setModel(self.rows)
        self.list.setItemDelegate(_RowPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(2 * ROW_PX)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.clicked.connect(self._go)
        self.list.activated.connect(self._go)
        for told in (self.rows.modelReset, self.rows.rowsInserted, self.rows.rowsRemoved):
            told.connect(self.show_count)

    def _on_filter(self, chosen: object) -> None:
        if isinstance(chosen, frozenset):
            self.rows.filter(chosen)

    def _on_current(self, current: QModelIndex) -> None:
        if not self._following and self.list.hasFocus():
            self._go(current)

    def _go(self, index: QModelIndex) -> None:
        passage = self.rows.passage(index.row())
        if passage is not None:
            self.chosen.emit(passage.first)


def under_line(passage: Passage) -> str:
    """Its tokens, and how sure its name is."""
    tokens = (
        translate("Outline", "1 token")
        if passage.tokens == 1
        else translate("Outline", "{0} tokens").format(f"{passage.tokens:,}")
    )
    return f"{kinds.name(passage.kind)} · {tokens} · {passage.confidence:.0%}"


def _line(painter: QPainter, box: QRect, text: str) -> None:
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
