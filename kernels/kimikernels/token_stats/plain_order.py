"""The largest entries of a row in numpy, without sorting the row."""

import numpy as np
from numpy.typing import NDArray

from kimikernels.token_stats.shapes import Row

STRIPE = 32  # rows of the folded logits; fewer make long threshold sorts, more wide gathers


def largest(values: Row, k: int) -> NDArray[np.intp]:
    """Ids of the k largest entries, largest first, ties by id; all of them when k >= V.

    The row is folded into stripes whose column maxima bound the answer from below: the k-th
    largest maximum is a threshold that at least k entries reach, and few others do.
    """
    if k >= len(values):
        return np.argsort(-values, kind="stable")
    width = len(values) // STRIPE
    if k < width // 2:
        ids = _above_the_kth_peak(values, k, width)
    else:
        ids = np.flatnonzero(values >= np.partition(values, len(values) - k)[len(values) - k])
    # `ids` ascend, so a stable sort breaks ties by id.
    return ids[np.argsort(-values[ids], kind="stable")[:k]]


def _above_the_kth_peak(values: Row, k: int, width: int) -> NDArray[np.intp]:
    folded = values[: STRIPE * width].reshape(STRIPE, width)
    peaks = folded.max(axis=0)  # (width,): one vectorised maximum a stripe
    threshold = np.partition(peaks, width - k)[width - k]
    columns = np.flatnonzero(peaks >= threshold)
    stripe, column = np.nonzero(folded[:, columns] >= threshold)
    leftover = np.flatnonzero(values[STRIPE * width :] >= threshold) + STRIPE * width
    return np.concatenate((stripe * width + columns[column], leftover))
