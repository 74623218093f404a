"""Passages: the segments of a thought as they are shown, neighbours of one kind as one."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple, Protocol

from kimidesk.reading import Transcript
from kimidesk.records import Kind


class Sentence(Protocol):
    """One named sentence: tokens first … last, characters start … end - 1 of the trace."""

    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def confidence(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences at … at + sentences - 1, in a row and of one kind."""

    first: int  # token
    last: int
    start: int  # character
    end: int
    kind: Kind
    confidence: float  # the mean of the sentences', by their length
    at: int
    sentences: int
    begin: int  # the character at which its first token begins, after any line break in that
    stop: int  # the character at which its last token ends

    @property
    def tokens(self) -> int:
        """How many; the blanks behind it are none of them."""
        return self.last - self.first + 1


class Change(NamedTuple):
    """Passages first … first + removed - 1 became `added` others; nothing, where both are 0."""

    first: int
    removed: int
    added: int


class Passages:
    """Follows the named sentences of a trace; `items` are in order and do not overlap."""

    def __init__(self) -> None:
        self.items: list[Passage] = []
        self.version = 0  # another one whenever `items` changes
        self._named: Sequence[Sentence] = ()

    def follow(self, named: Sequence[Sentence], transcript: Transcript) -> Change:
        """Take sentences as they are named now, more of them or others than before."""
        old, self._named = self._named, named
        same = _alike(zip(old, named, strict=False))
        if same == len(old) == len(named):
            return Change(len(self.items), 0, 0)
        first, stop = self._place(same - 1), len(self.items)
        if len(old) == len(named):  # some have other names: what stands behind them stays
            behind = _alike(zip(reversed(old), reversed(named), strict=True))
            stop = self._place(len(named) - behind) + 1
        begin = self.items[first].at if first < len(self.items) else 0
        end = self.items[stop].at if stop < len(self.items) else len(named)
        fresh = list(_merged(named, begin, end, transcript))
        removed = min(stop, len(self.items)) - first
        self.items[first:stop] = fresh
        self.version += 1
        return Change(first, removed, len(fresh))

    def _place(self, sentence: int) -> int:
        """The passage that holds a sentence; the first for those before, the last for others."""
        return max(bisect_right(self.items, sentence, key=lambda each: each.at) - 1, 0)

    def at(self, token: int) -> int:
        """Which of `items` holds a token; -1 for none."""
        place = bisect_right(self.items, token, key=lambda each: each.first) - 1
        return place if place >= 0 and token <= self.items[place].last else -1

    def from_token(self, token: int) -> int:
        """The first passage that ends at `token` or behind it."""
        place = bisect_right(self.items, token, key=lambda each: each.first) - 1
        return place if place >= 0 and token <= self.items[place].last else place + 1

    def within(self, start: int, stop: int) -> tuple[int, int]:
        """Passages first … behind - 1 have a part of characters start … stop - 1."""
        first = bisect_right(self.items, start, key=lambda each: each.stop)
        return first, bisect_left(self.items, stop, key=lambda each: each.begin)

    def beside(self, token: int, by: int) -> int:
        """The next passage (by = 1) or the one before (-1); -1 for none.

        Backward from within a passage it is the passage itself.
        """
        here = bisect_right(self.items, token, key=lambda each: each.first)  # begins behind
        if by > 0:
            return here if here < len(self.items) else -1
        here -= 1
        if here >= 0 and self.items[here].first == token:
            here -= 1
        return here


def words_of(passage: Passage, transcript: Transcript, most: int = 90) -> str:
    """The first words of a passage, in one line."""
    text = transcript.text[passage.start : min(passage.end, passage.start + 2 * most)]
    return " ".join(text.split())[:most]


def _alike(pairs: Iterable[tuple[Sentence, Sentence]]) -> int:
    """How many of the first pairs are of two that are the same."""
    count = 0
    for one, other in pairs:
        if one is not other and one != other:
            break
        count += 1
    return count


def _merged(
    named: Sequence[Sentence], begin: int, end: int, transcript: Transcript
) -> Iterator[Passage]:
    at = begin
    for kind, group in groupby(named[begin:end], key=lambda each: each.kind):
        run = list(group)
        size = sum(each.end - each.start for each in run)
        mean = sum(each.confidence * (each.end - each.start) for each in run) / size
        first, last = run[0], run[-1]
        yield Passage(
            first.first,
            last.last,
            first.start,
            last.end,
            kind,
            mean,
            at,
            len(run),
            _begin(first, transcript),
            transcript.ends[last.last],
        )
        at += len(run)


def _begin(sentence: Sentence, transcript: Transcript) -> int:
    begin = transcript.ends[sentence.first - 1] if sentence.first else 0
    return max(begin, transcript.text.rfind("\n", begin, sentence.start) + 1)
