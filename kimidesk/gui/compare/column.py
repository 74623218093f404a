"""One of the compared traces: who wrote it and what came of it above, its text below."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from kimidesk.gui.compare.compared import LETTERS, Side
from kimidesk.gui.compare.figures import common_words, forced_words, summary
from kimidesk.gui.compare.series import Swatch
from kimidesk.gui.compare.view import ComparedView
from kimidesk.gui.solve.status import Badge
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.elided import ElidedLabel
from kimidesk.gui.widgets.panel import Panel

translate = QCoreApplication.translate
LEAST_PX = 160


class Column(Panel):
    """`removed` is asked by its button; figures change through `show_figures`."""

    removed = Signal()

    def __init__(
        self, at: int, side: Side, typesetter: Typesetter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, card=True)
        self.at, self.side = at, side
        self._of_all = 0
        self._whole = side.whole
        self.view = ComparedView()
        self.name, self.summary = ElidedLabel(), ElidedLabel("quiet")
        self.common, self.badge = ElidedLabel("faint"), Badge()
        self.close_button = QToolButton()
        self.close_button.setText("×")
        self.close_button.setProperty("kind", "plain")
        self.close_button.clicked.connect(self.removed)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Swatch(at, LETTERS[at]))
        head.addWidget(self.name, 1)
        head.addWidget(self.badge)
        head.addWidget(self.close_button)
        lines = QVBoxLayout()
        lines.setContentsMargins(12, 7, 6, 6)
        lines.setSpacing(2)
        lines.addLayout(head)
        lines.addWidget(self.summary)
        lines.addWidget(self.common)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(lines)
        column.addWidget(self.view, 1)
        self.setMinimumWidth(LEAST_PX)
        self.view.use_typesetter(typesetter)
        self.view.show_trace(side.solve)
        side.naming.changed.connect(self._name)
        self._name()
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retranslate()

    def leave(self) -> None:
        """The trace is compared no more, and its names may become another one's."""
        self.side.naming.changed.disconnect(self._name)

    def _name(self) -> None:
        self.view.name(self.side.naming.items)

    def grow(self) -> None:
        """Some trace has grown or ended: look at this one, if it is not known to be whole."""
        if not self._whole:
            self._whole = self.side.whole  # once more after its end, which sets its last mark apart
            self.view.grow()

    def show_figures(self, of_all: int) -> None:
        """What changes while a trace grows; `of_all`: first tokens of it that all have."""
        self._of_all = of_all
        solve = self.side.solve
        self.name.setText(solve.trace.checkpoint.name)
        self.summary.setText(summary(solve))
        common = common_words(self.at, self.side.common, of_all)
        if self.side.forced is not None:
            common = f"{forced_words(self.side.forced)} · {common}"
        self.common.setText(common)
        if solve.verdict != self.badge.verdict:
            self.badge.show_verdict(solve.verdict)
        self.view.show_same(of_all if self.at == 0 else self.side.common.tokens)
        told = (self.name, self.summary, self.badge, self.common)
        self.setAccessibleDescription("; ".join(each.text() for each in told if each.text()))

    def retheme(self) -> None:
        """Take the colours of the theme."""
        self.badge.show_verdict(self.badge.verdict)
        self.view.viewport().update()

    def retranslate(self) -> None:
        letter = LETTERS[self.at]
        self.setAccessibleName(translate("Compare", "Trace {0}").format(letter))
        self.view.setAccessibleName(translate("Compare", "Text of trace {0}").format(letter))
        said = translate("Compare", "Remove trace {0}").format(letter)
        self.close_button.setAccessibleName(said)
        self.close_button.setToolTip(f"{said}  (Shift+F7)")
        self.badge.show_verdict(self.badge.verdict)
        self.show_figures(self._of_all)
