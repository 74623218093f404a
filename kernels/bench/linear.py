"""linear_logprob, forward and backward, against everything else that avoids (N, V) logits.

The floor is the matrix products alone, rows in chunks: hidden · headᵀ and back by the head, and
for a trained head its own gradient besides; nothing looks at the logits. That is 2 N D V operations
twice, or three times: the least of any way, though one that recomputes logits makes more.

Rows are as peaked as a trained model's. On flat rows every block of logits has a gradient to give,
and a peer that leaves out blocks without one (cut-cross-entropy) has none to leave out; nor would
a missing softmax be seen among gradients that are all but the target's row of the head.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import torch
from contest import Contest, Way
from peers import PEERS, TORCH, Measure, version
from torch import Tensor

from kimikernels.linear_logprob import linear_logprob

V = 151_936
GPU = (
    (4096, 896),
    (4096, 2048),
    (4096, 4096),
    (16384, 896),
    (16384, 2048),
    (16384, 4096),
)
CPU = ((32, 896, V), (128, 576, 49_152))
FLOOR_ROWS = 4096  # of a chunk: from 1,024 a product at D = 896 has 28 pieces for 132 cores
LIKELY = 8  # tokens of a row that hold most of its mass
HOLDS_ALL = 4096  # rows for which (N, V) float32 logits and their gradients fit


def contests(device: str, quick: bool) -> Iterator[Callable[[], Contest]]:
    """Each makes its tensors when it is called, so that one at a time is held."""
    if quick:
        shapes = [(48, 32, 300)]
    elif device == "cuda":
        shapes = [(n, d, V) for n, d in GPU]
    else:
        shapes = list(CPU)
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    for n, d, v in shapes:
        yield partial(contest, device, dtype, n, d, v, train_head=False)
    for n, d, v in shapes[1::3] or shapes:
        yield partial(contest, device, dtype, n, d, v, train_head=True)


def contest(
    device: str, dtype: torch.dtype, n: int, d: int, v: int, *, train_head: bool
) -> Contest:
    """One shape, on rows from `peaked`."""
    hidden, head, target, weight = peaked(device, dtype, n, d, v)
    hidden.requires_grad_()
    head.requires_grad_(train_head)
    inputs = (hidden, head) if train_head else (hidden,)

    def both_ways(measure: Measure) -> Callable[[], Any]:
        def run() -> tuple[Tensor, ...]:
            logprob, _ = measure(hidden, head, target)
            slopes = torch.autograd.grad(logprob, inputs, weight.to(logprob.dtype))
            return logprob, *slopes

        return run

    def ours(h: Tensor, w: Tensor, t: Tensor) -> tuple[Tensor, Tensor]:
        return linear_logprob(h, w, t)[:2]

    ways = [Way("kimikernels", both_ways(ours))]
    ways.append(
        Way(
            "products alone (floor)",
            floor(hidden, head, train_head=train_head),
            compared=False,
        )
    )
    for name, measure in TORCH.items():
        if n <= HOLDS_ALL or measure is not TORCH["torch, all at once"]:
            ways.append(Way(name, both_ways(measure)))
    for name, (package, measure, note) in PEERS.items():
        if version(package):
            ways.append(Way(name, both_ways(measure), note=note))
    size = hidden.element_size()
    moved = size * (2 * n * d + v * d * (2 if train_head else 1))
    return Contest(
        "linear_logprob",
        str(dtype).removeprefix("torch."),
        f"N={n:,} D={d:,} V={v:,}",
        "forward+backward to " + ("hidden and head" if train_head else "hidden"),
        ways,
        moved,
        tolerance=0.05 if dtype is torch.bfloat16 else 1e-3,
    )


def peaked(device: str, dtype: torch.dtype, n: int, d: int, v: int) -> tuple[Tensor, ...]:
    """Hidden states, head, targets and the gradient of each log-probability.

    The likely tokens of a row, common ones more often (Zipf), have logits about 18; the others 0
    with a deviation of 2: about 0.7 nats a row at V = 151,936. A target is one of the likely.
    """
    chance = torch.Generator(device).manual_seed(0)

    def normal(*size: int) -> Tensor:
        return torch.randn(*size, generator=chance, device=device)

    head = normal(v, d).div_(d**0.5).to(dtype)
    where = torch.rand(n, LIKELY, generator=chance, device=device)
    likely = (where * math.log(v)).exp().long().sub_(1).clamp_(0, v - 1)
    hidden, height = 2 * normal(n, d), 18 + 1.5 * normal(n, LIKELY)
    for token, more in zip(likely.T, height.T, strict=True):
        hidden += more[:, None] * head[token].float()
    pick = torch.randint(LIKELY, (n, 1), generator=chance, device=device)
    return hidden.to(dtype), head, likely.gather(1, pick)[:, 0], normal(n)


def floor(hidden: Tensor, head: Tensor, *, train_head: bool) -> Callable[[], None]:
    """The products and nothing else."""

    def run() -> None:
        with torch.no_grad():
            for rows in hidden.split(FLOOR_ROWS):
                logits = rows @ head.T
                _ = logits @ head
                if train_head:
                    _ = logits.T @ rows

    return run
