# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""log(1 + x) inside a Triton kernel, which has no log1p that every backend compiles."""

import triton
import triton.language as tl


@triton.jit
def log1p(x):
    """log(1 + x) for x >= 0, right where 1 + x rounds: the rounding of u cancels in the ratio."""
    u = 1.0 + x
    exact = u == 1.0
    return tl.where(exact, x, tl.log(u) * (x / tl.where(exact, 1.0, u - 1.0)))
