"""The statistics in numpy, for where nothing could be compiled.

With m = max(x), d(i) = x(i) - m, Z = sum(exp(d)) and S = sum(d * exp(d)):

    logprob(i) = x(i) - m - log(Z)
    entropy    = log(Z) - S / Z

log(Z) is taken as log1p of everything but the maximum, so that every term has one sign and a row
near one-hot keeps its relative accuracy. The k most likely entries are summed in float64 and the
rest in float32, pairwise: a rounded difference x - m alone may cost 1e-6 of a term.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kimikernels.token_stats.plain_draw import drawn
from kimikernels.token_stats.plain_order import largest
from kimikernels.token_stats.shapes import (
    RIVALS,
    BatchStats,
    Row,
    Rows,
    Rule,
    TokenStats,
    broken,
    check_k,
    check_row,
    check_rows,
    check_rule,
    check_token,
)

LOWEST = np.float32(-104.0)  # exp of it is 0 in float32; 0 * -inf would be NaN


def token_stats(
    logits: Row, target: int | None = None, k: int = RIVALS, rule: Rule | None = None
) -> TokenStats:
    """See `kimikernels.token_stats.token_stats`."""
    check_row(logits)
    if target is not None:
        check_token(logits.size, target)
    if not np.isfinite(logits.max()):  # NaN wins every maximum
        raise broken(logits)
    k = check_k(k, logits.size)
    top = largest(logits, min(max(k, RIVALS), logits.size))  # few are asked, but summed as many
    peak = float(logits[top[0]])
    gap = logits[top].astype(np.float64) - peak  # (k,), the first is 0
    weight = np.exp(gap)
    rest, spread = _tail(logits, top, peak)
    others = float(weight[1:].sum()) + rest
    live = weight > 0  # -inf entries among the top would give 0 * -inf
    spread -= float((weight[live] * gap[live]).sum())
    log_others = float(np.log1p(others))
    stats = TokenStats(
        log_z=peak + log_others,
        entropy=log_others + spread / (1.0 + others),
        top_id=top[:k].astype(np.int32),
        top_logprob=(gap[:k] - log_others).astype(np.float32),
    )
    if rule is not None:
        check_rule(rule)
        target = drawn(logits, rule)
    if target is None:
        return stats
    logprob = float(logits[target]) - peak - log_others
    return stats._replace(token=target, logprob=logprob, rank=_rank(logits, top, target))


def batch_token_stats(
    logits: Rows,
    targets: NDArray[np.int64] | None = None,
    k: int = RIVALS,
    rules: Sequence[Rule] | None = None,
    threads: int = 1,
) -> BatchStats:
    """See `kimikernels.token_stats.batch_token_stats`; the threads are not used."""
    check_rows(logits)
    stats = []
    for i, row in enumerate(logits):
        target = None if targets is None else int(targets[i])
        try:
            stats.append(token_stats(row, target, k, None if rules is None else rules[i]))
        except ValueError as error:
            raise ValueError(f"row {i}: {error}") from error
    k = check_k(k, logits.shape[1])
    return BatchStats(
        np.array([each.log_z for each in stats], np.float64),
        np.array([each.entropy for each in stats], np.float64),
        np.array([each.top_id for each in stats], np.int32).reshape(len(stats), k),
        np.array([each.top_logprob for each in stats], np.float32).reshape(len(stats), k),
        np.array([each.token for each in stats], np.int64),
        np.array([each.logprob for each in stats], np.float64),
        np.array([each.rank for each in stats], np.int64),
    )


def _rank(logits: Row, top: NDArray[np.intp], token: int) -> int:
    among = np.flatnonzero(top == token)
    if among.size:
        return int(among[0]) + 1
    value = logits[token]
    above = np.count_nonzero(logits > value)
    return int(above + np.count_nonzero(logits[:token] == value)) + 1


def _tail(logits: Row, top: NDArray[np.intp], peak: float) -> tuple[float, float]:
    """Sum of exp(d) and of -d * exp(d) over all entries but `top`.

    Differences are taken from the least of `top`, where float32 has digits to spare for the
    entries that weigh most; what lies between it and the peak is a factor, in float64.
    """
    edge = logits[top[-1]]
    if edge == -np.inf or len(top) == len(logits):
        return 0.0, 0.0
    gap = logits - edge
    gap[top] = LOWEST
    weight = np.exp(gap)
    total = float(weight.sum())
    with np.errstate(invalid="ignore"):
        moment = float(np.multiply(gap, weight).sum())
    if math.isnan(moment):  # -inf * 0; clipping every row for it would cost a third of its exp
        moment = float(np.multiply(np.maximum(gap, LOWEST), weight).sum())
    offset = float(edge) - peak
    factor = math.exp(offset)
    return factor * total, -factor * (moment + offset * total)
