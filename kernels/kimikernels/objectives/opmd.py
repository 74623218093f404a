"""Online policy mirror descent on whole sequences: the loss of Kimi k1.5.

arXiv 2501.12599, eq. 3, as a loss to descend. For the k sequences y_j of one problem, sampled from
the behaviour policy, with log p(y) the SUM over response tokens and r̄ the mean of the k rewards,

    loss = -(1/k) Σ_j [ log p(y_j) (r_j - r̄) - (τ/2) (log p(y_j) - log p_old(y_j))² ]

and the mean over problems. There is no ratio, no clipping, no division by std or by length. At
p = p_old the second term has neither value nor gradient: REINFORCE with the group's mean as its
baseline. The log-ratio is summed token by token, since the difference of two sums of 16k
log-probabilities has lost its digits in float32.
"""

from typing import NamedTuple

from torch import Tensor

from kimikernels.objectives import tokens
from kimikernels.objectives.credit import credit


class Opmd(NamedTuple):
    """The loss, and what a trainer shows of the step; scalars, all but the loss detached."""

    loss: Tensor
    squared_log_ratio: Tensor  # (Σ_t log p/p_old)², nats², mean over sequences that have a token
    kl: Tensor  # k3 estimate of KL(p_old || p), nats, mean over tokens


def opmd_loss(
    logprobs: Tensor,
    old_logprobs: Tensor,
    mask: Tensor,
    rewards: Tensor,
    groups: int | Tensor,
    *,
    tau: float,
) -> Opmd:
    """The loss of a whole batch of B sequences of at most T tokens; see `credit` for the groups.

    `logprobs` and `old_logprobs` (B, T), any floating-point dtype, nats: of each sampled token now
    and when it was sampled. `mask` (B, T), bool: the tokens that count; what it leaves out may hold
    NaN. A sequence without a token gives no gradient, but its reward counts in its group's mean.
    `rewards` (B,). The gradient reaches `logprobs` alone.

    Raises ValueError for mismatched shapes, dtypes or devices, a negative or non-finite tau, a mask
    without any token, and what `credit` refuses.
    """
    tokens.check(mask, {"logprobs": logprobs}, {"rewards": rewards})
    tokens.check_any(mask)
    earned = credit(rewards, groups)
    return opmd_sum(logprobs, old_logprobs, mask, earned.advantages, earned.weights, tau=tau)


def opmd_sum(
    logprobs: Tensor,
    old_logprobs: Tensor,
    mask: Tensor,
    advantages: Tensor,
    weights: Tensor,
    *,
    tau: float,
) -> Opmd:
    """The part of the loss that these sequences bring, given the `credit` (B,) of each.

    The losses of the slices of a batch add up to the loss of the batch, wherever it is cut: that is
    how a batch goes through in pieces when it does not fit. The statistics are means
    of a slice, 0 for one without a token.
    """
    tokens.check(
        mask,
        {"logprobs": logprobs, "old_logprobs": old_logprobs},
        {"advantages": advantages, "weights": weights},
    )
    if not 0.0 <= tau < float("inf"):
        raise ValueError(f"tau is {tau}; it must be 0 or more, and finite")
    now = tokens.kept(logprobs, mask)  # (B, T)
    log_ratio = now - tokens.kept(old_logprobs.detach(), mask)
    moved = log_ratio.sum(dim=1)  # (B,)
    gain = now.sum(dim=1) * advantages.to(now.dtype) - (tau / 2) * moved.square()
    some = mask.any(dim=1)
    return Opmd(
        loss=-(gain * weights.to(now.dtype)).sum(),
        squared_log_ratio=moved.detach().square().sum() / some.sum().clamp(min=1),
        kl=tokens.k3(log_ratio.detach()).sum() / mask.sum().clamp(min=1),
    )
