"""How long the losses take, so that nobody fuses them without a reason."""

import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor

from kimikernels.objectives.grpo import Grpo, grpo_loss
from kimikernels.objectives.opmd import Opmd, opmd_loss

RUNS = 20


def loss_ms(
    batch: int = 64, length: int = 16_384, k: int = 8, device: str = "cpu"
) -> dict[str, float]:
    """Median milliseconds, forward and backward, of each loss: float32 (batch, length), full masks.

    Names: opmd and grpo; and logprobs_read, a sum of the log-probabilities, to hold them beside.
    """
    chance = torch.Generator(device).manual_seed(0)
    old = -torch.rand(batch, length, generator=chance, device=device)
    noise = torch.randn(batch, length, generator=chance, device=device)
    now = (old + 0.05 * noise).requires_grad_()
    mask = torch.ones(batch, length, dtype=torch.bool, device=device)
    rewards = (torch.arange(batch, device=device) % 3 == 0).float()

    def opmd() -> Opmd:
        return opmd_loss(now, old, mask, rewards, k, tau=0.1)

    def grpo() -> Grpo:
        return grpo_loss(now, old, mask, rewards, k)

    def both_ways(loss: Callable[[], Opmd | Grpo]) -> Callable[[], None]:
        def run() -> None:
            now.grad = None
            loss().loss.backward()

        return run

    def read() -> Tensor:
        return now.detach().sum()

    cases = {"opmd": both_ways(opmd), "grpo": both_ways(grpo), "logprobs_read": read}
    return {name: _median_ms(run, device) for name, run in cases.items()}


def _median_ms(run: Callable[[], object], device: str) -> float:
    took = []
    for _ in range(RUNS + 2):
        if device != "cpu":
            torch.cuda.synchronize()
        start = time.perf_counter()
        run()
        if device != "cpu":
            torch.cuda.synchronize()
        took.append((time.perf_counter() - start) * 1e3)
    return statistics.median(took[2:])  # the first two warm up
