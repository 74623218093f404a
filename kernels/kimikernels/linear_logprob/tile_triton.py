# mypy: allow-untyped-defs, allow-incomplete-defs
"""The tile steps in Triton: one program a row of the tile; their meaning stands in steps.py.

A row is read once and stays in registers: its maximum, its sums and its weights come of one read
and one write, and the weights go where the logits lay. The formulas are those of tile_torch.py,
and the same program moves its row of `sums` to the new peak; that row is left untouched when the
peak stands, as it does in most tiles after the first few.

    tanh x = ±(1 - e) / (1 + e),  1 - tanh² x = 4 e / (1 + e)²,  e = exp(-2 |x|)

and below |x| = 1/4, where 1 - e cancels, tanh's Taylor series to x⁹ (error below 3e-9).
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

from kimikernels.linear_logprob.inputs import Transform
from kimikernels.linear_logprob.running import Running, Upstream

BLOCK_W = 1024  # columns of `sums` a step moves
BLOCK_C = 2048  # columns a program of the slope kernel does; it has no sums, so rows are split
PER_WARP = 1024  # 32 floats a thread: three or four such arrays fit its 255 registers


def absorb(
    logits: Tensor,
    first: int,
    target: Tensor,
    transform: Transform,
    running: Running,
    sums: Tensor,
    weights: Tensor,
    scale: float,
) -> None:
    """See steps.Absorb."""
    rows, columns = logits.shape
    block = triton.next_power_of_2(columns)
    _absorb_kernel[(rows,)](
        logits,
        target,
        *running,
        sums,
        weights,
        first,
        columns,
        sums.shape[2],
        weights.stride(0),
        weights.stride(1),
        transform.softcap,
        1 / transform.softcap if transform.softcap else 0.0,
        1 / transform.temperature,
        scale,
        CAPPED=transform.softcap > 0,
        CARRIED=sums.shape[1],
        BLOCK=block,
        BLOCK_W=BLOCK_W,
        num_warps=_warps(block),
    )


def slope(
    logits: Tensor,
    first: int,
    target: Tensor,
    transform: Transform,
    upstream: Upstream,
    dtype: torch.dtype,
) -> Tensor:
    """See steps.Slope."""
    rows, columns = logits.shape
    # Apart from `logits`: without a sum nothing makes a program read all before it writes.
    dz = logits.new_empty(rows, columns, dtype=dtype)
    _slope_kernel[(rows, triton.cdiv(columns, BLOCK_C))](
        logits,
        target,
        *upstream,
        dz,
        first,
        columns,
        transform.softcap,
        1 / transform.softcap if transform.softcap else 0.0,
        1 / transform.temperature,
        CAPPED=transform.softcap > 0,
        BLOCK=BLOCK_C,
        num_warps=4,
    )
    return dz


def _warps(block: int) -> int:
    return max(1, min(16, block // PER_WARP))


@triton.jit
def _transformed(z, softcap, one_over_cap, cool, CAPPED: tl.constexpr):  # noqa: N803
    """The logit capped and cooled, and the slope of the cap."""
    f = tl.full(z.shape, 1.0, tl.float32)
    if CAPPED:
        x = z * one_over_cap
        size = tl.abs(x)
        e = tl.exp(-2.0 * size)
        far = (1.0 - e) / (1.0 + e)
        s = x * x
        near = 1.0 + s * (-1 / 3 + s * (2 / 15 + s * (-17 / 315 + s * (62 / 2835))))
        z = softcap * tl.where(size < 0.25, x * near, tl.where(x < 0, -far, far))
        f = 4.0 * e / ((1.0 + e) * (1.0 + e))
    return z * cool, f


@triton.jit
def _rescale(sums, width, alpha, fall, CARRIED: tl.constexpr, BLOCK_W: tl.constexpr):  # noqa: N803
    """A row's carried sums, moved to another maximum."""
    for start in range(0, width, BLOCK_W):
        column = start + tl.arange(0, BLOCK_W)
        some = column < width
        place = sums + column
        one = tl.load(place, mask=some, other=0.0)
        if CARRIED == 2:
            two = tl.load(place + width, mask=some, other=0.0)
            tl.store(place + width, alpha * (two + fall * one), mask=some)
        tl.store(place, alpha * one, mask=some)


@triton.jit(do_not_specialize=["first"])
def _absorb_kernel(
    logits,  # (R, columns), float32
    target,  # (R,), int64
    peak_of,  # (R,), float32, read and written, as are the next three
    rest_of,  # (R,)
    moment_of,  # (R,)
    hit_of,  # (R,)
    sums,  # (R, CARRIED, width), float32, read and written
    weights,  # (R, CARRIED, columns), written; may lie in the memory of `logits`
    first,  # the vocabulary's index of column 0
    columns,
    width,
    weights_row,  # elements from row to row
    weights_slot,  # elements from one of the CARRIED to the next
    softcap,
    one_over_cap,
    cool,  # 1 / temperature
    scale,  # of the weights
    CAPPED: tl.constexpr,  # noqa: N803 - decides what is computed
    CARRIED: tl.constexpr,  # noqa: N803 - 0, 1 or 2
    BLOCK: tl.constexpr,  # noqa: N803 - at least `columns`
    BLOCK_W: tl.constexpr,  # noqa: N803
):
    row = tl.program_id(0).to(tl.int64)
    at = tl.arange(0, BLOCK)
    inside = at < columns
    z = tl.load(logits + row * columns + at, mask=inside, other=0.0)
    low, f = _transformed(z, softcap, one_over_cap, cool, CAPPED)
    low = tl.where(inside, low, float("-inf"))
    own = at == (tl.load(target + row) - first)

    old = tl.load(peak_of + row)
    # NaN stays out of the maximum and makes `rest` or `hit` NaN instead, on every backend alike.
    peak = tl.maximum(old, tl.max(tl.where(low == low, low, float("-inf")), axis=0))
    dead = low == float("-inf")  # probability 0; -inf times it would be NaN
    zero = tl.where(peak == float("-inf"), 0.0, peak)  # never -inf from -inf
    gap = tl.where(dead, 0.0, low - zero)
    weight = tl.where(dead | own, 0.0, tl.exp(gap))
    alpha = tl.where(old == peak, 1.0, tl.exp(old - zero))
    fall = tl.where(old == float("-inf"), 0.0, old - zero)

    rest = tl.load(rest_of + row)
    moment = tl.load(moment_of + row)
    tl.store(moment_of + row, alpha * (moment + fall * rest) + tl.sum(weight * gap, axis=0))
    tl.store(rest_of + row, alpha * rest + tl.sum(weight, axis=0))
    tl.store(peak_of + row, peak)
    tl.store(hit_of + row + at * 0, low, mask=own & inside)  # at most one column

    if CARRIED > 0:
        kind = weights.dtype.element_ty
        here = weights + row * weights_row + at
        tl.store(here, (weight * f * scale).to(kind), mask=inside)
        if CARRIED == 2:
            spread = weight * gap * f * scale
            tl.store(here + weights_slot, tl.where(own, 0.0, spread).to(kind), mask=inside)
        if alpha != 1.0:
            _rescale(sums + row * CARRIED * width, width, alpha, fall, CARRIED, BLOCK_W)


@triton.jit(do_not_specialize=["first"])
def _slope_kernel(
    logits,  # (R, columns), float32
    target,  # (R,), int64
    peak_of,  # (R,), float32, as are the next five: see running.Upstream
    log_z_of,
    logprob_of,
    entropy_of,
    to_logprob,
    to_entropy,
    dz,  # (R, columns), written
    first,  # the vocabulary's index of column 0
    columns,
    softcap,
    one_over_cap,
    cool,  # 1 / temperature
    CAPPED: tl.constexpr,  # noqa: N803
    BLOCK: tl.constexpr,  # noqa: N803
):
    row = tl.program_id(0).to(tl.int64)
    at = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    inside = at < columns
    z = tl.load(logits + row * columns + at, mask=inside, other=0.0)
    low, f = _transformed(z, softcap, one_over_cap, cool, CAPPED)
    own = at == (tl.load(target + row) - first)
    g = tl.load(to_logprob + row)
    e = tl.load(to_entropy + row)
    logprob = tl.load(logprob_of + row)

    dead = low == float("-inf")
    logp = tl.where(dead, 0.0, low - tl.load(peak_of + row) - tl.load(log_z_of + row))
    p = tl.where(dead, 0.0, tl.exp(logp))
    spread = e * p * (logp + tl.load(entropy_of + row))
    # 1 - p of the target: 1 - exp cancels near 0, so the series of -expm1 to x⁴ there.
    x = logprob
    near = -x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24))))
    away = tl.where(x > -0.03, near, 1.0 - tl.exp(x))
    grad = f * (tl.where(own, g * away, -g * p) - spread)
    # 0 times a row of NaN is NaN: a row masked out of the loss must not spoil the others.
    grad = tl.where((g == 0.0) & (e == 0.0), 0.0, grad)
    tl.store(dz + row * columns + at, grad.to(dz.dtype.element_ty), mask=inside)
