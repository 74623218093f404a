"""How pictures come in: as files or as pixels, dropped or pasted."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject
from PySide6.QtGui import QDragMoveEvent, QDropEvent, QImage
from PySide6.QtWidgets import QWidget

from kimidesk.gui.pictures.strip import PictureStrip

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


def files_in(data: QMimeData) -> list[str]:
    """The picture files that `data` names; none where it names anything else too."""
    paths = [url.toLocalFile() for url in data.urls()]
    fitting = all(Path(path).suffix.lower() in SUFFIXES for path in paths)
    return paths if fitting else []


def pixels_in(data: QMimeData) -> QImage | None:
    """The picture that `data` is; text that comes with one (from a text processor) wins."""
    if not data.hasImage() or data.hasText():
        return None
    image = data.imageData()
    return image if isinstance(image, QImage) and not image.isNull() else None


def takes(data: QMimeData) -> bool:
    """Whether there is a picture in it."""
    return bool(files_in(data)) or (data.hasImage() and not data.hasText())


def take(data: QMimeData, strip: PictureStrip) -> bool:
    """Add what there is to the strip; False where there is none."""
    if paths := files_in(data):
        strip.add_files(paths)
        return True
    if (image := pixels_in(data)) is not None:
        strip.add_image(image)
        return True
    return False


class Drops(QObject):
    """Lets pictures be dropped anywhere on `place`."""

    def __init__(self, place: QWidget, strip: PictureStrip) -> None:
        super().__init__(place)
        self._strip = strip
        place.setAcceptDrops(True)
        place.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            if take(event.mimeData(), self._strip):
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDragMoveEvent) and takes(event.mimeData()):  # enter is one too
            event.acceptProposedAction()
            return True
        return False
