"""Saving a chart: as a picture, as a drawing that stays sharp at any size, or as its numbers."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPaintDevice, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QGraphicsView, QMessageBox, QWidget

from kimidesk.errors import KimiDeskError, StoreError, UsageError
from kimidesk.gui.charts.table import Table
from kimidesk.settings import config_folder

translate = QCoreApplication.translate
SCALE = 2  # pixels of a PNG for one of the screen
CSS_DPI = 96  # an inch of an SVG, so that a browser shows it as large as the screen does
KINDS = ("png", "svg", "csv")


def export(
    drawn: QWidget, table: Table, parent: QWidget, name: str = "chart", kind: str = "png"
) -> QFileDialog:
    """Ask for a file, and save `drawn` or its `table` there; nothing waits for the answer.

    What cannot be saved is told in a message. `name` is the file's that is proposed.
    """
    filters = {
        "png": translate("Charts", "Picture, PNG") + " (*.png)",
        "svg": translate("Charts", "Drawing, SVG") + " (*.svg)",
        "csv": translate("Charts", "Table, CSV") + " (*.csv)",
    }
    folder = last_folder()
    dialog = QFileDialog(
        parent.window(),
        translate("Charts", "Export the chart"),
        str(folder / f"{name}.{kind}") if folder else f"{name}.{kind}",
        ";;".join(filters.values()),
    )
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectNameFilter(filters[kind])
    dialog.setDefaultSuffix(kind)
    suffixes = {text: suffix for suffix, text in filters.items()}
    dialog.filterSelected.connect(lambda text: dialog.setDefaultSuffix(suffixes[text]))
    dialog.fileSelected.connect(lambda path: _save_or_tell(drawn, table, Path(path), parent))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def save(drawn: QWidget, table: Table, path: Path) -> None:
    """Save by the suffix of `path`: a PNG of twice the screen's pixels, an SVG, or a CSV.

    Raises UsageError for another suffix and StoreError where the file cannot be written.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise UsageError(
            translate("Charts", "{0} ends in none of .png, .svg and .csv").format(path.name),
            hint=translate("Charts", "The ending says what the file is to be."),
        )
    if kind == "csv":
        _write(path, table.csv.encode())
    elif kind == "svg":
        _save_svg(drawn, path)
    else:
        _save_png(drawn, path)


def last_folder() -> Path | None:
    """Where a chart was saved the last time, if it is still there."""
    try:
        path = Path(_memory().read_text("utf-8").strip())
    except (OSError, UnicodeDecodeError):
        return None
    return path if path.is_dir() else None


def _save_or_tell(drawn: QWidget, table: Table, path: Path, parent: QWidget) -> None:
    try:
        save(drawn, table, path)
    except KimiDeskError as error:
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            translate("Charts", "The chart was not saved"),
            error.what,
            QMessageBox.StandardButton.Ok,
            parent.window(),
        )
        box.setInformativeText(error.hint)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
        return
    with contextlib.suppress(OSError):  # costs only the memory
        _memory().parent.mkdir(parents=True, exist_ok=True)
        _memory().write_text(str(path.parent), "utf-8")


def _save_png(drawn: QWidget, path: Path) -> None:
    image = QImage(drawn.size() * SCALE, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(drawn.palette().window().color())
    _paint(drawn, image)
    if not image.save(str(path), "PNG"):  # type: ignore[call-overload]
        raise _unwritable(path, "")


def _save_svg(drawn: QWidget, path: Path) -> None:
    _write(path, b"")  # the generator does not say when it cannot write
    made = QSvgGenerator()
    made.setFileName(str(path))
    made.setTitle(drawn.accessibleName())
    made.setDescription(drawn.accessibleDescription())
    made.setSize(drawn.size())
    made.setViewBox(QRect(QPoint(), drawn.size()))
    made.setResolution(CSS_DPI)
    _paint(drawn, made)


def _paint(drawn: QWidget, device: QPaintDevice) -> None:
    painter = QPainter(device)
    with _uncached(drawn):
        QWidget.render(drawn, painter, QPoint())  # a QGraphicsView's own one paints its scene alone
    painter.end()


@contextlib.contextmanager
def _uncached(drawn: QWidget) -> Iterator[None]:
    """A plot keeps its ground as a picture, which would go into a drawing as one."""
    views = drawn.findChildren(QGraphicsView)
    if isinstance(drawn, QGraphicsView):
        views.append(drawn)
    modes = [view.cacheMode() for view in views]
    for view in views:
        view.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
    yield
    for view, mode in zip(views, modes, strict=True):
        view.setCacheMode(mode)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error


def _unwritable(path: Path, why: str) -> StoreError:
    what = translate("Charts", "{0} cannot be written").format(path)
    return StoreError(
        f"{what}: {why}" if why else what, hint=translate("Charts", "Choose another folder.")
    )


def _memory() -> Path:
    return config_folder() / "charts_folder.txt"
