"""What `logprob_entropy` means, in plain torch and without haste; autograd differentiates it."""

import torch
from torch import Tensor


def logprob_entropy(logits: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """Log-probability of each target (N,) and entropy of each row (N,), nats, from logits (N, V).

    In the dtype of the logits, or in float32 for half types. Entries of -inf have probability 0
    and add nothing to the entropy or to the gradient.
    """
    if logits.dtype != torch.float64:
        logits = logits.float()
    logprobs = logits.log_softmax(dim=1)  # (N, V)
    live = logprobs.detach() > -torch.inf  # NaN is not, so it is let through below
    dead = ~live & ~logprobs.detach().isnan()
    entropy = -(logprobs.exp() * logprobs.masked_fill(dead, 0.0)).sum(dim=1)
    return logprobs.gather(1, target.long()[:, None])[:, 0], entropy
