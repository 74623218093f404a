"""The autograd Function: forward measures and keeps the slopes, backward multiplies."""

from typing import Any, NamedTuple

import torch
from torch import Tensor

from kimikernels.linear_logprob import backward, forward
from kimikernels.linear_logprob.forward import Measured, Wanted
from kimikernels.linear_logprob.inputs import Lora, Transform
from kimikernels.linear_logprob.layer import Linear
from kimikernels.linear_logprob.matmul import plainly
from kimikernels.linear_logprob.steps import Steps
from kimikernels.linear_logprob.tiles import Tiles
from kimikernels.on_torch import refuse_second


class Options(NamedTuple):
    """All that is not a tensor."""

    lora_scale: float
    transform: Transform
    tiles: Tiles
    steps: Steps
    entropy_grad: bool
    tracked: bool  # gradients are on, which a Function cannot see from inside


class Function(torch.autograd.Function):
    """(hidden, head, target, A, B, options) -> (logprob, entropy); A and B may be None."""

    @staticmethod
    def forward(
        ctx: Any,
        hidden: Tensor,
        head: Tensor,
        target: Tensor,
        a: Tensor | None,
        b: Tensor | None,
        options: Options,
    ) -> tuple[Tensor, Tensor]:
        """Measure, and keep what the wanted gradients need."""
        need_hidden, need_head, _, need_a, need_b, _ = ctx.needs_input_grad
        tracked = options.tracked
        wanted = Wanted(tracked and need_hidden, tracked and need_a, options.entropy_grad)
        linear = _linear(hidden, head, target, a, b, options)
        with plainly(hidden.device):
            measured = forward.measure(linear, wanted, options.steps.absorb)
        ctx.options = options
        ctx.dtype = hidden.dtype
        ctx.a_dtype = None if a is None else a.dtype
        ctx.set_materialize_grads(False)
        # A frozen head needs its slopes alone; what is not kept may be freed or changed.
        again = need_head or need_b
        rest = (head, target, a, b) if again else (None,) * 4
        ctx.save_for_backward(hidden if again or need_a else None, *rest, *measured)
        return measured.logprob.clone(), measured.entropy.clone()

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor | None) -> tuple[Tensor | None, ...]:
        """Gradients in the dtypes of the inputs."""
        refuse_second("linear_logprob")
        options: Options = ctx.options
        hidden, head, target, a, b, *kept = ctx.saved_tensors
        measured = Measured(*kept)
        if upstream[1] is not None and not options.entropy_grad:
            raise RuntimeError(
                "a loss uses the entropy of linear_logprob, which was called with "
                "entropy_grad=False; pass entropy_grad=True, or detach the entropy"
            )
        cool = 1 / options.transform.temperature
        g, e = (
            torch.zeros_like(measured.logprob) if each is None else each.float() * cool
            for each in upstream
        )
        need_hidden, need_head, _, need_a, need_b, _ = ctx.needs_input_grad
        slopes = [g, e][: 1 + options.entropy_grad]
        grad_hidden = grad_head = grad_a = grad_b = None
        with plainly(g.device):
            if need_hidden and measured.to_hidden is not None:
                rows = options.tiles.rows
                grad_hidden = backward.to_hidden(measured.to_hidden, slopes, rows, ctx.dtype)
            if need_a and measured.to_x is not None:
                rows, scale = options.tiles.rows, options.lora_scale
                grad_a = backward.to_lora_a(measured.to_x, slopes, hidden, rows, scale)
                grad_a = grad_a.to(ctx.a_dtype)
            if need_head or need_b:
                linear = _linear(hidden, head, target, a, b, options)
                grad_head, grad_b = backward.to_head(
                    linear, measured, (g, e), (need_head, need_b), options.steps.slope
                )
        return grad_hidden, grad_head, None, grad_a, grad_b, None


def _linear(
    hidden: Tensor,
    head: Tensor,
    target: Tensor,
    a: Tensor | None,
    b: Tensor | None,
    options: Options,
) -> Linear:
    lora = None if a is None or b is None else Lora(a, b, options.lora_scale)
    return Linear(hidden, head, target, lora, options.transform, options.tiles)
