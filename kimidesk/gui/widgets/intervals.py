"""The entropy of a growing trace as intervals, each row worked out once."""

import numpy as np
from numpy.typing import NDArray

from kimidesk.reading.bounds import entropy_bounds
from kimidesk.records import TokenColumns

Floats = NDArray[np.float64]


class Intervals:
    """Bounds of the rows so far, in nats; `vague` where any row has two that differ, or none."""

    def __init__(self) -> None:
        self.clear()

    def clear(self, vocabulary: int = 0) -> None:
        """Another trace begins."""
        self.vague = False
        self._vocabulary = vocabulary
        self._low: Floats = np.zeros(0)
        self._high: Floats = np.zeros(0)

    def grow(self, columns: TokenColumns) -> None:
        """Take the rows that are new."""
        if len(columns) < len(self._low):
            self.clear(self._vocabulary)
        done = len(self._low)
        self.vague = self.vague or bool(np.isnan(columns.entropy[done:]).any())
        found = entropy_bounds(columns, self._vocabulary, done)
        self._low = np.concatenate((self._low, found.low))
        self._high = np.concatenate((self._high, found.high))

    def within(self, first: int, last: int, most: int, top: float) -> tuple[Floats, Floats, Floats]:
        """Places, lower and upper bounds of rows first … last - 1, at most `most` of each.

        Where there are more rows, one stands for several: the least and the largest bound of
        them. A row without an upper bound reaches `top`; one of which nothing is known has all
        of the axis, for at 0 it would look certain.
        """
        low = np.nan_to_num(self._low[first:last])
        high = np.minimum(np.nan_to_num(self._high[first:last], nan=top, posinf=top), top)
        size = -(-len(low) // most) if len(low) else 1
        starts = np.arange(0, len(low), size)
        places = first + np.minimum(starts + size / 2, len(low))
        if not len(low):
            return places, low, high
        return places, np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
