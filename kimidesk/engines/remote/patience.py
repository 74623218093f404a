"""How long a server is waited for, and when it is asked again."""

import random
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time

from kimidesk.errors import ModelError
from kimidesk.settings import Manners

DOUBLINGS = 30  # of a pause, which is bounded long before


class Broken(ModelError):
    """A request failed in a way that passes: asked again, the server may answer."""

    def __init__(self, what: str, retry_after: str = "", *, begun: bool = False) -> None:
        super().__init__(what)
        self.retry_after = retry_after  # the header's value
        self.begun = begun  # a token had come


class Busy(Broken):
    """The server is asked too much, and says so."""


class Silent(ModelError):
    """The server took a request and began no answer in time."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, and a number of requests: in a row, none of which brought a token."""

    connect_s: float = Manners().connect_s
    first_s: float = Manners().first_token_s
    between_s: float = Manners().between_tokens_s
    tries: int = Manners().tries
    pause_s: float = 1.0  # before the second request; it doubles
    longest_s: float = 60.0

    @classmethod
    def of(cls, manners: Manners) -> "Patience":
        """As a person wants it for one server."""
        return cls(
            manners.connect_s, manners.first_token_s, manners.between_tokens_s, manners.tries
        )

    def pause(self, failed: int, retry_after: str = "") -> float:
        """Before the next request, after `failed` ones: what the server asks, or a doubling
        pause of which a random half is waited, so that many do not come back at once."""
        asked = seconds_of(retry_after)
        if asked is not None:
            return min(asked, self.longest_s)
        most = min(self.pause_s * 2.0 ** min(failed - 1, DOUBLINGS), self.longest_s)
        return float(most) * random.uniform(0.5, 1.0)


def seconds_of(retry_after: str) -> float | None:
    """What a Retry-After header asks for; None where it says nothing that can be understood."""
    text = retry_after.strip()
    if (digits := text.replace(".", "", 1)).isascii() and digits.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time()) if text else None
    except (ValueError, OverflowError):
        return None
