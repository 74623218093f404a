"""The gutter left of the text: what each segment of the thought is, and where it begins.

A bar along its lines in the colour of its kind, and the kind's letter at its first line. Lines that
hold several segments share their height among them, in order.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QStaticText

from kimidesk.gui.kinds import LETTERS, colour
from kimidesk.gui.theme import ui_font
from kimidesk.gui.widgets.paragraphs import characters
from kimidesk.gui.widgets.scene import Scene
from kimidesk.records import Kind

BAR_X, BAR_PX = -16, 4
SLOT_PX = 10  # of a letter; they stand from the bar to the left
SLOTS = 3  # more segments begin in one line now and then; their bars show it
MORE = "+"


class Line(NamedTuple):
    """One line of text, and the passages first … stop - 1 that have a part in it."""

    top: float  # below the top of its paragraph's text
    height: float
    first: int
    stop: int
    starts: int  # the first of them that begins in this line

    def bars(self) -> Iterator[tuple[int, float, float]]:
        """Each passage with the top and the height of its bar."""
        share = self.height / max(self.stop - self.first, 1)
        for place in range(self.first, self.stop):
            yield place, self.top + (place - self.first) * share, share


class Marks(NamedTuple):
    """What the gutter shows of a paragraph, and the hairs within its text."""

    version: int  # of the passages
    lines: list[Line]
    hairs: list[tuple[int, QRectF]]  # passages that begin within a line


def marks_of(scene: Scene, paragraph: int) -> Marks:
    """The marks of a paragraph; made once for each layout and each change of names."""
    laid, version = scene.layouts.laid(paragraph), scene.passages.version
    if not isinstance(laid.marks, Marks) or laid.marks.version != version:
        lines = list(_lines(scene, paragraph)) if scene.passages.items else []
        begun = {
            scene.passages.items[place].first: place
            for line in lines
            for place in range(max(line.starts, line.first + 1), line.stop)
        }
        hairs = [
            (begun[token], QRectF(rect.left() - 0.5, rect.top() + 1, 1.5, rect.height() - 2))
            for token, rect in (scene.layouts.boxes(paragraph) if begun else ())
            if token in begun
        ]
        laid.marks = Marks(version, lines, hairs)
    return laid.marks


def _lines(scene: Scene, paragraph: int) -> Iterator[Line]:
    item, layout = scene.paragraphs.items[paragraph], scene.layouts.laid(paragraph).layout
    top, begin = 0.0, item.start
    under = scene.layouts.top(paragraph + 1) - scene.layouts.text_top(paragraph)
    for number in range(layout.lineCount()):
        line = layout.lineAt(number)
        behind = item.start + characters(item.text, line.textStart() + line.textLength())
        height = max(scene.layouts.line_px, line.height()) if item.length else under
        first, stop = scene.passages.within(begin, max(behind, begin + 1))
        if first < stop:
            starts = first + (scene.passages.items[first].begin < begin)
            yield Line(top, height, first, stop, starts)
        top, begin = top + height, behind


def passage_at(scene: Scene, point: QPointF) -> int:
    """The passage whose letter or bar is at a point of the scene; -1 for none."""
    if point.x() >= BAR_X + 2 * BAR_PX:
        return -1
    paragraph = scene.layouts.at(point.y())
    if paragraph < 0:
        return -1
    if fold := scene.layouts.folds.of(paragraph):
        within = scene.fold_rect(fold).top() <= point.y()
        return scene.folding.passage_of(fold) if within else -1
    y = point.y() - scene.layouts.text_top(paragraph)
    for line in marks_of(scene, paragraph).lines:
        if line.top <= y < line.top + line.height:
            slot = int((BAR_X - 2 - point.x()) // SLOT_PX)
            letters = min(line.stop - line.starts, SLOTS)
            if 0 <= slot < letters:
                return line.starts + letters - 1 - slot
            return next(n for n, top, height in line.bars() if y < top + height)
    return -1


class GutterPainter:
    """Paints the gutter of some paragraphs; the painter's origin is the scene's."""

    def __init__(self, scene: Scene, painter: QPainter) -> None:
        self.scene = scene
        self.painter = painter
        self._colours = {kind: colour(kind) for kind in Kind}
        self.font = _font()

    def paint(self, places: list[int]) -> None:
        """Of the paragraphs that are seen and not folded."""
        passages, painter = self.scene.passages.items, self.painter
        painter.setFont(self.font)
        for paragraph in places:
            marks = marks_of(self.scene, paragraph)
            y = self.scene.layouts.text_top(paragraph)
            for line in marks.lines:
                for place, top, height in line.bars():
                    gap = place >= line.starts  # a hair between two of them
                    bar = QRectF(BAR_X, y + top + gap, BAR_PX, height - gap)
                    painter.fillRect(bar, self._colours[passages[place].kind])
                if line.starts < line.stop:
                    self._paint_letters(line, y)
            for place, hair in marks.hairs:
                painter.fillRect(hair.translated(0, y), self._colours[passages[place].kind])

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

    def letter(self, kind: Kind, slot: int, middle: float) -> None:
        """A kind's letter at a height, in the slot counted from the bar."""
        self._put(LETTERS[kind], self._colours[kind], slot, middle)

    def _paint_letters(self, line: Line, y: float) -> None:
        passages, middle = self.scene.passages.items, y + line.top + line.height / 2
        shown = range(line.starts, min(line.stop, line.starts + SLOTS))
        for slot, place in enumerate(reversed(shown)):
            kind = passages[place].kind
            if slot == 0 and line.stop - line.starts > SLOTS:
                self._put(MORE, self._colours[kind], slot, middle)
            else:
                self.letter(kind, slot, middle)

    def _put(self, text: str, shade: QColor, slot: int, middle: float) -> None:
        drawn = _prepared(text)
        size = drawn.size()
        x = BAR_X - 2 - (slot + 0.5) * SLOT_PX - size.width() / 2
        self.painter.setPen(shade)
        self.painter.drawStaticText(QPointF(x, middle - size.height() / 2), drawn)


@cache
def _prepared(text: str) -> QStaticText:
    """A letter whose glyphs are looked up once."""
    made = QStaticText(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(font=_font())
    return made


def _font() -> QFont:
    made = ui_font(11)
    made.setBold(True)
    return made
