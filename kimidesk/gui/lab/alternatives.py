"""What was said instead of a sentence, alike together, and where each leads."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from kimidesk.gui.lab.words import answers_words
from kimidesk.reading.importance import Alternative, Rollout

translate = QCoreApplication.translate
ROLLOUT = Qt.ItemDataRole.UserRole


class AlternativesTree(QTreeWidget):
    """A group a row, its rollouts below it; `chosen` carries a Rollout."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(3)
        self.setUniformRowHeights(True)
        self.setMinimumHeight(120)
        head = self.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(self._on_current)
        self.retranslate()

    def show_groups(self, groups: tuple[Alternative, ...], others: tuple[Rollout, ...]) -> None:
        """Show the groups, and below them the rollouts from after the sentence."""
        self.clear()
        for group in groups:
            self.addTopLevelItem(self._group(group))
        if others:
            after = translate("Lab", "after the sentence")
            item = self._row(after, len(others), others)
            item.setToolTip(0, translate("Lab", "Where it leads when the sentence stands"))
            self.addTopLevelItem(item)

    def retranslate(self) -> None:
        """Set every text that does not change with what is shown."""
        said = translate("Lab", "Said instead")
        self.setHeaderLabels([said, "×", translate("Lab", "Right")])
        self.setAccessibleName(translate("Lab", "What was said instead, and where it leads"))
        self.header().setAccessibleName(translate("Lab", "Columns"))

    def _group(self, group: Alternative) -> QTreeWidgetItem:
        text = " ".join(group.text.split())
        same = translate("Lab", "the same: {0}").format(text) if group.same else text
        item = self._row(same, len(group.rollouts), group.rollouts)
        leads = translate("Lab", "leads to {0}").format(answers_words(group.answers))
        like = translate("Lab", "likeness to the sentence {0}").format(f"{group.likeness:.2f}")
        item.setToolTip(0, f"{text}\n{leads}\n{like}")
        return item

    def _row(self, text: str, count: int, rollouts: tuple[Rollout, ...]) -> QTreeWidgetItem:
        right = [each.right for each in rollouts if each.right is not None]
        told = f"{sum(right)}/{len(right)}" if right else "–"
        item = QTreeWidgetItem([text, str(count), told])
        for column in (1, 2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        item.setData(0, ROLLOUT, rollouts[0])
        for each in rollouts:
            item.addChild(self._rollout(each))
        return item

    def _rollout(self, rollout: Rollout) -> QTreeWidgetItem:
        answer = " ".join(rollout.answer.split()) or translate("Lab", "(none)")
        sign = {True: "✓", False: "✗", None: ""}[rollout.right]
        item = QTreeWidgetItem([f"→ {answer}", f"{rollout.tokens:,}", sign])
        item.setToolTip(1, translate("Lab", "tokens"))
        for column in (1, 2):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight)
        item.setData(0, ROLLOUT, rollout)
        return item

    def _on_current(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(0, ROLLOUT))
