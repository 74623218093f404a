"""The minimap: the whole trace from top to bottom by its tokens, beside the text.

One band has the kinds of its segments, a thinner one the coarse stages. The visible part is framed;
notes, hits of the search and the pinned token are marked. A press goes there.
"""

from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip

from kimidesk.gui import theme
from kimidesk.gui.thought import stages
from kimidesk.gui.thought.bands import hit_rows, kind_rows, picture
from kimidesk.gui.widgets.folder import described
from kimidesk.gui.widgets.notes import sentence
from kimidesk.gui.widgets.panel import Panel
from kimidesk.gui.widgets.passages import Sentence
from kimidesk.gui.widgets.strip import axis_end
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.records import Note

translate = QCoreApplication.translate
KINDS_PX, STAGES_PX, GAP_PX = 14, 5, 2
BUILT_MS = 150  # between two builds of the bands while the trace grows
FRAME_MS = 33
NEAR_PX = 3  # a note's mark is met within so many


class Minimap(Panel):
    """The map of what a trace view shows."""

    def __init__(self, view: TraceView) -> None:
        super().__init__()
        self._view = view
        self._named: Sequence[Sentence] = ()
        self._stretches: list[stages.Stretch] = []
        self._bands = QImage()
        self._hits: list[int] = []  # rows of pixels
        self._building = self._timer(BUILT_MS, self._build)
        self._painting = self._timer(FRAME_MS, self.update)
        self.setFixedWidth(KINDS_PX + GAP_PX + STAGES_PX + 4)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        view.viewed.connect(lambda _first, _last: self._soon(self._painting))
        view.pinned.connect(lambda _token: self._soon(self._painting))
        view.settled.connect(lambda: self._soon(self._building))
        self.retranslate()

    def name(self, named: Sequence[Sentence]) -> None:
        """The sentences have these names."""
        self._named = named
        self._soon(self._building)

    @property
    def tokens(self) -> int:
        """How many the height stands for; more than there are while more come."""
        source = self._view.scene.source
        if source is None:
            return 1
        return axis_end(len(source.transcript.ends), growing=source.trace.ended is None)

    def token_at(self, y: float) -> int:
        """The token at a height, the nearest one outside; -1 where there is none."""
        there = int(y / max(self.height(), 1) * self.tokens)
        return min(max(there, 0), self._view.scene.tokens - 1)

    def row_of(self, token: int) -> int:
        """The row of pixels of a token."""
        return token * self.height() // self.tokens

    def told(self, x: float, y: float) -> str:
        """What stands at a point: a note, a stage, or a segment."""
        if near := [note for note in self._notes() if abs(self.row_of(note.at) - y) <= NEAR_PX]:
            return "\n".join(sentence(note) for note in near)
        token = int(y / max(self.height(), 1) * self.tokens)
        if x > KINDS_PX + GAP_PX:
            return self._told_stage(token)
        passages = self._view.scene.passages
        place = passages.at(token)
        return described(passages.items[place]) if place >= 0 else ""

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Minimap", "Map of the trace"))
        self.setAccessibleDescription(
            translate("Minimap", "Kinds of its segments, and its stages, from top to bottom")
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_bands"):
            self._build()
        super().changeEvent(event)

    def resizeEvent(self, event: object) -> None:
        self._build()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            told = self.told(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), told, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(shown.page))
        if self._view.scene.source is None:
            return
        painter.drawImage(QRectF(0, 0, KINDS_PX, self.height()), self._bands)
        for stretch in self._stretches:
            top, bottom = self.row_of(stretch.first), self.row_of(stretch.last + 1)
            band = QRectF(KINDS_PX + GAP_PX, top, STAGES_PX, max(bottom - top - 1, 1))
            painter.fillRect(band, stages.colour(stretch.stage))
        self._paint_marks(painter, shown)
        self._paint_seen(painter, shown)

    def _paint_marks(self, painter: QPainter, shown: theme.Theme) -> None:
        for row in self._hits:  # on any colour: dark on light, or light on dark
            painter.fillRect(QRectF(KINDS_PX / 2, row - 1, KINDS_PX / 2, 4), QColor(shown.page))
            painter.fillRect(QRectF(KINDS_PX / 2, row, KINDS_PX / 2, 2), QColor(shown.text))
        for note in self._notes():
            painter.fillRect(QRectF(0, self.row_of(note.at), self.width(), 2), QColor(shown.warn))
        if self._view.scene.pinned >= 0:
            row = self.row_of(self._view.scene.pinned)
            painter.fillRect(QRectF(0, row - 1, self.width(), 3), QColor(shown.accent))

    def _paint_seen(self, painter: QPainter, shown: theme.Theme) -> None:
        first, last = self._view.seen
        if first < 0:
            return
        top, bottom = self.row_of(first), self.row_of(last + 1)
        frame = QRectF(0.5, top + 0.5, self.width() - 1, max(bottom - top, 6))
        wash = QColor(shown.text)
        wash.setAlpha(36)
        painter.fillRect(frame, wash)
        painter.setPen(QPen(QColor(shown.text), 1))
        painter.drawRect(frame)

    def _told_stage(self, token: int) -> str:
        place = bisect_right(self._stretches, token, key=lambda each: each.first) - 1
        if place < 0 or token > self._stretches[place].last:
            return ""
        stretch = self._stretches[place]
        share = (stretch.last - stretch.first + 1) / max(self._stretches[-1].last + 1, 1)
        told = translate("Minimap", "{0} · tokens {1} … {2} · {3} of the thought")
        first, last = f"{stretch.first + 1:,}", f"{stretch.last + 1:,}"
        return told.format(stages.name(stretch.stage), first, last, f"{share:.0%}")

    def _notes(self) -> Sequence[Note]:
        source = self._view.scene.source
        return source.trace.notes if source else ()

    def _go(self, event: QMouseEvent) -> None:
        token = self.token_at(event.position().y())
        if token >= 0:
            self._view.centre(token)

    def _build(self) -> None:
        """Work out the bands anew."""
        scene, height = self._view.scene, self.height()
        self._hits = []
        if scene.source is None or height < 1:
            self.update()
            return
        self._stretches = stages.stretches(self._named)
        self._bands = picture(kind_rows(scene.passages.items, self.tokens, height))
        self._hits = hit_rows(scene.hits.starts, scene.source.transcript, self.tokens, height)
        self.update()

    def _soon(self, timer: QTimer) -> None:
        if not timer.isActive():
            timer.start()

    def _timer(self, milliseconds: int, slot: object) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(milliseconds)
        made.timeout.connect(slot)
        return made
