"""What llama.cpp takes for granted of a header: where it does not hold, its process is aborted.

Its loader throws for most faults, which becomes a message; these it asserts. Bounds and rules are
those of llama.cpp's `llama_model_base::load_hparams` and `llama_vocab::impl::load`.
"""

import math
from pathlib import Path

from kimidesk.checkpoints.cursor import FETCH_AGAIN
from kimidesk.checkpoints.gguf import Header, read_texts
from kimidesk.errors import BadCheckpoint

MOST_LAYERS = 512  # LLAMA_MAX_LAYERS
MOST_EXPERTS = 1024  # LLAMA_MAX_EXPERTS
SCALINGS = ("none", "linear", "yarn", "longrope")  # of rotary positions
TOKENS = "tokenizer.ggml.tokens"


def check_numbers(header: Header) -> None:
    """Raise BadCheckpoint for numbers of the metadata that would end the process."""
    broken = next((name for name in header.metadata if _is_broken(header, name)), None)
    if broken is not None:
        raise _damaged(header.path, f"{broken!r} is {header.metadata[broken]}")
    _check_layers(header)
    _check_experts(header)
    scaling = header.text(_named(header, "rope.scaling.type"))
    if scaling and scaling not in SCALINGS:
        raise _damaged(header.path, f"it scales positions by {scaling[:40]!r}")


def check_tokens(path: Path) -> None:
    """Raise BadCheckpoint for a vocabulary that holds a token twice; 49,000 take 0.03 s."""
    met: set[str] = set()
    for number, text in enumerate(read_texts(path, TOKENS)):
        # Empty ones get names of their own; broken UTF-8 shows alike and may differ.
        if text in met and text and "\ufffd" not in text:
            raise _damaged(path, f"token {number:,} of its vocabulary, {text[:40]!r}, comes twice")
        met.add(text)


def _is_broken(header: Header, name: str) -> bool:
    value = header.metadata[name]
    if not isinstance(value, float):
        return False
    return math.isnan(value) or (name.endswith("epsilon") and not 0 <= value < math.inf)


def _check_layers(header: Header) -> None:
    layers = header.whole(_named(header, "block_count"), 1)
    if not 1 <= layers <= MOST_LAYERS:
        raise _damaged(header.path, f"it says that it has {layers:,} layers")
    ahead = header.whole(_named(header, "nextn_predict_layers"))
    if not 0 <= ahead <= layers:
        raise _damaged(header.path, f"{ahead:,} of its {layers:,} layers predict ahead")


def _check_experts(header: Header) -> None:
    experts, groups = (header.whole(_named(header, f"expert_{n}count")) for n in ("", "group_"))
    used = header.metadata.get(_named(header, "expert_used_count"), 0)
    if header.text("general.architecture").startswith("hunyuan") and experts <= 1:
        return  # llama.cpp takes it for a model without any
    fair = 0 <= experts <= MOST_EXPERTS and 0 <= groups < max(experts, 1)
    if isinstance(used, int):  # else a number a layer
        fair = fair and min(experts, 1) <= used <= experts
    if groups > 1:
        chosen = header.whole(_named(header, "expert_group_used_count"))
        fair = fair and experts % groups == 0 and 0 < chosen < groups
    if not fair:
        raise _damaged(
            header.path, f"it says that it uses {used} of {experts:,} experts in {groups:,} groups"
        )


def _named(header: Header, name: str) -> str:
    return f"{header.text('general.architecture')}.{name}"


def _damaged(path: Path, why: str) -> BadCheckpoint:
    return BadCheckpoint(f"{path} is damaged: {why}", hint=FETCH_AGAIN)
