"""Where a growing trace is, in its thought or in its answer, and what its budget still allows.

Marks are looked for in bytes, since a mark may be split between tokens and a character between
two. The rules are those of `kimidesk.reading.split`: leading blanks do not count, the first end
mark ends the thought, and an end mark without a start closes a thought that was never announced.
"""

from dataclasses import replace
from enum import Enum, auto

from kimidesk.records import Budget, Dialect

MOST_WAIT = 3  # tokens; a character of UTF-8 has at most three bytes after its first


class Place(Enum):
    """Where the next token falls."""

    UNKNOWN = auto()
    """Only blanks or a part of the start mark so far."""
    THOUGHT = auto()
    """After the start mark, or after a prompt that holds it."""
    UNANNOUNCED = auto()
    """Text without a start mark: the answer, unless an end mark still comes."""
    ANSWER = auto()
    """After the end mark, or in a dialect without a thought."""


class Mind:
    """Follows one trace. A budget is what the trace adds: what a fork keeps is not counted.

    Tokens of the marks count for neither side, whether drawn or forced. A thought is closed by
    force after exactly `Budget.thinking` tokens, or up to three later where a character would be
    cut in two.
    """

    def __init__(self, budget: Budget, dialect: Dialect) -> None:
        self._budget = budget
        self._start = dialect.start.encode()
        self._ends = tuple(mark.encode() for mark in dialect.ends)
        self._reach = max((len(mark) for mark in self._ends), default=1) - 1
        self._lead = dialect.answer.encode()  # of the answer; empty once it has come, or has not
        self._text = b""  # what may still be a part of a mark
        self._led = b""  # how much of the lead has come
        self._unfinished = b""  # the last bytes, where they are a part of a character
        self._closed = False  # the end was given out once
        self._owed = 0  # bytes of it that have not come back yet
        self.thinking = 0  # tokens of the thought so far
        self.answer = 0  # tokens of the answer so far
        self.place = Place.ANSWER
        if dialect.thinks:
            self.place = Place.THOUGHT if dialect.opened else Place.UNKNOWN
            if not self._start and not dialect.opened:
                self.place = Place.UNANNOUNCED

    def read(self, piece: bytes) -> None:
        """Take a token that was kept from a parent; it spends nothing."""
        thinking, answer = self.thinking, self.answer
        self.spend(piece)
        self.thinking, self.answer = thinking, answer

    def spend(self, piece: bytes) -> None:
        """Take a token that was added."""
        before = self.place
        self._unfinished = _unfinished(self._unfinished + piece)
        self._move(piece)
        leading = before is Place.ANSWER and self._leads(piece)
        if self._owed > 0:
            self._owed -= len(piece)
        elif leading:
            pass  # the head of the answer's channel is a mark too
        elif before is Place.THOUGHT:
            self.thinking += self.place is Place.THOUGHT  # else it completed the end mark
        elif before is self.place or before is Place.UNKNOWN:
            self.answer += 1
        if self.place is before:
            return
        if self.place is Place.THOUGHT:
            self.answer = 0  # what came before was the start mark
        elif self.place is Place.ANSWER and before is not Place.THOUGHT:
            self.thinking, self.answer = self.thinking + self.answer, 0

    def due(self) -> str:
        """What must be forced before the next token: the end of the thought, given once, or ""."""
        limit = self._budget.thinking
        if self.place is not Place.THOUGHT or self._closed or limit is None:
            return ""
        late = self.thinking - limit
        if late < 0 or (self._unfinished and late < MOST_WAIT):
            return ""
        self._closed = True
        text = b"\n" + self._ends[0] + (self._lead or b"\n\n")
        self._owed = len(text)
        return text.decode()

    def onward(self, dialect: Dialect) -> Dialect:
        """How what is added from here on is to be read: a fork may begin inside the thought, or
        inside the answer, where no mark counts any more."""
        if self.place is Place.THOUGHT:
            return replace(dialect, opened=True)
        return Dialect(dialect.name) if self.place is Place.ANSWER else dialect

    def _leads(self, piece: bytes) -> bool:
        """Whether a token after the end of the thought belongs to what precedes the answer."""
        if not self._lead:
            return False
        self._led = (self._led + piece).lstrip()
        if self._lead.startswith(self._led) and self._led != self._lead:
            return True
        whole, self._lead = self._led.startswith(self._lead), b""
        return whole

    @property
    def spent(self) -> bool:
        """Whether the answer may not grow further."""
        limit = self._budget.answer
        return limit is not None and self.place is not Place.THOUGHT and self.answer >= limit

    def _move(self, piece: bytes) -> None:
        if self.place is Place.ANSWER:
            return
        self._text += piece
        if self.place is Place.UNKNOWN:
            self._text = self._text.lstrip()
            if self._text.startswith(self._start):
                self.place, self._text = Place.THOUGHT, self._text[len(self._start) :]
            elif not self._start.startswith(self._text):
                self.place = Place.UNANNOUNCED
        if self.place is not Place.UNKNOWN:
            if any(mark in self._text for mark in self._ends):
                self.place, self._text = Place.ANSWER, b""
            self._text = self._text[-self._reach :] if self._reach else b""


def _unfinished(text: bytes) -> bytes:
    """The part of a character of UTF-8 at the end of `text`; empty where it ends whole."""
    for back in range(1, min(MOST_WAIT, len(text)) + 1):
        byte = text[-back]
        if byte >= 0xC0:
            length = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return text[-back:] if back < length else b""
        if byte < 0x80:
            return b""
    return b""
