"""Which checkpoint: a name, a file, a folder, or a server's address."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QCompleter,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kimidesk.checkpoints.catalog import TORCH
from kimidesk.checkpoints.remote import is_remote
from kimidesk.gui.widgets.panel import Panel

translate = QCoreApplication.translate


class Where(Panel):
    """`ref` is what stands in the field, as the command line would take it."""

    changed = Signal()

    def __init__(self, known: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QLineEdit()
        self.line.setClearButtonEnabled(True)
        completer = QCompleter(known, self.line)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.line.setCompleter(completer)
        self.file, self.folder = QPushButton(), QPushButton()
        self.torch = QCheckBox()
        self.line.textChanged.connect(self.changed)
        self.torch.toggled.connect(self.changed)
        self.file.clicked.connect(lambda: self.browse(QFileDialog.FileMode.ExistingFile))
        self.folder.clicked.connect(lambda: self.browse(QFileDialog.FileMode.Directory))
        row = QHBoxLayout()
        row.setSpacing(6)
        for widget in (self.line, self.file, self.folder):
            row.addWidget(widget, int(widget is self.line))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addLayout(row)
        column.addWidget(self.torch)
        self.setFocusProxy(self.line)
        self.retranslate()

    @property
    def ref(self) -> str:
        """With the engine before it where another than the usual one is asked for."""
        text = self.line.text().strip()
        if not text or not self.torch.isChecked() or is_remote(text):
            return text
        return f"{TORCH}{text}"

    def show_ref(self, ref: str) -> None:
        """Put another one into the field."""
        self.torch.setChecked(ref.startswith(TORCH))
        self.line.setText(ref.removeprefix(TORCH))

    def browse(self, mode: QFileDialog.FileMode) -> None:
        """Ask for a GGUF, or for a folder of safetensors."""
        dialog = QFileDialog(self.window(), translate("Opening", "Open a checkpoint"))
        if mode is QFileDialog.FileMode.ExistingFile:
            dialog.setNameFilter(translate("Opening", "GGUF checkpoints (*.gguf);;All files (*)"))
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(self.line.setText)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def retranslate(self) -> None:
        name = translate("Opening", "Checkpoint")
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(
            translate("Opening", "name, file.gguf, folder, or http://HOST:PORT/v1#MODEL")
        )
        self.line.setToolTip(
            translate(
                "Opening",
                "A name of the catalog, a GGUF file, a folder of safetensors, or the address of "
                "an OpenAI-compatible server with #MODEL behind it",
            )
        )
        self.file.setText(translate("Opening", "F&ile…"))
        self.file.setAccessibleName(translate("Opening", "Choose a GGUF file"))
        self.folder.setText(translate("Opening", "Fol&der…"))
        self.folder.setAccessibleName(translate("Opening", "Choose a folder of safetensors"))
        for button in (self.file, self.folder):
            button.setToolTip(button.accessibleName())
        self.torch.setText(translate("Opening", "On Py&Torch, in full precision"))
        self.torch.setAccessibleName(translate("Opening", "On PyTorch, in full precision"))
        self.torch.setToolTip(
            translate("Opening", "Folders always are; a GGUF is dequantized for it")
        )
