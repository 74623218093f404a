"""The strip of a problem's pictures: thumbnails in their order, with their size in pixels."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QFileDialog,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kimidesk.errors import KimiDeskError
from kimidesk.gui import theme
from kimidesk.gui.aside import Aside
from kimidesk.gui.pictures.looking import BadPicture, Look, Since, keep, look, look_again
from kimidesk.gui.pictures.viewer import Viewer
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.store.pictures import KeptPicture

translate = QCoreApplication.translate
TILE = QSize(84, 74)
ICON = QSize(76, 48)
PATH = Qt.ItemDataRole.UserRole
SHOWN = Qt.ItemDataRole.UserRole + 1  # the file whose content is shown, where it is another one
SINCE = Qt.ItemDataRole.UserRole + 2


class PictureStrip(Panel):
    """`paths` are the problem's; what cannot be taken is told by `refused` and leaves the strip.

    Pictures of a trace that is reopened stay, even where their files are gone.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aside = Aside(self)
        self.coming = 0  # pasted ones that have no file yet
        self._round = 0  # results for what was shown before are not for what is shown now
        self.list = QListWidget()
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setFlow(QListView.Flow.LeftToRight)
        self.list.setWrapping(False)
        self.list.setIconSize(ICON)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(TILE.height() + 16)
        self.list.setMinimumWidth(TILE.width())
        self.list.itemActivated.connect(lambda _: self.view_chosen())
        self.viewer: Viewer | None = None
        self.since = self._wrapped("warn")
        self.blind = self._wrapped("wrong")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addWidget(self.since)
        column.addWidget(self.blind)
        self.retranslate()
        self._settle()

    @property
    def paths(self) -> tuple[str, ...]:
        """In their order; where a kept copy is shown, it is the copy's."""
        return tuple(str(item.data(SHOWN) or item.data(PATH)) for item in self._items())

    def add_files(self, paths: Iterable[str]) -> None:
        """Add picture files that are not there yet."""
        for path in paths:
            if path not in self.paths:
                self._put(path, given=False)
        self._settle()

    def add_image(self, image: QImage) -> None:
        """Add pixels; they are kept as a file first."""
        round_ = self._round
        self.coming += 1
        self._aside.run(
            lambda: keep(image), lambda path: self._on_kept(round_, path), self._on_unkept
        )

    def show_paths(self, paths: tuple[str, ...], kept: Sequence[KeptPicture] = ()) -> None:
        """Show those of another problem, with the copies that were kept for a trace of it."""
        if paths == self.paths and not self.coming and not kept:
            return
        self._round += 1
        self.list.clear()
        copies = {each.path: each for each in kept}
        for path in paths:
            self._put(path, given=True, kept=copies.get(path))
        self._settle()

    def view_chosen(self) -> None:
        """Show the selected picture, or the first, in a window of its own."""
        item = self.list.currentItem() or self.list.item(0)
        if item is None:
            return
        if self.viewer is None:
            self.viewer = Viewer(self._aside, self.window())
        self.viewer.show_picture(
            str(item.data(SHOWN) or item.data(PATH)), Path(str(item.data(PATH))).name
        )

    def remove_chosen(self) -> None:
        """Remove those that are selected."""
        for item in self.list.selectedItems():
            self.list.takeItem(self.list.row(item))
        self._settle()

    def browse(self) -> None:
        """Ask for picture files."""
        kinds = translate("Pictures", "Pictures (*.png *.jpg *.jpeg *.webp);;All files (*)")
        dialog = QFileDialog(self.window(), translate("Pictures", "Add pictures"), "", kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self.add_files)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def show_blind(self, why: str) -> None:
        """Say why the open checkpoint cannot read pictures; empty when it can."""
        self.blind.setText(why)
        self.blind.setVisible(bool(why) and bool(self.paths))

    def settle(self) -> None:
        """Wait until every picture was looked at; for pictures of the window."""
        self._aside.settle()

    def close_aside(self) -> None:
        """The window closes."""
        self._aside.close()

    def retranslate(self) -> None:
        self.list.setAccessibleName(translate("Pictures", "Pictures of the problem"))
        self.list.setToolTip(
            translate("Pictures", "Enter shows the selected one large, Delete removes it")
        )
        self._tell_since()

    def _put(self, path: str, *, given: bool, kept: KeptPicture | None = None) -> None:
        item = QListWidgetItem(_icon(QImage()), "…")
        item.setData(PATH, path)
        item.setToolTip(path)
        item.setSizeHint(TILE)
        self.list.addItem(item)
        round_ = self._round
        self._aside.run(
            lambda: look(path) if kept is None else look_again(path, kept),
            lambda seen: self._on_seen(round_, seen),
            lambda error: self._on_unseen(round_, path, error, given=given),
        )

    def _on_kept(self, round_: int, path: str) -> None:
        self.coming -= 1
        if round_ == self._round:
            self.add_files([path])

    def _on_unkept(self, error: KimiDeskError) -> None:
        self.coming -= 1
        self._refuse(error)

    def _on_seen(self, round_: int, seen: Look) -> None:
        item = self._item(seen.path) if round_ == self._round else None
        if item is not None:
            size = f"{seen.width} × {seen.height}"
            item.setIcon(_icon(seen.thumbnail))
            item.setText(size)
            item.setToolTip(f"{seen.path}\n{seen.kind}, {size}")
            item.setData(SINCE, seen.since)
            if seen.since is not Since.SAME:
                item.setData(SHOWN, seen.shown)
                item.setText(translate("Pictures", "kept copy"))
                item.setToolTip(f"{seen.path}\n{_since(seen.since)}\n{seen.shown}")
            name = f"{Path(seen.path).name}, {size}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
            self._tell_since()

    def _on_unseen(self, round_: int, path: str, error: KimiDeskError, *, given: bool) -> None:
        item = self._item(path) if round_ == self._round else None
        if item is None:
            return
        if given:
            item.setText(translate("Pictures", "unreadable"))
            item.setToolTip(f"{path}\n{_told(error)}")
            return
        self.list.takeItem(self.list.row(item))
        self._settle()
        self._refuse(error)

    def _refuse(self, error: KimiDeskError) -> None:
        self.refused.emit(_told(error))

    def _wrapped(self, tone: str) -> QLabel:
        made = label(tone)
        made.setWordWrap(True)
        # A splitter asks for the least height and does not know how the words will wrap.
        made.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        made.setAlignment(Qt.AlignmentFlag.AlignTop)
        made.hide()
        return made

    def _tell_since(self) -> None:
        """Say that files are not what a trace was given."""
        found = [item.data(SINCE) for item in self._items()]
        others = [since for since in found if since not in (None, Since.SAME)]
        self.since.setVisible(bool(others))
        if len(others) == 1:
            self.since.setText(_since(others[0]))
        elif others:
            self.since.setText(
                translate(
                    "Pictures",
                    "{0} files have moved or changed; the copies kept with the trace are shown.",
                ).format(len(others))
            )

    def _settle(self) -> None:
        self.setVisible(self.list.count() > 0)
        self._tell_since()
        self.changed.emit()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _item(self, path: str) -> QListWidgetItem | None:
        return next((item for item in self._items() if item.data(PATH) == path), None)


def _since(since: Since) -> str:
    if since is Since.GONE:
        return translate(
            "Pictures", "The file has moved or is gone; the copy kept with the trace is shown."
        )
    return translate("Pictures", "The file has changed; the copy kept with the trace is shown.")


def _told(error: KimiDeskError) -> str:
    return error.told if isinstance(error, BadPicture) else str(error)


def _icon(image: QImage) -> QIcon:
    """The thumbnail; an empty frame until there is one. It looks the same when selected."""
    if image.isNull():
        image = QImage(ICON, QImage.Format.Format_ARGB32)
        image.fill(QColor(theme.current().hover))
    pixmap = QPixmap.fromImage(image)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
