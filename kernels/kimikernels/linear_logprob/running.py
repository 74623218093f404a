"""What is carried from tile to tile for each row, and what backward is told of it."""

from typing import NamedTuple

from torch import Tensor


class Running(NamedTuple):
    """What is known of each row after some tiles, float32, (R,) each; l is a logit transformed.

    The target's own column stays out of `rest`, `moment` and the sums: see forward.py.
    """

    peak: Tensor  # max l, the target's included
    rest: Tensor  # sum of exp(l - peak)
    moment: Tensor  # sum of (l - peak) exp(l - peak)
    hit: Tensor  # l of the target; NaN until its column came


class Upstream(NamedTuple):
    """What backward needs of each row to make d loss / d logit, float32, (R,) each."""

    peak: Tensor
    log_z: Tensor  # log of sum of exp(l - peak), target included
    logprob: Tensor
    entropy: Tensor
    to_logprob: Tensor  # the gradient that came for the log-probability, over the temperature
    to_entropy: Tensor  # likewise
