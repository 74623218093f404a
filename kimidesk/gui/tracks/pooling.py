"""Many tokens below one pixel: what stands for them."""

import numpy as np
from numpy.typing import NDArray

from kimidesk.reading.segments.counting import NO_KIND


def majority(codes: NDArray[np.uint8], left: float, right: float, width: int) -> NDArray[np.uint8]:
    """The kind that most tokens below each of `width` pixels have; NO_KIND where there are none."""
    first, last = max(int(left), 0), min(int(right) + 1, len(codes))
    pixel = _pixel(first, last, left, right, width)
    kinds_ = NO_KIND + 1
    counted = np.bincount(pixel * kinds_ + codes[first:last], minlength=width * kinds_)
    table = counted[: width * kinds_].reshape(width, kinds_)
    table[:, NO_KIND] = 0  # said only where nothing else is
    best: NDArray[np.uint8] = table.argmax(axis=1).astype(np.uint8)
    best[table.sum(axis=1) == 0] = NO_KIND
    return best


def density(marks: NDArray[np.bool_], left: float, right: float, width: int) -> NDArray[np.float64]:
    """Which share of the tokens below each of `width` pixels is marked."""
    first, last = max(int(left), 0), min(int(right) + 1, len(marks))
    pixel = _pixel(first, last, left, right, width)
    tokens = np.bincount(pixel, minlength=width)[:width]
    marked = np.bincount(pixel, weights=marks[first:last], minlength=width)[:width]
    return np.asarray(marked / np.maximum(tokens, 1))


def _pixel(first: int, last: int, left: float, right: float, width: int) -> NDArray[np.int64]:
    """The pixel of each token first … last - 1."""
    at = (np.arange(first, last) + 0.5 - left) / max(right - left, 1e-9) * width
    return np.asarray(np.clip(at, 0, width - 1), np.int64)
