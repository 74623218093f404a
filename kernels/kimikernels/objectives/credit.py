"""What each sequence of a problem's group earns, and how much it weighs in the mean.

A group is the k sequences sampled for one problem. With r the rewards of a group,

    advantage = r - mean(r)              k1.5, arXiv 2501.12599, eq. 3; Dr. GRPO, 2503.20783
    advantage = (r - mean(r)) / std(r)   GRPO, arXiv 2402.03300; std over the k, not k - 1
    weight    = 1 / (problems * k)       the mean over problems of the mean over a group

A group of equal rewards has advantages of exactly 0: rounding in its mean, divided by a std that
is rounding too, would give it 1.
"""

from typing import NamedTuple, SupportsIndex

import torch
from torch import Tensor


class Credit(NamedTuple):
    """By sequence, float64, shape (B,); any slice of both stands for those sequences."""

    advantages: Tensor
    weights: Tensor  # they sum to 1


def credit(rewards: Tensor, groups: int | Tensor, divide_by_std: bool = False) -> Credit:
    """Advantages and weights of B sequences from their rewards (B,), of any real dtype.

    `groups` is k, when each k consecutive sequences are one problem's, or the problem of each
    sequence, (B,) of any integers; groups may then differ in size, and need not be neighbours.

    Raises ValueError for no sequences, other shapes, a k that is below 1 or does not divide B,
    and rewards that are not finite.
    """
    if rewards.ndim != 1 or len(rewards) == 0 or rewards.is_complex():
        raise ValueError(
            f"rewards are {rewards.dtype} of shape {tuple(rewards.shape)}; "
            "they must be real, (B,), B at least 1"
        )
    reward = rewards.detach().double()
    if not bool(reward.isfinite().all()):
        raise ValueError(
            f"{int((~reward.isfinite()).sum())} of {len(reward)} rewards are not finite"
        )
    group, problems = _numbered(groups, reward)
    # (problems, B): sums along its rows have one order, those of an index_add on a GPU have not.
    member = group == torch.arange(problems, device=group.device)[:, None]
    size = member.sum(dim=1)
    advantages = reward - (torch.where(member, reward, 0.0).sum(dim=1) / size)[group]
    if divide_by_std:
        # Of a size near 1 first: the squares of 1e-200 and of 1e300 are no numbers.
        largest = torch.where(member, advantages.abs(), 0.0).amax(dim=1)[group]
        advantages = advantages / largest
        variance = torch.where(member, advantages.square(), 0.0).sum(dim=1) / size
        advantages = advantages / variance.sqrt()[group]
    lowest = torch.where(member, reward, torch.inf).amin(dim=1)
    highest = torch.where(member, reward, -torch.inf).amax(dim=1)
    advantages = torch.where((lowest == highest)[group], 0.0, advantages)
    return Credit(advantages, 1.0 / (problems * size[group].double()))


def _numbered(groups: int | Tensor, rewards: Tensor) -> tuple[Tensor, int]:
    """The group of each sequence as 0, 1, 2, …, and how many there are."""
    count = len(rewards)
    if isinstance(groups, SupportsIndex) and not isinstance(groups, Tensor | bool):
        groups = int(groups)  # numpy's whole numbers too
        if groups < 1 or count % groups:
            raise ValueError(
                f"a group size of {groups} does not divide {count} sequences into whole groups"
            )
        return torch.arange(count, device=rewards.device) // groups, count // groups
    if not isinstance(groups, Tensor):
        raise ValueError(f"groups is {groups!r}; it must be a whole number or a tensor")
    integers = not (groups.is_floating_point() or groups.is_complex() or groups.dtype == torch.bool)
    if groups.shape != rewards.shape or groups.device != rewards.device or not integers:
        raise ValueError(
            f"groups are {groups.dtype} of shape {tuple(groups.shape)} on {groups.device} and "
            f"rewards {tuple(rewards.shape)} on {rewards.device}; groups must be integers, "
            "one for each reward, on the same device"
        )
    names, numbered = torch.unique(groups, return_inverse=True)
    return numbered, len(names)
