"""The tree of a family: two lines a trace, walked with the arrow keys, opened with Enter."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPolygonF,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from kimidesk.gui import theme
from kimidesk.gui.solve.branches.nodes import Node
from kimidesk.records import Judgement

translate = QCoreApplication.translate
NODE, SHOWN = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
ROW_PX = 40
INDENT_PX = 12
_Index = QModelIndex | QPersistentModelIndex


class _RowPainter(QStyledItemDelegate):
    """Verdict, answer and tokens; below them where the trace left its parent."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(120, ROW_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        node, colours = index.data(NODE), theme.current()
        box: QRect = option.rect.adjusted(0, 1, -2, -1)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(colours.wash if chosen else colours.hover))
            if chosen and state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QColor(colours.accent))
            painter.drawRoundedRect(box, 5, 5)
        if index.data(SHOWN):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent))
            painter.drawRoundedRect(QRect(box.x(), box.y() + 4, 3, box.height() - 8), 1, 1)
        self._write(painter, box.adjusted(7, 3, -6, -3), node)
        painter.restore()

    def _write(self, painter: QPainter, box: QRect, node: Node) -> None:
        colours = theme.current()
        top = QRect(box.x(), box.y(), box.width(), box.height() // 2)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.ui_font(11))
        painter.setPen(QColor(colours.faint))
        count = node.end if node.waiting else node.length
        painter.drawText(top, right, count)
        room = top.width() - painter.fontMetrics().horizontalAdvance(count) - 26
        self._write_parting(painter, top.translated(0, top.height()), node)
        tone = {Judgement.RIGHT: colours.right, Judgement.WRONG: colours.wrong}
        painter.setPen(QColor(tone.get(node.judgement, colours.quiet)))  # type: ignore[arg-type]
        painter.setFont(theme.ui_font(13))
        painter.drawText(QRect(top.x(), top.y(), 16, top.height()), left, node.sign)
        painter.setFont(theme.ui_font(12))
        painter.setPen(QColor(colours.text if node.answer else colours.faint))
        answer = node.answer or (node.end if node.ended else translate("Branches", "growing"))
        self._line(painter, QRect(top.x() + 18, top.y(), room, top.height()), answer)

    def _write_parting(self, painter: QPainter, box: QRect, node: Node) -> None:
        """The token; what the parent says there, in little room; and what this one says."""
        if node.fork is None:
            self._line(painter, box, node.parted)
            return
        colours, metrics = theme.current(), painter.fontMetrics()
        instead, says = node.words
        head = f"{node.start + 1:,}  "
        head += metrics.elidedText(instead, Qt.TextElideMode.ElideRight, box.width() // 3) + " → "
        width = metrics.horizontalAdvance(head)
        self._line(painter, box, head)
        painter.setPen(QColor(colours.quiet))
        self._line(painter, box.adjusted(width, 0, 0, 0), says)

    def _line(self, painter: QPainter, box: QRect, text: str) -> None:
        cut = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, cut)


class BranchTree(QTreeView):
    """`opened` carries a trace's id; `pointed` the one that the keys are at, "" for none."""

    opened = Signal(str)
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: dict[str, QStandardItem] = {}
        self._shown = ""
        self._rows = QStandardItemModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(_RowPainter(self))
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setMouseTracking(True)
        self.setIndentation(INDENT_PX)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setMinimumHeight(3 * ROW_PX)
        self.clicked.connect(self._on_opened)
        self.activated.connect(self._on_opened)
        self.selectionModel().currentChanged.connect(lambda *_: self.pointed.emit(self.current))

    @property
    def shown(self) -> str:
        """The trace in the view."""
        return self._shown

    @property
    def current(self) -> str:
        """The trace that the keys are at; "" for none."""
        index = self.currentIndex()
        return index.data(NODE).id if index.isValid() else ""

    def show_nodes(self, nodes: Iterable[Node], shown: str) -> None:
        """Show these; a parent stands before its branches. What is new is unfolded and seen."""
        told = list(nodes)
        if any(id_ not in {each.id for each in told} for id_ in self._items):
            self._rows.clear()
            self._items = {}
        for node in told:
            self._put(node)
        if shown != self._shown:
            self._shown = shown
            for id_, item in self._items.items():
                item.setData(id_ == shown, SHOWN)
            self.point_at(shown)
        self.viewport().update()

    def point_at(self, trace: str) -> None:
        """Move the keys to a trace."""
        if trace in self._items:
            self.setCurrentIndex(self._items[trace].index())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scrollTo(self.currentIndex())

    def drawBranches(self, painter: QPainter, rect: QRect, index: _Index) -> None:
        """An arrow where something can be folded, on no other ground than the tree's."""
        painter.fillRect(rect, QColor(theme.current().surface))
        if not self._rows.hasChildren(index):
            return
        x, y = rect.right() - INDENT_PX // 2 + 1, rect.center().y() - 8
        wide = self.isExpanded(index)
        corners = [(-4, -2), (4, -2), (0, 3)] if wide else [(-2, -4), (-2, 4), (3, 0)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.current().faint))
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
        painter.restore()

    def _put(self, node: Node) -> None:
        item = self._items.get(node.id)
        if item is not None:
            if item.data(NODE) != node:
                self._fill(item, node)
            return
        item = QStandardItem()
        self._fill(item, node)
        item.setData(node.id == self._shown, SHOWN)
        parent = self._items.get(node.fork.parent) if node.fork is not None else None
        (self._rows.invisibleRootItem() if parent is None else parent).appendRow(item)
        self._items[node.id] = item
        if parent is not None:
            self.expand(parent.index())

    def _fill(self, item: QStandardItem, node: Node) -> None:
        item.setData(node, NODE)
        item.setData(node.spoken, Qt.ItemDataRole.AccessibleTextRole)
        seeds = translate("Branches", "seed {0}, temperature {1}")
        told = f"{node.spoken}\n{seeds.format(node.seed, f'{node.temperature:g}')}"
        item.setData(told, Qt.ItemDataRole.ToolTipRole)

    def _on_opened(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(NODE).id)
