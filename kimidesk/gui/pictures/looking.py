"""Looking at a picture file without trusting it: sizes are read and bounded before pixels are.

Runs aside, so nothing here speaks the window's language: `BadPicture` is put into words later.
"""

import stat
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from kimidesk.errors import Refused
from kimidesk.records.picture import LONGEST, MOST_BYTES, MOST_PIXELS
from kimidesk.store.pictures import KeptPicture, holds, keep_picture

THUMBNAIL_PX = 160  # the longer edge; shown at a third of it, sharp on dense screens
KINDS = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP"}


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for lupdate, which knows it by this name; it is translated when shown."""
    return text


class Since(StrEnum):
    """What became of a picture's file since a trace was given it."""

    SAME = "same"
    GONE = "gone"
    CHANGED = "changed"


class BadPicture(Refused):
    """A picture that is not taken; `told` says why, in the language of the window."""

    def __init__(self, template: str, *values: str) -> None:
        super().__init__(template.format(*values))
        self._template, self._values = template, values

    @property
    def told(self) -> str:
        """Call it on the window's thread."""
        return QCoreApplication.translate("Pictures", self._template).format(*self._values)


@dataclass(frozen=True, slots=True)
class Look:
    """What is known of a picture, and a small copy of it."""

    path: str
    kind: str
    width: int  # pixels, turned as its EXIF says
    height: int
    thumbnail: QImage
    shown: str = ""  # the file that is looked at: `path`, or the copy that was kept
    since: Since = Since.SAME


def look_again(path: str, kept: KeptPicture) -> Look:
    """The picture that a trace was given: the file, or the copy where it is not the same any more.

    Raises BadPicture as `look` does; where there is no copy, of the file itself.
    """
    if not kept.copy or not Path(kept.copy).is_file():
        return look(path)
    try:
        since = Since.SAME if holds(path, kept.copy) else Since.CHANGED
    except (OSError, ValueError):  # there is none to be read, and that is told
        since = Since.GONE
    if since is Since.SAME:
        return look(path)
    return replace(look(kept.copy), path=path, since=since)


def whole(path: str, most: int = 0) -> QImage:
    """All its pixels, or a smaller one of at most `most` along its longer edge, turned upright.

    Raises BadPicture as `look` does. Only reading lets other threads go on meanwhile: converting
    and scaling 64 million pixels would stop the window for 0.5 s.
    """
    reader, _, size = _opened(path)
    if most and max(size.width(), size.height()) > most:
        reader.setScaledSize(size.scaled(most, most, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise _broken(Path(path).name, reader.errorString())
    return image


def look(path: str) -> Look:
    """Raises BadPicture for what is missing, too large, broken, or of another kind."""
    reader, kind, size = _opened(path)
    name = Path(path).name
    small = size.scaled(THUMBNAIL_PX, THUMBNAIL_PX, Qt.AspectRatioMode.KeepAspectRatio)
    if small.width() < size.width():
        reader.setScaledSize(small.expandedTo(QSize(1, 1)))
    thumbnail = reader.read()
    if thumbnail.isNull():
        raise _broken(name, reader.errorString())
    turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
    if kind == "JPEG" and not _is_whole_jpeg(Path(path).read_bytes()):
        raise BadPicture(QT_TRANSLATE_NOOP("Pictures", "{0} is cut short"), name)
    seen = size.transposed() if turned else size
    return Look(path, kind, seen.width(), seen.height(), thumbnail, path)


def _opened(path: str) -> tuple[QImageReader, str, QSize]:
    """A reader that has read no pixels yet, the kind, and the size before it is turned upright."""
    name = Path(path).name
    _check_file(path, name)
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    kind = KINDS.get(bytes(reader.format().data()).decode())
    if kind is None:
        raise BadPicture(QT_TRANSLATE_NOOP("Pictures", "{0} is no PNG, JPEG or WebP picture"), name)
    size = reader.size()
    if size.isEmpty():
        raise _broken(name, reader.errorString())
    _check_size(name, size)
    return reader, kind, size


def keep(image: QImage) -> str:
    """The path of a picture that came from the clipboard, kept as PNG.

    Raises BadPicture when it is too large, StoreError when it cannot be written.
    """
    _check_size("", image.size())
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if image.isNull() or not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise BadPicture(QT_TRANSLATE_NOOP("Pictures", "the clipboard holds no picture"))
    return str(keep_picture(bytes(buffer.data().data())))


def _check_file(path: str, name: str) -> None:
    try:
        found = Path(path).stat()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BadPicture(
            QT_TRANSLATE_NOOP("Pictures", "{0} cannot be read: {1}"), name, why
        ) from error
    if not stat.S_ISREG(found.st_mode):
        raise BadPicture(QT_TRANSLATE_NOOP("Pictures", "{0} is no file"), name)
    if found.st_size > MOST_BYTES:
        raise BadPicture(
            QT_TRANSLATE_NOOP("Pictures", "{0} has {1} MB; a picture may have {2}"),
            name,
            f"{found.st_size / 1e6:,.0f}",
            f"{MOST_BYTES / 1e6:,.0f}",
        )


def _check_size(name: str, size: QSize) -> None:
    longer, shorter = max(size.width(), size.height()), min(size.width(), size.height())
    if shorter * LONGEST < longer:
        raise BadPicture(
            QT_TRANSLATE_NOOP("Pictures", "{0} is more than {1} times as long as it is wide"),
            name,
            str(LONGEST),
        )
    pixels = longer * shorter
    if pixels > MOST_PIXELS:
        raise BadPicture(
            QT_TRANSLATE_NOOP(
                "Pictures", "{0} has {1} × {2} pixels; a picture may have {3} million in all"
            ),
            name,
            f"{size.width():,}",
            f"{size.height():,}",
            f"{MOST_PIXELS / 1e6:.0f}",
        )


def _is_whole_jpeg(raw: bytes) -> bool:
    """Whether the scan ends: Qt paints the missing part of a cut file grey, without a word."""
    at = 2
    while raw[at : at + 1] == b"\xff" and at + 4 <= len(raw):
        if raw[at + 1] == 0xDA:  # the scan begins; EXIF's own thumbnail lies before it
            return raw.find(b"\xff\xd9", at) >= 0
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return False


def _broken(name: str, why: str) -> BadPicture:
    return BadPicture(QT_TRANSLATE_NOOP("Pictures", "{0} is broken: {1}"), name, why)
