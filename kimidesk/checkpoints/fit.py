"""Whether weights and context fit into memory, told before llama.cpp tries.

The cache is counted as llama.cpp lays it out: keys and values of every layer in the type that is
asked for, sliding windows at full length, and the state of recurrent layers (`state.py`). Where an
architecture keeps less, this is an upper bound.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from kimidesk.checkpoints.describe import Description
from kimidesk.checkpoints.gguf import Header
from kimidesk.checkpoints.memory import Memory, memory_of
from kimidesk.checkpoints.sequences import BATCH, MARKS, MOST_MARKS, sequences_of
from kimidesk.checkpoints.state import state_bytes
from kimidesk.errors import BadCheckpoint, TooLarge

CACHE_TYPES = {  # bytes of 32 numbers
    "f32": 128,
    "f16": 64,
    "bf16": 64,
    "q8_0": 34,
    "q5_1": 24,
    "q5_0": 22,
    "q4_1": 20,
    "q4_0": 18,
}
AMPLE = 8  # a second trace may take this part of the free memory without being asked for
FLOAT32 = 4  # bytes of a logit, and of every number on PyTorch on a CPU
CONTEXT_STEP = 256  # llama.cpp rounds the context up to it
TOKEN = 190  # bytes a token of the vocabulary takes in llama.cpp's tables; measured
WIDTHS = 14  # of the embedding, and two of the feed-forward layer, a token of a batch; measured
CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes of memory that growing traces touch when their contexts are full."""

    weights: int
    cache: int  # keys, values and states
    compute: int
    marks: int = 0  # copies of states, to go back to

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.compute + self.marks


def _header_of(description: Description) -> Header:
    if description.header is None:
        raise BadCheckpoint(f"{description.info.name} is no GGUF; its cache cannot be counted")
    return description.header


def need(
    description: Description,
    context: int,
    slots: int = 1,
    kv_type: str = "f16",
    flash: str = "auto",
    *,
    shared: bool = False,
) -> Need:
    """What `slots` traces of up to `context` tokens take; `shared`: of so many together."""
    info, header = description.info, _header_of(description)
    rounded = -(-context // CONTEXT_STEP) * CONTEXT_STEP
    sequences = sequences_of(header.text("general.architecture"), slots, shared=shared)
    cells, state = rounded * (1 if shared else sequences), state_bytes(description)
    return Need(
        weights=info.size_bytes,
        cache=cache_bytes_per_token(header, kv_type) * cells + state * sequences,
        compute=info.vocabulary * (TOKEN + sequences * FLOAT32)  # a row of logits for each
        + scratch_bytes(header, rounded, flash),
        marks=state * min(MARKS * sequences, MOST_MARKS),
    )


def replay_bytes(description: Description) -> int:
    """What telling a given text takes beyond `need`: rows of logits of a batch, made and kept."""
    return 2 * BATCH * description.info.vocabulary * FLOAT32


def scratch_bytes(header: Header, context: int, flash: str) -> int:
    """What one evaluation takes: activations, the mask, and scores without flash attention.

    Scores are kept as four bytes, and as two where they are multiplied with the values; the mask
    then has four bytes instead of two. Measured with contexts filled.
    """
    name = header.text("general.architecture")
    width = WIDTHS * header.whole(f"{name}.embedding_length")
    width += 2 * _largest(header, f"{name}.feed_forward_length")
    heads = _largest(header, f"{name}.attention.head_count")
    each = 4 + 6 * heads if flash == "off" else 2
    return BATCH * max(4 * width + each * context, 0)


def cache_bytes_per_token(header: Header, kv_type: str = "f16") -> int:
    """Keys and values of one token over all layers; `kv_type` is one of CACHE_TYPES."""
    return sum(layer_cache_bytes(header, kv_type))


def layer_cache_bytes(header: Header, kv_type: str = "f16") -> list[int]:
    """Keys and values of one token in each layer."""
    name = header.text("general.architecture")
    heads = max(_largest(header, f"{name}.attention.head_count"), 1)
    width = header.whole(f"{name}.embedding_length") // heads
    key = header.whole(f"{name}.attention.key_length", width)
    value = header.whole(f"{name}.attention.value_length", width)
    if header.whole(f"{name}.attention.key_length_mla"):
        value = 0  # latent attention: the values are a part of the keys
    each = (key + value) * CACHE_TYPES[kv_type]
    return [count * each // 32 for count in _cached_heads(header, name, heads)]


def largest_context(
    description: Description,
    slots: int,
    free: int,
    kv_type: str = "f16",
    flash: str = "auto",
    *,
    shared: bool = False,
) -> int:
    """The most tokens a trace may use in so much memory; 0 when the weights alone do not fit."""
    least, step = (
        need(description, tokens, slots, kv_type, flash, shared=shared).total for tokens in (0, 1)
    )
    rest, each = free - least, step - least
    if rest <= 0 or each <= 0:
        return 0
    return rest // each * CONTEXT_STEP


def automatic_slots(description: Description, context: int, kv_type: str = "f16") -> int:
    """Two traces at once where there is ample memory for a second, else one.

    A second one leaves room beside a growing trace: for probes, or a branch.
    """
    if description.header is None:
        return 1
    one, two = (need(description, context, count, kv_type).total for count in (1, 2))
    return 2 if (two - one) * AMPLE <= free_memory() - one else 1


def beside_bytes(
    files: Iterable[str | Path], draft: Description | None, context: int, slots: int
) -> int:
    """What is opened with a checkpoint takes: projector and adapters whole, a draft as it grows."""
    whole = sum(path.stat().st_size for path in map(Path, files) if path.is_file())
    return whole + (need(draft, context, slots).total if draft is not None else 0)


def check_fit(
    description: Description,
    context: int,
    slots: int = 1,
    free: int | None = None,
    kv_type: str = "f16",
    flash: str = "auto",
    beside: int = 0,
    *,
    shared: bool = False,
) -> Need:
    """What is needed; raises TooLarge when it is more than `free` (default: what is free now).

    `beside`: bytes that what is opened with it takes of what is free.
    """
    free = max((free_memory() if free is None else free) - beside, 0)
    needed = need(description, context, slots, kv_type, flash, shared=shared)
    if needed.total <= free:
        return needed
    room = free - needed.total + needed.cache
    if room <= 0:
        raise TooLarge(
            f"the weights of {description.info.name} need {_gb(needed.total - needed.cache)};"
            f" {_gb(free)} of memory is free{_besides(beside)}",
            hint="Close other programs, or choose a smaller checkpoint.",
        )
    many = f"a context of {context:,} tokens needs"
    if slots > 1:
        many = f"{slots} contexts of {context:,} tokens need"
    if shared:
        many = f"a pool of {context:,} tokens needs"
    raise TooLarge(
        f"{many} {_gb(needed.cache)}; {_gb(room)} of memory is free beside the weights"
        f"{_besides(beside)}",
        hint=f"The largest {'pool' if shared else 'context'} that fits is "
        f"{largest_context(description, slots, free, kv_type, flash, shared=shared):,} tokens.",
    )


def _besides(count: int) -> str:
    return f", after {_gb(count)} for what is opened with it" if count else ""


def free_memory() -> int:
    """Bytes that this process may still take: of the machine, or of its container if that is less.

    A container's limit kills without a word, and the machine's figures do not show it.
    """
    free: int = psutil.virtual_memory().available
    try:
        limit = int((CGROUP / "memory.max").read_text())
        used = int((CGROUP / "memory.current").read_text())
        statistics = dict(map(str.split, (CGROUP / "memory.stat").read_text().splitlines()))
        return min(free, limit - used + int(statistics.get("inactive_file", 0)))
    except (OSError, ValueError):  # no cgroup version 2, or "max": no limit
        return free


def _cached_heads(header: Header, name: str, heads: int) -> list[int]:
    """Key-value heads of each layer; the number may differ from layer to layer."""
    layers = header.whole(f"{name}.block_count")
    if memory_of(header) is Memory.STATE:
        return [0] * layers
    every = header.whole(f"{name}.full_attention_interval", 1)
    return [
        count if every <= 1 or (layer + 1) % every == 0 else 0
        for layer, count in enumerate(_told_heads(header, name, heads, layers))
    ]


def _told_heads(header: Header, name: str, heads: int, layers: int) -> list[int]:
    match header.metadata.get(f"{name}.attention.head_count_kv", heads):
        case tuple() as of_layers:
            told = [count if isinstance(count, int) else 0 for count in of_layers[:layers]]
            return told + [0] * (layers - len(told))
        case int(count):
            return [count] * layers
    return [heads] * layers


def _largest(header: Header, name: str) -> int:
    value = header.metadata.get(name)
    if isinstance(value, tuple):
        return max((count for count in value if isinstance(count, int)), default=0)
    return value if isinstance(value, int) else 0


def _gb(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e8 else f"{count / 1e6:,.1f} MB"
