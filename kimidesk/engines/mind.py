"""Where a growing trace is, in its thought or in its answer, and what its budget still allows.

Marks are looked for in bytes, since a mark may be split between tokens and a character between
two. The rules are those of `kimidesk.reading.split`: leading blanks do not count, the first end
mark ends the thought, and an end mark without a start closes a thought that was never announced.
"""

import re
from dataclasses import replace
from enum import Enum, auto

from kimidesk.records import Budget, Dialect, Noted, Wish

TAIL = 16  # bytes
NEAR = 16  # tokens left of a budget: too few to be worth going on
_SENTENCE = re.compile(r"""([^\W\d][.!?]["')\]”’*]*|[。！？…][”’」』）]*)\s*\Z|\n\s*\Z""")
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

    Tokens of the marks, and of what closes a thought by force, count for neither side. A thought
    is closed by force after exactly `Budget.thinking` tokens, or up to three later where a
    character would be cut in two; with a soft landing earlier, where a sentence ends.
    """

    def __init__(self, budget: Budget, dialect: Dialect) -> None:
        self._budget = budget
        self._start = dialect.start.encode()
        self._ends = tuple(mark.encode() for mark in dialect.ends)
        self._reach = max((len(mark) for mark in self._ends), default=1) - 1
        self._lead = dialect.answer.encode()  # of the answer; empty once it has come, or has not
        self._text = b""  # what may still be a part of a mark
        self._led = b""  # how much of the lead has come
        self._tail = b""  # the last bytes of the thought, to see whether a sentence ends
        self._unfinished = b""  # the last bytes, where they are a part of a character
        self._closed = False  # the end was given out once
        self._owed = 0  # bytes of what was given out that have not come back yet
        self._wish: Wish | None = None
        self._noted: list[Noted] = []
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
        self._tail = (self._tail + piece)[-TAIL:]
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

    def wish(self, wish: Wish) -> bool:
        """What a person asks; False where there is no thought to end or to go on with."""
        if self.place is not Place.THOUGHT or self._closed:
            return False
        self._wish = wish
        return True

    def due(self) -> str:
        """What must be forced before the next token: the end of the thought, given once, or ""."""
        if self.place is not Place.THOUGHT or self._closed or self._owed > 0:
            return ""
        why = self._why_due()
        if why is None:
            return ""
        self._closed = True
        self._noted.append(why)
        message = f"\n\n{self._budget.closing}\n" if self._budget.closing else "\n"
        text = message.encode() + self._ends[0] + (self._lead or b"\n\n")
        self._owed = len(text)
        return text.decode()

    def instead(self, piece: bytes, *, ends: bool) -> str:
        """What must be forced in place of a token that was drawn, or "" where it may stand.

        `ends`: it would end the generation. A thought that must go on ends neither way.
        """
        wished = self._wish is Wish.KEEP_THINKING
        if self.place is not Place.THOUGHT or self._closed or self._owed > 0:
            return ""
        if not wished and self.thinking >= self._budget.least:
            return ""
        if not ends and not self._would_end(piece):
            return ""
        limit = self._budget.thinking
        if limit is not None and self.thinking + NEAR > limit:
            return ""
        self._wish = None
        self._noted.append(Noted.KEPT_THINKING)
        return self._budget.onward or "\n"

    def noted(self) -> tuple[Noted, ...]:
        """What has happened since this was last asked."""
        noted, self._noted = tuple(self._noted), []
        return noted

    def onward(self, dialect: Dialect) -> Dialect:
        """How what is added from here on is to be read: a fork may begin inside the thought, or
        inside the answer, where no mark counts any more."""
        if self.place is Place.THOUGHT:
            return replace(dialect, opened=True)
        return Dialect(dialect.name) if self.place is Place.ANSWER else dialect

    def _why_due(self) -> Noted | None:
        if self._wish is Wish.ANSWER_NOW:
            return None if self._unfinished else Noted.ANSWER_NOW
        limit = self._budget.thinking
        if limit is None:
            return None
        late = self.thinking - limit
        if late >= 0:
            return None if self._unfinished and late < MOST_WAIT else Noted.CUT
        landing = late >= -self._budget.soft and self.thinking >= self._budget.least
        return Noted.LANDED if landing and _ends_sentence(self._tail) else None

    def _would_end(self, piece: bytes) -> bool:
        """Whether an end mark would stand, or have begun, with this token."""
        text = self._text + piece
        for mark in self._ends:
            if mark in text:
                return True
            if any(text.endswith(mark[:size]) for size in range(len(mark) - 1, 1, -1)):
                return True
        return False

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


def _ends_sentence(tail: bytes) -> bool:
    """Whether a sentence or a paragraph ends here; the point of a number ends none."""
    return bool(_SENTENCE.search(tail.decode("utf-8", "ignore")))
