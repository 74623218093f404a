"""Group relative policy optimisation: ratios of tokens, clipped, with the group as the baseline.

arXiv 2402.03300, eq. 3; two bounds and the mean over tokens from DAPO, arXiv 2503.14476; a constant
length and no std from Dr. GRPO, arXiv 2503.20783. With ρ = p / p_old of a token, A its sequence's
advantage, and d = log p_ref / p,

    gain = min( ρ A, clip(ρ, 1 - low, 1 + high) A ) - β (exp(d) - d - 1)
    loss = -Σ over sequences of weight * Σ over tokens of gain

The clip is decided on log ρ and a clipped token's ratio is never formed: the gradient of an exp
that overflowed is 0 * inf.
"""

import math
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from kimikernels.objectives import tokens
from kimikernels.objectives.credit import credit

Per = Literal["sequence", "token"] | float


class Grpo(NamedTuple):
    """The loss, and what a trainer shows of the step; scalars, all but the loss detached."""

    loss: Tensor
    squared_log_ratio: Tensor  # (Σ_t log p/p_old)², nats², mean over sequences that have a token
    clip_fraction: Tensor  # share of tokens that the clip keeps from pushing
    kl: Tensor  # k3 estimate of KL(p_old || p), nats, mean over tokens


def grpo_loss(
    logprobs: Tensor,
    old_logprobs: Tensor,
    mask: Tensor,
    rewards: Tensor,
    groups: int | Tensor,
    *,
    clip_low: float = 0.2,
    clip_high: float = 0.28,  # DAPO's two bounds
    divide_by_std: bool = True,
    per: Per = "sequence",
    ref_logprobs: Tensor | None = None,
    beta: float = 0.0,
) -> Grpo:
    """The loss of a whole batch of B sequences of at most T tokens; see `credit` for the groups.

    `logprobs`, `old_logprobs` (B, T), any floating-point dtype, nats: of each sampled token now and
    when it was sampled; `ref_logprobs` likewise, under the reference policy, if beta is not 0.
    `mask` (B, T), bool: the tokens that count; what it leaves out may hold NaN. A sequence without
    a token gives no gradient, but its reward counts in its group's mean. `rewards` (B,). The
    gradient reaches `logprobs` alone.

    `per` is what a sum over tokens is divided by: "sequence", its own length, and then the mean
    over a group and over problems (GRPO); "token", the tokens of the batch (DAPO); or a number, the
    longest length allowed (Dr. GRPO, with divide_by_std=False), and then the same means.

    Raises ValueError for mismatched shapes, dtypes or devices, bounds outside 0 <= clip_low < 1 and
    0 <= clip_high, a beta without a reference, a mask without any token, and what `credit` refuses.
    """
    tokens.check(mask, {"logprobs": logprobs}, {"rewards": rewards})
    tokens.check_any(mask)
    earned = credit(rewards, groups, divide_by_std)
    return grpo_sum(
        logprobs,
        old_logprobs,
        mask,
        earned.advantages,
        token_weights(earned.weights, mask, per),
        clip_low=clip_low,
        clip_high=clip_high,
        ref_logprobs=ref_logprobs,
        beta=beta,
    )


def token_weights(weights: Tensor, mask: Tensor, per: Per) -> Tensor:
    """What each token of a sequence weighs, (B,), from the sequence's weight; see `grpo_loss`."""
    length = mask.sum(dim=1)
    if per == "sequence":
        return weights / length.clamp(min=1)
    if per == "token":
        return torch.ones_like(weights) / length.sum()
    number = isinstance(per, int | float) and not isinstance(per, bool)
    if not number or not 0.0 < per < math.inf:
        raise ValueError(f'per is {per!r}; it must be "sequence", "token" or a length above 0')
    return weights / per


def grpo_sum(
    logprobs: Tensor,
    old_logprobs: Tensor,
    mask: Tensor,
    advantages: Tensor,
    weights: Tensor,
    *,
    clip_low: float = 0.2,
    clip_high: float = 0.28,
    ref_logprobs: Tensor | None = None,
    beta: float = 0.0,
) -> Grpo:
    """The part of the loss that these sequences bring, given `credit`'s advantages (B,) of each.

    `weights` (B,) are those of a token, from `token_weights` over the whole batch. The losses of
    the slices of a batch add up to the loss of the batch, wherever it is cut. The statistics are
    means of a slice, 0 for one without a token.
    """
    _check_bounds(clip_low, clip_high, beta, ref_logprobs)
    by_token = {"logprobs": logprobs, "old_logprobs": old_logprobs}
    if ref_logprobs is not None:
        by_token["ref_logprobs"] = ref_logprobs
    tokens.check(mask, by_token, {"advantages": advantages, "weights": weights})
    now = tokens.kept(logprobs, mask)  # (B, T)
    log_ratio = now - tokens.kept(old_logprobs.detach(), mask)
    advantage = advantages.to(now.dtype)[:, None]
    gain, clipped = _clipped_gain(log_ratio, advantage, clip_low, clip_high)
    if ref_logprobs is not None and beta:
        gain = gain - beta * tokens.k3(tokens.kept(ref_logprobs.detach(), mask) - now)
    moved = log_ratio.detach().sum(dim=1)
    gain = torch.where(mask, gain, 0.0).sum(dim=1)  # padding has ratio 1, and would gain A
    return Grpo(
        loss=-(gain * weights.to(now.dtype)).sum(),
        squared_log_ratio=moved.square().sum() / mask.any(dim=1).sum().clamp(min=1),
        clip_fraction=clipped.sum() / mask.sum().clamp(min=1),
        kl=tokens.k3(log_ratio.detach()).sum() / mask.sum().clamp(min=1),
    )


def _clipped_gain(
    log_ratio: Tensor, advantage: Tensor, low: float, high: float
) -> tuple[Tensor, Tensor]:
    """min(ρ A, clip(ρ) A) and where it is the clipped one, both (B, T)."""
    above = (advantage > 0) & (log_ratio > math.log1p(high))
    below = (advantage < 0) & (log_ratio < math.log1p(-low))
    clipped = above | below
    # Without an advantage the ratio is not formed either: 0 times one that overflows is NaN. But
    # a log-ratio that is no number stays one.
    idle = (advantage == 0) & log_ratio.isfinite()
    ratio = torch.where(clipped | idle, 0.0, log_ratio).exp()
    ratio = torch.where(above, 1 + high, torch.where(below, 1 - low, ratio))
    return ratio * advantage, clipped


def _check_bounds(low: float, high: float, beta: float, reference: Tensor | None) -> None:
    if not (0.0 <= low < 1.0 and 0.0 <= high < math.inf):
        raise ValueError(
            f"clip_low is {low} and clip_high {high}; they must be from 0 to below 1, and 0 or more"
        )
    if not 0.0 <= beta < math.inf or (beta and reference is None):
        raise ValueError(
            f"beta is {beta} {'without' if reference is None else 'with'} ref_logprobs; "
            "it must be 0 or more, and 0 without them"
        )
