"""Insets: formulas in the place of their source, in layouts that keep every offset.

The source of a formula is as many characters as before, all but one of them without width; that one
is as wide as the formula. So tokens, hits and selections stay where they were, and the formula
moves and wraps like a word. Of one that runs over several lines the first holds it all, and the
others give up what belongs to it.
"""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QTextCharFormat, QTextLayout, QTextLine

from kimidesk.gui.typeset.sizes import Size
from kimidesk.gui.widgets.paragraphs import Paragraph, utf16
from kimidesk.reading.formulas import Formula

EM = 1.14  # of the font of formulas, in em of the text's: their small letters are as high then
NARROWEST = (
    0.6  # a formula wider than the column is made so much smaller at most, else it is source
)
GAP_PX = 2  # above and below what is higher than its line
DISPLAY_PX = 7  # likewise, where it stands in a line of its own
SIDE_PX = 1  # left and right of it: Chinese leaves no blank there
STRIP_PX = 4  # the heat of its tokens, below it
_BLANK = "\u00a0"  # takes the width; a line may end before it where a blank stands
_JOINER = "\u2060"  # no width, and no line ends at it
_BREAK = "\u200b"  # no width, and a line may end behind it
_LINE = "\u2028"  # what follows begins a line
_MAY_END = ("Lo", "Po", "Pe", "Pf")  # letters and closing marks may end a line,
_MAY_BEGIN = ("Lo", "Ps", "Pi")  # letters and opening marks begin one
SizeOf = Callable[[Formula, tuple[str, bool]], Size | None]


class Inset(NamedTuple):
    """What a formula is in one paragraph: UTF-16 units begin … end - 1 of its text."""

    formula: Formula
    key: tuple[str, bool]  # as the typesetter knows it
    begin: int
    end: int
    em_px: float  # 0 where only its further source stands, which takes no room
    size: Size

    @property
    def width(self) -> float:
        """In pixels."""
        return self.size.width * self.em_px

    @property
    def above(self) -> float:
        """Pixels over the baseline."""
        return self.size.above * self.em_px

    @property
    def below(self) -> float:
        """Pixels under the baseline."""
        return self.size.below * self.em_px


class Placed(NamedTuple):
    """An inset where it stands in its paragraph."""

    inset: Inset
    rect: QRectF  # of the ink, without the strip
    baseline: float

    @property
    def room(self) -> QRectF:
        """With its strip."""
        return self.rect.adjusted(0, -1, 0, STRIP_PX + 1)

    def cell(self, place: int, count: int) -> QRectF:
        """The part of the strip that belongs to token `place` of `count`."""
        share = self.rect.width() / count
        return QRectF(self.rect.left() + place * share, self.rect.bottom() + 1, share, STRIP_PX)


def insets_of(
    item: Paragraph,
    formulas: Sequence[Formula],
    text: str,
    size_of: SizeOf,
    line_px: float,
    em: float,
) -> list[Inset]:
    """The formulas of a paragraph that can be shown as such, in lines of `line_px` pixels.

    `text` is all of the trace, and `em` that of formulas, in pixels.
    """
    made: list[Inset] = []
    stop = item.start + len(item.text)
    for formula in formulas:
        key = (formula.tex(text), formula.display)
        size = size_of(formula, key)
        if size is None:
            continue
        em_px = min(em, (line_px - 2 * SIDE_PX) / size.width)
        if em_px < NARROWEST * em:
            continue
        begin = utf16(item.text[: max(formula.start - item.start, 0)])
        end = begin + utf16(
            item.text[max(formula.start - item.start, 0) : min(formula.stop, stop) - item.start]
        )
        here = formula.start >= item.start
        made.append(Inset(formula, key, begin, end, em_px if here else 0.0, size))
    return made


class Filled(NamedTuple):
    """A paragraph's text with its insets: the units that take their widths, in their order."""

    text: str
    holders: list[int]


def filled(item: Paragraph, insets: Sequence[Inset]) -> Filled:
    """The text to lay out, with as many UTF-16 units as the paragraph's."""
    source = item.text.encode("utf-16-le", "replace")
    parts: list[str] = []
    holders: list[int] = []
    at = 0
    for inset in insets:
        before = source[2 * at : 2 * inset.begin].decode("utf-16-le")
        after = source[2 * inset.end :].decode("utf-16-le")
        lead, tail, holder = "", "", ""
        if inset.em_px:
            holder = _BLANK
            room = inset.end - inset.begin - 1
            rest = (source[: 2 * inset.begin].decode("utf-16-le"), after)
            lead, tail = _ends(inset.formula.display, *rest)
            if len(lead) + len(tail) > room:
                lead = tail = ""
            holders.append(inset.begin + len(lead))
        joiners = inset.end - inset.begin - len(lead + holder + tail)
        parts += [before, lead, holder, _JOINER * joiners, tail]
        at = inset.end
    parts.append(source[2 * at :].decode("utf-16-le"))
    return Filled("".join(parts), holders)


def widths(text: Filled, insets: Sequence[Inset], font: QFont) -> list[QTextLayout.FormatRange]:
    """The formats that make the holders as wide as their formulas."""
    blank = QFontMetricsF(font).horizontalAdvance(_BLANK)
    made: list[QTextLayout.FormatRange] = []
    shown = (inset for inset in insets if inset.em_px)
    for unit, inset in zip(text.holders, shown, strict=True):
        style = QTextCharFormat()
        style.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        style.setFontLetterSpacing(inset.width + 2 * SIDE_PX - blank)
        span = QTextLayout.FormatRange()
        span.start, span.length, span.format = unit, 1, style
        made.append(span)
    return made


def place_line(
    line: QTextLine, y: float, width: float, least: float, insets: Sequence[Inset]
) -> float:
    """Put a line with its insets at height `y`; returns how high it is."""
    pad = max(least - line.height(), 0) / 2
    over, under = line.ascent() + pad, line.height() - line.ascent() + pad
    x = 0.0
    for inset in insets:
        gap = DISPLAY_PX if inset.formula.display else GAP_PX
        over = max(over, inset.above + gap)
        under = max(under, inset.below + gap + STRIP_PX)
        if inset.formula.display:
            x = max((width - line.naturalTextWidth()) / 2, 0)
    over, under = float(round(over)), float(round(under))
    line.setPosition(QPointF(x, y + over - line.ascent()))
    return over + under


def outside(begin: int, end: int, insets: Sequence[Inset]) -> Iterator[tuple[int, int]]:
    """What of units begin … end - 1 no inset covers."""
    for inset in insets:
        if inset.end <= begin:
            continue
        if inset.begin >= end:
            break
        if inset.begin > begin:
            yield begin, inset.begin
        begin = inset.end
    if begin < end:
        yield begin, end


def _ends(display: bool, before: str, after: str) -> tuple[str, str]:
    """What stands at the two ends of a formula, so that lines end where they may.

    Beside Chinese they may, though no blank stands there.
    """
    if display:
        return _LINE * bool(before.strip()), _LINE * bool(after.strip())
    lead = _is_wide(before[-1:]) and unicodedata.category(before[-1]) in _MAY_END
    tail = _is_wide(after[:1]) and unicodedata.category(after[0]) in _MAY_BEGIN
    return _BREAK * lead, _BREAK * tail


def _is_wide(character: str) -> bool:
    return character >= "\u2e80"
