"""How long a server is waited for, and when it is asked again."""

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, and a number of requests. Nothing is asked again once a token has come."""

    connect_s: float = 10.0
    first_s: float = 600.0  # a queue, a long prompt, a thought that is not shown
    between_s: float = 120.0
    tries: int = 5
    pause_s: float = 1.0  # before the second request; it doubles
    longest_s: float = 60.0

    def pause(self, failed: int, retry_after: str = "") -> float:
        """Before the next request, after `failed` ones: what the server asks, or a doubling
        pause of which a random half is waited, so that many do not come back at once."""
        asked = seconds_of(retry_after)
        if asked is not None:
            return min(asked, self.longest_s)
        most = min(self.pause_s * 2.0 ** (failed - 1), self.longest_s)
        return float(most) * random.uniform(0.5, 1.0)


def seconds_of(retry_after: str) -> float | None:
    """What a Retry-After header asks for; None where it says nothing that can be understood."""
    text = retry_after.strip()
    if text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time()) if text else None
    except (ValueError, OverflowError):
        return None
