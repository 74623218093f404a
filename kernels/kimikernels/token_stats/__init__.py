"""Exact statistics of rows of logits on the CPU, and a token drawn in the same look.

For a row x with M = max(x):

    log Z      = log(sum(exp(x)))
    logprob(i) = x(i) - log Z
    entropy    = -sum(exp(logprob) * logprob), in nats
    rank(i)    = 1 + the number of tokens before i, the most likely first and equals by id

Compiled code where the package could be built, numpy where not; both mean the same, and agree to
1e-6 of each figure. The same row gives the same bits on the same instruction set, however many
threads there are. No temperature and no truncation touches a statistic: they are the rule's.
"""

from collections.abc import Sequence
from functools import cache
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from kimikernels.pick import Choice, first
from kimikernels.token_stats import compiled, plain
from kimikernels.token_stats.shapes import RIVALS, BatchStats, Row, Rows, Rule, TokenStats

__all__ = ["BatchStats", "Row", "Rows", "Rule", "TokenStats", "batch_token_stats", "choice"]
__all__ += ["draw", "token_stats"]


def token_stats(
    logits: Row, target: int | None = None, k: int = RIVALS, rule: Rule | None = None
) -> TokenStats:
    """Measure one row, float32 of shape (V,), contiguous; it is not changed.

    `token`, `logprob` and `rank` are those of the token that `rule` draws, or else of `target`.
    k is cut to V. Raises ValueError for another shape or type, for NaN or +inf among the logits,
    when all are -inf, for a target outside the row and for a rule out of range.
    """
    stats: TokenStats = _chosen().token_stats(logits, target, k, rule)
    return stats


def batch_token_stats(
    logits: Rows,
    targets: NDArray[np.int64] | None = None,
    k: int = RIVALS,
    rules: Sequence[Rule] | None = None,
    threads: int = 1,
) -> BatchStats:
    """The same for rows of shape (N, V), shared out among `threads`; rows may lie apart.

    `targets` and `rules` hold one for each row. Raises ValueError as `token_stats` does, naming
    the first row at fault, and for another number of targets or rules than rows.
    """
    for name, given in (("targets", targets), ("rules", rules)):
        if given is not None and len(given) != len(logits):
            raise ValueError(f"there are {len(given)} {name} for {len(logits)} rows")
    if targets is not None:
        targets = _targets(targets)
    stats: BatchStats = _chosen().batch_token_stats(logits, targets, k, rules, threads)
    return stats


def _targets(targets: object) -> NDArray[np.int64]:
    found = np.asarray(targets)
    if found.ndim != 1 or (found.size and not np.issubdtype(found.dtype, np.integer)):
        raise ValueError(
            f"targets are {found.dtype} of shape {found.shape}; they must be whole numbers, (N,)"
        )
    return found.astype(np.int64)


def draw(logits: Row, rule: Rule) -> int:
    """The token alone; raises ValueError as `token_stats` does."""
    return token_stats(logits, k=0, rule=rule).token


def choice() -> Choice:
    """Which implementation runs here, and why."""
    return first(
        "token_stats",
        "cpu",
        (
            ("compiled", _compiled_name(), compiled.why_not),
            ("numpy", "numpy", lambda: ""),
        ),
    )


def _compiled_name() -> str:
    return f"C++, {compiled.code_name()}" if not compiled.why_not() else "C++"


@cache
def _chosen() -> ModuleType:
    return compiled if choice().name == "compiled" else plain
