# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""Third kernel: one program for each row left unsettled, which finds the token bit by bit.

Let F(t) be the weight of all tokens whose rank_bits are t or more; it falls as t rises. The token
where the cumulative weight first passes a target has the greatest value t with F(t) > target. It
is found from its highest bit down: a bit stays where F is still above the target. Then F(t + 1) of
the target is spent on greater values, and one more pass counts through the tokens of value t in
the order of their ids.

Three targets, one search. With n(t) counting tokens and w(t) summing weights:

    top-k:  n, target k - 1                           -> the last token kept
    top-p:  w over those, target ceil(top_p * w) - 1  -> the last token kept
    draw:   w over those, target floor(u * w)         -> the token drawn

min-p drops tokens of less than its share from the last sum. Weights are integers, so every F is
exact and a search cannot miss. A search is 17 passes over the row for bfloat16, 20 for float16 and
33 for float32, the later ones from cache; a pass is one load and one exp a column. Three kernels
with a grid over stretches would fill a GPU better, but cost a launch for each pass at every call.
"""

import triton
import triton.language as tl

from kimikernels.draw.counter import uniform_at
from kimikernels.draw.merge import UNSETTLED
from kimikernels.draw.order import INF, rank_bits, weight

LOWEST = tl.constexpr(-(2**31))  # no greater than any rank_bits
MOST = tl.constexpr(2**31 - 1)  # no less than any id
WARPS = 16  # a row has one multiprocessor to itself: few rows come here, so fill it


@triton.jit
def _step(row_at, column, columns, stride, peak, heat, cut, last, floor, silent, counting, shift):
    """Values, in order, and weights of some columns; weight 0 below (cut, last) and the floor."""
    inside = column < columns
    x = tl.load(row_at + column.to(tl.int64) * stride, mask=inside, other=-INF).to(tl.float32)
    value = (rank_bits(x) >> silent).to(tl.int64)
    if counting:
        weights = inside.to(tl.int64)
    else:
        weights = weight(x, peak, heat, shift)
        kept = inside & ((value > cut) | ((value == cut) & (column <= last)))
        weights = tl.where(kept & (weights >= floor), weights, 0)
    return value, weights


@triton.jit
def _search(
    target,  # int64, below the weight of all that is kept
    row_at,
    columns,
    stride,
    peak,
    heat,
    cut,  # (cut, last) is the last token kept so far, by value and id
    last,
    floor,
    silent: tl.constexpr,
    counting: tl.constexpr,
    shift: tl.constexpr,
    lanes: tl.constexpr,
):
    """Value and id of the token at which the cumulative weight first passes `target`."""
    least = tl.full((), LOWEST >> silent, tl.int64)
    bit = tl.full((), -(LOWEST >> silent), tl.int64)
    spent = tl.full((), 0, tl.int64)  # F(least + 2 * bit), which is not above the target
    for _ in range(32 - silent):
        weighed = tl.zeros((lanes,), tl.int64)
        for start in range(0, columns, lanes):
            column = start + tl.arange(0, lanes)
            value, weights = _step(
                row_at,
                column,
                columns,
                stride,
                peak,
                heat,
                cut,
                last,
                floor,
                silent,
                counting,
                shift,
            )
            weighed += tl.where(value >= least + bit, weights, 0)
        total = tl.sum(weighed, axis=0)
        spent = tl.where(total > target, spent, total)
        least = tl.where(total > target, least + bit, least)
        bit = bit >> 1
    token = tl.full((), MOST, tl.int32)
    for start in range(0, columns, lanes):
        column = start + tl.arange(0, lanes)
        value, weights = _step(
            row_at, column, columns, stride, peak, heat, cut, last, floor, silent, counting, shift
        )
        equal = tl.where(value == least, weights, 0)
        passed = (equal > 0) & (spent + tl.cumsum(equal, axis=0) > target)
        token = tl.minimum(token, tl.min(tl.where(passed, column, MOST), axis=0))
        spent += tl.sum(equal, axis=0)
    return least, token


@triton.jit
def _sum(row_at, columns, stride, peak, heat, cut, last, floor, silent, shift, lanes: tl.constexpr):
    """Weight of all that is kept."""
    weighed = tl.zeros((lanes,), tl.int64)
    for start in range(0, columns, lanes):
        column = start + tl.arange(0, lanes)
        _, weights = _step(
            row_at, column, columns, stride, peak, heat, cut, last, floor, silent, False, shift
        )
        weighed += weights
    return tl.sum(weighed, axis=0)


@triton.jit
def _rank(value, token, row_at, columns, stride, silent, lanes: tl.constexpr):
    """1 and the number of tokens before this one."""
    before = tl.zeros((lanes,), tl.int64)
    for start in range(0, columns, lanes):
        column = start + tl.arange(0, lanes)
        values, ones = _step(row_at, column, columns, stride, 0.0, 0.0, 0, 0, 0, silent, True, 0)
        ahead = (values > value) | ((values == value) & (column < token))
        before += tl.where(ahead, ones, 0)
    return tl.sum(before, axis=0) + 1


@triton.jit
def descend_kernel(
    logits,  # (B, V), strides (row_stride, column_stride)
    temperature,  # (B,)
    top_k,  # (B,)
    top_p,  # (B,)
    min_p,  # (B,)
    seed,  # (B,) int64
    position,  # (B,) int64
    peak_of,  # (B,)
    log_sum_of,  # (B,)
    token_out,  # (B,) int64: read, and written where it is UNSETTLED
    logprob_out,  # (B,) likewise written
    rank_out,  # (B,) int64 likewise written
    columns,  # V
    row_stride,
    column_stride,
    silent: tl.constexpr,  # lowest bits of rank_bits that say nothing in this dtype
    shift: tl.constexpr,
    lanes: tl.constexpr,  # columns a step: as many as in scan.py
):
    """One row, if it is unsettled."""
    row = tl.program_id(0).to(tl.int64)  # int64: B * columns passes 2**31 at 16k rows of 152k
    if tl.load(token_out + row) != UNSETTLED:
        return
    at = logits + row * row_stride
    stride = column_stride
    peak = tl.load(peak_of + row)
    heat = tl.load(temperature + row).to(tl.float32)
    cut = tl.full((), LOWEST, tl.int64)
    last = tl.full((), MOST, tl.int32)
    floor = tl.full((), 0, tl.int64)

    k = tl.load(top_k + row).to(tl.int64)
    if (k > 0) & (k < columns):
        cut, last = _search(
            k - 1, at, columns, stride, peak, heat, cut, last, floor, silent, True, shift, lanes
        )
    p = tl.load(top_p + row).to(tl.float64)
    if p < 1:
        whole = _sum(at, columns, stride, peak, heat, cut, last, floor, silent, shift, lanes)
        enough = tl.ceil(p * whole.to(tl.float64)).to(tl.int64) - 1
        cut, last = _search(
            enough, at, columns, stride, peak, heat, cut, last, floor, silent, False, shift, lanes
        )
    floor = tl.ceil(tl.load(min_p + row).to(tl.float64) * (2.0**shift)).to(tl.int64)
    whole = _sum(at, columns, stride, peak, heat, cut, last, floor, silent, shift, lanes)
    u = uniform_at(tl.load(seed + row), tl.load(position + row))
    target = tl.minimum((u * whole.to(tl.float64)).to(tl.int64), whole - 1)
    value, token = _search(
        target, at, columns, stride, peak, heat, cut, last, floor, silent, False, shift, lanes
    )
    x = tl.load(at + token.to(tl.int64) * stride).to(tl.float32)
    tl.store(token_out + row, token.to(tl.int64))
    tl.store(logprob_out + row, (x - peak) - tl.load(log_sum_of + row))
    tl.store(rank_out + row, _rank(value, token, at, columns, stride, silent, lanes))
