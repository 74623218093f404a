"""Adapters as rows: a file or folder and its share, laid over the weights of the next trace."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from kimidesk.gui.widgets.elided import ElidedLabel
from kimidesk.gui.widgets.fields import RealField
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.records import Adapter

translate = QCoreApplication.translate
LARGEST_SHARE = 100.0


class AdapterRow(QWidget):
    """One adapter; the name gives way, the tooltip has the path."""

    changed = Signal()
    removed = Signal()

    def __init__(self, adapter: Adapter) -> None:
        super().__init__()
        self._path = adapter.path
        self.name = ElidedLabel(least=30)
        self.name.setText(Path(adapter.path).name)
        self.name.setToolTip(adapter.path)
        self.share = RealField(-LARGEST_SHARE, LARGEST_SHARE, 0.1, 4)
        self.share.setValue(adapter.scale)
        self.share.valueChanged.connect(self.changed)
        self.remove = QToolButton()
        self.remove.setText("×")
        self.remove.setProperty("kind", "small")
        self.remove.setFixedWidth(28)
        self.remove.clicked.connect(self.removed)
        self.setToolTip(adapter.path)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self.name, 1)
        row.addWidget(self.share)
        row.addWidget(self.remove)
        self.retranslate()

    @property
    def adapter(self) -> Adapter:
        """As the row stands."""
        return Adapter(self._path, round(self.share.value(), 4))

    def retranslate(self) -> None:
        """Set every text."""
        name = self.name.text()
        self.share.setAccessibleName(translate("Adapters", "Share of {0}").format(name))
        self.share.setToolTip(
            translate("Adapters", "1 is the adapter as it was trained, 0 is without it")
        )
        self.remove.setAccessibleName(translate("Adapters", "Remove {0}").format(name))
        self.remove.setToolTip(self.remove.accessibleName())


class AdapterRows(Panel):
    """Title, rows and a button that adds one; `adapters` are what stands in them."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[AdapterRow] = []
        self._title, self.add = label("faint"), QToolButton()
        self.add.setProperty("kind", "plain")
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.add)
        self._file, self._folder = menu.addAction(""), menu.addAction("")
        self._file.triggered.connect(lambda: self.browse(QFileDialog.FileMode.ExistingFile))
        self._folder.triggered.connect(lambda: self.browse(QFileDialog.FileMode.Directory))
        self.add.setMenu(menu)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self.retranslate()

    @property
    def adapters(self) -> tuple[Adapter, ...]:
        """In the order of the rows."""
        return tuple(row.adapter for row in self.rows)

    @property
    def wrong(self) -> dict[str, str]:
        """Name and text of each share that is no number."""
        return {
            row.name.text(): row.share.text()
            for row in self.rows
            if not row.share.hasAcceptableInput()
        }

    def show_adapters(self, adapters: tuple[Adapter, ...]) -> None:
        """Show others."""
        if adapters == self.adapters:
            return
        for row in self.rows:
            self._take_out(row)
        self.rows = []
        for adapter in adapters:
            self._put(adapter)

    def add_path(self, path: str) -> None:
        """Add an adapter with its whole share."""
        if path:
            self._put(Adapter(path))
            self.changed.emit()

    def browse(self, mode: QFileDialog.FileMode) -> None:
        """Ask for a GGUF, or for a folder of peft's."""
        dialog = QFileDialog(self.window(), translate("Adapters", "Add an adapter"))
        if mode is QFileDialog.FileMode.ExistingFile:
            dialog.setNameFilter(translate("Adapters", "Adapters (*.gguf);;All files (*)"))
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(self.add_path)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def retranslate(self) -> None:
        self._title.setText(translate("Adapters", "Adapters"))
        self._title.setToolTip(
            translate("Adapters", "LoRA adapters and control vectors, laid over the weights")
        )
        self.add.setText(translate("Adapters", "Add…"))
        self.add.setAccessibleName(translate("Adapters", "Add an adapter"))
        self.add.setToolTip(self._title.toolTip())
        self._file.setText(translate("Adapters", "File (GGUF)…"))
        self._folder.setText(translate("Adapters", "Folder (peft)…"))
        for row in self.rows:
            row.retranslate()

    def _put(self, adapter: Adapter) -> None:
        row = AdapterRow(adapter)
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._on_removed(row))
        last = self.rows[-1].remove if self.rows else self.add
        self.rows.append(row)
        self._column.addWidget(row)
        # A new widget is the last of its window to Tab, behind the buttons that close it.
        self.setTabOrder(last, row.share)
        self.setTabOrder(row.share, row.remove)

    def _on_removed(self, row: AdapterRow) -> None:
        self.rows.remove(row)
        self._take_out(row)
        self.changed.emit()

    def _take_out(self, row: AdapterRow) -> None:
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
