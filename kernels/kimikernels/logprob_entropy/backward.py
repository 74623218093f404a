# mypy: allow-untyped-defs, allow-incomplete-defs
# The arguments of a kernel have no Python types.
"""Gradient of log-probability and entropy by the logits, read once and written once.

With p the probabilities of a row, H its entropy, g and h the gradients of its two outputs,

    d logprob / d x[v] = [v = target] - p[v]
    d entropy / d x[v] = -p[v] * (log p[v] + H)
    d x[v]             = g * [v = target] - p[v] * (g + h * (log p[v] + H))

and log p[v] = (x[v] - m) - log(1 + R) from what the forward pass kept. The maximum is subtracted
first: x - log_z would lose 5e-4 of p at logits of 1e4.
"""

import torch
import triton
import triton.language as tl
from torch import Tensor

BLOCK_V = 4096  # columns a program; 16 a thread with 8 warps
WARP_COLUMNS = 512  # columns a warp: 16 a thread
FLOOR = tl.constexpr(-200.0)  # exp of it is 0 in float32; 0 * -inf would be NaN
INF = tl.constexpr(float("inf"))


@triton.jit
def _backward_kernel(
    logits,  # (N, V), rows `stride` apart
    target,  # (N,)
    peak_of,  # (N,)
    log_sum_of,  # (N,)
    entropy_of,  # (N,)
    grad_logprob,  # (N,)
    grad_entropy,  # (N,)
    grad_logits,  # (N, V) out, contiguous
    columns,
    stride,
    block: tl.constexpr,
):
    pid = tl.program_id(0).to(tl.int64)  # int64: N * V passes 2**31 at 16k rows of 152k
    blocks = tl.cdiv(columns, block)
    row = pid // blocks
    column = (pid % blocks) * block + tl.arange(0, block)
    inside = column < columns
    g = tl.load(grad_logprob + row)
    h = tl.load(grad_entropy + row)
    token = tl.load(target + row).to(tl.int64)
    known = (token >= 0) & (token < columns)
    live = (g != 0.0) | (h != 0.0)  # NaN is
    readable = tl.where(live, columns, 0)  # a row without a gradient is written, not read
    g = tl.where(known | (g == 0.0), g, float("nan"))

    start = logits + row * stride
    x = tl.load(start + column, mask=column < readable, other=-INF).to(tl.float32)
    logprob = (x - tl.load(peak_of + row)) - tl.load(log_sum_of + row)
    logprob = tl.maximum(logprob, FLOOR, propagate_nan=tl.PropagateNan.ALL)
    pull = g + h * (logprob + tl.load(entropy_of + row))
    grad = tl.where(column == token, g, 0.0) - tl.exp(logprob) * pull
    grad = tl.where(live, grad, 0.0)
    out = grad_logits + row * columns + column
    tl.store(out, grad.to(grad_logits.dtype.element_ty), mask=inside)


def backward(
    logits: Tensor,
    target: Tensor,
    kept: tuple[Tensor, Tensor, Tensor],
    grad_logprob: Tensor,
    grad_entropy: Tensor,
) -> Tensor:
    """Gradient by the logits, (N, V) contiguous, in their dtype; no synchronisation.

    `kept` is the maximum, log(1 + R) and the entropy of each row. A row whose two gradients are 0
    gets zeros, whatever it holds.
    """
    rows, columns = logits.shape
    grad = torch.empty((rows, columns), dtype=logits.dtype, device=logits.device)
    if rows:
        block = min(BLOCK_V, triton.next_power_of_2(columns))
        with torch.cuda.device_of(logits):
            _backward_kernel[(rows * triton.cdiv(columns, block),)](
                logits,
                target,
                *kept,
                grad_logprob.contiguous(),
                grad_entropy.contiguous(),
                grad,
                columns,
                logits.stride(0),
                block=block,
                num_warps=max(1, block // WARP_COLUMNS),
            )
    return grad
