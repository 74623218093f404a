"""Log-probability of given tokens and the entropy of each row of logits, with both gradients.

    logprob[n] = x[n, target[n]] - log(sum_v exp(x[n, v]))      p = softmax(x[n])
    entropy[n] = -sum_v p[v] * log p[v]

On a GPU (CUDA or ROCm) and under TRITON_INTERPRET=1 the Triton kernels of forward.py and
backward.py run; on a plain CPU, chunked.py. The formulas and their derivation stand there.
"""

from typing import Any

import torch
from torch import Tensor

from kimikernels.on_torch import choose, refuse_second
from kimikernels.pick import Choice

__all__ = ["choice", "logprob_entropy"]

DTYPES = (torch.bfloat16, torch.float16, torch.float32)


def logprob_entropy(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Log-probability of `target` and entropy, nats, temperature 1: two (N,) float32 tensors.

    `logits` is (N, V), bfloat16, float16 or float32; `target` is (N,), int64 or int32, on the same
    device. Both outputs have a gradient to the logits, in their dtype; the logits are kept for it,
    and 12 bytes a row. Forward reads the logits once, backward reads them once and writes once;
    there is no float32 copy of them. N = 0 gives two empty tensors.

    Rows may lie any distance apart, but each must be contiguous: a copy of (N, V) behind the
    caller's back is what this spares. -inf has probability 0 and adds nothing to the entropy nor
    to the gradient. A row with NaN or +inf, or of nothing but -inf, gives NaN.

    A target outside 0 .. V-1 raises ValueError on a plain CPU. In the kernels nothing is read for
    it and that row's logprob is NaN (checking would wait for the GPU); its entropy stands. Its
    gradient is NaN unless its logprob goes unused. A row whose two incoming gradients are 0 gets
    a gradient of 0 whatever it holds, so a masked row may hold NaN.

    The same input gives the same bits on the same device; there are no atomics. One program
    reads a row in forward: with fewer rows than the GPU has multiprocessors, some of them idle.

    Raises ValueError for other shapes, dtypes or devices, V = 0, and rows that are not contiguous.
    """
    _check(logits, target)
    logprob, entropy = _LogprobEntropy.apply(logits, target.contiguous())
    return logprob, entropy


class _LogprobEntropy(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        ctx.triton = choice(logits.device).name == "triton"
        if ctx.triton:
            from kimikernels.logprob_entropy.forward import forward  # not every torch has triton
        else:
            from kimikernels.logprob_entropy.chunked import forward
        logprob, entropy, peak, log_sum = forward(logits, target)
        ctx.save_for_backward(logits, target, peak, log_sum, entropy)
        return logprob, entropy

    @staticmethod
    def backward(ctx: Any, grad_logprob: Tensor, grad_entropy: Tensor) -> tuple[Tensor, None]:
        refuse_second("logprob_entropy")
        logits, target, peak, log_sum, entropy = ctx.saved_tensors
        if ctx.triton:
            from kimikernels.logprob_entropy.backward import backward
        else:
            from kimikernels.logprob_entropy.chunked import backward
        kept = (peak, log_sum, entropy)
        return backward(logits, target, kept, grad_logprob, grad_entropy), None


def choice(device: torch.device) -> Choice:
    """Which implementation runs on `device`, and why."""
    return choose(
        "logprob_entropy",
        device,
        triton="one pass over the logits, one program a row",
        otherwise=("chunked", "plain torch, a few rows at a time"),
    )


def _check(logits: Tensor, target: Tensor) -> None:
    if logits.ndim != 2 or target.shape != logits.shape[:1] or logits.shape[1] == 0:
        raise ValueError(
            f"logits are {tuple(logits.shape)} and targets {tuple(target.shape)}; "
            "they must be (N, V) and (N,), V at least 1"
        )
    if logits.dtype not in DTYPES or target.dtype not in (torch.int64, torch.int32):
        raise ValueError(
            f"logits are {logits.dtype} and targets {target.dtype}; they must be bfloat16, "
            "float16 or float32, and int64 or int32"
        )
    if logits.device != target.device or logits.device.type not in ("cpu", "cuda"):
        raise ValueError(
            f"logits are on {logits.device} and targets on {target.device}; "
            "they must be on one device, cpu or cuda"
        )
    if logits.shape[1] > 1 and logits.stride(1) != 1:
        raise ValueError(
            f"logits of shape {tuple(logits.shape)} have strides {logits.stride()}; "
            "each row must be contiguous, call .contiguous() first"
        )
