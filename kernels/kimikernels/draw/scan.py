# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""First kernel: read each row once, in stretches, and keep of each stretch what the row needs.

One program reads one stretch of columns and writes, with m the stretch's maximum, one entry
that reaches it left out of R and S, and d = x - m:

    R = sum(exp(d))    S = sum(d * exp(d))    M = sum(exp(d / temperature)), of all entries

and the 32 greatest keys, sorted. Where the stretch holds NaN or +inf, m is +inf.
"""

import triton
import triton.language as tl

from kimikernels.draw.order import FLOOR, INF, PADDING, key_of, probability
from kimikernels.draw.sort import greatest

LOG_SPAN = 12  # 4 096 columns a program: 38 programs a row at V = 151 936, so B = 4 fills a GPU
LOG_CANDIDATES = 5  # 32 of a stretch: no fewer than the 20 rivals reported
WARPS = 8  # 16 columns a thread


@triton.jit
def scan_kernel(
    logits,  # (B, V), strides (row_stride, column_stride)
    temperature,  # (B,)
    candidates,  # (B, stretches, each) int64 out: keys, greatest first
    sums,  # (B, stretches, 4) float32 out: m, R, S, M
    columns,  # V
    row_stride,
    column_stride,
    log_span: tl.constexpr,
    log_each: tl.constexpr,
):
    """One stretch of one row."""
    span: tl.constexpr = 1 << log_span
    each: tl.constexpr = 1 << log_each
    row = tl.program_id(0).to(tl.int64)  # int64: B * V passes 2**31 at 16k rows of 152k
    stretch = tl.program_id(1)
    column = stretch * span + tl.arange(0, span)
    inside = column < columns
    at = logits + row * row_stride + column.to(tl.int64) * column_stride
    x = tl.load(at, mask=inside, other=-INF).to(tl.float32)

    peak = tl.max(tl.where(x == x, x, INF), axis=0)
    live = tl.where(peak < INF, x, -INF) > -INF
    base = tl.where(tl.abs(peak) < INF, peak, 0.0)
    lively = tl.where(live, x, base)  # no difference is ever -inf - -inf
    gap = tl.maximum(lively - base, FLOOR)
    mass = tl.where(live, tl.exp(gap), 0.0)
    first = tl.min(tl.where(x == peak, column, columns), axis=0)
    rest = tl.sum(tl.where(column == first, 0.0, mass), axis=0)
    spread = tl.sum(gap * mass, axis=0)
    heat = tl.load(temperature + row).to(tl.float32)
    heated = tl.sum(tl.where(live, probability(lively, base, heat), 0.0), axis=0)

    place = row * tl.num_programs(1) + stretch
    tl.store(sums + place * 4, peak)
    tl.store(sums + place * 4 + 1, rest)
    tl.store(sums + place * 4 + 2, spread)
    tl.store(sums + place * 4 + 3, heated)
    keys = tl.where(inside, key_of(x, column), PADDING)
    best = greatest(keys, log_each, log_span)
    tl.store(candidates + place * each + tl.arange(0, each), best)
