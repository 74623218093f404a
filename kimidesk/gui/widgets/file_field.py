"""A field for a path, with a button that asks for one."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QToolButton, QWidget

translate = QCoreApplication.translate


class FileField(QWidget):
    """Holds a path, or a word that stands for something else; empty is nothing."""

    changed = Signal()

    def __init__(self, kinds: str = "*.gguf") -> None:
        super().__init__()
        self._kinds = kinds
        self.line = QLineEdit()
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self.changed)
        self.button = QToolButton()
        self.button.setText("…")
        self.button.setProperty("kind", "small")
        self.button.setFixedWidth(28)
        self.button.clicked.connect(self.browse)
        self.setFocusProxy(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.line, 1)
        row.addWidget(self.button)

    @property
    def path(self) -> str:
        """As it stands, without blanks around it."""
        return self.line.text().strip()

    def show_path(self, path: str) -> None:
        """Put another one into the field."""
        self.line.setText(path)
        self.line.setCursorPosition(0)

    def name(self, name: str, help_: str) -> None:
        """What is asked for here, for people and screen readers."""
        self.line.setAccessibleName(name)
        self.line.setToolTip(help_)
        self.button.setAccessibleName(translate("FileField", "{0}: choose a file").format(name))
        self.button.setToolTip(self.button.accessibleName())

    def browse(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self.window(), self.line.accessibleName())
        dialog.setNameFilters([self._kinds, "*"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.show_path)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
