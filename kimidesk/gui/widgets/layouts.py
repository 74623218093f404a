"""Layouts: the geometry of display paragraphs, made when first seen and kept while in use.

Heights are estimated until a paragraph has been laid out once; `settle` makes them exact a slice
at a time, so that the scroll bar tells the truth without the window ever waiting.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QTextLayout, QTextLine, QTextOption

from kimidesk.gui.widgets.folds import Fold, Folds
from kimidesk.gui.widgets.insets import (
    SIDE_PX,
    Inset,
    Placed,
    filled,
    outside,
    place_line,
    widths,
)
from kimidesk.gui.widgets.paragraphs import Paragraph

KEPT = 500  # layouts; about 25 screens
LEADING = 1.45  # the height of a line, in heights of the font
HEAD_PX = 38  # above the first paragraph of a section
HIDDEN = "\u2060 \t"  # what a formula's source becomes where it takes no room, and blanks
BREAK_PX = 8  # the width that a line break can be pointed at
FOLD_PX = 27  # the line that stands for what is folded


class Box(NamedTuple):
    """Where a token, or its part on one line, stands in its paragraph's text."""

    token: int
    rect: QRectF


class Laid:
    """One paragraph laid out; `height` leaves the section's head out."""

    __slots__ = ("boxes", "height", "insets", "layout", "marks", "placed", "tops")

    def __init__(
        self, layout: QTextLayout, tops: list[float], insets: Sequence[Inset], placed: list[Placed]
    ) -> None:
        self.layout = layout
        self.tops = tops  # of its lines, and where the last one ends
        self.height = tops[-1]
        self.insets = insets
        self.placed = placed  # those of them that are seen here
        self.boxes: list[Box] | None = None  # made when first painted
        self.marks: object = None  # what the gutter keeps here

    def line_at(self, y: float) -> QTextLine:
        """The line at height `y`, the nearest one outside."""
        number = bisect_right(self.tops, y) - 1
        return self.layout.lineAt(min(max(number, 0), self.layout.lineCount() - 1))

    def inset_at(self, unit: int) -> Inset | None:
        """The inset that UTF-16 unit `unit` is inside of, not at an end of."""
        return next((each for each in self.insets if each.begin < unit < each.end), None)


class Layouts:
    """Layouts and heights of a list of paragraphs at one width."""

    def __init__(self, items: list[Paragraph], font: QFont, width: float) -> None:
        self.items = items
        self.width = width
        self.heads: frozenset[int] = frozenset()  # paragraphs that stand under a head
        self.insets_of: Callable[[Paragraph], Sequence[Inset]] = lambda _item: ()
        self._laid: OrderedDict[int, Laid] = OrderedDict()
        self._heights: NDArray[np.float64] = np.zeros(64)
        self._exact: NDArray[np.bool_] = np.zeros(64, np.bool_)
        self._count = 0
        self._first_rough = 0  # every height before it is exact
        self._tops: NDArray[np.float64] | None = None
        self.folds = Folds()
        self.use(font)

    def use(self, font: QFont) -> None:
        """Lay everything out in `font`."""
        self._font = font
        metrics = QFontMetricsF(font)
        self.line_px = float(round(metrics.height() * LEADING))
        self.blank_px = round(self.line_px * 0.5)
        self._letter_px = metrics.averageCharWidth()
        self.invalidate(0)

    def resize(self, width: float) -> None:
        """Lay everything out at `width`."""
        if width != self.width:
            self.width = width
            self.invalidate(0)

    def invalidate(self, start: int) -> None:
        """Paragraphs from `start` on have changed, come or gone."""
        for place in [place for place in self._laid if place >= start]:
            del self._laid[place]
        count = len(self.items)
        if count > len(self._heights):
            self._heights = np.resize(self._heights, 2 * count)
            self._exact = np.resize(self._exact, 2 * count)
        for place in range(start, count):
            self._heights[place] = self._estimate(self.items[place])
        self._exact[start:count] = False
        self.folds.resize(count)
        self._count = count
        self._first_rough = min(self._first_rough, start)
        self._tops = None

    def replace(self, start: int, old: list[Paragraph], fresh: list[Paragraph]) -> None:
        """Paragraphs `old`, from `start` on, have become `fresh`; those in both keep their layout.

        Called behind the change of `items`.
        """
        stop, shift = start + len(old), len(fresh) - len(old)
        places = {id(item): place for place, item in enumerate(old, start)}
        known = [places.get(id(item), -1) for item in fresh]
        laid: OrderedDict[int, Laid] = OrderedDict()
        moved = {place: at for at, place in enumerate(known, start)}
        for place, each in self._laid.items():
            if not start <= place < stop:
                laid[place + shift * (place >= stop)] = each
            elif place in moved:
                laid[moved[place]] = each
        self._laid = laid
        heights = [
            self._heights[place] if place >= 0 else self._estimate(item)
            for place, item in zip(known, fresh, strict=True)
        ]
        exact = [place >= 0 and bool(self._exact[place]) for place in known]
        self._heights = _spliced(self._heights, start, stop, np.array(heights))
        self._exact = _spliced(self._exact, start, stop, np.array(exact, np.bool_))
        self.folds.replace(start, stop, len(fresh))
        self._count += shift
        self._first_rough = min(self._first_rough, start)
        self._tops = None

    def fold(self, folds: list[Fold], start: int, stop: int) -> None:
        """Show a line for each of `folds`, and every other of paragraphs start … stop - 1."""
        self._first_rough = min(self._first_rough, self.folds.put(folds, start, stop))
        self._tops = None

    def refresh(self, places: Iterable[int]) -> None:
        """Lay these paragraphs out anew: their text stands, what is inset has come or gone."""
        for place in places:
            if place < self._count:
                self._laid.pop(place, None)
                self._exact[place] = False
                self._first_rough = min(self._first_rough, place)

    def laid(self, place: int) -> Laid:
        """The layout of paragraph `place`."""
        laid = self._laid.get(place)
        if laid is None:
            laid = self._laid[place] = self._lay(self.items[place])
            if len(self._laid) > KEPT:
                self._laid.popitem(last=False)
            if self._heights[place] != laid.height:
                self._heights[place] = laid.height
                self._tops = None
            self._exact[place] = True
        else:
            self._laid.move_to_end(place)
        return laid

    def boxes(self, place: int) -> list[Box]:
        """The boxes of the tokens of paragraph `place`, wrapped ones once a line."""
        laid = self.laid(place)
        if laid.boxes is None:
            laid.boxes = self._boxes(self.items[place], laid)
        return laid.boxes

    def break_box(self, place: int) -> QRectF:
        """Where the line break after paragraph `place` can be pointed at; null inside a formula."""
        laid, item = self.laid(place), self.items[place]
        last = laid.insets[-1] if laid.insets else None
        inside = last is not None and last.formula.stop > item.start + len(item.text)
        if inside or not laid.height:
            return QRectF()
        line = laid.layout.lineAt(laid.layout.lineCount() - 1)
        height = self.line_px if item.length else self.blank_px
        top = (laid.tops[-2] + laid.height - height) / 2
        return QRectF(line.x() + line.naturalTextWidth(), top, BREAK_PX, height)

    def top(self, place: int) -> float:
        """Where paragraph `place` begins, its head included."""
        return float(self._sums()[place])

    def text_top(self, place: int) -> float:
        """Where the text of paragraph `place` begins, below its head."""
        return self.top(place) + (HEAD_PX if place in self.heads else 0)

    @property
    def height(self) -> float:
        """Of everything."""
        return float(self._sums()[self._count])

    def at(self, y: float) -> int:
        """The paragraph at height `y`, the nearest one outside; -1 when there is none."""
        if not self._count:
            return -1
        found = int(np.searchsorted(self._sums(), y, "right")) - 1
        found = min(max(found, 0), self._count - 1)
        fold = self.folds.of(found)
        return found if fold is None else fold.first

    @property
    def exact(self) -> bool:
        """Whether no height is estimated any more."""
        return self.folds.known(self._exact)

    def settle(self, seconds: float, clock: Callable[[], float] = perf_counter) -> bool:
        """Make heights exact for about `seconds`; False when all are."""
        until = clock() + seconds
        while self._first_rough < self._count:
            place = self._first_rough
            if not self._exact[place] and not self.folds.hidden(place):
                self.laid(place)
                if clock() > until:
                    return True
            self._first_rough += 1
        return False

    def _sums(self) -> NDArray[np.float64]:
        if self._tops is None:
            heights = self._heights[: self._count].copy()
            self.folds.flatten(heights, FOLD_PX)
            for place in self.heads:
                if place < self._count:
                    heights[place] += HEAD_PX
            self._tops = np.concatenate(([0.0], np.cumsum(heights)))
        return self._tops

    def _estimate(self, item: Paragraph) -> float:
        if not item.length:
            return self.blank_px
        letters = item.length if item.text.isascii() else 1.6 * item.length
        lines = int(letters * self._letter_px / max(self.width, 1)) + 1
        return lines * self.line_px

    def _lay(self, item: Paragraph) -> Laid:
        insets = self.insets_of(item)
        text = filled(item, insets)
        layout = QTextLayout(text.text, self._font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        if text.holders:
            layout.setFormats(widths(text, insets, self._font))
        least = self.line_px
        if insets and not text.holders and not text.text.strip(HIDDEN):
            least = 0.0  # nothing here but what a formula above shows
        tops, placed = [0.0], list[Placed]()
        shown = [each for each in insets if each.em_px]
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self.width)
            stop = line.textStart() + line.textLength()
            count = bisect_right(text.holders, stop - 1, len(placed)) - len(placed)
            here = shown[len(placed) : len(placed) + count]
            height = place_line(line, tops[-1], self.width, least, here) if least else 0.0
            baseline = line.y() + line.ascent()
            for inset, unit in zip(here, text.holders[len(placed) :], strict=False):
                left, top = x_of(line, unit) + SIDE_PX, baseline - inset.above
                rect = QRectF(left, top, inset.width, inset.above + inset.below)
                placed.append(Placed(inset, rect, baseline))
            tops.append(tops[-1] + height)
        layout.endLayout()
        if not item.length:
            tops = [0.0, self.blank_px]
        return Laid(layout, tops, insets, placed)

    def _boxes(self, item: Paragraph, laid: Laid) -> list[Box]:
        layout, insets = laid.layout, laid.insets
        made: list[Box] = []
        place, begin = 0, 0
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            stop = line.textStart() + line.textLength()
            middle = line.y() + line.height() / 2
            top, height = middle - self.line_px / 2 + 2, self.line_px - 4
            x = x_of(line, begin)
            while place < len(item.ends):
                end = min(item.ends[place], stop)
                if end > begin:
                    for start, last in outside(begin, end, insets) if insets else ():
                        left = x_of(line, start)
                        rect = QRectF(left, top, x_of(line, last) - left, height)
                        made.append(Box(item.first + place, rect))
                    if not insets:
                        right = x_of(line, end)
                        made.append(Box(item.first + place, QRectF(x, top, right - x, height)))
                        x = right
                    begin = end
                if item.ends[place] > stop or (end == stop and number + 1 < layout.lineCount()):
                    # The rest of this token, or the next one, stands on the next line.
                    place += item.ends[place] <= stop
                    break
                place += 1
        return made


def _spliced(values: NDArray[Any], start: int, stop: int, fresh: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((values[:start], fresh.astype(values.dtype), values[stop:]))


def x_of(line: QTextLine, unit: int) -> float:
    """Where UTF-16 unit `unit` begins on its line; behind the last one, where the line ends."""
    return cast("tuple[float, int]", line.cursorToX(unit))[0]
