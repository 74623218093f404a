"""The sampled tokens of a batch: checked, cut to the mask, and compared with another policy's.

What the mask leaves out is replaced before any arithmetic, since 0 * NaN is NaN, forward and
backward: padding may hold NaN or -inf.
"""

import torch
from torch import Tensor


def check(
    mask: Tensor, by_token: dict[str, Tensor], by_sequence: dict[str, Tensor] | None = None
) -> None:
    """Raise ValueError unless all are (B, T), or (B,), on one device."""
    if mask.ndim != 2 or mask.dtype != torch.bool:
        raise ValueError(
            f"mask is {mask.dtype} of shape {tuple(mask.shape)}; it must be bool of (B, T)"
        )
    wanted = [(name, each, mask.shape) for name, each in by_token.items()]
    wanted += [(name, each, mask.shape[:1]) for name, each in (by_sequence or {}).items()]
    for name, each, shape in wanted:
        if each.shape != shape or each.device != mask.device:
            raise ValueError(
                f"{name} is of shape {tuple(each.shape)} on {each.device}; beside a mask of "
                f"{tuple(mask.shape)} on {mask.device} it must be {tuple(shape)} there"
            )
    for name, each in by_token.items():
        if not each.is_floating_point():
            raise ValueError(f"{name} is {each.dtype}; it must be of a floating-point dtype")


def check_any(mask: Tensor) -> None:
    """Raise ValueError unless a token of the batch is kept; a slice of it may keep none."""
    if not bool(mask.any()):
        raise ValueError(f"a mask of {tuple(mask.shape)} holds no token: there is nothing to learn")


def kept(values: Tensor, mask: Tensor) -> Tensor:
    """Values (B, T) where the mask holds, 0 elsewhere; half types become float32."""
    wide = values if values.dtype == torch.float64 else values.float()
    return torch.where(mask, wide, 0.0)


def k3(log_ratio: Tensor) -> Tensor:
    """exp(d) - 1 - d of each token; over tokens of q, with d = log p/q, its mean is KL(q || p).

    Schulman, "Approximating KL divergence" (2020), the third estimator. expm1 keeps it right
    where d is small, and it nearly always is.
    """
    return torch.expm1(log_ratio) - log_ratio
