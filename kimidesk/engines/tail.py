"""The last tokens of a growing text, as far back as a mark that ends its thought may begin."""

from collections import deque
from typing import NamedTuple

SURE = 2  # bytes of a mark that must have come before it counts as begun: many texts hold a "<"


class _Token(NamedTuple):
    size: int  # bytes
    counts: int  # 1 where it was counted for a side, 0 where it was not


class Found(NamedTuple):
    """A mark that is whole."""

    counted: int  # tokens counted before that hold a part of it
    rest: bytes  # what the token that completed it holds behind it


class Tail:
    """Looks for marks in bytes, wherever tokens begin and end; the first one counts.

    A mark may be cut into tokens in any way: between two, in the midst of a character, with text
    before and behind it, after what only began like it.
    """

    def __init__(self, marks: tuple[bytes, ...]) -> None:
        self._marks = marks
        self._reach = max(map(len, marks), default=1) - 1
        self._tokens: deque[_Token] = deque()
        self._text = b""

    def take(self, piece: bytes, counts: int) -> Found | None:
        """Add a token; the mark that it completes."""
        text = self._text + piece
        at = self._first(text)
        if at is None:
            self._tokens.append(_Token(len(piece), counts))
            self._text = text
            self._shorten()
            return None
        size = min(len(mark) for mark in self._marks if text.startswith(mark, at))
        found = Found(sum(one.counts for one in self._within(at)), text[at + size :])
        self.clear()
        return found

    def clear(self) -> None:
        """Forget what has come: no mark begins in it."""
        self._tokens.clear()
        self._text = b""

    @property
    def begun(self) -> bytes:
        """The longest part of a mark that the text ends with; b"" where it ends with none."""
        return self._begun(self._text, 1)

    @property
    def tokens_begun(self) -> int:
        """How many tokens hold a part of a mark that has surely begun."""
        begun = self._begun(self._text)
        return len(self._within(len(self._text) - len(begun))) if begun else 0

    def missing(self) -> bytes:
        """What is missing of the mark that has begun."""
        begun = self._begun(self._text)
        return next(mark for mark in self._marks if mark.startswith(begun))[len(begun) :]

    def counted_with(self, piece: bytes) -> int | None:
        """How many counted tokens are a part of the mark that stands, or has begun, with this one.

        None: there is none.
        """
        text = self._text + piece
        at = self._first(text)
        if at is None:
            begun = self._begun(text)
            at = len(text) - len(begun) if begun else None
        return None if at is None else sum(one.counts for one in self._within(at))

    def goes_on_with(self, piece: bytes) -> bool:
        """Whether this token would go on with, or complete, the mark that has begun."""
        text = self._text + piece
        whole = self._first(text) is not None
        return self.tokens_begun > 0 and (whole or len(self._begun(text)) > len(piece))

    def _first(self, text: bytes) -> int | None:
        """Where the first whole mark begins."""
        places = [text.find(mark) for mark in self._marks]
        return min((place for place in places if place >= 0), default=None)

    def _begun(self, text: bytes, least: int = SURE) -> bytes:
        for size in range(min(self._reach, len(text)), least - 1, -1):
            if any(mark.startswith(text[-size:]) for mark in self._marks if len(mark) > size):
                return text[-size:]
        return b""

    def _within(self, at: int) -> list[_Token]:
        """The tokens that hold bytes of the text from `at` on, the last first."""
        end, found = len(self._text), []
        for token in reversed(self._tokens):
            if end <= at:
                break
            found.append(token)
            end -= token.size
        return found

    def _shorten(self) -> None:
        """Keep the tokens that hold what a mark may begin with, and those behind them."""
        while self._tokens and len(self._text) - self._tokens[0].size >= self._reach:
            self._text = self._text[self._tokens.popleft().size :]
