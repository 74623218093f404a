"""Two to four traces side by side, with their curves, or the table of their figures, below."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from kimidesk.gui.charts.frame import ChartFrame
from kimidesk.gui.compare.column import Column
from kimidesk.gui.compare.compared import Compared
from kimidesk.gui.compare.curves import Curves
from kimidesk.gui.compare.figures import table
from kimidesk.gui.solve.history import TRACES
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.panel import Panel, label

translate = QCoreApplication.translate
BELOW_PX = 200


class Columns(Panel):
    """`dropped` carries ids of traces, `removed` the place of one."""

    dropped = Signal(object)
    removed = Signal(int)

    def __init__(self, typesetter: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._typesetter = typesetter
        self.columns: list[Column] = []
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.empty = label("faint")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.curves = Curves()
        self.frame = ChartFrame(
            self.curves, lambda: translate("Compare", "Curves and figures"), "compare"
        )
        self.frame.setFixedHeight(BELOW_PX)
        self.setAcceptDrops(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.empty, 1)
        column.addWidget(self.splitter, 1)
        column.addWidget(self.frame)
        self.retranslate()
        self._fit()

    def show_compared(self, compared: Compared) -> None:
        """Columns for other traces; those that stay keep their place in the text."""
        kept = {column.side.solve.trace.id: column for column in self.columns}
        made: list[Column] = []
        for at, side in enumerate(compared.sides):
            column = kept.get(side.solve.trace.id)
            if column is None or column.at != at or column.side is not side:
                column = Column(at, side, self._typesetter)
                column.removed.connect(lambda at=at: self.removed.emit(at))
            made.append(column)
        for column in self.columns:
            if column not in made:
                column.leave()
                column.setParent(None)
                column.deleteLater()
        self.columns = made
        for at, column in enumerate(made):
            self.splitter.insertWidget(at, column)
            self.splitter.setStretchFactor(at, 1)
        self.splitter.setSizes([1000] * len(made))
        self._fit()
        self.show_figures(compared)

    def show_figures(self, compared: Compared) -> None:
        """Everything that changes while a trace grows, or once places belong together."""
        parting = compared.parting(0)
        for column in self.columns:
            column.show_figures(parting)
        self.frame.show_table(table(compared))
        self.curves.show_compared(compared)

    def retheme(self) -> None:
        """Take the colours of the theme."""
        for column in self.columns:
            column.retheme()
        self.curves.retheme()

    def retranslate(self) -> None:
        self.empty.setText(
            translate(
                "Compare",
                "Choose two to four traces on the left and press Compare, or drag them here.\n"
                "The first one is the one that the others are held against.",
            )
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(TRACES):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        ids = bytes(event.mimeData().data(TRACES).data()).decode().split()
        event.acceptProposedAction()
        self.dropped.emit(ids)

    def _fit(self) -> None:
        shown = bool(self.columns)
        self.empty.setVisible(not shown)
        for widget in (self.splitter, self.frame):
            widget.setVisible(shown)
