"""Where words stand in a growing text; what was searched once is not searched again."""

import re
from bisect import bisect_left, bisect_right


class Hits:
    """Characters at which `words` begin, in order; upper and lower case are alike."""

    def __init__(self, words: str = "") -> None:
        self.words = words
        self.starts: list[int] = []
        self.current = -1  # the hit that was gone to, -1 for none
        self._pattern = re.compile(re.escape(words), re.IGNORECASE)
        self._searched = 0  # no hit that is not known begins before it

    def grow(self, text: str, stop: int) -> None:
        """The first `stop` characters of `text` are there now."""
        if not self.words:
            return
        for found in self._pattern.finditer(text, self._searched, stop):
            self.starts.append(found.start())
            self._searched = found.end()
        self._searched = max(self._searched, stop - len(self.words) + 1)

    def within(self, start: int, stop: int) -> list[tuple[int, int, bool]]:
        """Hits that reach into characters start … stop - 1: begin, end, whether gone to."""
        length = len(self.words)
        first = bisect_right(self.starts, start - length)
        return [
            (self.starts[place], self.starts[place] + length, place == self.current)
            for place in range(first, bisect_left(self.starts, stop))
        ]

    def walk(self, by: int, seen: int) -> int:
        """Go to the next hit, forward or back, round the ends; returns its character, or -1.

        Without one that was gone to, it begins at character `seen`.
        """
        if not self.starts:
            return -1
        here = self.current
        if here < 0:
            here = bisect_left(self.starts, seen) - (by > 0)
        self.current = (here + by) % len(self.starts)
        return self.starts[self.current]
