"""What the objectives mean: problem by problem, sequence by sequence, token by token."""

import torch
from torch import Tensor


def opmd(
    logprobs: Tensor,
    old_logprobs: Tensor,
    mask: Tensor,
    rewards: list[float],
    groups: list[int],
    tau: float,
) -> Tensor:
    """The k1.5 loss of float64 tensors (B, T); autograd differentiates it by `logprobs`."""
    problems = []
    for name in sorted(set(groups)):
        members = [j for j, group in enumerate(groups) if group == name]
        mean = sum(rewards[j] for j in members) / len(members)
        terms = []
        for j in members:
            now = logprobs[j][mask[j]].sum()
            old = old_logprobs[j][mask[j]].sum()
            terms.append(now * (rewards[j] - mean) - tau / 2 * (now - old) ** 2)
        problems.append(-torch.stack(terms).mean())
    return torch.stack(problems).mean()


def grpo(
    logprobs: Tensor,
    old_logprobs: Tensor,
    mask: Tensor,
    advantages: list[float],
    groups: list[int],
    clip: tuple[float, float],
    per: str | float,
    ref_logprobs: Tensor,
    beta: float,
) -> Tensor:
    """GRPO's loss of float64 tensors (B, T); `clip` is the lowest and the highest ratio."""
    sums, sequences = [], []
    for j, advantage in enumerate(advantages):
        now, old, ref = (each[j][mask[j]] for each in (logprobs, old_logprobs, ref_logprobs))
        ratio = torch.exp(now - old)
        gain = torch.minimum(ratio * advantage, ratio.clamp(*clip) * advantage)
        gain = gain - beta * (torch.exp(ref - now) - (ref - now) - 1)
        sums.append(gain.sum())
        length = max(len(now), 1) if isinstance(per, str) else per
        sequences.append(gain.sum() / length)
    if per == "token":
        return -torch.stack(sums).sum() / mask.sum()
    means = []
    for name in sorted(set(groups)):
        means.append(torch.stack([sequences[j] for j, g in enumerate(groups) if g == name]).mean())
    return -torch.stack(means).mean()
