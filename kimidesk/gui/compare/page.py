"""The Compare page: traces to choose from on the left, those that are compared beside them."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui.compare.columns import Columns
from kimidesk.gui.compare.compared import Align
from kimidesk.gui.compare.room import SamplesRoom
from kimidesk.gui.solve.history import History
from kimidesk.gui.solve.notice import Notice
from kimidesk.gui.solve.picker import openable
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.elided import ElidedLabel
from kimidesk.gui.widgets.panel import Panel, Segments

translate = QCoreApplication.translate
ROOMS = ("columns", "samples")
CHOOSER_PX = 250


class ComparePage(Panel):
    """Widgets and their places; what they do is in `presenter`. `with_chosen` carries a ref."""

    with_chosen = Signal(str)

    def __init__(self, typesetter: Typesetter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.history = History(several=True)
        self.compare, self.siblings, self.run = QPushButton(), QPushButton(), QPushButton()
        self.compare.setProperty("kind", "primary")
        self.room, self.align = Segments(ROOMS), Segments(tuple(each.value for each in Align))
        self.force, self.with_other, self.stop = QPushButton(), QPushButton(), QPushButton()
        self.doing, self.notice = ElidedLabel("quiet"), Notice()
        self.columns, self.samples = Columns(typesetter), SamplesRoom()
        self.menu = QMenu(self.with_other)
        self.menu.aboutToShow.connect(self._fill)
        self.with_other.setMenu(self.menu)
        self.stop.setEnabled(False)
        self._build()
        self.retranslate()

    def show_room(self, name: str) -> None:
        """Show the columns or the many samples."""
        self.room.choose(name)
        self.stack.setCurrentIndex(ROOMS.index(name))
        for widget in (self.align, self.force, self.with_other):
            widget.setVisible(name == "columns")

    def show_doing(self, text: str, *, busy: bool) -> None:
        """What is under way."""
        self.doing.setText(text)
        self.stop.setEnabled(busy)

    def retranslate(self) -> None:
        self.compare.setText(translate("Compare", "Compare"))
        self.compare.setToolTip(translate("Compare", "The chosen traces") + "  (Ctrl+F7)")
        self.siblings.setText(translate("Compare", "All of the problem"))
        said = translate("Compare", "Every trace of the problem of the chosen one, as ribbons")
        self.siblings.setToolTip(f"{said}  (F8)")
        self.run.setText(translate("Compare", "A scored run…"))
        said = translate("Compare", "The samples in a folder that `score` made, as ribbons")
        self.run.setToolTip(f"{said}  (Ctrl+F8)")
        self.force.setText(translate("Compare", "Force A's text"))
        said = translate(
            "Compare", "Let the other checkpoints read A's text: how far does each token part them?"
        )
        self.force.setToolTip(f"{said}  (Ctrl+F9)")
        self.with_other.setText(translate("Compare", "Solve with…"))
        said = translate("Compare", "Put A's problem to another checkpoint and compare")
        self.with_other.setToolTip(f"{said}  (F9)")
        self.stop.setText(translate("Compare", "Stop"))
        self.stop.setToolTip("Esc")
        for button in (*self._buttons, self.stop):
            button.setAccessibleName(button.text())
        self.room.set_texts(
            translate("Compare", "Show"),
            {
                "columns": translate("Compare", "Side by side"),
                "samples": translate("Compare", "Many samples"),
            },
        )
        self.align.set_texts(
            translate("Compare", "Align"),
            {
                "segments": translate("Compare", "Segments"),
                "share": translate("Compare", "Share"),
                "tokens": translate("Compare", "Tokens"),
                "off": translate("Compare", "Off"),
            },
        )
        self.align.setToolTip(
            translate(
                "Compare",
                "Which places belong together: what says the like, equal shares of the lengths, "
                "or as many tokens of the budget spent",
            )
        )

    @property
    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.compare, self.siblings, self.run, self.force, self.with_other

    def _build(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.history, 1)
        column.addWidget(self.compare)
        column.addWidget(self.siblings)
        column.addWidget(self.run)
        left.setMinimumWidth(176)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.columns)
        self.stack.addWidget(self.samples)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(left)
        self.splitter.addWidget(self.stack)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(8)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([CHOOSER_PX, 1100])
        page = QVBoxLayout(self)
        page.setContentsMargins(10, 8, 10, 10)
        page.setSpacing(8)
        page.addWidget(self._bar())
        page.addWidget(self.notice)
        page.addWidget(self.splitter, 1)

    def _bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(9)
        for widget in (self.room, self.align):
            row.addWidget(widget)
        row.addWidget(self.doing, 1)
        for button in (self.stop, self.force, self.with_other):
            row.addWidget(button)
        return bar

    def _fill(self) -> None:
        self.menu.clear()
        for title, ref in openable():
            action = self.menu.addAction(title)
            action.triggered.connect(lambda _checked=False, ref=ref: self.with_chosen.emit(ref))
