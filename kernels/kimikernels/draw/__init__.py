"""Draw one token from each row of logits, and measure the row: the step of a decoder.

On a GPU (CUDA or ROCm) and under TRITON_INTERPRET=1 three Triton kernels run, in launch.py; on a
plain CPU, reference.py, which states the rule. The logits stay where they are: nothing waits for
the GPU.
"""

import torch
from torch import Tensor

from kimikernels.draw import reference
from kimikernels.draw.reference import Drawn, Settings
from kimikernels.draw.uniform import uniform
from kimikernels.on_torch import choose
from kimikernels.pick import Choice

__all__ = ["Drawn", "choice", "draw", "uniform"]

DTYPES = (torch.bfloat16, torch.float16, torch.float32)
MOST_COLUMNS = 1 << 20  # one program sorts 32 candidates of every 4 096 columns: 8 192 keys


def draw(
    logits: Tensor,
    seed: Tensor,
    position: Tensor,
    *,
    temperature: float | Tensor = 1.0,
    top_k: int | Tensor = 0,
    top_p: float | Tensor = 1.0,
    min_p: float | Tensor = 0.0,
) -> Drawn:
    """Draw a token from each row of `logits` (B, V), bfloat16, float16 or float32, of any strides.

    `seed` and `position` are (B,) int64 and give each row its number in [0, 1), see uniform.py:
    the same seed and position draw the same token of the same logits whatever else is in the
    batch. Temperature, top-k (0 = off), top-p (1 = off), min-p (0 = off), in this order; then the
    inverse of the cumulative distribution over the kept tokens from the most to the least likely,
    ties by id. Temperature 0 takes the most likely token. Each setting is a number or a (B,)
    tensor on the logits' device; a tensor that is kept spares a small launch at each call.

    Gives `Drawn`: token, logprob and rank of it, entropy and log_z of the row in nats, and the
    min(20, V) most likely ids with their log-probabilities. All of these are at temperature 1
    over the full vocabulary, whatever the settings; floats are float32. -inf has probability 0
    and is never drawn. There is no gradient.

    A row with NaN or +inf, or of nothing but -inf, gives token -1, rank 0, NaN for every
    statistic, and rivals of id -1. A setting out of its range raises ValueError when it is a
    number, or in a tensor on the CPU; in a tensor on a GPU it gives token -1, rank 0 and logprob
    NaN for its row (looking would wait for the GPU). Ranges: temperature 0 to 1e30, top_k 0 or
    more, top_p above 0 up to 1, min_p 0 to 1.

    The same input gives the same bits on the same device; there are no atomics. Between devices
    a token may differ where u times the mass falls within rounding (about 1e-6 of the mass) of
    the edge between two. In the kernels a token of less than 2**-44 of the most likely one's
    weight is not drawn (at V = 151 936; 2**-42 at the largest V).

    Raises ValueError for other shapes, dtypes or devices, V = 0, and V above 2**20.
    """
    _check_logits(logits)
    settings = Settings(
        _setting("temperature", temperature, logits),
        _setting("top_k", top_k, logits),
        _setting("top_p", top_p, logits),
        _setting("min_p", min_p, logits),
        _counter("seed", seed, logits),
        _counter("position", position, logits),
    )
    if choice(logits.device).name == "triton":
        from kimikernels.draw import launch  # not every torch comes with triton

        return launch.draw(logits.detach(), settings)
    drawn = reference.draw(logits.detach(), settings)
    return Drawn(*(each.float() if each.is_floating_point() else each for each in drawn))


def choice(device: torch.device) -> Choice:
    """Which implementation runs on `device`, and why."""
    return choose(
        "draw",
        device,
        triton="one read of the logits, more only for flat rows",
        otherwise=("reference", "plain torch, sorts every row in float64"),
    )


def _check_logits(logits: Tensor) -> None:
    if logits.ndim != 2 or not 0 < logits.shape[1] <= MOST_COLUMNS:
        raise ValueError(
            f"logits are {tuple(logits.shape)}; they must be (B, V), V from 1 to {MOST_COLUMNS}"
        )
    if logits.dtype not in DTYPES:
        raise ValueError(f"logits are {logits.dtype}; they must be bfloat16, float16 or float32")
    if logits.device.type not in ("cpu", "cuda"):
        raise ValueError(f"logits are on {logits.device}; they must be on cpu or cuda")


def _counter(name: str, value: Tensor, logits: Tensor) -> Tensor:
    _check_place(name, value, logits)
    if value.dtype != torch.int64:
        raise ValueError(f"{name} is {value.dtype}; it must be int64")
    return value.contiguous()


def _setting(name: str, value: float | Tensor, logits: Tensor) -> Tensor:
    floating = name != "top_k"
    if not isinstance(value, Tensor):
        exact = torch.float64 if floating else torch.int64
        if not floating and not isinstance(value, int):
            raise ValueError(f"{name} is {value}; it must be a whole number")
        _check_range(name, torch.tensor([value], dtype=exact))
        return torch.full(logits.shape[:1], value, dtype=exact, device=logits.device)
    _check_place(name, value, logits)
    if value.is_floating_point() != floating or value.is_complex() or value.dtype == torch.bool:
        raise ValueError(f"{name} is {value.dtype}; it must be {'floating' if floating else 'int'}")
    if value.device.type == "cpu":
        _check_range(name, value)
    return value.contiguous()


def _check_place(name: str, value: Tensor, logits: Tensor) -> None:
    if value.shape != logits.shape[:1] or value.device != logits.device:
        raise ValueError(
            f"{name} is {tuple(value.shape)} on {value.device} and logits {tuple(logits.shape)} "
            f"on {logits.device}; it must be (B,) on their device"
        )


def _check_range(name: str, value: Tensor) -> None:
    inside = reference.within(name, value)
    if not bool(inside.all()):
        low, high, open_below = reference.RANGES[name]
        least = "above" if open_below else "from"
        raise ValueError(
            f"{name} is {value[~inside][0].item()}; it must be {least} {low:g} to {high:g}"
        )
