"""A growing series at overview: blocks of equal size, each worked out once.

Sizes are powers of two, so a block that is whole stays whole until the size doubles, and a new
token costs one block, not the series.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def size_for(count: int, most: int) -> int:
    """The smallest power of two that makes at most `most` blocks of `count` values."""
    size = 1
    while size * most < count:
        size *= 2
    return size


class Blocks:
    """Mean, p10, p90 and largest value of each block; NaN is passed over."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 1
        self._rows: Floats = np.zeros((0, 4), np.float32)  # of whole blocks

    def clear(self) -> None:
        """Another series begins."""
        self.size = 1
        self._rows = self._rows[:0]

    def of(self, values: Floats) -> Floats:
        """One row (mean, p10, p90, largest) a block; `values` is the series grown so far."""
        size = size_for(len(values), self.most)
        if size != self.size or len(self._rows) * size > len(values):
            self.size = size
            self._rows = self._rows[:0]
        done, whole = len(self._rows) * size, len(values) // size * size
        if whole > done:
            fresh = _statistics(values[done:whole].reshape(-1, size))
            self._rows = np.concatenate((self._rows, fresh))
        if whole < len(values):
            return np.concatenate((self._rows, _statistics(values[None, whole:])))
        return self._rows


def _statistics(rows: Floats) -> Floats:
    rows = np.nan_to_num(rows)
    low, high = np.percentile(rows, (10, 90), axis=1)
    return np.stack((rows.mean(axis=1), low, high, rows.max(axis=1)), axis=1).astype(np.float32)
