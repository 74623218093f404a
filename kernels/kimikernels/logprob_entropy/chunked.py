"""The same sums as the kernels, in plain torch, a few rows at a time: what a plain CPU runs.

A float32 copy exists of one chunk, never of all rows.
"""

from collections.abc import Iterator

import torch
from torch import Tensor

CHUNK = 1 << 20  # logits a chunk: 4 MB in float32, of which a few are alive at once
FLOOR = -200.0  # exp of it is 0 in float32; 0 * -inf would be NaN


def _chunks(logits: Tensor) -> Iterator[slice]:
    rows, columns = logits.shape
    step = max(1, CHUNK // columns)
    return (slice(start, start + step) for start in range(0, rows, step))


def forward(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Logprob, entropy, maximum and log(1 + R) of each row, all (N,) float32.

    Raises ValueError for a target outside the row.
    """
    rows, columns = logits.shape
    if rows and bool(((target < 0) | (target >= columns)).any()):
        raise ValueError(
            f"targets run from {int(target.min())} to {int(target.max())}; "
            f"they must lie in 0 .. {columns - 1}"
        )
    logprob, entropy, peak, log_sum = (
        torch.empty(rows, dtype=torch.float32, device=logits.device) for _ in range(4)
    )
    for part in _chunks(logits):
        x = logits[part].float()
        top, where = x.max(dim=1, keepdim=True)  # NaN wins every maximum
        gap = x - top
        chosen = gap.gather(1, target[part].long()[:, None])
        gap.clamp_(min=FLOOR)
        weight = gap.exp().scatter_(1, where, 0.0)  # the maximum is left out of both sums
        rest = weight.sum(dim=1, keepdim=True)
        moment = gap.mul_(weight).sum(dim=1, keepdim=True)
        log_rest = torch.where(top.isfinite(), rest.log1p(), torch.nan)
        logprob[part] = (chosen - log_rest)[:, 0]
        entropy[part] = (log_rest - moment / (1 + rest))[:, 0]
        peak[part] = top[:, 0]
        log_sum[part] = log_rest[:, 0]
    return logprob, entropy, peak, log_sum


def backward(
    logits: Tensor,
    target: Tensor,
    kept: tuple[Tensor, Tensor, Tensor],
    grad_logprob: Tensor,
    grad_entropy: Tensor,
) -> Tensor:
    """Gradient by the logits, (N, V) contiguous, in their dtype; the maths is in backward.py.

    `kept` is the maximum, log(1 + R) and the entropy of each row. A row whose two gradients are 0
    gets zeros, whatever it holds.
    """
    peak, log_sum, entropy = (each[:, None] for each in kept)
    g, h = grad_logprob[:, None], grad_entropy[:, None]
    idle = (g == 0) & (h == 0)
    grad = torch.empty(logits.shape, dtype=logits.dtype, device=logits.device)
    for part in _chunks(logits):
        gap = (logits[part].float() - peak[part]).sub_(log_sum[part]).clamp_(min=FLOOR)
        weight = gap.exp()
        pull = gap.add_(entropy[part]).mul_(h[part]).add_(g[part])
        slope = weight.mul_(pull).neg_()
        slope.scatter_add_(1, target[part].long()[:, None], g[part])
        grad[part] = slope.masked_fill_(idle[part], 0.0)
    return grad
