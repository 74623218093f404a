"""How often a server is asked, so that it need not refuse: so much in any minute, and no more."""

import time
from collections import deque
from collections.abc import Callable

from kimidesk.settings import Manners

MINUTE_S = 60.0


class Quota:
    """At most `most` of something within a minute; 0 counts nothing."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._spent: deque[tuple[float, int]] = deque()
        self._sum = 0

    def spend(self, count: int, now: float) -> None:
        """So much was used."""
        if self._most and count:
            self._spent.append((now, count))
            self._sum += count

    def wait_s(self, now: float) -> float:
        """How long until less than the most was used within a minute."""
        while self._spent and self._spent[0][0] <= now - MINUTE_S:
            self._sum -= self._spent.popleft()[1]
        left = self._sum
        for when, count in self._spent:
            if left < self._most:
                break
            left -= count
            if left < self._most:
                return when + MINUTE_S - now
        return 0.0


class Pace:
    """Requests and tokens of one server, whoever asks. A request that goes on costs its tokens as
    they come, so a minute may see more than its tokens: the next request then waits longer."""

    def __init__(self, manners: Manners, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests = Quota(manners.requests_per_minute)
        self._tokens = Quota(manners.tokens_per_minute)
        self._clock = clock

    def wait_s(self) -> float:
        """How long until a request may begin; 0 for at once."""
        now = self._clock()
        return max(self._requests.wait_s(now), self._tokens.wait_s(now))

    def began(self) -> None:
        """A request was sent."""
        self._requests.spend(1, self._clock())

    def took(self, tokens: int) -> None:
        """So many tokens were read or written."""
        self._tokens.spend(tokens, self._clock())
