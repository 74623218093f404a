"""Forking tokens: where a trace could have gone another way.

Wang et al., "Beyond the 80/20 Rule" (arXiv 2506.01939): the tokens whose entropy is above the 80th
percentile, there of a batch, here of one trace. They are few and steer; the others follow.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SHARE = 0.2  # of the tokens that were drawn


def forking(entropy: NDArray[np.float32], forced: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of n tokens fork; shapes (n,), entropies in nats.

    Forced tokens were no choice, and where the entropy is not known (NaN) nothing is told. A tie at
    the percentile does not fork: of equal entropies none stands out.
    """
    drawn = ~forced.astype(bool) & ~np.isnan(entropy)
    if not drawn.any():
        return np.zeros(len(entropy), np.bool_)
    least = np.percentile(entropy[drawn], 100 * (1 - SHARE))
    above: NDArray[np.bool_] = drawn & (np.nan_to_num(entropy) > least)
    return above
