"""In how much memory, and on what: the fields of a checkpoint's memory."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from kimidesk.checkpoints.fit import CACHE_TYPES
from kimidesk.gui.opening.layers import LayersField
from kimidesk.gui.opening.wanted import Engine, Memory
from kimidesk.gui.widgets.fields import RealField, WholeField, wrong_in
from kimidesk.gui.widgets.panel import Panel, Segments, label, name_fields

translate = QCoreApplication.translate
FLASH = ("auto", "on", "off")


class MemoryFields(Panel):
    """`memory` is what stands in the fields."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context, self.slots = WholeField(0, 10_000_000), WholeField(0, 64)
        self.kv_type, self.flash = QComboBox(), Segments(FLASH)
        self.kv_type.addItems(list(CACHE_TYPES))
        self.gpu_layers = LayersField()
        self.threads, self.keep_gb = WholeField(0, 1024), RealField(0, 100_000, 1, 2)
        self._fields: dict[str, QWidget] = {
            "slots": self.slots,
            "context": self.context,
            "kv_type": self.kv_type,
            "flash": self.flash,
            "gpu_layers": self.gpu_layers,
            "threads": self.threads,
            "keep_gb": self.keep_gb,
        }
        self._labels = {name: label("faint") for name in self._fields}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(7)
        for number, (name, field) in enumerate(self._fields.items()):
            field.setObjectName(name)
            row, column = number // 2, 2 * (number % 2)
            grid.addWidget(self._labels[name], row, column)
            grid.addWidget(field, row, column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self._numbers: tuple[WholeField | RealField, ...] = (
            self.slots,
            self.context,
            self.threads,
            self.keep_gb,
        )
        for number_field in self._numbers:
            number_field.valueChanged.connect(self.changed)
            number_field.lineEdit().textChanged.connect(self.changed)  # what is no value, too
        self.gpu_layers.changed.connect(self.changed)
        self.kv_type.currentTextChanged.connect(self.changed)
        self.flash.chosen.connect(lambda _: self.changed.emit())
        self.show_memory(Memory())
        self.retranslate()

    @property
    def memory(self) -> Memory:
        """As the fields stand."""
        return Memory(
            self.context.value(),
            self.slots.value(),
            self.kv_type.currentText(),
            self.flash.choice,
            self.gpu_layers.layers,
            self.threads.value(),
            round(self.keep_gb.value(), 2),
        )

    @property
    def wrong(self) -> dict[str, str]:
        """Name and text of each field that holds something else than its value."""
        return wrong_in(self._numbers) | self.gpu_layers.wrong

    def show_memory(self, memory: Memory) -> None:
        """Put other values into the fields."""
        self.context.setValue(memory.context)
        self.slots.setValue(memory.slots)
        self.kv_type.setCurrentText(memory.kv_type)
        self.flash.choose(memory.flash)
        self.gpu_layers.show_layers(memory.gpu_layers)
        self.threads.setValue(memory.threads)
        self.keep_gb.setValue(memory.keep_gb)

    def show_for(self, engine: Engine) -> None:
        """Show what the engine can be told."""
        for name, field in self._fields.items():
            # A server's context is its own.
            shown = name == "slots" or engine.loads or (name, engine) == ("context", Engine.SCRIPT)
            self._labels[name].setVisible(shown)
            field.setVisible(shown)
        for field in (self.kv_type, self.flash):
            field.setEnabled(engine is Engine.LLAMA)

    def retranslate(self) -> None:
        words = _words()
        name_fields(self._labels, self._fields, words)
        self.gpu_layers.name(self.gpu_layers.accessibleName(), words["gpu_layers"][1])
        self.flash.set_texts(
            translate("Opening", "Flash attention"),
            {
                "auto": translate("Opening", "Auto"),
                "on": translate("Opening", "On"),
                "off": translate("Opening", "Off"),
            },
        )


def _words() -> dict[str, tuple[str, str]]:
    return {
        "context": (
            translate("Opening", "Conte&xt"),
            translate("Opening", "Tokens a trace may use, prompt included; 0 takes all it knows"),
        ),
        "slots": (
            translate("Opening", "Tr&aces at once"),
            translate(
                "Opening",
                "Each has memory for a context of its own; 0 makes room for two where there is "
                "ample memory: for probes beside a growing trace, or a branch",
            ),
        ),
        "kv_type": (
            translate("Opening", "&Keys and values"),
            translate("Opening", "How they are kept: q8_0 takes half the memory of f16"),
        ),
        "flash": (
            translate("Opening", "&Flash attention"),
            translate("Opening", "Needs less memory; some types of keys and values need it"),
        ),
        "gpu_layers": (
            translate("Opening", "&GPU layers"),
            translate(
                "Opening",
                "Layers on graphics cards, the output counted as one; where all are asked for and "
                "do not fit, nothing is opened. On PyTorch none means the processor",
            ),
        ),
        "threads": (
            translate("Opening", "T&hreads"),
            translate("Opening", "0 leaves one core to the rest of the machine"),
        ),
        "keep_gb": (
            translate("Opening", "Keep on disk, G&B"),
            translate(
                "Opening",
                "Room for what long traces have evaluated, taken up again after a restart; 0 keeps "
                "nothing",
            ),
        ),
    }
