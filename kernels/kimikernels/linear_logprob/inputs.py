"""What linear_logprob takes and gives, and what it refuses."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

DTYPES = (torch.bfloat16, torch.float16, torch.float32)


RANGE = (1e-30, 1e30)  # of a softcap and a temperature: their quotients are float32


class Lora(NamedTuple):
    """A low-rank addition to the head: scale · B A."""

    a: Tensor  # (r, D), in the dtype of the head, or float32
    b: Tensor  # (V, r), likewise
    scale: float = 1.0


class LinearLogprob(NamedTuple):
    """Statistics of each row, nats."""

    logprob: Tensor  # (N,), float32
    entropy: Tensor  # (N,), float32


class Transform(NamedTuple):
    """What happens to a logit before the softmax: the cap first, then the temperature."""

    softcap: float  # 0 = none
    temperature: float


def check_tensors(hidden: Tensor, head: Tensor, target: Tensor, lora: Lora | None) -> None:
    """Raise ValueError for shapes, dtypes or devices that do not fit together."""
    shaped = hidden.ndim == head.ndim == 2 and hidden.shape[1] == head.shape[1]
    if not shaped or target.shape != hidden.shape[:1] or 0 in (*head.shape, hidden.shape[-1]):
        raise ValueError(
            f"hidden is {_told(hidden)}, head {_told(head)} and target {_told(target)}; "
            "they must be (N, D), (V, D) and (N,), with D and V at least 1"
        )
    if hidden.dtype not in DTYPES or head.dtype != hidden.dtype:
        raise ValueError(
            f"hidden is {_told(hidden)} and head {_told(head)}; "
            "both must be bfloat16, float16 or float32, and the same"
        )
    if target.dtype != torch.int64:
        raise ValueError(f"target is {_told(target)}; it must be int64")
    if lora is not None:
        if not isinstance(lora, Lora):
            raise ValueError(
                f"lora is a {type(lora).__name__}; it must be a Lora of a, b and scale"
            )
        _check_lora(hidden, head, lora)
    tensors = [hidden, head, target, *(lora[:2] if lora is not None else ())]
    if len({each.device for each in tensors}) > 1:
        told = ", ".join(_told(each) for each in tensors)
        raise ValueError(f"the tensors are {told}; they must be on one device")
    if hidden.device.type == "cpu":  # elsewhere looking would wait for the device
        outside = (target < 0) | (target >= head.shape[0])
        if outside.any():
            raise ValueError(
                f"target {int(target[outside][0])} is outside the vocabulary of {head.shape[0]}"
            )


def check_transform(softcap: float | None, temperature: float) -> Transform:
    """The two as a Transform; ValueError unless both are within RANGE."""
    low, high = RANGE
    if not low <= temperature <= high:
        raise ValueError(f"temperature is {temperature}; it must be from {low:g} to {high:g}")
    if softcap is not None and not low <= softcap <= high:
        raise ValueError(f"softcap is {softcap}; it must be from {low:g} to {high:g}, or None")
    return Transform(float(softcap or 0.0), float(temperature))


def _check_lora(hidden: Tensor, head: Tensor, lora: Lora) -> None:
    a, b = lora.a, lora.b
    shaped = a.ndim == b.ndim == 2 and a.shape[0] == b.shape[1] > 0
    if not shaped or a.shape[1] != head.shape[1] or b.shape[0] != head.shape[0]:
        raise ValueError(
            f"the LoRA matrices are {_told(a)} and {_told(b)} beside a head {_told(head)}; "
            "they must be (r, D) and (V, r), with r at least 1"
        )
    if any(each.dtype not in (hidden.dtype, torch.float32) for each in (a, b)):
        raise ValueError(
            f"the LoRA matrices are {_told(a)} and {_told(b)}; "
            f"they must be {_named(hidden.dtype)} like hidden, or float32"
        )
    if not math.isfinite(lora.scale):
        raise ValueError(f"the LoRA scale is {lora.scale}; it must be finite")


def _told(tensor: Tensor) -> str:
    return f"{_named(tensor.dtype)} {tuple(tensor.shape)} on {tensor.device}"


def _named(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
