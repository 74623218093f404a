"""How many requests a server is sent at once: more while it writes more for it, fewer when it
says that it is too much.

It doubles while that is worth it (slow start: Jacobson 1988). Tokens a second decide: a server with
a full batch lets more requests wait, and says nothing. One that refuses gets half, and from then
on one more for each round (additive increase, multiplicative decrease: Chiu and Jain 1989).
"""

import time
from collections.abc import Callable

FIRST = 8  # requests at the beginning, of a server that does not tell how many it takes
GAIN = 1.1  # tokens a second for twice the requests, below which doubling ends
REST_S = 1.0  # what was under way when it was halved may be refused still


class Window:
    """`size` requests at once, at most `most`. Used from one thread; others may read `size`."""

    def __init__(
        self, most: int, first: int = 0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most = most
        self.size = min(first or most, most)
        self._clock = clock
        self._doubling = True
        self._best = 0.0  # tokens a second
        self._halved: float | None = None  # second of the last refusal that counted
        self._begin()

    def _begin(self) -> None:
        self._since = self._clock()
        self._tokens = self._answers = 0
        self._filled = False  # whether as many as are allowed were under way

    def wrote(self, tokens: int) -> None:
        """So many tokens have come on all lines."""
        self._tokens += tokens

    def sent(self, under_way: int) -> None:
        """A request was sent; so many are under way now."""
        self._filled = self._filled or under_way >= self.size

    def answered(self) -> None:
        """A request came to its end; after as many as there may be at once, the size is judged."""
        self._answers += 1
        if self._answers >= self.size:
            if self._filled:  # else nothing is known of a window that is full
                self._judge(self._tokens / max(self._clock() - self._since, 1e-6))
            self._begin()

    def refused(self) -> None:
        """The server says that it is asked too much, or does not get to an answer."""
        self._doubling = False
        if self._halved is not None and self._clock() - self._halved < REST_S:
            return
        self._halved = self._clock()
        self.size = max(1, self.size // 2)
        self._begin()

    def _judge(self, pace: float) -> None:
        if self._doubling and pace > self._best * GAIN:
            self._best = pace
            self._doubling = self.size < self.most
            self._resize(self.size * 2)
        elif self._doubling:
            self._doubling = False
            self._resize(max(1, self.size // 2))
        elif self._halved is not None:
            self._resize(self.size + 1)

    def _resize(self, size: int) -> None:
        self.size = min(size, self.most)
