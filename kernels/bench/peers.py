"""Other people's ways to log-probabilities from hidden states and a head, where installed.

`pip install --no-deps liger-kernel cut-cross-entropy trl`; TRL also needs transformers, and for its
way back accelerate, pandas and datasets (with dill and multiprocess) as well. Each way
takes hidden (N, D), head (V, D) and targets (N,) and gives logprob (N,), and entropy (N,) or None.
"""

import importlib
import importlib.metadata
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

Result = tuple[Tensor, Tensor | None]
Measure = Callable[[Tensor, Tensor, Tensor], Result]
ROWS = 1024  # of a chunk in plain torch: 0.6 GB of float32 logits at V = 151,936
TRL_COLUMNS = 32_768  # of a chunk; TRL's trainers take the same number


def plain(hidden: Tensor, head: Tensor, target: Tensor) -> Result:
    """Everything at once: (N, V) logits in float32."""
    logp = (hidden @ head.T).float().log_softmax(-1)
    logprob = logp.gather(-1, target[:, None]).squeeze(-1)
    return logprob, -(logp.exp() * logp).sum(-1).detach()


_compiled = torch.compile(plain, dynamic=False)


def chunked(measure: Measure) -> Measure:
    """Rows in chunks, whose logits are made again on the way back."""

    def run(hidden: Tensor, head: Tensor, target: Tensor) -> Result:
        parts = [
            checkpoint(measure, h, head, t, use_reentrant=False)
            for h, t in zip(hidden.split(ROWS), target.split(ROWS), strict=True)
        ]
        return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])

    return run


def liger(hidden: Tensor, head: Tensor, target: Tensor) -> Result:
    """Liger-Kernel's fused linear cross-entropy, a loss for each row."""
    function = importlib.import_module("liger_kernel.ops").LigerFusedLinearCrossEntropyFunction
    results: Any = function.apply(hidden, head, target, None, None, -100, 0.0, 0.0, "none")
    return -(results[0] if isinstance(results, tuple) else results), None


def cut(hidden: Tensor, head: Tensor, target: Tensor) -> Result:
    """cut-cross-entropy, a loss for each row; small gradients are left out, as it comes."""
    module = importlib.import_module("cut_cross_entropy")
    return -module.linear_cross_entropy(hidden, head, target, reduction="none"), None


def cut_exact(hidden: Tensor, head: Tensor, target: Tensor) -> Result:
    """cut-cross-entropy with every gradient."""
    module = importlib.import_module("cut_cross_entropy")
    loss = module.linear_cross_entropy(hidden, head, target, reduction="none", filter_eps=None)
    return -loss, None


def liger_policy(hidden: Tensor, head: Tensor, target: Tensor) -> Result:
    """The log-probabilities inside Liger-Kernel's policy losses (GRPO and its kin)."""
    module = importlib.import_module("liger_kernel.chunked_loss.fused_linear_ppo")
    logprob = module.LigerFusedLinearPPOBase.chunk_forward(hidden[None], head, target[None])
    return logprob[0], None


def trl(hidden: Tensor, head: Tensor, target: Tensor) -> Result:
    """TRL's chunked log-probabilities, as its trainers call them."""
    function = importlib.import_module("trl.kernels.chunked_logprob").ChunkedLogProbFunction
    results: Any = function.apply(
        hidden, head, None, target, 1.0, TRL_COLUMNS, None, 1.0, ("entropy",)
    )
    return results[0], results[1].detach()


PEERS: dict[str, tuple[str, Measure, str]] = {
    "Liger fused linear": ("liger-kernel", liger, "no entropy"),
    "Liger policy losses": ("liger-kernel", liger_policy, "no entropy"),
    "cut-cross-entropy": (
        "cut-cross-entropy",
        cut,
        "no entropy; skips small gradients",
    ),
    "cut-cross-entropy, exact": ("cut-cross-entropy", cut_exact, "no entropy"),
    "TRL chunked": ("trl", trl, ""),
}
TORCH: dict[str, Measure] = {
    "torch, chunked": chunked(plain),
    "torch.compile, chunked": chunked(_compiled),
    "torch, all at once": plain,
}


def version(package: str) -> str:
    """Of an installed package; empty when it is absent."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""
