"""Whether weights, and the keys and values of traces, fit into memory: told before it is taken.

A GPU refuses what it does not have; Linux grants it, and later kills the process for it.
"""

import torch
from transformers.cache_utils import Cache

from kimidesk.checkpoints.describe import Description
from kimidesk.checkpoints.fit import FLOAT32, free_memory
from kimidesk.engines.pytorch.memory import bytes_per_token
from kimidesk.errors import Refused, TooLarge

DEFAULT_CONTEXT = 4096  # tokens, where neither a person nor the checkpoint says how many


def check_weights(description: Description, device: torch.device) -> None:
    """Raise TooLarge where a CPU, which computes with float32 alone, has no room for them."""
    if device.type != "cpu":
        return
    need, free = FLOAT32 * description.info.parameters, free_memory()
    if need > free:
        raise TooLarge(
            f"the weights of {description.info.name} need {need / 1e9:,.2f} GB as float32; "
            f"{free / 1e9:,.2f} GB of memory is free",
            hint="Close other programs, or choose a smaller checkpoint; "
            "llama.cpp opens a quantized GGUF of it in less.",
        )


def check_memory(like: Cache, slots: int, length: int, device: torch.device) -> None:
    """Raise TooLarge where keys and values of so many traces of `length` tokens have no room."""
    need = bytes_per_token(like) * length * slots
    free = _free(device)
    if need > free:
        most = free // (bytes_per_token(like) * slots)
        raise TooLarge(
            f"{slots} x {length:,} tokens need {need / 1e9:,.1f} GB for keys and values; "
            f"{free / 1e9:,.1f} GB of memory is free beside the weights",
            hint=f"The largest context that fits is {most:,} tokens.",
        )


def check_hidden(bytes_a_token: int, tokens: int, device: torch.device) -> None:
    """Raise Refused where the hidden states of a text have no room, with all that they take."""
    need, free = bytes_a_token * tokens, _free(device)
    if need > free:
        raise Refused(
            f"the hidden states of {tokens:,} tokens take {need / 1e9:,.1f} GB; "
            f"{free / 1e9:,.1f} GB of memory is free",
            hint=f"Look into {free // bytes_a_token:,} tokens at a time.",
        )


def _free(device: torch.device) -> int:
    if device.type == "cpu":
        return free_memory()
    # What torch holds and does not use counts as taken there, and is given before more is asked.
    kept = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return torch.cuda.mem_get_info(device)[0] + kept


def context_of(asked: int, trained: int, reach: int | None) -> int:
    """Tokens that a trace may use; `reach`: what the checkpoint has positions for, None: any.

    Raises TooLarge where more were asked for.
    """
    if reach is not None and asked > reach:
        raise TooLarge(
            f"a context of {asked:,} tokens is asked for; the checkpoint knows {reach:,} positions",
            hint=f"Ask for {reach:,} tokens at most (--context).",
        )
    length = asked or trained or DEFAULT_CONTEXT
    return length if reach is None else min(length, reach)
