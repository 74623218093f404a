"""Log-probability of tokens and entropy of each row, from hidden states and the head alone.

The (N, V) logits are never held: a tile of them at a time is made by the matrix library, measured
by one kernel and multiplied back into the slopes that backward needs. The maths stands in
forward.py and backward.py, the meaning in reference.py.
"""

from typing import cast

import torch
from torch import Tensor

from kimikernels.linear_logprob import steps
from kimikernels.linear_logprob.function import Function, Options
from kimikernels.linear_logprob.inputs import (
    LinearLogprob,
    Lora,
    Transform,
    check_tensors,
    check_transform,
)
from kimikernels.linear_logprob.steps import choice
from kimikernels.linear_logprob.tiles import Tiles, check, plan

__all__ = ["LinearLogprob", "Lora", "Tiles", "choice", "linear_logprob", "plan"]


def linear_logprob(
    hidden: Tensor,
    head: Tensor,
    target: Tensor,
    *,
    lora: Lora | None = None,
    softcap: float | None = None,
    temperature: float = 1.0,
    entropy_grad: bool = False,
    tiles: Tiles | None = None,
) -> LinearLogprob:
    """Log-probability of `target` and entropy of softmax(cap(hidden · headᵀ) / temperature).

    hidden is (N, D) and head (V, D), both bfloat16, float16 or float32; target is (N,) int64.
    With `lora` the logits gain scale · (hidden Aᵀ) Bᵀ; A (r, D) and B (V, r) have the head's dtype
    or float32, and are multiplied in the head's. With `softcap` c the logits become c·tanh(z / c)
    before the temperature divides them, as in Gemma 2. Results are (N,) float32, in nats. The
    logits are float32 throughout, whatever the dtype. Strides are free.

    Gradients: to hidden, and to head, A and B when they require one; once, not twice. The entropy
    has one only with entropy_grad=True, for half as much more work; without it, a loss that uses
    the entropy raises RuntimeError in backward. Matrix products of 2 N D V operations, forward and
    backward: 1 when nothing requires a gradient; 2 for hidden and A; 1 more for entropy_grad; 2
    more for the head (B alone: 1 more).

    Memory besides inputs and gradients, in bytes, for tiles of R rows and C columns, k = 2 with
    entropy_grad and else 1. Forward keeps 4 k N D, 4 k N r when A requires a gradient, and 16
    N, but hidden only for a gradient of A, head or B, and head only for one of head or B. While
    it runs it holds a tile of 4 R C (12 R C for float32 with k = 2) and sums of 4 k R (D + r)
    with as much again. The head's gradient holds 6 R C (float32: 8 R C) and 4 C (D + r). Where
    torch cannot multiply half precision into float32 (CPU, older ROCm), operands of a tile are
    copied to float32, 4 (R + C) (D + r). "chunked" has up to five temporaries the size of a
    tile. Each temporary is within Tiles.largest_bytes. `plan` gives R and C; `tiles` sets them.

    A target outside 0 .. V-1 raises ValueError on a CPU. On a GPU, where looking would wait for
    it, nothing is read for it: that row's logprob is NaN and its entropy stands. A row with NaN
    or +inf, or of -inf alone, gives NaN; -inf has probability 0 and adds nothing. A row whose
    incoming gradients are 0 gets a gradient of 0 whatever its target.

    Same inputs, same device, same tiles: same bits, as far as the matrix library keeps that
    (cuBLAS does on one stream); there are no atomics. Autocast does not reach inside.

    A masked row spoils no other row's gradient to hidden, but its hidden must be finite where the
    head, A or B is trained: 0 times NaN enters their sums, as in plain torch. With a softcap a
    logit of +inf or -inf counts as c or -c. Float32 products follow torch's precision setting.
    In half precision with LoRA, batches of a few rows may be off by up to 3.3 times what torch's
    own half-precision path is (17 of 700 random cases of 1 to 6 rows).

    Raises ValueError for other shapes, dtypes or devices, for tiles of no size, and for a softcap
    or temperature outside 1e-30 … 1e30.
    """
    check_tensors(hidden, head, target, lora)
    transform = check_transform(softcap, temperature)
    options = _options(hidden, head, lora, transform, tiles, entropy_grad=entropy_grad)
    a, b = (None, None) if lora is None else (lora.a, lora.b)
    results = Function.apply(hidden, head, target.contiguous(), a, b, options)
    return LinearLogprob(*cast(tuple[Tensor, Tensor], results))


def _options(
    hidden: Tensor,
    head: Tensor,
    lora: Lora | None,
    transform: Transform,
    tiles: Tiles | None,
    *,
    entropy_grad: bool,
) -> Options:
    return Options(
        lora_scale=0.0 if lora is None else float(lora.scale),
        transform=transform,
        tiles=check(tiles or plan(len(hidden), hidden.shape[1], len(head))),
        steps=steps.named(choice(hidden.device).name),
        entropy_grad=entropy_grad,
        tracked=torch.is_grad_enabled(),
    )
