"""The tab of figures: efficiency, kinds, what follows what, stages, and the budget over time."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kimidesk.flows import Analysis
from kimidesk.gui.charts.frame import ChartFrame
from kimidesk.gui.figures.analysing import Analysing
from kimidesk.gui.figures.bars import Bars
from kimidesk.gui.figures.budget import BudgetChart
from kimidesk.gui.figures.efficiency import Efficiency
from kimidesk.gui.figures.matrix import Matrix
from kimidesk.gui.widgets.panel import Panel, Segments, label

translate = QCoreApplication.translate
SIDES = ("tokens", "seconds", "entropy", "forks")


class FiguresPanel(Panel):
    """Widgets and their places; `room` fills them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.efficiency, self.kinds, self.stages = Efficiency(), Bars(), Bars()
        self.matrix, self.budget = Matrix(), BudgetChart()
        self.side = Segments(SIDES)
        self.side.setProperty("tight", True)
        for button in self.side.buttons.values():
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.control, self.hint = label("faint"), label("quiet")
        for text in (self.control, self.hint):
            text.setWordWrap(True)
        titles = {
            "efficiency": lambda: translate("Figures", "EFFICIENCY"),
            "kinds": lambda: translate("Figures", "KINDS"),
            "matrix": lambda: translate("Figures", "TRANSITIONS"),
            "stages": lambda: translate("Figures", "STAGES"),
            "budget": lambda: translate("Figures", "BUDGET"),
        }
        self.frames = {
            name: ChartFrame(getattr(self, name), title, name) for name, title in titles.items()
        }
        self.frames["kinds"].column.insertWidget(1, self.side)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 10, 12)
        column.setSpacing(8)
        column.addWidget(self.hint)
        for name, frame in self.frames.items():
            column.addWidget(frame)
            if name == "efficiency":
                column.addWidget(self.control)
            column.addSpacing(6)
        column.addStretch(1)
        self.setFocusProxy(self.efficiency)
        self.show_empty(True)
        self.retranslate()

    def show_empty(self, empty: bool) -> None:
        """Say what would stand here, or show it."""
        self.hint.setVisible(empty)
        self.control.setVisible(not empty)
        for frame in self.frames.values():
            frame.setVisible(not empty)

    def show_efficiency(self, analysing: Analysing, growing: bool) -> None:
        """The analyses as far as they have come."""
        self.efficiency.show_analyses(analysing.own, analysing.others)
        self.frames["efficiency"].show_table(self.efficiency.table())
        self.control.setText(_control(analysing, growing=growing))

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Figures", "Figures of the trace"))
        self.hint.setText(
            translate("Figures", "What a trace amounts to is told here once there is one.")
        )
        self.side.set_texts(
            translate("Figures", "Figure by kind"),
            {
                "tokens": translate("Figures", "Tokens"),
                "seconds": translate("Figures", "Time"),
                "entropy": translate("Figures", "Entropy"),
                "forks": translate("Figures", "Forks"),
            },
        )
        for name, tip in (
            ("tokens", translate("Figures", "How many tokens each kind has")),
            ("seconds", translate("Figures", "How long the tokens of each kind took")),
            ("entropy", translate("Figures", "Mean entropy of the drawn tokens, in nats")),
            (
                "forks",
                translate(
                    "Figures",
                    "Which share of the drawn tokens forks: is among the 20 % of highest entropy "
                    "of the trace (Wang et al., arXiv 2506.01939)",
                ),
            ),
        ):
            self.side.buttons[name].setToolTip(tip)
        self.budget.retranslate()
        self.efficiency.update()


def _control(analysing: Analysing, *, growing: bool) -> str:
    """Who the others are, or what is still awaited."""
    if growing:
        return translate("Figures", "Efficiencies are told when the trace has ended.")
    if analysing.left:
        return translate("Figures", "Still to be analysed: {0}").format(analysing.left)
    right, wrong = _sides(analysing.others)
    if not right and not wrong:
        return translate("Figures", "The desk has no other judged trace of this problem.")
    return translate(
        "Figures", "◆ this trace; ━ {0} right and ┅ {1} wrong other traces of this problem"
    ).format(right, wrong)


def _sides(others: list[Analysis]) -> tuple[int, int]:
    return sum(bool(each.right) for each in others), sum(each.right is False for each in others)
