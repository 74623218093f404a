"""One text as two vocabularies cut it: how likely each finds what stands between common cuts.

Their token-by-token distributions have nothing in common, so no KL divergence can be told; the
log-probability of a stretch of text that both cut off at its two ends can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stretches:
    """Shape (n,). `end`: where each ends, in characters; the first begins at 0."""

    end: NDArray[np.int64]
    one: Array  # log-probability by the first, nats
    two: Array

    @property
    def apart(self) -> Array:
        """How much likelier the first finds each, nats; NaN where one knows nothing."""
        return self.one - self.two


def stretches(
    ends: Sequence[int],
    logprob: NDArray[np.float32],
    ends_two: Sequence[int],
    logprob_two: NDArray[np.float32],
) -> Stretches:
    """`ends[i]` is the character at which token i ends; both speak of the same text."""
    one, two = np.asarray(ends, np.int64), np.asarray(ends_two, np.int64)
    common = np.intersect1d(one, two)
    common = common[common > 0]
    return Stretches(common, _between(one, logprob, common), _between(two, logprob_two, common))


def _between(
    ends: NDArray[np.int64], logprob: NDArray[np.float32], cuts: NDArray[np.int64]
) -> Array:
    """The sum over the tokens that end in each stretch; a token of no width counts where it is."""
    told = logprob[: len(ends)].astype(np.float64)
    places = np.searchsorted(ends, cuts, "right")
    unknown = _sums(np.isnan(told), places) > 0
    return np.where(unknown, np.nan, _sums(np.nan_to_num(told), places))


def _sums(values: NDArray[Any], places: NDArray[np.intp]) -> Array:
    """Of the values between one place and the next, from the first value on."""
    sums = np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))
    return np.diff(np.concatenate(([0.0], sums[places])))
