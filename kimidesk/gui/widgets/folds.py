"""Which paragraphs are folded away, and into which lines."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Fold(NamedTuple):
    """Paragraphs first … last, for which one line stands."""

    first: int
    last: int


class Folds:
    """The folds of `count` paragraphs, in order; none of them touches another's paragraphs."""

    def __init__(self) -> None:
        self.count = 0
        self._spans: NDArray[np.int64] = np.zeros((0, 2), np.int64)  # first, last
        self._hidden: NDArray[np.bool_] = np.zeros(64, np.bool_)

    def __len__(self) -> int:
        return len(self._spans)

    def __iter__(self) -> Iterator[Fold]:
        return (Fold(first, last) for first, last in self._spans.tolist())

    def resize(self, count: int) -> None:
        """There are so many paragraphs now; new ones are shown."""
        if count > len(self._hidden):
            self._hidden = np.concatenate((self._hidden, np.zeros(count, np.bool_)))
        self._hidden[min(self.count, count) :] = False
        self.count = count
        self._spans = self._spans[self._spans[:, 1] < count]

    def replace(self, start: int, stop: int, added: int) -> None:
        """Paragraphs start … stop - 1 have become so many others, all of them shown."""
        shift = added - (stop - start)
        before = np.searchsorted(self._spans[:, 1], start, "left")
        behind = np.searchsorted(self._spans[:, 0], stop, "left")
        self._spans = np.concatenate((self._spans[:before], self._spans[behind:] + shift))
        fresh = np.zeros(added, np.bool_)
        self._hidden = np.concatenate((self._hidden[:start], fresh, self._hidden[stop:]))
        self.count += shift

    def put(self, folds: list[Fold], start: int, stop: int) -> int:
        """Exactly these among paragraphs start … stop - 1; returns the first one that shows again.

        `stop` where none does.
        """
        before = self._hidden[start:stop].copy()
        self._hidden[start:stop] = False
        for first, last in folds:
            self._hidden[first : last + 1] = True
        shown = np.flatnonzero(before & ~self._hidden[start:stop])
        begin, end = np.searchsorted(self._spans[:, 0], (start, stop), "left")
        fresh = np.array(folds, np.int64).reshape(-1, 2)
        self._spans = np.concatenate((self._spans[:begin], fresh, self._spans[end:]))
        return start + int(shown[0]) if len(shown) else stop

    def of(self, place: int) -> Fold | None:
        """What paragraph `place` is folded into; None where it is shown."""
        if not 0 <= place < self.count or not self._hidden[place]:
            return None
        return self._at(int(np.searchsorted(self._spans[:, 0], place, "right")) - 1)

    def among(self, first: int, last: int) -> list[Fold]:
        """Those that have one of paragraphs first … last."""
        begin = int(np.searchsorted(self._spans[:, 1], first, "left"))
        end = int(np.searchsorted(self._spans[:, 0], last, "right"))
        return [self._at(place) for place in range(begin, end)]

    def shown(self, first: int, last: int) -> list[int]:
        """Those of paragraphs first … last that are not folded."""
        return [first + each for each in np.flatnonzero(~self._hidden[first : last + 1]).tolist()]

    def hidden(self, place: int) -> bool:
        """Whether paragraph `place` is folded."""
        return bool(self._hidden[place])

    def known(self, exact: NDArray[np.bool_]) -> bool:
        """Whether `exact` is true for every paragraph that is shown."""
        return bool((exact[: self.count] | self._hidden[: self.count]).all())

    def flatten(self, heights: NDArray[np.float64], line: float) -> None:
        """Of the heights of all paragraphs leave those that show, and the `line` of each fold."""
        if len(self._spans):
            heights[self._hidden[: self.count]] = 0
            heights[self._spans[:, 0]] = line

    def _at(self, place: int) -> Fold:
        return Fold(int(self._spans[place, 0]), int(self._spans[place, 1]))
