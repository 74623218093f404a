"""What linear_logprob means: every logit is made, in plain torch and in the type of `hidden`.

    z = hidden headᵀ + scale · (hidden Aᵀ) Bᵀ        logits
    u = c · tanh(z / c)                              when there is a soft cap c (Gemma 2, §2)
    p = softmax(u / temperature)
    logprob[n] = log p[n, target[n]]                 entropy[n] = -Σ_v p[n, v] · log p[n, v]

Autograd differentiates it. The statistics are float32, or float64 when `hidden` is.
"""

import torch
from torch import Tensor

from kimikernels.linear_logprob.inputs import LinearLogprob, Lora


def linear_logprob(
    hidden: Tensor,
    head: Tensor,
    target: Tensor,
    *,
    lora: Lora | None = None,
    softcap: float | None = None,
    temperature: float = 1.0,
) -> LinearLogprob:
    """The same as `kimikernels.linear_logprob.linear_logprob`, with (N, V) in memory."""
    logits = hidden @ head.T
    if lora is not None:
        a, b = lora.a.to(hidden.dtype), lora.b.to(hidden.dtype)
        logits = logits + (hidden @ a.T) @ b.T * lora.scale
    if logits.dtype != torch.float64:
        logits = logits.float()
    if softcap is not None:
        logits = softcap * torch.tanh(logits / softcap)
    logprob = torch.log_softmax(logits / temperature, dim=-1)
    # An entry of -inf has probability 0 and adds nothing; 0 · -inf would be NaN.
    weighed = logprob.exp() * logprob.masked_fill(logprob == -torch.inf, 0.0)
    return LinearLogprob(logprob.gather(1, target[:, None])[:, 0], -weighed.sum(dim=-1))
