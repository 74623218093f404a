"""The window's typesetter: sizes and images of formulas, asked for while painting and laying out.

Nothing waits: what is not known yet is None, and a signal tells when it has come. What is kept is
bounded in bytes; an image that had to go is drawn again when it is looked at again.
"""

import sys
import time
from collections import OrderedDict
from importlib.util import find_spec

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from kimidesk.client.launch import worker_environment
from kimidesk.gui.link import Link
from kimidesk.gui.typeset.queue import TypesetQueue
from kimidesk.gui.typeset.sizes import Size
from kimidesk.wire.messages import AnyEvent, Failed, FailureKind, FormulaDrawn, Ready, Typeset

translate = QCoreApplication.translate

MASKS = 12 * 2**20  # bytes of ink
IMAGES = 24 * 2**20  # bytes of ink in its colour; about three screens full of nothing but formulas
TOLD_MS = 30  # sizes are told together: each telling lays out anew

Formula = tuple[str, bool]  # TeX, and whether it stands in a line of its own


class Typesetter(QObject):
    """Sets formulas in a process of its own, started when the first is asked for.

    `sized` carries formulas (a list) whose size is known now, or which are refused; `drawn` says
    that images have come; `failed` that there will be none, once.
    """

    sized = Signal(object)
    drawn = Signal()
    failed = Signal(object)
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.available = find_spec("mathra") is not None
        self.refused: dict[Formula, str] = {}  # and why
        self._sizes: dict[Formula, Size] = {}
        self._masks = _Kept(MASKS)
        self._images = _Kept(IMAGES)
        self._queue = TypesetQueue()
        self._link: Link | None = None
        self._closing = False
        self._news: list[Formula] = []
        self._inked = False
        self._tell = self._timer(self._on_tell)
        self._deadline = self._timer(self._on_deadline)

    @property
    def over(self) -> bool:
        """Whether no process is left."""
        return self._link is None or self._link.over

    @property
    def pid(self) -> int:
        """Of the process; 0 when there is none."""
        return self._link.pid if self._link else 0

    @property
    def idle(self) -> bool:
        """Whether everything asked for was answered and told."""
        return self._queue.idle and not self._tell.isActive()

    @property
    def bytes(self) -> int:
        """That images take."""
        return self._masks.bytes + self._images.bytes

    def size(self, formula: Formula) -> Size | None:
        """Its size; None where it is not known yet, or refused."""
        size = self._sizes.get(formula)
        if size is None and formula not in self.refused:
            self._ask(Typeset(*formula))
        return size

    def image(self, formula: Formula, em_px: float, ratio: float, colour: QColor) -> QImage | None:
        """Its image where an em has so many pixels of a screen with `ratio` of them a point.

        None where it is not drawn yet.
        """
        key = (formula, em_px, ratio, colour.rgb())
        if (image := self._images.get(key)) is not None:
            return image
        mask = self._masks.get((formula, em_px))
        if mask is None:
            if formula not in self.refused:
                self._ask(Typeset(*formula, em_px))
            return None
        image = _tinted(mask, colour)
        image.setDevicePixelRatio(ratio)
        self._images.put(key, image)
        return image

    def close(self) -> None:
        """End the process."""
        self._closing = True
        self._deadline.stop()
        self._tell.stop()
        if self._link is not None:
            self._link.close()

    def _ask(self, formula: Typeset) -> None:
        if self.available and not self._closing:
            self._queue.ask(formula)
            self._warm()
            self._pump()

    def _warm(self) -> None:
        if self._link is None and not self._closing and not self._queue.given_up:
            command = [sys.executable, "-P", "-m", "kimidesk.gui.typeset.serve"]
            self._link = Link(command, worker_environment(), self, watched=False)
            self._link.event_came.connect(self._on_event)
            self._link.died.connect(self._on_died)
            self._link.ended.connect(self.ended)

    def _pump(self) -> None:
        now = time.monotonic()
        while self._link is not None and (formula := self._queue.next(now)):
            self._link.send(formula)
        if self._queue.deadline is None:
            self._deadline.stop()
        elif not self._deadline.isActive():
            self._deadline.start(max(0, round(1000 * (self._queue.deadline - now))) + 1)

    def _on_event(self, event: AnyEvent) -> None:
        if isinstance(event, (Ready, FormulaDrawn)):
            self._queue.on(event, time.monotonic())
        if isinstance(event, FormulaDrawn):
            self._take(event)
        self._pump()

    def _take(self, event: FormulaDrawn) -> None:
        formula = (event.tex, event.display)
        if event.why:
            self.refused[formula] = event.why
            self._sizes.pop(formula, None)
        else:
            self._sizes[formula] = Size(event.width, event.above, event.below)
        if event.mask:
            image = QImage(
                event.mask, event.columns, event.rows, event.columns, QImage.Format.Format_Alpha8
            )
            self._masks.put((formula, event.em_px), image.copy())  # Qt does not own the bytes
            self._inked = True
        if event.why or not event.em_px:
            self._news.append(formula)
        if not self._tell.isActive():
            self._tell.start(TOLD_MS)

    def _on_tell(self) -> None:
        news, self._news = self._news, []
        if news:
            self.sized.emit(news)
        if self._inked:
            self._inked = False
            self.drawn.emit()

    def _on_deadline(self) -> None:
        if late := self._queue.expired(time.monotonic()):
            self._drop_link()
            self._take(late)
            self._warm()
        self._pump()

    def _on_died(self, failure: Failed) -> None:
        self._drop_link()
        if lost := self._queue.lost(failure.what):
            self._take(lost)
        if self._queue.given_up:
            what = translate("Typesetter", "formulas are shown as their source: {0}")
            self.failed.emit(
                Failed(what.format(failure.what), kind=FailureKind.USAGE, detail=failure.detail)
            )
        elif not self._queue.idle:
            self._warm()

    def _drop_link(self) -> None:
        if self._link is not None:
            self._link.leave(self._on_event, self.ended)
            self._link = None

    def _timer(self, slot: object) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.timeout.connect(slot)
        return made


class _Kept:
    """Images by key, the longest unused given up first."""

    def __init__(self, most: int) -> None:
        self.bytes = 0
        self._most = most
        self._images: OrderedDict[object, QImage] = OrderedDict()

    def get(self, key: object) -> QImage | None:
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def put(self, key: object, image: QImage) -> None:
        if (old := self._images.pop(key, None)) is not None:
            self.bytes -= old.sizeInBytes()
        self._images[key] = image
        self.bytes += image.sizeInBytes()
        while self.bytes > self._most and len(self._images) > 1:
            _, gone = self._images.popitem(last=False)
            self.bytes -= gone.sizeInBytes()


def _tinted(mask: QImage, colour: QColor) -> QImage:
    image = QImage(mask.size(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(colour)
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(0, 0, mask)
    painter.end()
    return image
