"""Statistics of each row, and the slopes of both to `hidden`, one tile of logits at a time.

With z the logits, l = cap(z) / T, f = cap'(z), peak = max l, d = l - peak, and sums over the
vocabulary but for the target t (rest = Σ e^d, moment = Σ d e^d):

    Z = rest + e^d_t     S = moment + d_t e^d_t     p = e^d / Z
    logprob = d_t - log Z                entropy = log Z - S / Z

    T · d logprob / d hidden = f_t (1 - p_t) W'_t - Σ_{v≠t} p_v f_v W'_v
    T · d entropy / d hidden = - Σ_v p_v f_v (d_v - S / Z) W'_v

W' = W + scale · B A is the effective head. Neither slope depends on what comes from the loss, so
both are carried here, with the tile at hand, and backward only multiplies: two products of
2 N D V operations forward and backward together, three with the entropy's slope. The weights of
the product (rows, columns) · (columns, D) are e^d f and d e^d f; they need only the peak so far,
as in online softmax (Milakov and Gimelshein 2018; Dao et al. 2022).

The target is kept apart because a likely one would cancel: at p_t = 0.999, which bfloat16 rounds
to 1, the sum over all v differs from W'_t by less than its rounding. 1 - p_t = rest / Z is exact.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from kimikernels.linear_logprob.layer import (
    Linear,
    Operands,
    columns_of,
    logits_of,
    rows_of,
    spans,
)
from kimikernels.linear_logprob.matmul import add_product, operand_dtype
from kimikernels.linear_logprob.running import Running
from kimikernels.linear_logprob.steps import Absorb

# float16 ends at 6e-8: at 2**15 a vocabulary of 150 000 loses no mass to it, and 1 still fits.
SCALE = {torch.float16: 2.0**15}


class Wanted(NamedTuple):
    """Which slopes to carry."""

    hidden: bool
    lora_a: bool
    entropy: bool  # the entropy's besides the log-probability's

    @property
    def carried(self) -> int:
        """How many sums a row has."""
        return 1 + self.entropy if self.hidden or self.lora_a else 0


class Measured(NamedTuple):
    """What forward knows of all rows; k = 1, or 2 with the entropy's slope."""

    logprob: Tensor  # (N,), float32, as are the next three
    entropy: Tensor
    peak: Tensor
    log_z: Tensor
    to_hidden: Tensor | None  # (N, k, D), float32, T · slope
    to_x: Tensor | None  # (N, k, r), float32, T · slope to x = scale · hidden Aᵀ


def measure(linear: Linear, wanted: Wanted, absorb: Absorb) -> Measured:
    """Run over all tiles, rows outermost: float32 sums of `tiles.rows` rows live at a time."""
    measured = _room(linear, wanted)
    for rows in spans(len(linear.hidden), linear.tiles.rows):
        operands = rows_of(linear, rows)
        running, sums, scale = _absorb_row_of_tiles(linear, rows, operands, wanted, absorb)
        _join(linear, rows, running, sums.mul_(1 / scale), measured)
    return measured


def _room(linear: Linear, wanted: Wanted) -> Measured:
    n, d = linear.hidden.shape
    stats = linear.hidden.new_empty(4, n, dtype=torch.float32)
    to_hidden = to_x = None
    if wanted.hidden:
        # float32 even for bfloat16: a slope rounded here and once more in the product with the
        # loss's gradient came out 2.6 times torch's error at worst in 60 small cases.
        to_hidden = stats.new_empty(n, wanted.carried, d)
    if wanted.lora_a and linear.lora is not None:
        to_x = stats.new_empty(n, wanted.carried, linear.lora.a.shape[0])
    return Measured(stats[0], stats[1], stats[2], stats[3], to_hidden, to_x)


def _absorb_row_of_tiles(
    linear: Linear, rows: slice, operands: Operands, wanted: Wanted, absorb: Absorb
) -> tuple[Running, Tensor, float]:
    """Statistics and sums (R, k, W) of some rows over the whole vocabulary, and their scale.

    W is D, D + r or r: what the wanted slopes need of the head and of B.
    """
    count, dtype = len(operands.full), operands.full.dtype
    scale, target = SCALE.get(dtype, 1.0), linear.target[rows]
    zero = linear.hidden.new_zeros(4, count, dtype=torch.float32)
    running = Running(zero[0] - torch.inf, zero[1], zero[2], zero[3] + torch.nan)
    sums = zero.new_zeros(count, wanted.carried, _width(linear, wanted))
    for columns in spans(len(linear.head), linear.tiles.columns):
        side = columns_of(linear, columns)
        logits = logits_of(operands, side)
        weights = _weights(logits, wanted.carried, dtype)
        absorb(logits, columns.start, target, linear.transform, running, sums, weights, scale)
        if wanted.carried:
            _carry(sums, weights, side, wanted)
    return running, sums, scale


def _width(linear: Linear, wanted: Wanted) -> int:
    rank = 0 if linear.lora is None else linear.lora.a.shape[0]
    return (linear.hidden.shape[1] if wanted.hidden else 0) + rank


def _weights(logits: Tensor, count: int, dtype: torch.dtype) -> Tensor:
    """Room for (R, count, C) weights, in the memory of `logits` where it suffices."""
    rows, columns = logits.shape
    slots = logits.element_size() // dtype.itemsize
    if count <= slots:
        return logits.view(dtype).view(rows, slots, columns)[:, :count]
    return logits.new_empty(rows, count, columns, dtype=dtype)


def _carry(sums: Tensor, weights: Tensor, side: Operands, wanted: Wanted) -> None:
    """Add the product of the weights with the head, and with B, to the sums."""
    left, total, at = weights.flatten(0, 1), sums.view(-1, sums.shape[2]), 0
    for matrix in (side.full if wanted.hidden else None, side.low):
        if matrix is not None:
            add_product(total[:, at : at + matrix.shape[1]], left, matrix)
            at += matrix.shape[1]


def _join(linear: Linear, rows: slice, running: Running, sums: Tensor, measured: Measured) -> None:
    """Bring the target back in and write the results of `rows`."""
    target = linear.target[rows]
    inside = (target >= 0) & (target < len(linear.head))
    gap = torch.where(inside, running.hit - running.peak, -torch.inf)
    own = gap.exp()
    others = running.rest + torch.expm1(gap)  # Z - 1, which log1p takes near one-hot
    own_moment = torch.where(gap == -torch.inf, 0.0, own * gap)
    z, log_z = 1 + others, torch.log1p(others)
    centre = (running.moment + own_moment) / z
    measured.logprob[rows] = torch.where(inside, gap - log_z, torch.nan)
    measured.entropy[rows] = log_z - centre
    measured.peak[rows] = running.peak
    measured.log_z[rows] = log_z
    if sums.shape[1] == 0:
        return

    f = _cap_slope(running.hit, linear)
    away = torch.where(inside, f * running.rest / z, torch.nan)
    at_target = [away, torch.where(inside, f * (own * centre - own_moment) / z, 0.0)]
    slopes = sums.div_(z[:, None, None])
    if slopes.shape[1] == 2:
        slopes[:, 1].addcmul_(centre[:, None], slopes[:, 0], value=-1)
    slopes.neg_()
    _add_target(linear, target, at_target[: slopes.shape[1]], slopes, measured)
    _write(linear, rows, slopes, measured)


def _cap_slope(hit: Tensor, linear: Linear) -> Tensor:
    cap, temperature = linear.transform
    return 1 - (hit * (temperature / cap)) ** 2 if cap else torch.ones_like(hit)


def _add_target(
    linear: Linear, target: Tensor, weight: list[Tensor], slopes: Tensor, measured: Measured
) -> None:
    """Add the target's own row of the head and of B to the slopes."""
    at, index = 0, target.clamp(0, len(linear.head) - 1)
    dtype = operand_dtype(linear.hidden)  # what the other rows of B were rounded to
    low = None if linear.lora is None else linear.lora.b
    for matrix in (linear.head if measured.to_hidden is not None else None, low):
        if matrix is None:
            continue
        own = matrix[index].to(dtype).float()
        for k, each in enumerate(weight):
            slopes[:, k, at : at + matrix.shape[1]].addcmul_(each[:, None], own)
        at += matrix.shape[1]


def _write(linear: Linear, rows: slice, slopes: Tensor, measured: Measured) -> None:
    """Split the slopes, and send the part that goes through A on to `hidden`."""
    rank = 0 if linear.lora is None else linear.lora.a.shape[0]
    to_x = slopes[:, :, slopes.shape[2] - rank :]
    if measured.to_x is not None:
        measured.to_x[rows] = to_x
    if measured.to_hidden is None:
        return
    direct = slopes[:, :, : slopes.shape[2] - rank]
    if linear.lora is not None:
        a = linear.lora.a.to(operand_dtype(linear.hidden)).float()
        for k in range(slopes.shape[1]):
            direct[:, k].addmm_(to_x[:, k], a, alpha=linear.lora.scale)
    measured.to_hidden[rows] = direct
