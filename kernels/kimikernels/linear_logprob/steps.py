"""What is done to one tile of logits, and which implementation does it.

Everything around the tiles (forward.py, backward.py, matmul.py) is shared. A tile step in
Triton is one program a row; in torch it is a handful of passes over the tile.
"""

from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from kimikernels.linear_logprob import tile_torch
from kimikernels.linear_logprob.inputs import Transform
from kimikernels.linear_logprob.running import Running, Upstream
from kimikernels.on_torch import choose
from kimikernels.pick import Choice


class Absorb(Protocol):
    """Takes a tile into `running` and `sums`, and leaves its weights for the product that follows.

    With d = l - peak, f = dl/dz · temperature and the target's column set to 0:
    weights[:, 0] = scale · f · exp(d), weights[:, 1] = scale · f · d · exp(d).
    """

    def __call__(
        self,
        logits: Tensor,  # (R, C), float32, contiguous; overwritten
        first: int,  # the vocabulary's index of column 0
        target: Tensor,  # (R,), int64
        transform: Transform,
        running: Running,
        sums: Tensor,  # (R, k, W), float32, contiguous; k is 0, 1 or 2; moved to the new peak
        weights: Tensor,  # (R, k, C); may lie in the memory of `logits`
        scale: float,
    ) -> None: ...


class Slope(Protocol):
    """d loss / dz of a tile, in `dtype`, but for the factor 1/temperature, which came in before."""

    def __call__(
        self,
        logits: Tensor,  # (R, C), float32, contiguous; overwritten
        first: int,
        target: Tensor,  # (R,), int64
        transform: Transform,
        upstream: Upstream,
        dtype: torch.dtype,
    ) -> Tensor: ...


class Steps(NamedTuple):
    """The two tile steps of one implementation."""

    absorb: Absorb
    slope: Slope


def choice(device: torch.device) -> Choice:
    """Which implementation runs on `device`, and why."""
    return choose(
        "linear_logprob",
        device,
        triton="cuBLAS or hipBLAS products, one kernel a tile of logits",
        otherwise=("chunked", "the same tiles in plain torch"),
    )


def named(name: str) -> Steps:
    """The steps of an implementation that `choice` names."""
    if name == "chunked":
        return Steps(tile_torch.absorb, tile_torch.slope)
    from kimikernels.linear_logprob import tile_triton  # not every torch comes with triton

    return Steps(tile_triton.absorb, tile_triton.slope)
