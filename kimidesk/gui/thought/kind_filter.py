"""Ten letters that choose kinds, and tell what each letter and colour means."""

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton

from kimidesk.gui import kinds
from kimidesk.gui.widgets.panel import Panel
from kimidesk.records import Kind

translate = QCoreApplication.translate


class KindFilter(Panel):
    """`changed` carries the chosen kinds, a frozenset; none chosen means all."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[Kind, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for kind in Kind:
            button = QToolButton()
            button.setText(kinds.LETTERS[kind])
            button.setCheckable(True)
            button.setMinimumWidth(18)
            button.toggled.connect(lambda _checked: self.changed.emit(self.chosen))
            row.addWidget(button, 1)
            self.buttons[kind] = button
        self._colour()
        self.retranslate()

    @property
    def chosen(self) -> frozenset[Kind]:
        """The kinds that are chosen."""
        return frozenset(kind for kind, button in self.buttons.items() if button.isChecked())

    def retranslate(self) -> None:
        for kind, button in self.buttons.items():
            told = translate("Outline", "Only {0}").format(kinds.name(kind))
            button.setAccessibleName(told)
            button.setToolTip(f"{kinds.name(kind)}\n{kinds.meaning(kind)}")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "buttons"):
            self._colour()
        super().changeEvent(event)

    def _colour(self) -> None:
        for kind, button in self.buttons.items():
            shade = kinds.colour(kind).name()
            button.setStyleSheet(
                f"QToolButton {{ color: {shade}; font-weight: bold; padding: 3px 0; }}"
                f"QToolButton:checked {{ border: 2px solid {shade}; }}"
            )
