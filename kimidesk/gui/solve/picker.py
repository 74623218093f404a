"""The checkpoint picker: what is open, and a menu of what can be."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from kimidesk.checkpoints import catalog
from kimidesk.gui import theme
from kimidesk.gui.solve.driver import Driver, Open
from kimidesk.gui.solve.recent import recent
from kimidesk.records import CheckpointInfo

translate = QCoreApplication.translate


class Picker(QPushButton):
    """A button with the open checkpoint's name; `chosen` carries a ref."""

    chosen = Signal(str)
    options_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "picker")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._driver: Driver | None = None
        self._retranslate()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(304, min(hint.width() + 30, 420)), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(205, super().sizeHint().height())

    def show_state(self, driver: Driver) -> None:
        """Show how far the driver's checkpoint is."""
        self._driver = driver
        self._retranslate()
        self.update()

    def refs(self) -> list[tuple[str, str]]:
        """See `openable`."""
        return openable()

    def browse(self) -> None:
        """Ask for a file."""
        kinds = translate("Picker", "GGUF checkpoints (*.gguf);;Scripts (*.json);;All files (*)")
        self._browse(QFileDialog.FileMode.ExistingFile, kinds)

    def browse_folder(self) -> None:
        """Ask for a folder of safetensors."""
        self._browse(QFileDialog.FileMode.Directory, "")

    def _browse(self, mode: QFileDialog.FileMode, kinds: str) -> None:
        title = translate("Picker", "Open a checkpoint")
        dialog = QFileDialog(self.window(), title, "", kinds)
        dialog.setFileMode(mode)
        dialog.fileSelected.connect(self._on_file)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.LanguageChange:
            self._retranslate()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        # The style sheet cannot set text beside a menu's button apart from its edge.
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        shown = theme.current()
        painter.setPen(QColor(shown.text))
        box = self.rect().adjusted(28, 0, -26, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colour()))
        right = self.width()
        painter.drawEllipse(QRectF(11, self.height() / 2 - 4, 8, 8))
        painter.setPen(QColor(shown.faint))
        middle, x = self.height() / 2, right - 18
        painter.drawLine(x, int(middle - 2), x + 4, int(middle + 2))
        painter.drawLine(x + 4, int(middle + 2), x + 8, int(middle - 2))
        if self._driver is not None and self._driver.open is Open.OPENING:
            loaded = (right - 8) * self._driver.fraction
            painter.fillRect(QRectF(4, self.height() - 3, loaded, 2), QColor(shown.accent))

    def _colour(self) -> str:
        shown = theme.current()
        state = self._driver.open if self._driver else Open.NONE
        return {
            Open.OPEN: shown.right,
            Open.OPENING: shown.warn,
            Open.LOST: shown.wrong,
            Open.NONE: shown.edge,
        }[state]

    def _on_file(self, path: str) -> None:
        self.chosen.emit(f"{catalog.SCRIPTED}{path}" if path.endswith(".json") else path)

    def _fill(self) -> None:
        self._menu.clear()
        for title, ref in self.refs():
            action = self._menu.addAction(title)
            action.triggered.connect(lambda _checked=False, ref=ref: self.chosen.emit(ref))
        if self._menu.actions():
            self._menu.addSeparator()
        for text, function in (
            (translate("Picker", "Open file…"), self.browse),
            (translate("Picker", "Open folder…"), self.browse_folder),
            (translate("Picker", "Open with options…"), self.options_wanted.emit),
        ):
            self._menu.addAction(text).triggered.connect(lambda _=False, run=function: run())

    def _retranslate(self) -> None:
        driver = self._driver
        text = translate("Picker", "Choose a checkpoint")
        info = _shown(driver) if driver is not None else None
        if info is not None:
            text = described(info)
        elif driver is not None and driver.open is Open.OPENING:
            text = translate("Picker", "Opening {0} … {1}%").format(
                short(driver.ref), round(100 * driver.fraction)
            )
        elif driver is not None and driver.open is Open.LOST:
            text = translate("Picker", "{0}: not open").format(short(driver.ref))
        self.setText(text)
        self.setAccessibleName(translate("Picker", "Checkpoint: {0}").format(text))


def openable() -> list[tuple[str, str]]:
    """(title, ref) of what can be opened: catalog entries that are here, then recent files."""
    listed = {
        path: entry for entry in catalog.entries().values() if (path := catalog.cached(entry))
    }
    found = [(entry.title, entry.name) for entry in listed.values()]
    others = [str(path) for path in catalog.installed() if path not in listed]
    for ref in (*others, *recent()):
        if Path(ref) not in listed and all(ref != known for _, known in found):
            found.append((short(ref), ref))
    return found


def _shown(driver: Driver) -> CheckpointInfo | None:
    """The open checkpoint; before one was opened, that of the trace on the page."""
    if driver.open is Open.OPEN:
        return driver.checkpoint
    if driver.open is Open.NONE and driver.solve is not None:
        return driver.solve.trace.checkpoint
    return None


def described(info: CheckpointInfo) -> str:
    """Name, quantization where the name does not hold it, and device."""
    held = info.quantization.casefold() in info.name.casefold()
    parts = (info.name, "" if held else info.quantization, info.device)
    return " · ".join(part for part in parts if part)


def short(ref: str) -> str:
    """The last part of a path; of a server's address the model and the host."""
    if "://" in ref:
        address, _, model = ref.partition("#")
        host = address.partition("://")[2].partition("/")[0]
        return f"{model.rpartition('/')[2]} · {host}" if model else host
    torch = ref.startswith(catalog.TORCH)
    name = Path(ref.removeprefix(catalog.SCRIPTED).removeprefix(catalog.TORCH)).name or ref
    return f"{name} · torch" if torch else name
