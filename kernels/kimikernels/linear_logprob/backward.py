"""Gradients from what comes for the log-probability (G) and the entropy (E), (N,) float32 each.

To `hidden` and A, from the slopes that forward kept:

    d hidden = (G · slope_logprob + E · slope_entropy) / T
    dA       = scale · Σ_n (the same combination of the slopes to x)_nᵀ hidden_n

To the head and B the tiles are made again, vocabulary outermost, so that one (columns, D) float32
sum lives at a time:

    dz = (G · (1[v = t] - p) - E · p · (log p + H)) · f / T
    d head = dzᵀ hidden          dB = dzᵀ x,   x = scale · hidden Aᵀ

dz enters the products in the operands' dtype. float16 would lose what is below 6e-8, so G and E
are divided by the largest |dz| that can come of them, times 2**15: |p (log p + H)| <= 1 + log V.
"""

import math

import torch
from torch import Tensor

from kimikernels.linear_logprob.forward import SCALE, Measured
from kimikernels.linear_logprob.layer import Linear, columns_of, logits_of, rows_of, spans
from kimikernels.linear_logprob.matmul import add_product, operand_dtype
from kimikernels.linear_logprob.running import Upstream
from kimikernels.linear_logprob.steps import Slope


def to_hidden(slopes: Tensor, upstream: list[Tensor], rows: int, dtype: torch.dtype) -> Tensor:
    """d hidden, (N, D) in `dtype`, from slopes (N, k, D) and k gradients, over T already."""
    grad = slopes.new_empty(slopes.shape[0], slopes.shape[2], dtype=dtype)
    for some in spans(len(grad), rows):
        grad[some] = _combine(slopes[some], [each[some] for each in upstream])
    return grad


def to_lora_a(
    slopes: Tensor, upstream: list[Tensor], hidden: Tensor, rows: int, scale: float
) -> Tensor:
    """dA, (r, D), float32, from slopes to x, (N, k, r)."""
    grad = slopes.new_zeros(slopes.shape[2], hidden.shape[1])
    for some in spans(len(slopes), rows):
        combined = _combine(slopes[some], [each[some] for each in upstream])
        grad.addmm_(combined.T, hidden[some].float(), alpha=scale)
    return grad


def _combine(slopes: Tensor, upstream: list[Tensor]) -> Tensor:
    """Σ_k upstream_k · slopes[:, k], float32; a gradient of 0 takes nothing from a row of NaN."""
    total = torch.zeros_like(slopes[:, 0], dtype=torch.float32)
    for k, each in enumerate(upstream):
        g = each[:, None]
        total += (slopes[:, k] * g).masked_fill_(g == 0, 0.0)
    return total


def to_head(
    linear: Linear,
    measured: Measured,
    upstream: tuple[Tensor, Tensor],
    wanted: tuple[bool, bool],
    slope: Slope,
) -> tuple[Tensor | None, Tensor | None]:
    """d head and dB, each in its own dtype, or None where not wanted; gradients over T already."""
    dtype = operand_dtype(linear.hidden)
    told, unit = _scaled(linear, measured, upstream, dtype)
    b = None if linear.lora is None else linear.lora.b
    grad_head = None  # as large as the head: not for B alone
    if wanted[0]:
        grad_head = torch.empty_like(linear.head, memory_format=torch.contiguous_format)
    grad_b = None if b is None or not wanted[1] else b.new_empty(b.shape)
    for columns in spans(len(linear.head), linear.tiles.columns):
        side = columns_of(linear, columns)
        high = _sum(side.full, wanted[0])
        low = _sum(side.low, wanted[1])
        for rows in spans(len(linear.hidden), linear.tiles.rows):
            operands = rows_of(linear, rows)
            part = Upstream(*(each[rows] for each in told))
            target = linear.target[rows]
            logits = logits_of(operands, side)
            dz = slope(logits, columns.start, target, linear.transform, part, dtype).T
            for total, right in ((high, operands.full), (low, operands.low)):
                if total is not None and right is not None:
                    add_product(total, dz, right)
        if high is not None and grad_head is not None:
            grad_head[columns] = high.mul_(unit)
        if low is not None and grad_b is not None:
            grad_b[columns] = low.mul_(unit)
    return grad_head, grad_b


def _sum(side: Tensor | None, wanted: bool) -> Tensor | None:
    return torch.zeros_like(side, dtype=torch.float32) if wanted and side is not None else None


def _scaled(
    linear: Linear, measured: Measured, upstream: tuple[Tensor, Tensor], dtype: torch.dtype
) -> tuple[Upstream, Tensor]:
    """What the tiles need of each row, and the factor that undoes the scale of its gradients."""
    g, e = upstream
    # A target outside the vocabulary meets no column: without this, half a gradient would pass.
    g = torch.where(measured.logprob.isnan() & (g != 0), torch.nan, g)
    unit = torch.ones((), device=g.device, dtype=torch.float32)
    if dtype in SCALE and len(g):
        bound = g.abs() + e.abs() * (1 + math.log(len(linear.head)))
        largest = bound.nan_to_num(0.0, 0.0, 0.0).max()
        # A power of two, so that scaling rounds nothing.
        unit = torch.exp2(torch.log2(largest.clamp_min(2.0**-100)).ceil()) / SCALE[dtype]
        g, e = g / unit, e / unit
    kept = (measured.peak, measured.log_z, measured.logprob, measured.entropy)
    return Upstream(*kept, g, e), unit
