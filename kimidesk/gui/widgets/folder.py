"""Mouse and commands for the segments of a trace view: pointing at them, folding, selecting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, QPointF, Qt, QTimer
from PySide6.QtWidgets import QToolTip

from kimidesk.gui import kinds
from kimidesk.gui.widgets.fold_lines import counts
from kimidesk.gui.widgets.folds import Fold
from kimidesk.gui.widgets.gutter import passage_at
from kimidesk.gui.widgets.layouts import FOLD_PX

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from kimidesk.gui.widgets.passages import Passage
    from kimidesk.gui.widgets.scene import Scene
    from kimidesk.gui.widgets.scroller import Scroller

translate = QCoreApplication.translate
SLICE_MS = 33  # between two slices of folding; each ends with a frame
SLICE_S = 0.006
_T = TypeVar("_T")


class Folded(Protocol):
    """What the folder needs of a trace view."""

    scene: Scene
    scroller: Scroller

    def viewport(self) -> QWidget: ...
    def to_scene(self, point: QPointF) -> QPointF: ...
    def settle(self) -> None: ...
    def hover(self, token: int) -> None: ...


class Folder:
    """Folds passages of a view, and keeps the place that is read."""

    def __init__(self, view: Folded, owner: QObject) -> None:
        self._view = view
        self._unfolded = False  # the last press did, so a second one means nothing
        self._timer = QTimer(owner)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SLICE_MS)
        self._timer.timeout.connect(self._slice)

    @property
    def current(self) -> int:
        """The passage of the pinned token, else the first that is seen; -1 for none."""
        scene = self._view.scene
        if scene.pinned >= 0:
            return scene.passages.at(scene.pinned)
        first = self._view.scroller.visible()[0]
        if first < 0:
            return -1
        place = scene.passages.from_token(scene.paragraphs.items[first].first)
        return place if place < len(scene.passages.items) else -1

    def fold(self, *, folded: bool = True) -> None:
        """Fold or unfold the current passage; the whole thought where that is folded."""
        folding, place = self._view.scene.folding, self.current
        if not folded and folding.whole:
            self.fold_whole(folded=False)
        elif place >= 0:
            self._keeping(lambda: folding.fold(place, folded=folded))

    def fold_kind(self) -> None:
        """Fold every passage of the current one's kind, or unfold them where it is folded."""
        scene, place = self._view.scene, self.current
        if place >= 0:
            folded = not scene.folding.folded(place)
            scene.folding.fold_kind(scene.passages.items[place].kind, folded=folded)
            self._slice()

    def fold_all(self, *, folded: bool = True) -> None:
        """Fold or unfold every passage."""
        folding = self._view.scene.folding
        if not folded and folding.whole:
            self.fold_whole(folded=False)
        folding.fold_all(folded=folded)
        self._slice()

    def fold_whole(self, *, folded: bool) -> None:
        """Fold the thought into one line, or unfold it."""
        scene = self._view.scene
        if scene.thinks:
            self._keeping(lambda: scene.folding.fold_whole(folded=folded))

    def reach(self, token: int) -> None:
        """Unfold what hides a token."""
        scene = self._view.scene
        if scene.fold_hiding(token) is None:
            return
        if scene.folding.whole:
            self.fold_whole(folded=False)
        place = scene.passages.from_token(token)
        # Blanks between two passages are folded with the first.
        for each in (place, place - 1):
            if 0 <= each < len(scene.passages.items) and scene.fold_hiding(token):
                self._unfold_passage(each)

    def refold(self) -> None:
        """The passages have changed: fold what is new of them, soon."""
        if not self._view.scene.folding.settled and not self._timer.isActive():
            self._timer.start()

    def select(self, place: int) -> None:
        """Select the tokens of passage `place`."""
        scene = self._view.scene
        passage = scene.passages.items[place]
        scene.selection = (scene.place_of(passage.start), scene.place_of(passage.end))
        self._view.viewport().update()

    # ---- the mouse -------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> bool:
        """A press on a fold unfolds it, one in the gutter selects; False for any other."""
        self._unfolded = False
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() is not Qt.MouseButton.LeftButton or shifted:
            return False
        scene, point = self._view.scene, self._view.to_scene(event.position())
        if fold := scene.fold_at(point):
            self._unfold(fold)
            self._unfolded = True
            return True
        place = passage_at(scene, point)
        if place >= 0:
            self.select(place)
        return place >= 0

    def double_click(self, event: QMouseEvent) -> bool:
        """A second press in the gutter folds."""
        if self._unfolded:
            return True
        scene, point = self._view.scene, self._view.to_scene(event.position())
        place = passage_at(scene, point)
        if place < 0:
            return False
        scene.selection = None
        self._keeping(lambda: scene.folding.fold(place))
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Tell of the passage whose place in the gutter, or line, the mouse is on."""
        if event.buttons():
            return False
        scene, point = self._view.scene, self._view.to_scene(event.position())
        fold = scene.fold_at(point)
        place = scene.folding.passage_of(fold) if fold else passage_at(scene, point)
        self._point(place)
        over = fold is not None or place >= 0
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor
        if self._view.viewport().cursor().shape() is not shape:
            self._view.viewport().setCursor(shape)
        if not over:
            return False
        self._view.hover(-1)
        if place >= 0:
            told = described(scene.passages.items[place])
            QToolTip.showText(event.globalPosition().toPoint(), told, self._view.viewport())
        return True

    def leave(self) -> None:
        """The mouse is elsewhere."""
        self._point(-1)

    def _point(self, place: int) -> None:
        if place != self._view.scene.pointed:
            self._view.scene.pointed = place
            self._view.viewport().update()

    def _unfold(self, fold: Fold) -> None:
        folding = self._view.scene.folding
        if folding.whole:
            self.fold_whole(folded=False)
        else:
            self._unfold_passage(folding.passage_of(fold))

    def _unfold_passage(self, place: int) -> None:
        self._keeping(lambda: self._view.scene.folding.fold(place, folded=False))

    # ---- slices ----------------------------------------------------------------------------

    def _slice(self) -> None:
        if self._keeping(lambda: self._view.scene.folding.settle(SLICE_S)):
            self._timer.start()

    def _keeping(self, act: Callable[[], _T]) -> _T:
        """Do what cuts paragraphs; the selection, and what stands at the top, stay as they are."""
        scene, scroller = self._view.scene, self._view.scroller
        place, offset = scroller.anchor()
        begin = scene.paragraphs.items[place].start if place >= 0 else 0
        selected = scene.selection and [scene.character_of(each) for each in scene.selection]
        done = act()
        if selected:
            scene.selection = (scene.place_of(selected[0]), scene.place_of(selected[1]))
        place = scene.paragraphs.paragraph_at(begin)
        fold = scene.layouts.folds.of(place)
        if fold is not None:
            place, offset = fold.first, offset if offset < FOLD_PX else 0.0
        scroller.restore((place, offset))
        self._view.settle()
        return done


def described(passage: Passage) -> str:
    """Kind, size and confidence of a passage, as its tooltip tells them."""
    words = translate("TraceView", "{0} · {1} · confidence {2}").format(
        kinds.name(passage.kind),
        counts(passage.sentences, passage.tokens),
        f"{passage.confidence:.0%}",
    )
    return f"{words}\n{kinds.meaning(passage.kind)}"
