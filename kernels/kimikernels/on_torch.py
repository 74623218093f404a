"""What every operation on tensors shares: Triton or plain torch, and gradients made once."""

import os
from importlib.util import find_spec

import torch

from kimikernels import pick


def choose(
    op: str, device: torch.device, *, triton: str, otherwise: tuple[str, str]
) -> pick.Choice:
    """Triton on CUDA and ROCm, and where it is interpreted; else `otherwise`, (name, what it is).

    `triton` says what the Triton implementation is. The environment variable TRITON_INTERPRET
    counts when Triton is imported first, and so does it here.
    """
    rocm = device.type == "cuda" and torch.version.hip is not None

    def no_triton() -> str:
        if find_spec("triton") is None:
            return "triton is not installed"
        if device.type == "cuda" or os.environ.get("TRITON_INTERPRET") == "1":
            return ""
        return f"Triton has no {device.type} target and TRITON_INTERPRET is not set"

    return pick.first(
        op,
        "rocm" if rocm else device.type,
        [("triton", triton, no_triton), (*otherwise, lambda: "")],
    )


def refuse_second(op: str) -> None:
    """For a backward pass: raises RuntimeError where a graph of the gradient is wanted.

    `torch.autograd.function.once_differentiable` raises only when the upstream gradient is itself
    in a graph; under a plain sum it lets the second derivative fall away without a word.
    """
    if torch.is_grad_enabled():
        raise RuntimeError(f"{op} has no second derivative: call backward without create_graph")
