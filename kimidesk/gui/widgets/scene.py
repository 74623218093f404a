"""What the trace view shows, without the widget: text, geometry, colours and marks.

The scene reads a growing trace and follows it; it never changes it.
"""

from enum import Enum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QTextLine

from kimidesk.gui.widgets.heat import Heat, bins_of
from kimidesk.gui.widgets.hits import Hits
from kimidesk.gui.widgets.layouts import Layouts, x_of
from kimidesk.gui.widgets.paragraphs import Paragraph, Paragraphs, utf16
from kimidesk.reading import Transcript, split
from kimidesk.records import Note, TokenColumns, Trace

TOKENS_A_TIME = 2_000  # placed in one go, about 6 ms; a long trace opens over several


class Source(Protocol):
    """A trace that may still grow: a Solve flow, or one that was kept."""

    @property
    def trace(self) -> Trace: ...
    @property
    def shared(self) -> int: ...  # tokens at the beginning that a parent wrote
    @property
    def columns(self) -> TokenColumns: ...
    @property
    def transcript(self) -> Transcript: ...


class Section(Enum):
    """Which part of a trace a paragraph belongs to."""

    THINKING = "thinking"
    ANSWER = "answer"


class Place(NamedTuple):
    """Between two UTF-16 units of a paragraph."""

    paragraph: int
    unit: int


class Scene:
    """State of one trace on screen. `hovered` and `pinned` are tokens, -1 for none."""

    def __init__(self, font: QFont, width: float) -> None:
        self.heat = Heat.ENTROPY
        self.font = font
        self._width = width
        self.hits = Hits()
        self.show(None)

    def show(self, source: Source | None) -> None:
        """Begin with another trace, or with none."""
        self.source = source
        self.paragraphs = Paragraphs()
        self.layouts = Layouts(self.paragraphs.items, self.font, self._width)
        self.hovered = self.pinned = -1
        self.branched: tuple[Note, ...] = ()  # where branches left; beside the trace's own notes
        self.selection: tuple[Place, Place] | None = None  # where it began, where it is now
        self.hits = Hits(self.hits.words)
        self.thought = (0, 0)  # the thought without its marks, in characters
        self.thinks = False
        self._bins: NDArray[np.uint8] = np.zeros(1024, np.uint8)
        self._coloured = 0

    def use_font(self, font: QFont) -> None:
        """Lay everything out in `font`."""
        self.font = font
        self.layouts.use(font)

    @property
    def behind(self) -> bool:
        """Whether there are tokens to take."""
        return self.source is not None and self.tokens < len(self.source.transcript.ends)

    def take(self, limit: int = TOKENS_A_TIME) -> None:
        """Follow the trace by at most `limit` tokens."""
        if self.source is None:
            return
        trace, transcript = self.source.trace, self.source.transcript
        text, ends = transcript.text, transcript.ends
        said = len(ends) - trace.closing
        parts = split(transcript.upto(said) if trace.closing else text, trace.dialect)
        self.thought = parts.thinking_span
        self.thinks = parts.answer is None or parts.answer_start > 0
        changed = self.paragraphs.extend(
            text,
            ends,
            cut=parts.answer_start if self.thinks and parts.answer is not None else -1,
            end_token=said if trace.closing else -1,
            limit=limit,
        )
        self.layouts.heads = self._heads()
        self.layouts.invalidate(changed)
        self._drop_marks(changed)
        self._grow_hits()
        self._colour()

    def recolour(self, heat: Heat) -> None:
        """Colour by another statistic; layouts stay as they are."""
        self.heat = heat
        self._coloured = 0
        self._colour()

    def search(self, words: str) -> None:
        """Mark every place where `words` stand; none for no words."""
        self.hits = Hits(words)
        self._grow_hits()

    @property
    def bins(self) -> NDArray[np.uint8]:
        """The heat of every token placed."""
        return self._bins[: self._coloured]

    @property
    def tokens(self) -> int:
        """How many are placed."""
        return self.paragraphs.tokens

    def section(self, item: Paragraph) -> Section:
        """Which section `item` belongs to."""
        cut = self.paragraphs.cut
        inside = self.thinks and (cut < 0 or item.start < cut)
        return Section.THINKING if inside else Section.ANSWER

    def marks(self, item: Paragraph) -> list[tuple[int, int]]:
        """The UTF-16 spans of `item` that are marks of the dialect or of the end, not text."""
        spans = [(len(item.said), len(item.text))] if item.unsaid else []
        if self.section(item) is Section.THINKING:
            begin, end = self.thought
            if item.start < begin:
                spans.append((0, begin - item.start))
            if self.paragraphs.cut >= 0 and item.start + len(item.text) > end:
                spans.append((max(end - item.start, 0), len(item.text)))
        return [
            (utf16(item.text[:start]), utf16(item.text[: min(stop, len(item.text))]))
            for start, stop in spans
        ]

    def kept(self, item: Paragraph) -> tuple[int, int] | None:
        """The UTF-16 span of `item` that a parent wrote; None where there is none."""
        shared = self.source.shared if self.source is not None else 0
        if item.first >= shared or not item.ends:
            return None
        return (0, item.length if item.last < shared else item.span(shared)[0])

    @property
    def notes(self) -> tuple[Note, ...]:
        """What is marked in the text."""
        return (*(self.source.trace.notes if self.source is not None else ()), *self.branched)

    def rects_of(self, token: int) -> list[QRectF]:
        """Where `token` stands, in the coordinates of the scene; a hair for one without width."""
        found: list[QRectF] = []
        place = self.paragraphs.paragraph_of(token) if 0 <= token < self.tokens else -1
        while 0 <= place < len(self.paragraphs.items):
            item, top = self.paragraphs.items[place], self.layouts.text_top(place)
            if item.first > token or place < 0:
                break
            found += [
                box.rect.translated(0, top)
                for box in self.layouts.boxes(place)
                if box.token == token
            ]
            if item.hard and item.last == token:
                found.append(self.layouts.break_box(place).translated(0, top))
            if item.last > token:
                break
            place += 1
        return found or self._hair(token)

    def token_at(self, point: QPointF) -> int:
        """The token at a point of the scene, -1 for none."""
        paragraph = self.layouts.at(point.y())
        if paragraph < 0:
            return -1
        item = self.paragraphs.items[paragraph]
        y = point.y() - self.layouts.text_top(paragraph)
        if not 0 <= y < self.layouts.laid(paragraph).height or not item.ends:
            return -1
        if item.hard and self.layouts.break_box(paragraph).contains(QPointF(point.x(), y)):
            return item.last
        line = self._line_at(paragraph, y)
        # Blanks at the end of a wrapped line stand outside its natural width.
        if not 0 <= point.x() < x_of(line, line.textStart() + line.textLength()):
            return -1
        return item.token_at(line.xToCursor(point.x(), QTextLine.CursorPosition.CursorOnCharacter))

    def place_at(self, point: QPointF) -> Place:
        """The place between two characters nearest to a point of the scene."""
        paragraph = self.layouts.at(point.y())
        if paragraph < 0:
            return Place(0, 0)
        y = point.y() - self.layouts.text_top(paragraph)
        return Place(paragraph, self._line_at(paragraph, y).xToCursor(point.x()))

    def selected_span(self) -> tuple[Place, Place] | None:
        """The selection from its first place to its last; None where nothing is selected."""
        if self.selection is None or self.selection[0] == self.selection[1]:
            return None
        return min(self.selection), max(self.selection)

    @property
    def selected_text(self) -> str:
        """What copying gives."""
        span = self.selected_span()
        return self.paragraphs.copied(*span) if span else ""

    def _line_at(self, paragraph: int, y: float) -> QTextLine:
        layout = self.layouts.laid(paragraph).layout
        number = int(max(y, 0) // self.layouts.line_px)
        return layout.lineAt(min(number, layout.lineCount() - 1))

    def _hair(self, token: int) -> list[QRectF]:
        place = self.paragraphs.paragraph_of(token) if 0 <= token < self.tokens else -1
        if place < 0 or token > self.paragraphs.items[place].last:
            return []
        laid = self.layouts.laid(place)
        unit = self.paragraphs.items[place].span(token)[0]
        line = laid.layout.lineForTextPosition(unit)
        if not line.isValid():
            return [QRectF(0, self.layouts.text_top(place), 2, self.layouts.blank_px)]
        boxes = [box.rect for box in self.layouts.boxes(place) if box.token < token]
        x = boxes[-1].right() if boxes else 0.0
        return [QRectF(x, self.layouts.text_top(place) + line.y(), 2, line.height())]

    def _heads(self) -> frozenset[int]:
        items, cut = self.paragraphs.items, self.paragraphs.cut
        if not items:
            return frozenset()
        place = self.paragraphs.paragraph_at(cut) if cut >= 0 else 0
        return frozenset({0, place}) if items[place].start == cut else frozenset({0})

    def _grow_hits(self) -> None:
        if self.source is None or not self.tokens:
            return
        transcript = self.source.transcript
        said = min(self.tokens, len(transcript.ends) - self.source.trace.closing)
        self.hits.grow(transcript.text, transcript.ends[said - 1] if said > 0 else 0)

    def _drop_marks(self, changed: int) -> None:
        """A selection that reaches into paragraphs taken back is gone."""
        count = len(self.paragraphs.items)
        if self.selection and any(
            place.paragraph >= count or place.unit > self.paragraphs.items[place.paragraph].length
            for place in self.selection
            if place.paragraph >= changed
        ):
            self.selection = None

    def _colour(self) -> None:
        if self.source is None or self.tokens <= self._coloured:
            return
        if self.tokens > len(self._bins):
            self._bins = np.resize(self._bins, 2 * self.tokens)
        columns = self.source.columns
        fresh = bins_of(columns, self.heat, self._coloured)[: self.tokens - self._coloured]
        self._bins[self._coloured : self.tokens] = fresh
        self._coloured = self.tokens
