# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""The number of uniform.py, computed inside a kernel from the same integers."""

import triton
import triton.language as tl

from kimikernels.draw.uniform import FIRST, GOLDEN, SECOND, STEP

_GOLDEN, _STEP = tl.constexpr(GOLDEN), tl.constexpr(STEP)
_FIRST, _SECOND = tl.constexpr(FIRST), tl.constexpr(SECOND)


@triton.jit
def _mix(word):
    word = (word ^ (word >> 30)) * _FIRST
    word = (word ^ (word >> 27)) * _SECOND
    return word ^ (word >> 31)


@triton.jit
def uniform_at(seed, position):
    """float64 of two int64 (the kernel's form of `uniform`)."""
    counter = (position + 1).to(tl.uint64) * _GOLDEN
    word = _mix(_mix(seed.to(tl.uint64)) + counter)
    return (word >> 11).to(tl.int64).to(tl.float64) * _STEP
