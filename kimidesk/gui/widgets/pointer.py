"""Mouse and keys on the trace: hovering, pinning, selecting, walking from token to token."""

import re
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from kimidesk.gui.widgets.paragraphs import characters, utf16
from kimidesk.gui.widgets.scene import Place, Scene

SCROLL_MS = 40  # between two steps while a selection is dragged out of the view
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class Pointed(Protocol):
    """What the pointer needs of a trace view."""

    scene: Scene

    def viewport(self) -> QWidget: ...
    def verticalScrollBar(self) -> QScrollBar: ...
    def to_scene(self, point: QPointF) -> QPointF: ...
    def hover(self, token: int) -> None: ...
    def pin(self, token: int, *, reveal: bool = True) -> None: ...
    def step(self, by: int) -> None: ...
    def select_all(self) -> None: ...


class Pointer:
    """Turns events of a trace view into changes of its scene."""

    def __init__(self, view: Pointed, owner: QObject) -> None:
        self._view = view
        self._pressed: QPointF | None = None
        self._dragging = False
        self._clicks = 0
        self._beyond = 0.0  # pixels outside the view, negative above it
        self._held: QPoint | None = None  # where the mouse stood when a token was pinned
        self._scroll = QTimer(owner)
        self._scroll.setInterval(SCROLL_MS)
        self._scroll.timeout.connect(self._on_scroll)
        self._several = QTimer(owner)  # runs while another press still counts as the same click
        self._several.setSingleShot(True)

    def hold(self) -> None:
        """What is pinned now counts more than what is under the mouse, until it moves."""
        self._held = QCursor.pos()

    def press(self, event: QMouseEvent) -> None:
        """Begin a click or a selection; a third press selects the paragraph."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        scene = self._view.scene
        place = scene.place_at(self._view.to_scene(event.position()))
        if self._several.isActive():
            self._select_paragraph(place.paragraph)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and scene.selection:
            scene.selection = (scene.selection[0], place)
        else:
            scene.selection = (place, place)
        self._pressed = event.position()
        self._dragging = False
        self._view.viewport().update()

    def move(self, event: QMouseEvent) -> None:
        """Hover, or drag the selection along."""
        view = self._view
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            # Qt repeats the last position when what is under the mouse scrolls away.
            if self._held != event.globalPosition().toPoint():
                self._held = None
                view.hover(view.scene.token_at(view.to_scene(event.position())))
            return
        far = (event.position() - self._pressed).manhattanLength()
        if far >= QApplication.startDragDistance():
            self._dragging = True
        if self._dragging:
            self._extend(event.position())
            height = view.viewport().height()
            y = event.position().y()
            self._beyond = min(y, 0) + max(y - height, 0)
            if self._beyond and not self._scroll.isActive():
                self._scroll.start()
            elif not self._beyond:
                self._scroll.stop()

    def release(self, event: QMouseEvent) -> None:
        """A click pins the token under it."""
        self._scroll.stop()
        if self._pressed is not None and not self._dragging:
            view = self._view
            token = view.scene.token_at(view.to_scene(event.position()))
            view.pin(token, reveal=False)
        self._pressed = None
        self._dragging = False

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word, or the formula."""
        scene = self._view.scene
        point = self._view.to_scene(event.position())
        place = scene.place_at(point)
        if not scene.paragraphs.items:
            return
        self._several.start(QApplication.doubleClickInterval())
        self._view.viewport().update()
        if placed := scene.placed_at(point):
            formula = placed.inset.formula
            scene.selection = (scene.place_of(formula.start), scene.place_of(formula.stop))
            return
        text = scene.paragraphs.items[place.paragraph].text
        here = characters(text, place.unit)
        for word in _WORD.finditer(text):
            if word.end() > here or word.end() == len(text):
                begin, end = utf16(text[: word.start()]), utf16(text[: word.end()])
                scene.selection = (Place(place.paragraph, begin), Place(place.paragraph, end))
                break

    def key(self, event: QKeyEvent) -> bool:
        """Take a key press; False when it means nothing here."""
        view = self._view
        if event.matches(QKeySequence.StandardKey.SelectAll):
            view.select_all()
        elif event.key() == Qt.Key.Key_Up:
            self._walk_line(-1)
        elif event.key() == Qt.Key.Key_Down:
            self._walk_line(1)
        elif event.matches(QKeySequence.StandardKey.MoveToStartOfDocument):
            view.pin(0)
        elif event.matches(QKeySequence.StandardKey.MoveToEndOfDocument):
            view.pin(view.scene.tokens - 1)
        else:
            return False
        return True

    def _walk_line(self, by: int) -> None:
        scene = self._view.scene
        rects = scene.rects_of(scene.pinned)
        if not rects:
            self._view.step(by)
            return
        here = rects[0] if by < 0 else rects[-1]
        line = scene.layouts.line_px
        y = here.center().y()
        if whole := scene.formula_rect(scene.pinned):  # over all of it, however high it is
            y = whole.top() if by < 0 else whole.bottom()
        for _ in range(4):  # over a section's head and empty lines
            y += by * line
            middle = int(here.center().x())
            right = range(middle, int(scene.layouts.width), 6)  # to a formula in the middle
            for x in (here.center().x(), *range(middle, -1, -12), *right):
                token = scene.token_at(QPointF(x, y))
                if token >= 0 and token != scene.pinned:
                    self._view.pin(token)
                    return

    def _extend(self, point: QPointF) -> None:
        scene = self._view.scene
        if scene.selection is not None:
            place = scene.place_at(self._view.to_scene(point))
            scene.selection = (scene.selection[0], place)
            self._view.viewport().update()

    def _select_paragraph(self, paragraph: int) -> None:
        scene = self._view.scene
        if scene.paragraphs.items:
            length = scene.paragraphs.items[paragraph].length
            scene.selection = (Place(paragraph, 0), Place(paragraph, length))
            self._view.viewport().update()

    def _on_scroll(self) -> None:
        view = self._view
        bar = view.verticalScrollBar()
        bar.setValue(bar.value() + round(self._beyond))
        edge = 0 if self._beyond < 0 else view.viewport().height() - 1
        x = view.viewport().mapFromGlobal(QCursor.pos()).x()
        self._extend(QPointF(x, edge))
