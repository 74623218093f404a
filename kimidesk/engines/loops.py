"""Noticing that a trace repeats itself: the same n tokens, again and again, within a window."""

from collections import Counter, deque

LENGTH = 16  # tokens of a run
TIMES = 4  # so often within the window is a loop
WINDOW = 512  # tokens


class Loops:
    """Follows the ids of one trace; each token costs the same, however long the trace is."""

    def __init__(self) -> None:
        self._tail: deque[int] = deque(maxlen=LENGTH)
        self._runs: deque[tuple[int, ...]] = deque()
        self._count: Counter[tuple[int, ...]] = Counter()

    def take(self, token: int) -> bool:
        """Add a token; whether it completes a run for the fourth time within the window."""
        self._tail.append(token)
        if len(self._tail) < LENGTH:
            return False
        run = tuple(self._tail)
        self._runs.append(run)
        self._count[run] += 1
        if len(self._runs) > WINDOW - LENGTH + 1:
            oldest = self._runs.popleft()
            self._count[oldest] -= 1
            if not self._count[oldest]:
                del self._count[oldest]
        return self._count[run] >= TIMES
