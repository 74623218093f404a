"""How many layers of a checkpoint go to a graphics card: as many as fit, all, none, or a number."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from kimidesk.gui.widgets.fields import WholeField, wrong_in
from kimidesk.gui.widgets.panel import Panel
from kimidesk.settings import ALL_LAYERS, AUTO_LAYERS

translate = QCoreApplication.translate
NONE = 0
COUNTED = 1  # of the choices: a person's own number, from one on
MOST = 10_000


class LayersField(Panel):
    """`layers` is as the settings have it: AUTO_LAYERS, ALL_LAYERS, or a number."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice, self.number = QComboBox(), WholeField(COUNTED, MOST)
        for value in (AUTO_LAYERS, ALL_LAYERS, NONE, COUNTED):
            self.choice.addItem("", value)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.choice, 1)
        row.addWidget(self.number)
        self.setFocusProxy(self.choice)
        self.choice.currentIndexChanged.connect(self._on_choice)
        self.number.valueChanged.connect(self.changed)
        self.number.lineEdit().textChanged.connect(self.changed)
        self.show_layers(AUTO_LAYERS)
        self.retranslate()

    @property
    def layers(self) -> int:
        """As the fields stand."""
        chosen = int(self.choice.currentData())
        return self.number.value() if chosen == COUNTED else chosen

    @property
    def wrong(self) -> dict[str, str]:
        """Name and text of the number, where it is none."""
        return wrong_in([self.number]) if self.choice.currentData() == COUNTED else {}

    def show_layers(self, layers: int) -> None:
        """Put another value into the fields."""
        if layers > NONE:
            self.number.setValue(layers)
        self.choice.setCurrentIndex(self.choice.findData(min(layers, COUNTED)))
        self._show_number()

    def name(self, name: str, help_: str) -> None:
        """What is asked for here, for people and screen readers."""
        self.choice.setAccessibleName(name)
        self.number.setAccessibleName(translate("Opening", "{0}: how many").format(name))
        for field in (self.choice, self.number):
            field.setToolTip(help_)

    def retranslate(self) -> None:
        words = {
            AUTO_LAYERS: translate("Opening", "As many as fit"),
            ALL_LAYERS: translate("Opening", "All"),
            NONE: translate("Opening", "None"),
            COUNTED: translate("Opening", "A number"),
        }
        for value, text in words.items():
            self.choice.setItemText(self.choice.findData(value), text)

    def _on_choice(self) -> None:
        self._show_number()
        self.changed.emit()

    def _show_number(self) -> None:
        self.number.setVisible(self.choice.currentData() == COUNTED)
