"""How models attend to a ragged memory: masks from positions, and attention under them.

Registered with transformers as the way "kimidesk". The rule of each kind of layer (causal, sliding,
chunked) is the model's own function of two positions, evaluated for the positions of each row.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from transformers import AttentionInterface
from transformers.integrations.sdpa_attention import repeat_kv, sdpa_attention_forward
from transformers.masking_utils import AttentionMaskInterface, causal_mask_function, sdpa_mask

from kimidesk.engines.pytorch.memory import READING, Reading

NAME = "kimidesk"


def register() -> None:
    """Make the way known; `attn_implementation=NAME` chooses it."""
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, mask)


def mask(*, mask_function: Callable[..., Any] = causal_mask_function, **named: Any) -> Any:
    """(B, 1, count, length) bool, True where a token sees a place; None for the plain cases.

    Without a reading under way it is what transformers itself makes.
    """
    reading = READING.get()
    if reading is None:
        return sdpa_mask(mask_function=mask_function, **named)
    if _plain(reading) and mask_function is causal_mask_function:
        return None
    seen = _seen(mask_function, reading)
    # A window that is wider than the text hides nothing; to see that would wait for a GPU.
    looked = _plain(reading) and not reading.places.is_cuda
    if looked and bool((seen == _seen(causal_mask_function, reading)).all()):
        return None
    return seen


def attend(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    **named: Any,
) -> tuple[Tensor, Tensor | None]:
    """Torch's fused attention; spelled out for models that bend the scores, which it cannot."""
    if named.get("softcap") is None and named.get("s_aux") is None:
        out: tuple[Tensor, None] = sdpa_attention_forward(
            module, query, key, value, attention_mask, **named
        )
        return out
    return _spelled_out(query, key, value, attention_mask, **named), None


def _plain(reading: Reading) -> bool:
    """Whether every token sees all that is kept up to itself, and a mask need not say so."""
    return reading.even and not reading.fixed and (reading.count == 1 or reading.start == 0)


def _seen(mask_function: Callable[..., Any], reading: Reading) -> Tensor:
    device = reading.places.device
    batch = torch.arange(len(reading.sequences), device=device)[:, None, None, None]
    places = torch.arange(reading.length, device=device)[None, None, None, :]
    head = torch.zeros((), dtype=torch.int64, device=device)
    seen: Tensor = mask_function(batch, head, reading.places[:, None, :, None], places)
    return seen.expand(len(reading.sequences), 1, reading.count, reading.length)


def _spelled_out(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    scaling: float | None = None,
    softcap: float | None = None,
    s_aux: Tensor | None = None,
    **_: Any,
) -> Tensor:
    """softmax(cap * tanh(q k / cap)) v, with a sink of weight exp(s) for each head where given.

    Caps as in Gemma 2 (arXiv 2408.00118), sinks as in gpt-oss (arXiv 2508.10925).
    """
    heads, count, length = query.shape[1], query.shape[2], key.shape[2]
    key, value = (repeat_kv(each, heads // each.shape[1]) for each in (key, value))
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    scores = (query @ key.transpose(2, 3) * scale).float()
    if softcap is not None:
        scores = softcap * torch.tanh(scores / softcap)
    if attention_mask is None and count > 1:
        attention_mask = torch.ones(count, length, dtype=torch.bool, device=query.device).tril(
            length - count
        )
    if attention_mask is not None:
        scores = scores.masked_fill(~attention_mask, -torch.inf)
    if s_aux is not None:
        sinks = s_aux.float().reshape(1, -1, 1, 1).expand(len(scores), -1, count, 1)
        scores = torch.cat([scores, sinks], -1)
    weights = scores.softmax(-1)[..., :length].to(value.dtype)
    return (weights @ value).transpose(1, 2).contiguous()
