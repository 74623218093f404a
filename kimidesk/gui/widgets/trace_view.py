"""The trace view: a growing trace as text that is pointed at, walked through and copied.

Only what is visible is laid out and painted. `grow` may be called for every token: the view looks
at the trace at most every 33 ms. State that can be read or set lives in `scene`.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from kimidesk.gui import theme
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.folder import Folder
from kimidesk.gui.widgets.heat import Heat
from kimidesk.gui.widgets.live_button import LiveButton
from kimidesk.gui.widgets.passages import Sentence
from kimidesk.gui.widgets.pointer import Pointer
from kimidesk.gui.widgets.scene import Place, Scene, Source
from kimidesk.gui.widgets.scroller import Scroller
from kimidesk.gui.widgets.trace_paint import ScenePainter

FRAME_MS = 33
IDLE_MS = 16  # between two slices of exact layout
SLICE_S = 0.008
LEFT, RIGHT = 64, 22  # margins beside the text
WIDEST = 980  # longer lines tire the eye


class TraceView(QAbstractScrollArea):
    """Shows one trace. Signals carry token numbers, -1 for none."""

    hovered = Signal(int)
    pinned = Signal(int)
    viewed = Signal(int, int)  # the first and last visible token
    following_changed = Signal(bool)
    named = Signal(object)  # the Change of the scene's passages
    settled = Signal()  # another trace is shown, or more of it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = Scene(theme.ui_font(theme.TEXT_PX), 600)
        self.empty_text = ""
        self.scroller = Scroller(self, self.scene)
        self._viewed = (-1, -1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.pointer = Pointer(self, self)
        self.folder = Folder(self, self)
        self.live_button = LiveButton(self.viewport())
        self.live_button.clicked.connect(self.follow)
        self._frame = self._timer(FRAME_MS, self._on_frame)
        self._idle = self._timer(IDLE_MS, self._on_idle)

    # ---- what is shown ---------------------------------------------------------------------

    def show_trace(self, source: Source | None) -> None:
        """Show another trace from its beginning, and follow it."""
        self.scene.show(source)
        self.scene.layouts.resize(self._text_width())
        self.scroller.move_to(0)
        self._set_following(source is not None and source.trace.ended is None)
        self.scene.take()  # the first paint shows the first page
        self.settle()
        self._idle.start()

    def grow(self) -> None:
        """The trace has grown or ended: look at it within a frame."""
        if not self._frame.isActive():
            self._frame.start()

    def name(self, named: Sequence[Sentence]) -> None:
        """The sentences of the thought have these names: they show within a frame."""
        change = self.scene.name(named)
        if change.removed or change.added:
            self.named.emit(change)
            self.folder.refold()
            self.grow()

    def set_heat(self, heat: Heat) -> None:
        """Colour tokens by `heat`."""
        self.scene.recolour(heat)
        self.viewport().update()

    def use_typesetter(self, typesetter: Typesetter) -> None:
        """Typeset formulas from the next trace on; what comes later finds its place by itself."""
        self.scene.use_typesetter(typesetter)
        typesetter.sized.connect(self._on_sized)
        typesetter.drawn.connect(self.viewport().update)

    def show_raw(self, raw: bool) -> None:
        """Show formulas as their source, or typeset; the place that is read stays."""
        anchor = self.scroller.anchor()
        self.scene.show_raw(raw)
        self.scroller.restore(anchor)
        self.settle()
        self._idle.start()

    def hover(self, token: int) -> None:
        """Outline `token`, as if the pointer were on it."""
        if token != self.scene.hovered:
            self.scene.hovered = token
            self.viewport().update()
            self.hovered.emit(token)

    def pin(self, token: int, *, reveal: bool = True, unfold: bool = True) -> None:
        """Make `token` the one that is inspected, until the mouse moves; -1 lets go.

        What it is folded into is unfolded, but for `unfold`.
        """
        token = min(token, self.scene.tokens - 1)
        self.pointer.hold()
        if unfold and token >= 0:
            self.folder.reach(token)
        if token != self.scene.pinned or self.scene.hovered >= 0:
            self.scene.pinned, self.scene.hovered = token, -1
            self.viewport().update()
            self.pinned.emit(token)
        if reveal and token >= 0:
            self.reveal(token)

    def step(self, by: int) -> None:
        """Move the pin by so many tokens; without one it begins at what is seen."""
        if not self.scene.tokens:
            return
        here = self.scene.pinned
        if here < 0:
            here = (self._viewed[0] if by > 0 else self._viewed[1] + 1) - (by > 0)
        self.pin(max(0, min(here + by, self.scene.tokens - 1)))

    def reveal(self, token: int) -> None:
        """Scroll so that `token` is seen, if it is not; ends following."""
        self.scroller.lay_visible()
        rects = self.scene.rects_of(token)
        if not rects:
            return
        top, bottom = rects[0].top(), rects[-1].bottom()
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if bar.value() <= top and bottom <= bar.value() + height:
            return
        self._set_following(False)
        self.scroller.update_range()
        self.scroller.move_to(top - height / 3)

    def centre(self, token: int) -> None:
        """Scroll to `token`, as a person's hand would."""
        place, layouts = self.scene.paragraphs.paragraph_of(token), self.scene.layouts
        if place < 0:
            return
        item, top = self.scene.paragraphs.items[place], layouts.top(place)
        within = (token - item.first) / max(len(item.ends), 1) * (layouts.top(place + 1) - top)
        self.verticalScrollBar().setValue(round(top + within - self.viewport().height() / 2))

    def follow(self) -> None:
        """Go to the newest token and stay there."""
        self._set_following(True)
        self.settle()

    def select_all(self) -> None:
        """Select everything that was written."""
        items = self.scene.paragraphs.items
        if items:
            self.scene.selection = (Place(0, 0), Place(len(items) - 1, items[-1].length))
            self.viewport().update()

    def copy(self) -> None:
        """Put the selection, else the pinned token or the fold that hides it, on the clipboard."""
        text = self.scene.selected_text or self.scene.pinned_text
        if text:
            QGuiApplication.clipboard().setText(text)

    def resize_text(self, by: int) -> None:
        """Make the text larger or smaller by so many pixels."""
        size = min(max(self.scene.font.pixelSize() + by, 10), 32)
        anchor = self.scroller.anchor()
        self.scene.use_font(theme.ui_font(size))
        self.scroller.restore(anchor)
        self.settle()
        self._idle.start()

    def catch_up(self) -> None:
        """Take and lay out the whole trace now; for pictures, never while someone waits."""
        while self.scene.behind:
            self.scene.take()
        while self.scene.layouts.settle(1.0):
            pass
        self.settle()

    @property
    def following(self) -> bool:
        """Whether the view stays at the newest token."""
        return self.scroller.following

    @property
    def seen(self) -> tuple[int, int]:
        """The first and last visible token; (-1, -1) when there is none."""
        return self._viewed

    # ---- places ----------------------------------------------------------------------------

    def to_scene(self, point: QPoint | QPointF) -> QPointF:
        """A point of the viewport in the coordinates of the scene."""
        return QPointF(point.x() - LEFT, point.y() + self.verticalScrollBar().value())

    def token_rect(self, token: int) -> QRect:
        """Where `token` stands in the viewport; null when it is nowhere."""
        rects = self.scene.rects_of(token)
        if not rects:
            return QRect()
        return rects[0].translated(LEFT, -self.verticalScrollBar().value()).toAlignedRect()

    def visible_paragraphs(self) -> tuple[int, int]:
        """The first and the last; (-1, -1) when there is none."""
        return self.scroller.visible()

    # ---- reactions -------------------------------------------------------------------------

    def _on_frame(self) -> None:
        self.scene.take()
        # Exact heights above move the end: a view that follows takes both in one repaint.
        rough = self.following and self.scene.layouts.settle(SLICE_S)
        self.settle()
        if rough:
            self.grow()
        self._idle.start()

    def _on_idle(self) -> None:
        if self.scene.behind:  # what comes below is placed between frames
            self.scene.take()
            self.grow()
            self._idle.start()
        elif not self.following:
            anchor = self.scroller.anchor()
            if self.scene.layouts.settle(SLICE_S):
                self._idle.start()
            self.scroller.restore(anchor)
        elif not self.scene.layouts.exact:
            self.grow()

    def _on_sized(self, formulas: list[tuple[str, bool]]) -> None:
        first, last = self.visible_paragraphs()
        changed = self.scene.sized(formulas)
        if self.following:
            self.grow()
            return
        if any(places.start <= last and first < places.stop for places in changed):
            self.settle()
        self._idle.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), colours.page)
        first, last = self.visible_paragraphs()
        if first < 0:
            painter.setPen(colours.faint)
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self.empty_text)
            return
        painter.translate(LEFT, -self.verticalScrollBar().value())
        ScenePainter(self.scene, colours, painter).paint(first, last)

    def resizeEvent(self, event: QResizeEvent) -> None:
        anchor = self.scroller.anchor()
        self.scene.layouts.resize(self._text_width())
        self.scroller.restore(anchor)
        self.settle()
        self._idle.start()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if not self.scroller.moving:
            self._set_following(self.scroller.at_end)
            self.scroller.lay_visible()
        self._tell_view()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.folder.press(event):
            self.pointer.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.folder.move(event):
            self.pointer.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.pointer.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self.folder.double_click(event):
            self.pointer.double_click(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.viewport().update()

    def leaveEvent(self, event: object) -> None:
        self.folder.leave()
        self.hover(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.pointer.key(event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(720, 500)

    # ---- geometry --------------------------------------------------------------------------

    def _text_width(self) -> float:
        return max(120, min(self.viewport().width() - LEFT - RIGHT, WIDEST))

    def settle(self) -> None:
        """Lay out what is seen, keep the place, tell who listens."""
        self.scroller.lay_visible()
        self._tell_view()
        self.settled.emit()
        self.live_button.place(shown=not self.following and self._live())
        self.viewport().update()

    def _tell_view(self) -> None:
        first, last = self.visible_paragraphs()
        if first < 0:
            return
        items = self.scene.paragraphs.items
        fold = self.scene.layouts.folds.of(last)
        seen = (items[first].first, items[fold.last if fold else last].last)
        if seen != self._viewed:
            self._viewed = seen
            self.viewed.emit(*seen)

    def _set_following(self, following: bool) -> None:
        if following != self.scroller.following:
            self.scroller.following = following
            self.following_changed.emit(following)
        self.live_button.place(shown=not following and self._live())

    def _live(self) -> bool:
        source = self.scene.source
        return source is not None and source.trace.ended is None

    def _timer(self, milliseconds: int, slot: object) -> QTimer:
        made = QTimer(self)
        made.setSingleShot(True)
        made.setInterval(milliseconds)
        made.timeout.connect(slot)
        return made
