"""Display paragraphs: the text of a trace cut where it is shown, with the place of every token.

Qt counts UTF-16 units and Python counts characters, so each token's end is kept in UTF-16. A
paragraph that runs on is cut at about 1,500 characters, because a layout costs what its whole
text costs and the last paragraph is laid out again with every token.
"""

from bisect import bisect_right
from collections.abc import Sequence

SOFT_LIMIT = 1500  # from here on a paragraph is cut before the next space
HARD_LIMIT = 2000  # and from here on before the next token
END_MARK = "⟨end⟩"

_SHOWN = {code: 0x2400 + code for code in range(0x20) if code != 0x09}
_SHOWN |= {0x7F: 0x2421, 0x85: 0x2424, 0x2028: 0x2424, 0x2029: 0x2424, 0xFEFF: 0x2423}


def utf16(text: str) -> int:
    """How many UTF-16 units `text` takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def characters(text: str, units: int) -> int:
    """How many characters the first `units` UTF-16 units of `text` are."""
    if text.isascii():
        return units
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


class Paragraph:
    """One layout's text. Token `first + i` ends at UTF-16 offset `ends[i]`."""

    __slots__ = ("ends", "first", "hard", "length", "start", "text", "unsaid")

    def __init__(self, start: int, first: int) -> None:
        self.start = start  # characters of the trace before it
        self.first = first  # the token that its first character belongs to
        self.text = ""
        self.length = 0  # UTF-16 units of text
        self.ends: list[int] = []
        self.hard = False  # a line break follows, which belongs to the last token here
        self.unsaid = 0  # characters at its end that the checkpoint did not write: the end mark

    @property
    def last(self) -> int:
        """The last token with a character, or the line break, here."""
        return self.first + len(self.ends) - 1

    @property
    def said(self) -> str:
        """What is copied."""
        return self.text[: len(self.text) - self.unsaid]

    def token_at(self, unit: int) -> int:
        """The token that UTF-16 unit `unit` belongs to."""
        return self.first + min(bisect_right(self.ends, unit), len(self.ends) - 1)

    def span(self, token: int) -> tuple[int, int]:
        """Where `token` stands here, in UTF-16 units."""
        place = token - self.first
        return (self.ends[place - 1] if place > 0 else 0, self.ends[place])

    def put(self, token: int, text: str) -> None:
        """Add the (part of a) token `text`, which holds no line break."""
        shown = text if text.isprintable() else text.translate(_SHOWN)
        self.text += shown
        self.length += utf16(shown)
        if token - self.first == len(self.ends):
            self.ends.append(self.length)
        else:
            self.ends[-1] = self.length


class Paragraphs:
    """Grows with the trace; `items` are the paragraphs and `tokens` how many tokens they hold."""

    def __init__(self) -> None:
        self.items: list[Paragraph] = []
        self.tokens = 0
        self.cut = -1  # a character that must begin a paragraph: the answer's first
        self.end_token = -1  # the first token of the end mark
        self._at = 0  # characters placed
        self._closed = True  # the next character begins a paragraph

    def extend(
        self, text: str, ends: Sequence[int], *, cut: int = -1, end_token: int = -1, limit: int = 0
    ) -> int:
        """Place tokens up to `ends`' last, at most `limit` of them (0: all).

        `text` is all of the trace and `ends[i]` the character at which token i ends. Returns the
        first paragraph that changed; they may have become fewer, where a paragraph must now end.
        """
        changed = max(len(self.items) - (not self._closed), 0)
        if cut != self.cut:
            changed = min(changed, self._reopen(min(c for c in (cut, self.cut) if c >= 0)))
            self.cut = cut
        if end_token != self.end_token:
            if 0 <= end_token < self.tokens:
                begin = ends[end_token - 1] if end_token else 0
                changed = min(changed, self._reopen(max(begin - 1, 0)))
            self.end_token = end_token
        stop = min(len(ends), self.tokens + limit) if limit else len(ends)
        for token in range(self.tokens, stop):
            self._place(token, text[self._at : ends[token]])
        self.tokens = max(stop, self.tokens)
        return changed

    def paragraph_of(self, token: int) -> int:
        """The paragraph in which `token` begins; the last one for a token not yet placed."""
        place = bisect_right(self.items, token, key=lambda item: item.first) - 1
        # A token that runs over a line break is the first of the next paragraph too.
        while (
            place > 0 and self.items[place].first == token and self.items[place - 1].last >= token
        ):
            place -= 1
        return place

    def paragraph_at(self, character: int) -> int:
        """The paragraph that holds `character`."""
        return bisect_right(self.items, character, key=lambda item: item.start) - 1

    def copied(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """The text between two (paragraph, UTF-16 unit) places, as the checkpoint wrote it."""
        (begin, begin_unit), (end, end_unit) = first, last
        said: list[str] = []
        for place in range(begin, end + 1):
            item = self.items[place]
            stop = min(characters(item.text, end_unit), len(item.said)) if place == end else None
            start = characters(item.text, begin_unit) if place == begin else 0
            said.append(item.said[start:stop])
            if place < end and item.hard:
                said.append("\n")
        return "".join(said)

    def _place(self, token: int, text: str) -> None:
        if self.end_token >= 0 and token >= self.end_token:
            self._put_end_mark(token, len(text))
            return
        if self._at < self.cut < self._at + len(text):
            part = self.cut - self._at
            self._place_lines(token, text[:part])
            self._place_lines(token, text[part:])
            return
        self._place_lines(token, text)

    def _place_lines(self, token: int, text: str) -> None:
        if text and self._at == self.cut and self.items and self.items[-1].start < self.cut:
            self._closed = True
        first, *rest = text.split("\n")
        self._put(token, first)
        for place, line in enumerate(rest, 1):
            self.items[-1].hard = self._closed = True
            self._at += 1
            if line or place < len(rest):  # what follows the last break opens with the next token
                self._put(token, line)

    def _put(self, token: int, text: str) -> None:
        if not self._closed:
            length = len(self.items[-1].text)
            if length > SOFT_LIMIT and (text.startswith(" ") or length > HARD_LIMIT):
                self._closed = True
        if self._closed:
            self.items.append(Paragraph(self._at, token))
            self._closed = False
        self.items[-1].put(token, text)
        self._at += len(text)

    def _put_end_mark(self, token: int, length: int) -> None:
        shown = END_MARK if token == self.end_token else ""
        if not self.items:
            self.items.append(Paragraph(self._at, token))
        last = self.items[-1]
        # The mark stands behind the last word, even when a line break came before it.
        for missing in range(last.first + len(last.ends), token):
            last.put(missing, "")
        last.put(token, shown)
        last.unsaid += len(shown)
        self._at += length

    def _reopen(self, character: int) -> int:
        """Take back the paragraph with `character` and all later ones; returns its index."""
        place = max(self.paragraph_at(character), 0)
        if character >= self._at or place >= len(self.items):
            return len(self.items)
        item = self.items[place]
        self.tokens, self._at = item.first, item.start
        del self.items[place:]
        self._closed = True
        return place
