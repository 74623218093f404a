# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""Log-probability of given tokens and the entropy of each row, in one pass over the logits.

With m = max(x), d = x - m, and with one entry that reaches the maximum left out of both sums,

    R = sum(exp(d))        logprob = (x[target] - m) - log(1 + R)
    S = sum(d * exp(d))    entropy = log(1 + R) - S / (1 + R)

R and -S are sums of terms of one sign, and the 1 of the maximum itself is in neither, so that a row
near one-hot keeps its relative accuracy: its log(1 + R) is R, not the rounding of 1.

Every lane keeps (m, R, S) of the columns it has seen. A column x joins them at one exponential,
whether or not it is the new maximum: with b = -|x - m| and t = exp(b),

    x <= m:  R' = R + t        S' = S + b * t
    x >  m:  R' = R * t + t    S' = S * t + b * R'

A lane begins with the lowest finite m and R = -1, a maximum that weighs 1 + R = 0, so that no
difference is ever -inf - -inf. The lanes are joined once, at the end, by the same rule.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from kimikernels.log1p import log1p

BLOCK_V = 4096  # lanes; 16 columns a thread with 8 warps, three float32 of state for each
WARP_LANES = 512  # lanes a warp: 16 a thread
FLOOR = tl.constexpr(-200.0)  # exp of it is 0 in float32; 0 * -inf would be NaN
INF = tl.constexpr(float("inf"))
LOWEST = tl.constexpr(-3.4028234663852886e38)  # of the finite float32


@triton.jit
def _join(x, peak, rest, moment):
    """One column for each lane joins what the lane has seen."""
    gap = tl.maximum(-tl.abs(x - peak), FLOOR, propagate_nan=tl.PropagateNan.ALL)
    weight = tl.exp(gap)
    above = x > peak
    scale = tl.where(above, weight, 1.0)
    rest = rest * scale + weight
    moment = moment * scale + gap * tl.where(above, rest, weight)
    return tl.maximum(peak, x), rest, moment


@triton.jit
def _across(lane, peak, rest, moment, lanes: tl.constexpr):
    """Maximum, R and S of all lanes; the lane of the maximum is the one entry left out."""
    top = tl.max(peak, axis=0)
    first = tl.min(tl.where(peak == top, lane, lanes), axis=0)
    gap = tl.maximum(peak - top, FLOOR, propagate_nan=tl.PropagateNan.ALL)
    weight = tl.exp(gap)
    total = tl.sum(weight * (rest + tl.where(lane == first, 0.0, 1.0)), axis=0)
    return top, total, tl.sum(weight * (moment + gap * (1.0 + rest)), axis=0)


@triton.jit
def _forward_kernel(
    logits,  # (N, V), rows `stride` apart
    target,  # (N,)
    logprob,  # (N,) out
    entropy,  # (N,) out
    peak_of,  # (N,) out: max(x)
    log_sum_of,  # (N,) out: log(1 + R); log_z is the sum of the two
    columns,
    stride,
    lanes: tl.constexpr,
):
    row = tl.program_id(0).to(tl.int64)  # int64: N * V passes 2**31 at 16k rows of 152k
    lane = tl.arange(0, lanes)
    start = logits + row * stride
    peak = tl.full((lanes,), LOWEST, tl.float32)
    rest = tl.full((lanes,), -1.0, tl.float32)
    moment = tl.zeros((lanes,), tl.float32)
    for column in range(0, columns, lanes):
        inside = lane < columns - column
        x = tl.load(start + column + lane, mask=inside, other=-INF).to(tl.float32)
        peak, rest, moment = _join(x, peak, rest, moment)
    top, total, spread = _across(lane, peak, rest, moment, lanes)

    # R is still -1 when all are -inf, and NaN when one is.
    total = tl.where((tl.abs(top) < INF) & (total >= 0.0), total, float("nan"))
    log_sum = log1p(total)
    token = tl.load(target + row).to(tl.int64)
    known = (token >= 0) & (token < columns)
    chosen = tl.load(start + token, mask=known, other=float("nan")).to(tl.float32)
    tl.store(logprob + row, (chosen - top) - log_sum)
    tl.store(entropy + row, log_sum - spread / (1.0 + total))
    tl.store(peak_of + row, top)
    tl.store(log_sum_of + row, log_sum)


def forward(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Logprob, entropy, maximum and log(1 + R) of each row, all (N,) float32; no synchronisation.

    `logits` (N, V) with contiguous rows, `target` (N,) contiguous, both checked by the caller.
    """
    rows, columns = logits.shape
    out = [torch.empty(rows, dtype=torch.float32, device=logits.device) for _ in range(4)]
    if rows:
        lanes = min(BLOCK_V, triton.next_power_of_2(columns))
        with torch.cuda.device_of(logits):
            _forward_kernel[(rows,)](
                logits,
                target,
                *out,
                columns,
                logits.stride(0),
                lanes=lanes,
                num_warps=max(1, lanes // WARP_LANES),
            )
    return out[0], out[1], out[2], out[3]
