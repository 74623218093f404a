"""What reads pictures for a checkpoint: the file found beside it, another, or none."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from kimidesk.checkpoints.pairing import MOST_SIZE, NO_PROJECTOR
from kimidesk.gui.widgets.fields import WholeField, wrong_in
from kimidesk.gui.widgets.file_field import FileField
from kimidesk.gui.widgets.panel import Panel, label

translate = QCoreApplication.translate


class ProjectorFields(Panel):
    """An empty `file` takes the one that is found, which stands in it in grey."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file = FileField("GGUF (*.gguf)")
        self.none = QToolButton()
        self.none.clicked.connect(lambda: self.file.show_path(NO_PROJECTOR))
        self.least, self.most = WholeField(0, MOST_SIZE), WholeField(0, MOST_SIZE)
        self._labels = {name: label("faint") for name in ("tokens", "to")}
        self._found: Path | None = None
        self.setFocusProxy(self.file)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.file, 1)
        row.addWidget(self.none)
        row.addSpacing(6)
        for widget in (self._labels["tokens"], self.least, self._labels["to"], self.most):
            row.addWidget(widget)
        self.file.changed.connect(self._tell_found)
        self.file.changed.connect(self.changed)
        for field in (self.least, self.most):
            field.valueChanged.connect(self.changed)
        self.retranslate()

    @property
    def wrong(self) -> dict[str, str]:
        """Name and text of each field that holds something else than its value."""
        return wrong_in((self.least, self.most))

    def show_values(self, projector: str, least: int, most: int) -> None:
        """Put other values into the fields."""
        self.file.show_path(projector)
        self.least.setValue(least)
        self.most.setValue(most)

    def show_found(self, found: Path | None) -> None:
        """Tell which file would be taken where no other is named."""
        self._found = found
        self._tell_found()

    def retranslate(self) -> None:
        name = translate("Opening", "Projector")
        help_ = translate(
            "Opening",
            "The file (mmproj) that turns pictures into tokens; left empty, the one beside the "
            "checkpoint that fits it",
        )
        self.file.name(name, help_)
        self.none.setText(translate("Opening", "none"))
        self.none.setAccessibleName(translate("Opening", "Open without a projector"))
        self.none.setToolTip(self.none.accessibleName())
        self._labels["tokens"].setText(translate("Opening", "tokens"))
        self._labels["to"].setText(translate("Opening", "to"))
        self.least.setAccessibleName(translate("Opening", "Least tokens of a picture"))
        self.most.setAccessibleName(translate("Opening", "Most tokens of a picture"))
        for field in (self.least, self.most):
            field.setToolTip(
                translate(
                    "Opening", "{0}: it is scaled to them; 0 leaves it to the projector"
                ).format(field.accessibleName())
            )
        self._tell_found()

    def _tell_found(self) -> None:
        words = translate("Opening", "pictures cannot be read") if self.isEnabled() else ""
        if self._found is not None:
            words = translate("Opening", "{0}, found beside it").format(self._found.name)
        self.file.line.setPlaceholderText(words)
        self.file.line.setAccessibleDescription("" if self.file.path else words)
