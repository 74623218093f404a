"""The tab with the tree of branches, and what those beside the chosen one came to."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kimidesk.gui.solve.branches.nodes import Node, beside, counted
from kimidesk.gui.solve.branches.outcomes import OutcomePanel
from kimidesk.gui.solve.branches.tree import BranchTree
from kimidesk.gui.widgets.panel import Panel, label

translate = QCoreApplication.translate


class BranchPanel(Panel):
    """Shows nodes; what is pressed in it is the room's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.title, self.hint = label("title"), label("quiet")
        self.hint.setWordWrap(True)
        self.tree, self.outcomes = BranchTree(), OutcomePanel()
        self.again, self.stop = QPushButton(), QPushButton()
        self._nodes: list[Node] = []
        self.tree.pointed.connect(lambda _id: self._count())
        row = QHBoxLayout()
        row.addWidget(self.again)
        row.addWidget(self.stop)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 12, 10, 10)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addWidget(self.tree, 1)
        column.addWidget(self.outcomes)
        column.addLayout(row)
        self.setFocusProxy(self.tree)
        self.show_nodes([], "", growing=False)
        self.retranslate()

    @property
    def nodes(self) -> list[Node]:
        """What is shown."""
        return self._nodes

    def show_nodes(self, nodes: list[Node], shown: str, *, growing: bool) -> None:
        """Show these, of which one is the trace in the view."""
        self._nodes = nodes
        self.tree.show_nodes(nodes, shown)
        self.tree.setVisible(bool(nodes))
        self.hint.setVisible(len(nodes) < 2)
        self.again.setEnabled(bool(nodes))
        self.stop.setVisible(growing)
        self._count()

    def retranslate(self) -> None:
        self.title.setText(translate("Branches", "BRANCHES"))
        self.hint.setText(
            translate(
                "Branches",
                "Choose a token of the trace, then another of its rivals, or what else to try from "
                "there: the menu of the right button has it all. What stands before is shared, "
                "and nothing is overwritten.",
            )
        )
        for each in (self.tree, self.tree.header()):
            each.setAccessibleName(translate("Branches", "Tree of branches"))
        self.again.setText(translate("Branches", "Several…"))
        self.again.setAccessibleName(translate("Branches", "Several branches from here"))
        self.again.setToolTip(
            translate("Branches", "Several branches from here") + "  (Ctrl+Alt+N)"
        )
        self.stop.setText(translate("Branches", "Stop all"))
        self.stop.setAccessibleName(translate("Branches", "Stop all branches"))
        self.stop.setToolTip(translate("Branches", "Stop all branches") + "  (Ctrl+Alt+X)")
        self.show_nodes(self._nodes, self.tree.shown, growing=self.stop.isVisible())

    def _count(self) -> None:
        node = next((each for each in self._nodes if each.id == self.tree.current), None)
        group = beside(node, self._nodes) if node is not None else []
        if node is not None and node.fork is not None:
            title = translate("Branches", "OUTCOMES OF {0} BRANCHES FROM TOKEN {1}")
            place = f"{node.start + 1:,}"
        else:
            title, place = translate("Branches", "OUTCOMES OF ALL {0} LEAVES"), ""
        told = counted(group)
        self.outcomes.show_outcomes(title.format(told.total, place), told)
