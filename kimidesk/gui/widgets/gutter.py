"""The gutter left of the text: what each segment of the thought is, and where it begins.

A bar along its lines in the colour of its kind, and the kind's letter at its first line. Lines that
hold several segments share their height among them, in order.
"""

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from kimidesk.gui.kinds import LETTERS, colour
from kimidesk.gui.theme import ui_font
from kimidesk.gui.widgets.paragraphs import characters
from kimidesk.gui.widgets.passages import Passage
from kimidesk.gui.widgets.scene import Scene
from kimidesk.records import Kind

BAR_X, BAR_PX = -16, 4
SLOT_PX = 10  # of a letter; they stand from the bar to the left
SLOTS = 3  # more segments begin in one line now and then; their bars show it
MORE = "+"


class Line(NamedTuple):
    """One line of text, and the passages first … stop - 1 that have a token in it."""

    top: float
    height: float
    first: int
    stop: int
    starts: int  # the first of them that begins in this line

    def bars(self) -> Iterator[tuple[int, float, float]]:
        """Each passage with the top and the height of its bar."""
        share = self.height / max(self.stop - self.first, 1)
        for place in range(self.first, self.stop):
            yield place, self.top + (place - self.first) * share, share


def lines_of(scene: Scene, paragraph: int) -> Iterator[Line]:
    """The lines of a paragraph that hold a part of a passage."""
    item, passages = scene.paragraphs.items[paragraph], scene.passages
    layout, top = scene.layouts.laid(paragraph).layout, scene.layouts.text_top(paragraph)
    if not item.ends or not passages.items:
        return
    under, begin = scene.layouts.top(paragraph + 1), item.start
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        behind = item.start + characters(item.text, line.textStart() + line.textLength())
        height = max(scene.layouts.line_px, line.height()) if item.length else under - top
        first, stop = passages.within(begin, max(behind, begin + 1))
        if first < stop:
            yield Line(top, height, first, stop, first + (passages.items[first].begin < begin))
        top, begin = top + height, behind


def passage_at(scene: Scene, point: QPointF) -> int:
    """The passage whose letter or bar is at a point of the scene; -1 for none."""
    if point.x() >= BAR_X + 2 * BAR_PX:
        return -1
    paragraph = scene.layouts.at(point.y())
    if paragraph < 0:
        return -1
    if fold := scene.layouts.fold_of(paragraph):
        within = scene.fold_rect(fold).top() <= point.y()
        return scene.folding.passage_of(fold) if within else -1
    for line in lines_of(scene, paragraph):
        if line.top <= point.y() < line.top + line.height:
            slot = int((BAR_X - 2 - point.x()) // SLOT_PX)
            letters = min(line.stop - line.starts, SLOTS)
            if 0 <= slot < letters:
                return line.starts + letters - 1 - slot
            return next(n for n, top, height in line.bars() if point.y() < top + height)
    return -1


class GutterPainter:
    """Paints the gutter of some paragraphs; the painter's origin is the scene's."""

    def __init__(self, scene: Scene, painter: QPainter) -> None:
        self.scene = scene
        self.painter = painter
        self._colours = {kind: colour(kind) for kind in Kind}
        self.font = ui_font(11)
        self.font.setBold(True)

    def paint(self, places: list[int]) -> None:
        """Of the paragraphs that are seen and not folded."""
        passages = self.scene.passages.items
        self.painter.setFont(self.font)
        for paragraph in places:
            for line in lines_of(self.scene, paragraph):
                for place, top, height in line.bars():
                    gap = place >= line.starts  # a hair between two of them
                    bar = QRectF(BAR_X, top + gap, BAR_PX, height - gap)
                    self.painter.fillRect(bar, self._colours[passages[place].kind])
                self._paint_letters(line)
                for place in range(max(line.starts, line.first + 1), line.stop):
                    self._paint_start(paragraph, passages[place])

    def paint_pointed(self, places: list[int]) -> None:
        """A line under every token of the segment that the mouse is on."""
        scene = self.scene
        if not 0 <= scene.pointed < len(scene.passages.items):
            return
        passage = scene.passages.items[scene.pointed]
        shade = self._colours[passage.kind]
        for place in places:
            item, top = scene.paragraphs.items[place], scene.layouts.text_top(place)
            if item.first > passage.last or item.last < passage.first:
                continue
            for token, rect in scene.layouts.boxes(place):
                if passage.first <= token <= passage.last:
                    under = QRectF(rect.left(), top + rect.bottom() - 1, rect.width(), 2)
                    self.painter.fillRect(under, shade)

    def letter(self, kind: Kind, slot: int, top: float, height: float) -> None:
        """A kind's letter, in the slot counted from the bar."""
        self._put(LETTERS[kind], self._colours[kind], slot, top, height)

    def _paint_start(self, paragraph: int, passage: Passage) -> None:
        """A hair before the token with which a segment begins within its line."""
        layouts = self.scene.layouts
        for token, rect in layouts.boxes(paragraph):
            if token == passage.first:
                top = layouts.text_top(paragraph) + rect.top()
                hair = QRectF(rect.left() - 0.5, top + 1, 1.5, rect.height() - 2)
                self.painter.fillRect(hair, self._colours[passage.kind])
                return

    def _paint_letters(self, line: Line) -> None:
        passages = self.scene.passages.items
        shown = list(range(line.starts, line.stop))[:SLOTS]
        for slot, place in enumerate(reversed(shown)):
            if slot == 0 and line.stop - line.starts > SLOTS:
                self._put(
                    MORE, QColor(self._colours[passages[place].kind]), 0, line.top, line.height
                )
            else:
                self.letter(passages[place].kind, slot, line.top, line.height)

    def _put(self, text: str, shade: QColor, slot: int, top: float, height: float) -> None:
        box = QRectF(BAR_X - 2 - (slot + 1) * SLOT_PX, top, SLOT_PX, height)
        self.painter.setPen(shade)
        self.painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
