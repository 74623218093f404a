"""What continuations of a trace will cost, told before they are drawn.

How long one becomes is not known. The trace's own rest is taken for it, and half and twice of that
as the range; more than its budget leaves it cannot take.
"""

from collections.abc import Iterable
from dataclasses import dataclass

FORCED = 16  # tokens of a cue and a forced answer; Probe allows the answer 24
FORCED_MOST = 40
LONGER = 2.0  # times the trace's own rest, and 1 / LONGER of it


@dataclass(frozen=True, slots=True)
class Bill:
    """Tokens that are evaluated one by one; what the engine holds already costs none."""

    rollouts: int = 0
    tokens: int = 0
    least: int = 0
    most: int = 0

    def __add__(self, other: "Bill") -> "Bill":
        return Bill(
            self.rollouts + other.rollouts,
            self.tokens + other.tokens,
            self.least + other.least,
            self.most + other.most,
        )

    def times(self, count: int) -> "Bill":
        """Of so many alike."""
        return Bill(
            self.rollouts * count, self.tokens * count, self.least * count, self.most * count
        )


def drawn(rest: float, limit: int | None = None) -> Bill:
    """One continuation, where the trace itself went on for `rest` tokens."""
    most = round(LONGER * rest)
    most = most if limit is None else min(most, limit)
    return Bill(1, min(round(rest), most), min(round(rest / LONGER), most), most)


def forced() -> Bill:
    """One forced answer."""
    return Bill(1, FORCED, FORCED // 2, FORCED_MOST)


def total(bills: Iterable[Bill]) -> Bill:
    """All together."""
    return sum(bills, Bill())
