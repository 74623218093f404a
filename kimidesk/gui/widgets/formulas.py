"""The formulas of a shown trace: where they stand in its paragraphs, and what is known of them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from kimidesk.gui.typeset.sizes import Size
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.insets import EM, Inset, insets_of
from kimidesk.gui.widgets.paragraphs import Paragraph, Paragraphs
from kimidesk.reading import Transcript
from kimidesk.reading.formulas import Formula, Formulas

AROUND = 36  # characters of a formula's source shown before and behind a token


class ShownFormulas:
    """Follows the paragraphs of one trace. Without a typesetter every formula is its source."""

    def __init__(self, paragraphs: Paragraphs, typesetter: Typesetter | None, *, raw: bool) -> None:
        self._paragraphs = paragraphs
        self._typesetter = typesetter
        self._transcript = Transcript()
        self.raw = raw  # as if there were no typesetter
        self.formulas = Formulas()
        self._awaited: dict[tuple[str, bool], set[Formula]] = {}  # whose sizes are not known yet

    def grow(self, transcript: Transcript, said: int, *, ended: bool) -> list[range]:
        """Follow a transcript, of which `said` tokens are text; the paragraphs of new formulas."""
        self._transcript = transcript
        if self._typesetter is None:
            return []
        placed = min(self._paragraphs.tokens, said)
        stop = transcript.ends[placed - 1] if placed > 0 else 0
        whole = ended and placed == said
        new = self.formulas.grow(transcript.text, stop, ended=whole)
        if not self.raw:
            for formula in new:  # most are known then when their paragraphs are laid out
                self._size(formula, (formula.tex(transcript.text), formula.display))
        return [self.places_of(formula) for formula in new]

    def sized(self, keys: Iterable[tuple[str, bool]]) -> list[range]:
        """The typesetter knows these now; the paragraphs that waited for them."""
        waited: list[Formula] = []
        for key in keys:
            found = self._awaited.pop(key, None)
            if found is None and self._typesetter and key in self._typesetter.refused:
                text = self._transcript.text  # its size was known, and it is too large to draw
                found = {each for each in self.formulas.found if each.tex(text) == key[0]}
            waited += found or ()
        return [self.places_of(formula) for formula in waited]

    def insets_of(self, item: Paragraph, width: float, font_px: float) -> Sequence[Inset]:
        """Those of a paragraph that are shown as such in lines of `width` pixels."""
        if self.raw or self._typesetter is None:
            return ()
        cut = self._paragraphs.cut
        found = [
            each
            for each in self.formulas.within(item.start, item.start + len(item.text))
            if not each.start < cut < each.stop  # a thought that ended in the midst of it
        ]
        if not found:
            return ()
        return insets_of(item, found, self._transcript.text, self._size, width, EM * font_px)

    def tokens_of(self, formula: Formula) -> range:
        """The tokens that a character of `formula` belongs to."""
        ends, tokens = self._transcript.ends, self._paragraphs.tokens
        last = bisect_right(ends, formula.stop - 1, 0, tokens)
        return range(bisect_right(ends, formula.start, 0, tokens), last + 1)

    def around(self, token: int) -> str:
        """The source of the formula that `token` belongs to; empty for none."""
        found = self._holding(token)
        return found.tex(self._transcript.text) if found else ""

    def split_at(self, token: int) -> tuple[str, str, str] | None:
        """What stands in its formula before `token`, the token itself, and what follows."""
        found, ends, text = self._holding(token), self._transcript.ends, self._transcript.text
        if found is None:
            return None
        begin, end = ends[token - 1] if token else 0, ends[token]
        before, itself, after = text[found.start : begin], text[begin:end], text[end : found.stop]
        lead = "…" if len(before) > AROUND else ""
        tail = "…" if len(after) > AROUND else ""
        blanks = str.maketrans("\n\t", "  ")
        return (
            lead + before[-AROUND:].translate(blanks),
            itself.translate(blanks),
            after[:AROUND].translate(blanks) + tail,
        )

    def places_of(self, formula: Formula) -> range:
        """The paragraphs that it reaches into."""
        first = self._paragraphs.paragraph_at(formula.start)
        return range(first, self._paragraphs.paragraph_at(formula.stop - 1) + 1)

    def begun(self, place: int) -> int:
        """Where the formula begins that paragraph `place` begins in the midst of."""
        if place <= 0:
            return place
        start = self._paragraphs.items[place].start
        found = self.formulas.within(start, start + 1)
        return min(self._paragraphs.paragraph_at(found[0].start), place) if found else place

    def _holding(self, token: int) -> Formula | None:
        ends = self._transcript.ends
        if not 0 <= token < len(ends):
            return None
        found = self.formulas.within(ends[token - 1] if token else 0, ends[token])
        return found[-1] if found else None

    def _size(self, formula: Formula, key: tuple[str, bool]) -> Size | None:
        assert self._typesetter is not None
        size = self._typesetter.size(key)
        if size is None and key not in self._typesetter.refused:
            self._awaited.setdefault(key, set()).add(formula)
        return size
