# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""The order of tokens and the weight of one, as every kernel of this operation sees them.

`rank_bits` maps a float32 to an int32 that sorts the same: the bits of a positive float ascend with
it, those of a negative one descend, so all but the sign of a negative float is turned over. With
the id below it, a key is one int64 that no two tokens share; the greater key is the more likely
token, and of equals the one with the lower id.

A weight is exp((x - max) / temperature) as an integer, in units of 2**-shift of the most likely
token's. Sums of integers are exact in any order: the mass above a threshold falls strictly as the
threshold rises, and the same row gives the same bits however it was split. With
shift = 62 - bits(V - 1) a whole row sums to at most 2**62. At V = 151 936 a unit is 2**-44, and
what all tokens lose to truncation is below 1e-8 of the mass.
"""

import triton
import triton.language as tl

PADDING = tl.constexpr(-(2**63))  # below every key: rank_bits is -2**31 for a NaN alone
LOW_WORD = tl.constexpr(0xFFFFFFFF)
NOT_SIGN = tl.constexpr(0x7FFFFFFF)
INF = tl.constexpr(float("inf"))
FLOOR = tl.constexpr(-200.0)  # exp of it is 0 in float32; a quotient never passes its range
TINY = tl.constexpr(1e-30)  # a lower temperature draws the same, and 1 / it stays in float32


def shift_for(columns: int) -> int:
    """Binary digits after the point of a weight, in rows of this many columns."""
    return 62 - (columns - 1).bit_length()


@triton.jit
def rank_bits(x):
    """int32 in the order of float32 `x`; -0 and 0 are equal, as they are for a comparison."""
    bits = tl.where(x == 0, 0.0, x).to(tl.int32, bitcast=True)
    return tl.where(bits < 0, bits ^ NOT_SIGN, bits)


@triton.jit
def key_of(x, token):
    """One int64 for a value and its id, greater for the more likely."""
    return (rank_bits(x).to(tl.int64) << 32) | (LOW_WORD - token.to(tl.int64))


@triton.jit
def token_of(key):
    """The id in a key."""
    return LOW_WORD - (key & LOW_WORD)


@triton.jit
def value_of(key):
    """The float32 in a key."""
    bits = (key >> 32).to(tl.int32)
    return tl.where(bits < 0, bits ^ NOT_SIGN, bits).to(tl.float32, bitcast=True)


@triton.jit
def probability(x, peak, temperature):
    """exp((x - peak) / temperature), a probability up to a factor."""
    heat = tl.maximum(temperature, TINY)
    return tl.exp(tl.maximum(x - peak, heat * FLOOR) / heat)


@triton.jit
def weight(x, peak, temperature, shift: tl.constexpr):
    """The same as an integer, in units of 2**-shift; truncated."""
    return (probability(x, peak, temperature) * (2.0**shift)).to(tl.int64)
