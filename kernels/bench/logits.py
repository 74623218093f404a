"""logprob_entropy over logits that are there already."""

import importlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from contest import Contest, Way
from peers import version
from torch import Tensor

from kimikernels.logprob_entropy import logprob_entropy, reference


def contests(device: str, quick: bool) -> Iterator[Callable[[], Contest]]:
    """bfloat16 and float32 on a GPU, float32 on a CPU; each way with and without the way back."""
    n, v = (8, 300) if quick else (4096, 151_936) if device == "cuda" else (64, 151_936)
    types = (torch.bfloat16, torch.float32) if device == "cuda" else (torch.float32,)
    for dtype in types:
        for backward in (False, True):
            yield partial(contest, device, dtype, n, v, backward=backward)


def contest(device: str, dtype: torch.dtype, n: int, v: int, *, backward: bool) -> Contest:
    """Both outputs, and where asked the gradient of both."""
    chance = torch.Generator(device).manual_seed(0)
    logits = (torch.randn(n, v, generator=chance, device=device) * 3).to(dtype)
    logits.requires_grad_(backward)
    target = torch.randint(v, (n,), generator=chance, device=device)
    grads = [torch.randn(n, generator=chance, device=device) for _ in range(2)]

    def way(measure: Callable[[Tensor, Tensor], Any]) -> Callable[[], Any]:
        def run() -> tuple[Tensor, ...]:
            both = tuple(measure(logits, target)[:2])
            if not backward:
                return both
            same = [g.to(each.dtype) for g, each in zip(grads, both, strict=True)]
            return *both, *torch.autograd.grad(both, logits, same)

        return run

    compiled = torch.compile(reference.logprob_entropy, dynamic=False)
    ways = [
        Way("kimikernels", way(logprob_entropy)),
        Way("torch", way(reference.logprob_entropy)),
        Way("torch.compile", way(compiled)),
    ]
    if version("trl"):
        ways.append(Way("TRL selective", way(_trl)))
    return Contest(
        "logprob_entropy",
        str(dtype).removeprefix("torch."),
        f"N={n:,} V={v:,}",
        "forward+backward" if backward else "forward",
        ways,
        logits.nbytes * (3 if backward else 1),  # read, read again, gradient written
        tolerance=0.05 if dtype is torch.bfloat16 else 1e-3,
    )


def _trl(logits: Tensor, target: Tensor) -> Any:
    """What TRL runs on the device: one kernel on a GPU, two functions in torch on a CPU."""
    if logits.is_cuda:
        fused = importlib.import_module("trl.kernels").selective_log_softmax_and_entropy
        return fused(logits, target)
    module = importlib.import_module("trl.trainer.utils")
    return module.selective_log_softmax(logits, target), module.entropy_from_logits(logits)
