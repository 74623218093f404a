"""A measured share, and a difference of two, with how sure they can be: 95 % intervals."""

import math
from dataclasses import dataclass

Z = 1.959964  # 97.5 % quantile of the normal distribution

Interval = tuple[float, float]


def wilson(right: int, total: int) -> Interval:
    """Wilson's score interval of a share (Wilson 1927); `total` must be 1 or more."""
    share, z2 = right / total, Z * Z / total
    middle = (share + z2 / 2) / (1 + z2)
    half = Z * math.sqrt(share * (1 - share) / total + z2 / (4 * total)) / (1 + z2)
    return (max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, 1 or more, with Wilson's interval."""

    right: int
    total: int

    @property
    def share(self) -> float:
        return self.right / self.total

    @property
    def interval(self) -> Interval:
        return wilson(self.right, self.total)


@dataclass(frozen=True, slots=True)
class Difference:
    """Of two independent shares, with its interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, one: Share, other: Share) -> "Difference":
        """One less the other, with Newcombe's hybrid score interval (1998, Statistics in Medicine
        17:873, method 10): on each side the distances of both Wilson intervals from their shares,
        joined as the legs of a right triangle.
        """
        apart = one.share - other.share
        (low, high), (other_low, other_high) = one.interval, other.interval
        down = math.hypot(one.share - low, other_high - other.share)
        up = math.hypot(high - one.share, other.share - other_low)
        return cls(apart, max(-1.0, apart - down), min(1.0, apart + up))

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0
