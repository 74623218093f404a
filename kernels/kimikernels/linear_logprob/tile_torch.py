"""The tile steps in plain torch; their meaning stands in steps.py.

The maximum of a row moves from `old` to `peak`; with alpha = exp(old - peak), fall = old - peak
what was summed before moves with it (Milakov and Gimelshein 2018, and its derivative):

    rest'   = alpha · rest                    sums0' = alpha · sums0
    moment' = alpha · (moment + fall · rest)  sums1' = alpha · (sums1 + fall · sums0)
"""

import torch
from torch import Tensor

from kimikernels.linear_logprob.inputs import Transform
from kimikernels.linear_logprob.running import Running, Upstream


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
    f = _transform(logits, transform)
    here, column = _columns(logits, first, target)
    running.hit.copy_(torch.where(here, logits.gather(1, column)[:, 0], running.hit))
    old, peak = running.peak.clone(), torch.maximum(running.peak, logits.amax(dim=1))
    dead = logits == -torch.inf  # probability 0; -inf times it would be NaN
    gap = logits.sub_(peak[:, None]).masked_fill_(dead, 0.0)
    weight = gap.exp().masked_fill_(dead, 0.0)
    weight.scatter_(1, column, weight.gather(1, column).masked_fill_(here[:, None], 0.0))
    spread = gap.mul_(weight)

    alpha = torch.where(old == peak, 1.0, torch.exp(old - peak))
    fall = torch.where(old == -torch.inf, 0.0, old - peak)
    running.moment.add_(fall * running.rest).mul_(alpha).add_(spread.sum(dim=1))
    running.rest.mul_(alpha).add_(weight.sum(dim=1))
    running.peak.copy_(peak)
    if sums.shape[1] == 0:
        return
    if sums.shape[1] == 2:
        sums[:, 1].add_(fall[:, None] * sums[:, 0])
    sums.mul_(alpha[:, None, None])
    factor = scale if f is None else f.mul_(scale)
    if sums.shape[1] == 2:
        weights[:, 1].copy_(spread * factor)  # may overwrite `spread`, which is not needed again
    weights[:, 0].copy_(weight.mul_(factor))


def slope(
    logits: Tensor,
    first: int,
    target: Tensor,
    transform: Transform,
    upstream: Upstream,
    dtype: torch.dtype,
) -> Tensor:
    """See steps.Slope; with G and E what came for the two results and H the entropy:

    dz = f · (G · (1[v = target] - p) - E · p · (log p + H))
    """
    f = _transform(logits, transform)
    here, column = _columns(logits, first, target)
    dead = logits == -torch.inf
    logp = logits.sub_(upstream.peak[:, None]).sub_(upstream.log_z[:, None])
    logp.masked_fill_(dead, 0.0)
    p = logp.exp().masked_fill_(dead, 0.0)
    g, e = upstream.to_logprob[:, None], upstream.to_entropy[:, None]
    pull = logp.add_(upstream.entropy[:, None]).mul_(e)
    # 1 - p of the target by expm1: near 1 the difference has no digits left.
    at_target = -torch.expm1(upstream.logprob)[:, None] * g - (p * pull).gather(1, column)
    grad = pull.add_(g).mul_(p).neg_()
    grad.scatter_(1, column, torch.where(here[:, None], at_target, grad.gather(1, column)))
    if f is not None:
        grad.mul_(f)
    # 0 times a row of NaN is NaN: a row that is masked out of the loss must not spoil the others.
    return grad.masked_fill_((g == 0) & (e == 0), 0.0).to(dtype)


def _transform(logits: Tensor, transform: Transform) -> Tensor | None:
    """Cap and cool `logits` in place; the slope of the cap, (R, C), or None without one."""
    if not transform.softcap:
        logits.div_(transform.temperature)
        return None
    logits.div_(transform.softcap).tanh_()
    f = 1.0 - logits * logits
    logits.mul_(transform.softcap / transform.temperature)
    return f


def _columns(logits: Tensor, first: int, target: Tensor) -> tuple[Tensor, Tensor]:
    """Whether the target lies in this tile, (R,), and its column there, (R, 1), clamped."""
    column = target - first
    here = (column >= 0) & (column < logits.shape[1])
    return here, column.clamp(0, logits.shape[1] - 1)[:, None]
