"""Where a growing trace is, in its thought or in its answer, and what its budget still allows.

Marks are looked for in bytes, since a mark may be split between tokens and a character between
two. The rules are those of `kimidesk.reading.split`: leading blanks do not count, the first end
mark ends the thought, and an end mark without a start closes a thought that was never announced.
However a text is cut into tokens, the thought ends at the same place in it.
"""

import re
from dataclasses import replace
from enum import Enum, auto

from kimidesk.engines.tail import Tail
from kimidesk.records import Budget, Dialect, Noted, Wish

SENTENCE = 16  # bytes at the end of a thought that tell whether a sentence ends
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

    Tokens that hold a part of a mark, and those of what closes a thought by force, count for
    neither side; a token of what may become a mark counts until the mark is whole. A thought is
    closed by force after exactly `Budget.thinking` tokens, or up to three later where a character
    would be cut in two; with a soft landing earlier, where a sentence ends. Where its end mark has
    begun by then, the mark is completed instead, so that none is left broken.
    """

    def __init__(self, budget: Budget, dialect: Dialect) -> None:
        self._budget = budget
        self._start = dialect.start.encode()
        self._end = dialect.ends[0].encode() if dialect.ends else b""
        self._marks = Tail(tuple(mark.encode() for mark in dialect.ends))
        self._lead = dialect.answer.encode()  # of the answer; empty once it has come, or has not
        self._led = b""  # how much of the lead has come
        self._leading = 0  # tokens of it, counted should it not be the lead after all
        self._blanks = 0  # tokens before it, counted unless it comes
        self._head = b""  # what may still be a part of the start mark
        self._heading = bool(self._start) and dialect.thinks  # nothing else has come yet
        self._sentence = b""  # the last bytes, to see whether a sentence ends
        self._unfinished = b""  # the last bytes, where they are a part of a character
        self._closed = False  # the end was given out once
        self._owed = 0  # bytes of what was given out that have not come back yet
        self._wish: Wish | None = None
        self._waited = 0  # tokens since then
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
        self._take(piece, 0)

    def spend(self, piece: bytes) -> None:
        """Take a token that was added."""
        counts = int(self._owed <= 0)
        self._owed -= min(len(piece), self._owed)
        self._take(piece, counts)

    def _take(self, piece: bytes, counts: int) -> None:
        """Take a token that counts, or (0) does not."""
        self._unfinished = _unfinished(self._unfinished + piece)
        self._sentence = (self._sentence + piece)[-SENTENCE:]
        self._waited += 1
        if self.place is Place.ANSWER:
            self.answer += self._answered(piece, counts)
            return
        if self._heading and self._starts(piece):
            return
        if self.place is Place.THOUGHT:
            self.thinking += counts
        else:
            self.answer += counts
        self._look(piece, counts)

    def wish(self, wish: Wish) -> bool:
        """What a person asks; False where there is no thought to end or to go on with."""
        if self.place is not Place.THOUGHT or self._closed:
            return False
        self._wish, self._waited = wish, 0
        return True

    def due(self) -> str:
        """What must be forced before the next token: the end of the thought, given once, or ""."""
        if self.place is not Place.THOUGHT or self._closed or self._owed > 0:
            return ""
        why = self._why_due()
        if why is None or self._marks.tokens_begun == 1:
            return ""  # one token of a mark is not sure to be one: `instead` sees the next
        return self._close(why)

    def instead(self, piece: bytes, *, ends: bool) -> str:
        """What must be forced in place of a token that was drawn, or "" where it may stand.

        `ends`: it would end the generation. A thought that must go on ends neither way, and one
        that must end does not go on.
        """
        if self.place is not Place.THOUGHT or self._closed or self._owed > 0:
            return ""
        why = self._why_due()
        if why is not None:
            return "" if not ends and self._marks.goes_on_with(piece) else self._close(why)
        within = 0 if ends else self._marks.counted_with(piece)
        if within is None:
            return ""
        if self._wish is not Wish.KEEP_THINKING and self.thinking - within >= self._budget.least:
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
        """How what is added from here on is to be read: a fork may begin inside the thought, inside
        the answer, where no mark counts any more, or inside a mark."""
        if self.place is Place.ANSWER:
            if not self._lead:
                return Dialect(dialect.name)
            return replace(dialect, opened=True, begun=_whole(self._end + self._led))
        if self._heading:
            return replace(dialect, begun=_whole(self._head))
        opened = self.place is Place.THOUGHT
        # What looks like a start mark behind what has come is none.
        return replace(dialect, start="", opened=opened, begun=_whole(self._marks.begun))

    def _why_due(self) -> Noted | None:
        if self._wish is Wish.ANSWER_NOW:
            waits = self._unfinished and self._waited < MOST_WAIT
            return None if waits else Noted.ANSWER_NOW
        limit = self._budget.thinking
        if limit is None:
            return None
        late = self.thinking - limit
        if late >= 0:
            return None if self._unfinished and late < MOST_WAIT else Noted.CUT
        landing = late >= -self._budget.soft and self.thinking >= self._budget.least
        return Noted.LANDED if landing and _ends_sentence(self._sentence) else None

    def _close(self, why: Noted) -> str:
        """The end of the thought: what closes it by force, or the rest of a mark that has begun."""
        self._closed = True
        self._noted.append(why)
        after = self._lead or b"\n\n"
        if self._marks.tokens_begun > 1 and not self._unfinished:
            text = self._marks.missing() + after
        else:
            message = f"\n\n{self._budget.closing}\n" if self._budget.closing else "\n"
            text = message.encode() + self._end + after
        self._owed = len(text)
        return text.decode()

    def _starts(self, piece: bytes) -> bool:
        """Whether, before anything else has come, a token completes the start mark.

        Behind a prompt that holds the mark it is a part of the thought, and spends.
        """
        self._head = _unled(self._head + piece)
        whole = self._head.startswith(self._start)
        part = self._start.startswith(self._head) or self._head == self._unfinished
        self._heading = part and not whole
        if self.place is not Place.UNKNOWN or self._heading:
            return False
        self.place = Place.THOUGHT if whole else Place.UNANNOUNCED
        if whole:
            self.answer = 0  # what came before was the mark, and blanks
            self._marks.clear()
            self._look(self._head[len(self._start) :], 0)
        return whole

    def _look(self, piece: bytes, counted: int) -> None:
        """See whether a token, counted by now, completes an end mark."""
        found = self._marks.take(piece, counted)
        if found is None:
            return
        thought, self.answer = self.thinking + self.answer, 0
        self.thinking = thought - found.counted - counted
        self.place = Place.ANSWER
        self._answered(found.rest, 0)

    def _answered(self, piece: bytes, counts: int) -> int:
        """How many tokens the answer grows by with this one: none while what precedes it comes.

        Blanks before it are taken back when it has come; where something else comes, its tokens
        count at once, so that an answer may pass its limit by so many.
        """
        if not self._lead:
            return counts
        self._led = _unled(self._led + piece)
        if not self._led:
            self._blanks += counts
            return counts
        part = self._lead.startswith(self._led) and self._led != self._lead
        if part or self._led == self._unfinished:
            self._leading += counts
            return 0
        whole, self._lead = self._led.startswith(self._lead), b""
        return -self._blanks if whole else self._leading + counts

    @property
    def spent(self) -> bool:
        """Whether the answer may not grow further."""
        limit = self._budget.answer
        return limit is not None and self.place is not Place.THOUGHT and self.answer >= limit


def _whole(text: bytes) -> str:
    """The characters of a text that are whole."""
    return text.decode("utf-8", "ignore")


def _unled(text: bytes) -> bytes:
    """A text without the blanks before it, those of Unicode too."""
    return text.decode("utf-8", "surrogateescape").lstrip().encode("utf-8", "surrogateescape")


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
