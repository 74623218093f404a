"""What of a thought is folded, and the cuts that it takes in the text of a scene.

What a person asked for stands in terms that outlive growth and other names: kinds, and the
characters where passages that are exceptions begin. The lines on screen are made of it a slice at a
time, for thousands of passages are folded at once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from time import perf_counter

from kimidesk.gui.widgets.cutting import Cut, cut, joined
from kimidesk.gui.widgets.folds import Fold
from kimidesk.gui.widgets.layouts import Layouts
from kimidesk.gui.widgets.paragraphs import Paragraphs
from kimidesk.gui.widgets.passages import Passages
from kimidesk.records import Kind

PASSAGES_A_TIME = 40  # between two looks at the clock


class Folding:
    """The folds of one scene."""

    def __init__(self, paragraphs: Paragraphs, layouts: Layouts, passages: Passages) -> None:
        self._paragraphs, self._layouts, self._passages = paragraphs, layouts, passages
        self.growing = False  # the last passage may go on, and is never folded by itself
        self.whole = False  # the thought is one line, whatever else is folded
        self._kinds: frozenset[Kind] = frozenset()
        self._others: set[int] = set()  # where passages start that are not as their kind is
        self._joints: set[int] = set()  # characters at which a paragraph begins for a fold alone
        self._todo = self._until = 0  # passages between them may not be as they are wanted

    # ---- what is wanted --------------------------------------------------------------------

    def folded(self, place: int) -> bool:
        """Whether passage `place` is wanted folded."""
        passage = self._passages.items[place]
        if self.growing and place == len(self._passages.items) - 1:
            return False
        return (passage.kind in self._kinds) is not (passage.start in self._others)

    @property
    def none(self) -> bool:
        """Whether nothing is folded, nor was."""
        return not (self._kinds or self._others or self._joints or self.whole)

    def fold(self, place: int, *, folded: bool = True) -> None:
        """Fold or unfold passage `place`, at once."""
        if self.folded(place) is not folded:
            self._others ^= {self._passages.items[place].start}
            self._cut(place, place + 1)

    def fold_kind(self, kind: Kind, *, folded: bool = True) -> None:
        """Fold or unfold every passage of a kind, those to come among them."""
        self._kinds = self._kinds | {kind} if folded else self._kinds - {kind}
        self._others -= {each.start for each in self._passages.items if each.kind is kind}
        self.touch(0, len(self._passages.items))

    def fold_all(self, *, folded: bool = True) -> None:
        """Fold or unfold every passage, each by itself."""
        self._kinds, self._others = frozenset(Kind if folded else ()), set()
        self.touch(0, len(self._passages.items))

    def fold_whole(self, *, folded: bool = True) -> None:
        """Fold the thought into one line, or show it as it was before."""
        self.whole = folded
        self._apply(0, len(self._paragraphs.items))

    def touch(self, first: int, stop: int) -> None:
        """Passages first … stop - 1 are others than before, or are wanted otherwise."""
        if self.none:
            return
        if self.settled:
            self._todo, self._until = first, stop
        else:
            self._todo, self._until = min(self._todo, first), max(self._until, stop)

    # ---- what is there ---------------------------------------------------------------------

    @property
    def settled(self) -> bool:
        """Whether the lines are as they are wanted."""
        return self._todo >= min(self._until, len(self._passages.items))

    def settle(self, seconds: float, clock: Callable[[], float] = perf_counter) -> bool:
        """Cut and join for about `seconds`; whether there is more to do."""
        until = clock() + seconds
        while not self.settled:
            stop = min(self._todo + PASSAGES_A_TIME, self._until, len(self._passages.items))
            self._cut(self._todo, stop)
            self._todo = stop
            if clock() > until:
                break
        return not self.settled

    def follow(self, changed: int) -> None:
        """Paragraphs from `changed` on were placed anew."""
        items = self._paragraphs.items
        if changed >= len(items):
            return
        fold = self._layouts.folds.of(changed)
        begin = fold.first if fold else changed
        self._apply(begin, len(items))
        place = bisect_right(self._passages.items, items[begin].start, key=lambda each: each.stop)
        if any(self.folded(n) for n in range(place, len(self._passages.items))):
            self.touch(place, len(self._passages.items))

    def passage_of(self, fold: Fold) -> int:
        """The passage that a line stands for; -1 for the whole thought."""
        if self.whole:
            return -1
        begin = self._paragraphs.items[fold.first].start
        return bisect_right(self._passages.items, begin, key=lambda each: each.begin) - 1

    def _stop(self, place: int) -> int:
        """The character at which passage `place` ends, with the blanks up to the next one."""
        items = self._passages.items
        return items[place + 1].begin if place + 1 < len(items) else items[place].stop

    def _apply(self, begin: int, end: int) -> None:
        """Fold paragraphs begin … end - 1 as far as they are cut for it."""
        if self.whole:
            self._layouts.fold(self._thought(), 0, len(self._paragraphs.items))
        else:
            self._layouts.fold(list(self._folds(begin, end)), begin, end)

    def _thought(self) -> list[Fold]:
        items, answer = self._paragraphs.items, self._paragraphs.cut
        last = self._paragraphs.paragraph_at(answer - 1) if answer > 0 else len(items) - 1
        return [Fold(0, last)] if items and answer else []

    def _folds(self, at: int, end: int) -> Iterator[Fold]:
        """Of paragraphs at … end - 1, those that are cut where a folded passage begins and ends."""
        items, passages = self._paragraphs.items, self._passages.items
        if at >= end:
            return
        place = bisect_left(passages, items[at].start, key=lambda each: each.begin)
        while at < end and place < len(passages):
            behind = passages[place].begin - items[at].start
            if behind > 0:
                at += 1
                continue
            if behind == 0 and self.folded(place):
                last, stop = at, self._stop(place)
                while last + 1 < end and items[last + 1].start < stop:
                    last += 1
                if items[last].start + len(items[last].text) <= stop:
                    yield Fold(at, last)
                    at = last + 1
            place += 1

    def _cut(self, first: int, stop: int) -> None:
        """Make the paragraphs of passages first … stop - 1 begin and end where folds do."""
        items, joints = self._paragraphs.items, self._joints
        begin, end = self._around(self._passages.items[first].begin, self._stop(stop - 1))
        old = items[begin:end]
        if not old:
            return
        natural = list(joined(old, joints))
        bounds = {item.start for item in natural}
        cuts = [
            each
            for each in self._cuts(old[0].start, old[-1].start + len(old[-1].text))
            if each.character not in bounds
        ]
        joints -= {item.start for item in old}
        joints |= {each.character for each in cuts}
        fresh = list(cut(natural, cuts))
        if fresh != old:
            items[begin:end] = fresh
            self._layouts.replace(begin, old, fresh)
        self._apply(begin, begin + len(fresh))

    def _around(self, start: int, stop: int) -> tuple[int, int]:
        """The paragraphs of these characters, and with them whole folds and what was cut apart."""
        items, folds = self._paragraphs.items, self._layouts.folds
        begin = max(self._paragraphs.paragraph_at(start), 0)
        last = max(self._paragraphs.paragraph_at(stop - 1), begin)
        while True:
            fold = folds.of(begin) if not self.whole else None
            if fold is not None and fold.first < begin:
                begin = fold.first
            elif begin > 0 and items[begin].start in self._joints:
                begin -= 1
            else:
                break
        while True:
            fold = folds.of(last) if not self.whole else None
            if fold is not None and fold.last > last:
                last = fold.last
            elif last + 1 < len(items) and items[last + 1].start in self._joints:
                last += 1
            else:
                return begin, last + 1

    def _cuts(self, begin: int, end: int) -> Iterator[Cut]:
        """Where folds begin and end within characters begin … end - 1, in order."""
        items = self._passages.items
        place = max(bisect_right(items, begin, key=lambda each: each.begin) - 1, 0)
        done = begin
        for at in range(place, bisect_left(items, end, key=lambda each: each.begin)):
            if not self.folded(at):
                continue
            behind = items[at + 1].first if at + 1 < len(items) else items[at].last + 1
            for each in (Cut(items[at].begin, items[at].first), Cut(self._stop(at), behind)):
                if done < each.character < end:
                    yield each
                    done = each.character
