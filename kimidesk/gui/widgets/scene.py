"""What the trace view shows, without the widget: text, geometry, colours, marks and folds.

The scene reads a growing trace and follows it; it never changes it.
"""

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QTextLine

from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.folding import Folding
from kimidesk.gui.widgets.folds import Fold
from kimidesk.gui.widgets.formulas import ShownFormulas
from kimidesk.gui.widgets.heat import Heat, bins_of
from kimidesk.gui.widgets.hits import Hits
from kimidesk.gui.widgets.insets import Placed
from kimidesk.gui.widgets.layouts import FOLD_PX, Layouts, x_of
from kimidesk.gui.widgets.paragraphs import Paragraph, Paragraphs, characters, utf16
from kimidesk.gui.widgets.passages import Change, Passages, Sentence
from kimidesk.reading import Transcript, spans
from kimidesk.records import TokenColumns, Trace

TOKENS_A_TIME = 2_000  # placed in one go, about 6 ms; a long trace opens over several


class Source(Protocol):
    """A trace that may still grow: a Solve flow, or one that was kept."""

    @property
    def trace(self) -> Trace: ...
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
        self.typesetter: Typesetter | None = None  # without one formulas are their source
        self.raw = False  # as if there were none
        self.font = font
        self._width = width
        self.hits = Hits()
        self.show(None)

    def show(self, source: Source | None) -> None:
        """Begin with another trace, or with none."""
        self.source = source
        self.paragraphs = Paragraphs()
        self.formulas = ShownFormulas(self.paragraphs, self.typesetter, raw=self.raw)
        self.layouts = Layouts(self.paragraphs.items, self.font, self._width)
        self.passages = Passages()
        self.folding = Folding(self.paragraphs, self.layouts, self.passages)
        self.layouts.insets_of = lambda item: self.formulas.insets_of(
            item, self.layouts.width, self.font.pixelSize()
        )
        self.hovered = self.pinned = -1
        self.pointed = -1  # the passage that the mouse is on, in the gutter
        self.selection: tuple[Place, Place] | None = None  # where it began, where it is now
        self.hits = Hits(self.hits.words)
        self.thought = (0, 0)  # the thought without its marks, in characters
        self.thinks = False
        self._searched = 0  # characters in which no mark of the thought's end begins
        self._bins: NDArray[np.uint8] = np.zeros(1024, np.uint8)
        self._coloured = 0

    def use_font(self, font: QFont) -> None:
        """Lay everything out in `font`."""
        self.font = font
        self.layouts.use(font)

    def use_typesetter(self, typesetter: Typesetter) -> None:
        """Typeset formulas, from the next trace on."""
        self.typesetter = typesetter
        self.show(self.source)

    def show_raw(self, raw: bool) -> None:
        """Show formulas as their source, or typeset."""
        self.raw = self.formulas.raw = raw
        self.layouts.invalidate(0)

    def sized(self, formulas: Iterable[tuple[str, bool]]) -> list[range]:
        """The typesetter knows these now: lay out anew where they stand; says in which places."""
        changed = self.formulas.sized(formulas)
        for places in changed:
            self.layouts.refresh(places)
        return changed

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
        whole = transcript.upto(said) if trace.closing else text
        self.thought, answer = spans(whole, trace.dialect, self._searched)
        if answer < 0:  # a mark of the end may have begun
            longest = max(map(len, trace.dialect.ends), default=0)
            self._searched = max(len(whole) - longest, 0)
        self.thinks = answer != 0
        changed = self.paragraphs.extend(
            text,
            ends,
            cut=answer if self.thinks else -1,
            end_token=said if trace.closing else -1,
            limit=limit,
        )
        self.folding.growing = trace.ended is None and answer <= 0
        self.layouts.heads = self._heads()
        self.layouts.invalidate(changed)
        self.folding.follow(changed)
        self._drop_marks(changed)
        self._grow_formulas()
        self._grow_hits()
        self._colour()

    def recolour(self, heat: Heat) -> None:
        """Colour by another statistic; layouts stay as they are."""
        self.heat = heat
        self._coloured = 0
        self._colour()

    def name(self, named: Sequence[Sentence]) -> Change:
        """The sentences have these names now; what is folded follows in `folding.settle`."""
        if self.source is None:
            return Change(0, 0, 0)
        change = self.passages.follow(named, self.source.transcript)
        if change.removed or change.added:
            first = max(change.first - 1, 0)
            self.folding.touch(first, change.first + change.added + 1)
        return change

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

    def rects_of(self, token: int) -> list[QRectF]:
        """Where `token` stands, in the coordinates of the scene; a hair for one without width."""
        found: list[QRectF] = []
        place = self.paragraphs.paragraph_of(token) if 0 <= token < self.tokens else -1
        if fold := self.fold_hiding(token):
            return [self.fold_rect(fold)]
        place = self.formulas.begun(place)
        while 0 <= place < len(self.paragraphs.items):
            item, top = self.paragraphs.items[place], self.layouts.text_top(place)
            if item.first > token or place < 0:
                break
            if self.layouts.folds.of(place):  # it begins in a fold, and goes on behind it
                place += 1
                continue
            found += [
                box.rect.translated(0, top)
                for box in self.layouts.boxes(place)
                if box.token == token
            ]
            for placed in self.layouts.laid(place).placed:
                tokens = self.formulas.tokens_of(placed.inset.formula)
                if token in tokens:
                    cell = placed.cell(token - tokens.start, len(tokens))
                    found.append(cell.translated(0, top))
            if item.hard and item.last == token:
                box_ = self.layouts.break_box(place)
                found += [] if box_.isNull() else [box_.translated(0, top)]
            if item.last > token:
                break
            place += 1
        return found or self._hair(token)

    def formula_rect(self, token: int) -> QRectF | None:
        """The whole of the formula in which `token` is shown, if it is."""
        place = self.paragraphs.paragraph_of(token) if 0 <= token < self.tokens else -1
        place = self.formulas.begun(place)
        if place < 0:
            return None
        for placed in self.layouts.laid(place).placed:
            if token in self.formulas.tokens_of(placed.inset.formula):
                return placed.room.translated(0, self.layouts.text_top(place))
        return None

    def token_at(self, point: QPointF) -> int:
        """The token at a point of the scene, -1 for none."""
        paragraph = self.layouts.at(point.y())
        if paragraph < 0:
            return -1
        item = self.paragraphs.items[paragraph]
        y = point.y() - self.layouts.text_top(paragraph)
        if self.layouts.folds.of(paragraph):
            return -1
        if not 0 <= y < self.layouts.laid(paragraph).height or not item.ends:
            return -1
        if placed := self.placed_at(point):
            tokens, rect = self.formulas.tokens_of(placed.inset.formula), placed.rect
            share = (point.x() - rect.left()) / max(rect.width(), 1)
            return tokens[min(max(int(share * len(tokens)), 0), len(tokens) - 1)]
        if item.hard and self.layouts.break_box(paragraph).contains(QPointF(point.x(), y)):
            return item.last
        line = self._line_at(paragraph, y)
        # Blanks at the end of a wrapped line stand outside its natural width.
        if not line.x() <= point.x() < x_of(line, line.textStart() + line.textLength()):
            return -1
        return item.token_at(line.xToCursor(point.x(), QTextLine.CursorPosition.CursorOnCharacter))

    def place_at(self, point: QPointF) -> Place:
        """The place between two characters nearest to a point of the scene."""
        paragraph = self.layouts.at(point.y())
        if paragraph < 0:
            return Place(0, 0)
        y = point.y() - self.layouts.text_top(paragraph)
        if fold := self.layouts.folds.of(paragraph):
            behind = Place(fold.last, self.paragraphs.items[fold.last].length)
            return behind if y > FOLD_PX / 2 else Place(fold.first, 0)
        unit = self._line_at(paragraph, y).xToCursor(point.x())
        if inset := self.layouts.laid(paragraph).inset_at(unit):  # all of it, or nothing
            placed = self.placed_at(point)
            behind_it = placed is not None and point.x() > placed.rect.center().x()
            formula = inset.formula
            return self.place_of(formula.stop if behind_it else formula.start)
        return Place(paragraph, unit)

    def placed_at(self, point: QPointF) -> Placed | None:
        """The formula that is shown at a point of the scene."""
        paragraph = self.layouts.at(point.y())
        if paragraph < 0 or self.layouts.folds.of(paragraph):
            return None
        here = QPointF(point.x(), point.y() - self.layouts.text_top(paragraph))
        placed = self.layouts.laid(paragraph).placed
        return next((each for each in placed if each.room.contains(here)), None)

    def fold_rect(self, fold: Fold) -> QRectF:
        """Where the line of a fold stands, in the coordinates of the scene."""
        top = self.layouts.text_top(fold.first)
        return QRectF(0, top, self.layouts.width, FOLD_PX)

    def character_of(self, place: Place) -> int:
        """The character of the trace that stands behind a place."""
        item = self.paragraphs.items[place.paragraph]
        return item.start + min(characters(item.text, place.unit), len(item.said))

    def place_of(self, character: int) -> Place:
        """The place before a character of the trace."""
        place = max(self.paragraphs.paragraph_at(character), 0)
        item = self.paragraphs.items[place]
        return Place(place, utf16(item.text[: character - item.start]))

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

    @property
    def pinned_text(self) -> str:
        """The pinned token, or all that the fold with it hides."""
        if self.source is None or self.pinned < 0:
            return ""
        if fold := self.fold_hiding(self.pinned):
            last = self.paragraphs.items[fold.last].length
            return self.paragraphs.copied(Place(fold.first, 0), Place(fold.last, last))
        return self.source.transcript.token_text(self.pinned)

    def fold_hiding(self, token: int) -> Fold | None:
        """The fold that a token is in; None for one that shows, if only its last part."""
        items, place = self.paragraphs.items, self.paragraphs.paragraph_of(token)
        fold = self.layouts.folds.of(place)
        if fold and fold.last + 1 < len(items) and items[fold.last + 1].first == token:
            return self.layouts.folds.of(fold.last + 1)
        return fold

    def fold_at(self, point: QPointF) -> Fold | None:
        """The fold whose line is at a point of the scene."""
        fold = self.layouts.folds.of(self.layouts.at(point.y()))
        if fold is None or not self.fold_rect(fold).contains(point):
            return None
        return fold

    def _line_at(self, paragraph: int, y: float) -> QTextLine:
        return self.layouts.laid(paragraph).line_at(y)

    def _hair(self, token: int) -> list[QRectF]:
        place = self.paragraphs.paragraph_of(token) if 0 <= token < self.tokens else -1
        if place < 0 or token > self.paragraphs.items[place].last:
            return []
        laid = self.layouts.laid(place)
        if not laid.height:  # behind a formula, whose last lines take no room
            begun = self.formulas.begun(place)
            top = self.layouts.text_top(begun)
            room = self.layouts.laid(begun).placed[-1].room.translated(0, top)
            return [QRectF(room.right() + 2, room.top(), 2, room.height())]
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

    def _grow_formulas(self) -> None:
        if self.source is None or not self.tokens:
            return
        trace, transcript = self.source.trace, self.source.transcript
        said = len(transcript.ends) - trace.closing
        ended = trace.ended is not None
        for places in self.formulas.grow(transcript, said, ended=ended):
            self.layouts.refresh(places)

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
