# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""Second kernel: one program a row joins the stretches, and draws where the candidates suffice.

With m the row's maximum, e(s) = m(s) - m, f(s) = exp(e(s)), and the one entry that reaches m left
out of its own stretch but added to the others (their maxima were left out of R):

    R = sum(f * (R(s) + 1)) - 1            log_z = m + log(1 + R)
    S = sum(f * (S(s) + e * (R(s) + 1)))   entropy = log(1 + R) - S / (1 + R)

A stretch has shown its 32 greatest keys, so whatever it still hides is below the last of them.
The greatest of these last keys bounds all that is hidden: the D sorted candidates at or above it
are the row's D most likely tokens. D is 32 at least, and some hundreds in a row whose likely tokens
are scattered. The draw is settled here when top-k, top-p or min-p closes within these D, or when
nothing is cut off and the cumulative mass of the D passes u times the whole. Else `token` is left
UNSETTLED for descend.py.
"""

import triton
import triton.language as tl

from kimikernels.draw.counter import uniform_at
from kimikernels.draw.order import FLOOR, INF, PADDING, probability, token_of, value_of, weight
from kimikernels.draw.sort import greatest
from kimikernels.log1p import log1p

HOTTEST = tl.constexpr(1e30)
UNSETTLED = tl.constexpr(-2)


@triton.jit
def _join(sums, row, temperature, stretches, held: tl.constexpr):
    """Maximum, whether the row is broken, log(1 + R), entropy, and mass at `temperature`."""
    stretch = tl.arange(0, held)
    at = sums + (row * stretches + stretch) * 4
    there = stretch < stretches
    peaks = tl.load(at, mask=there, other=-INF)
    rests = tl.load(at + 1, mask=there, other=0.0)
    spreads = tl.load(at + 2, mask=there, other=0.0)
    heated = tl.load(at + 3, mask=there, other=0.0)
    peak = tl.max(peaks, axis=0)
    broken = tl.abs(peak) == INF
    live = tl.where(broken, -INF, peaks) > -INF
    first = tl.min(tl.where(peaks == peak, stretch, held), axis=0)
    base = tl.where(broken, 0.0, peak)
    lively = tl.where(live, peaks, base)  # no difference is ever -inf - -inf
    gap = tl.maximum(lively - base, FLOOR)
    factor = tl.where(live, tl.exp(gap), 0.0)
    others = rests + tl.where(stretch == first, 0.0, 1.0)
    rest = tl.sum(factor * others, axis=0)
    # The first stretch's gap is 0, so its maximum need not be left out of the second term.
    spread = tl.sum(factor * (spreads + gap * (rests + 1.0)), axis=0)
    scale = tl.where(live, probability(lively, base, temperature), 0.0)
    mass = tl.sum(tl.where(live, heated * scale, 0.0).to(tl.float64), axis=0)
    log_sum = log1p(rest)
    return base, broken, log_sum, log_sum - spread / (1.0 + rest), mass


@triton.jit
def _first_above(cumulative, target, place, count):
    """Place of the first of `count` whose cumulative weight passes target; `count` if none."""
    return tl.sum(((cumulative <= target) & (place < count)).to(tl.int32), axis=0)


@triton.jit
def _kept(weights, cumulative, place, count, whole, columns, most, top_p, floor):
    """How many tokens top-k, top-p and min-p keep; above `count` where they cannot tell."""
    unknown = count + 1
    known = (most <= count) | (most >= columns)
    if most <= count:
        whole = tl.sum(tl.where(place == most - 1, cumulative, 0), axis=0)
    enough = tl.ceil(top_p * whole.to(tl.float64)).to(tl.int64) - 1
    nucleus = _first_above(cumulative, enough, place, count) + 1
    nucleus = tl.where(top_p < 1, nucleus, unknown)
    near = tl.min(tl.where((place < count) & (weights < floor), place, unknown), axis=0)
    keep = tl.minimum(tl.minimum(most, unknown).to(tl.int32), tl.minimum(nucleus, near))
    return tl.where((top_p < 1) & (known == 0), unknown, keep)


@triton.jit
def _draw(weights, cumulative, place, count, whole, columns, most, top_p, floor, u):
    """Place of the token that u picks among the `count` candidates, and whether it is sure."""
    keep = _kept(weights, cumulative, place, count, whole, columns, most, top_p, floor)
    closed = keep <= count
    if closed:
        whole = tl.sum(tl.where(place == keep - 1, cumulative, 0), axis=0)
    target = tl.minimum((u * whole.to(tl.float64)).to(tl.int64), whole - 1)
    drawn = _first_above(cumulative, target, place, count)
    uncut = (most >= columns) & (top_p >= 1) & (floor <= 0)
    return drawn, (closed | uncut) & (drawn < count)


@triton.jit
def _settings(temperature, top_k, top_p, min_p, row, columns, shift):
    """Temperature as given and as used, tokens kept, share kept, least weight, and if all sound."""
    given = tl.load(temperature + row).to(tl.float64)
    k = tl.load(top_k + row).to(tl.int64)
    p = tl.load(top_p + row).to(tl.float64)
    share = tl.load(min_p + row).to(tl.float64)
    sound = (given >= 0) & (given <= HOTTEST) & (k >= 0)
    sound = sound & (p > 0) & (p <= 1) & (share >= 0) & (share <= 1)
    heat = tl.where(sound, given, 1.0).to(tl.float32)
    most = tl.where((k > 0) & (k < columns), k, columns)
    floor = tl.ceil(tl.where(sound, share, 0.0) * (2.0**shift)).to(tl.int64)
    return given, heat, most, tl.where(sound, p, 1.0), floor, sound


@triton.jit
def _ordered(candidates, row, stretches, log_held: tl.constexpr, log_each: tl.constexpr):
    """All candidates of the row, greatest first, and how many of them bound what is hidden."""
    each: tl.constexpr = 1 << log_each
    place = tl.arange(0, each << log_held)
    here = candidates + row * stretches * each
    keys = tl.load(here + place, mask=place < stretches * each, other=PADDING)
    hidden = tl.max(tl.where(place % each == each - 1, keys, PADDING), axis=0)
    keys = greatest(keys, log_held + log_each, log_held + log_each)
    return keys, tl.sum(((keys > PADDING) & (keys >= hidden)).to(tl.int32), axis=0)


@triton.jit
def _store_drawn(at, keys, logprob, place, drawn, settled, lost):
    """Token, its logprob and its rank, of the one at `place` drawn."""
    here = place == drawn
    token = tl.sum(tl.where(here, token_of(keys), 0), axis=0)
    tl.store(at[0], tl.where(lost, -1, tl.where(settled, token, UNSETTLED)))
    # The maximum picks the one; a sum would meet -inf.
    chosen = tl.max(tl.where(here, logprob, -INF), axis=0)
    tl.store(at[1], tl.where(lost, float("nan"), chosen))
    tl.store(at[2], tl.where(lost, 0, drawn + 1).to(tl.int64))


@triton.jit
def merge_kernel(
    candidates,  # (B, stretches, each) int64: keys of each stretch, greatest first
    sums,  # (B, stretches, 4): m, R, S, M of each stretch
    temperature,  # (B,)
    top_k,  # (B,)
    top_p,  # (B,)
    min_p,  # (B,)
    seed,  # (B,) int64
    position,  # (B,) int64
    token_out,  # (B,) int64 out, UNSETTLED where the candidates do not suffice
    logprob_out,  # (B,) out
    rank_out,  # (B,) int64 out
    entropy_out,  # (B,) out
    log_z_out,  # (B,) out
    peak_out,  # (B,) out
    log_sum_out,  # (B,) out
    top_id,  # (B, rivals) int64 out
    top_logprob,  # (B, rivals) out
    columns,  # V
    stretches,
    rivals,
    log_held: tl.constexpr,  # of the power of two that holds them
    log_each: tl.constexpr,
    shift: tl.constexpr,
):
    """One row."""
    row = tl.program_id(0).to(tl.int64)
    given, heat, most, p, floor, sound = _settings(
        temperature, top_k, top_p, min_p, row, columns, shift
    )
    peak, broken, log_sum, entropy, mass = _join(sums, row, heat, stretches, 1 << log_held)
    lost = broken | (sound == 0)
    keys, count = _ordered(candidates, row, stretches, log_held, log_each)
    x = tl.where(broken, -INF, tl.where(keys > PADDING, value_of(keys), -INF))
    logprob = tl.where(broken, float("nan"), (x - peak) - log_sum)

    place = tl.arange(0, 1 << (log_held + log_each))
    weights = weight(x, peak, heat, shift)
    cumulative = tl.cumsum(weights, axis=0)
    whole = (tl.where(lost, 1.0, mass) * (2.0**shift)).to(tl.int64)
    u = uniform_at(tl.load(seed + row), tl.load(position + row))
    drawn, settled = _draw(weights, cumulative, place, count, whole, columns, most, p, floor, u)
    drawn = tl.where(given == 0, 0, drawn)
    sure = settled | (given == 0)
    at = (token_out + row, logprob_out + row, rank_out + row)
    _store_drawn(at, keys, logprob, place, drawn, sure, lost)

    tl.store(entropy_out + row, tl.where(broken, float("nan"), entropy))
    tl.store(log_z_out + row, tl.where(broken, float("nan"), peak + log_sum))
    tl.store(peak_out + row, peak)
    tl.store(log_sum_out + row, log_sum)
    shown = place < rivals
    tl.store(top_id + row * rivals + place, tl.where(broken, -1, token_of(keys)), mask=shown)
    tl.store(top_logprob + row * rivals + place, logprob, mask=shown)
