"""How many layers fit on the graphics cards, told before llama.cpp tries.

llama.cpp puts the output layer there first and then the layers from the last on, whole: weights,
keys, values and states. Each card takes layers in a row.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kimidesk.checkpoints.describe import Description
from kimidesk.checkpoints.fit import CONTEXT_STEP, FLOAT32, layer_cache_bytes, scratch_bytes
from kimidesk.checkpoints.sequences import BATCH, sequences_of
from kimidesk.checkpoints.state import layer_state_bytes

RESERVE = 512 << 20  # bytes of each card left to its driver, its screen and what is not counted
ENDLESS = 1 << 62  # bytes of a card on which everything fits


@dataclass(frozen=True, slots=True)
class Offload:
    """What goes where."""

    layers: int  # as llama.cpp counts them: the output is one
    of: int  # so many there are
    shares: tuple[int, ...]  # of each card
    bytes: tuple[int, ...]  # that they take of each card
    moved: int = 0  # of what `fit.need` counts, bytes that the machine's memory need not hold

    @property
    def whole(self) -> bool:
        """Whether all of them fit."""
        return self.layers == self.of


def layers_that_fit(
    description: Description,
    context: int,
    slots: int,
    free: Sequence[int],
    kv_type: str = "f16",
    flash: str = "auto",
    *,
    shared: bool = False,
) -> Offload:
    """The most layers that fit into cards with so many free bytes, the first card filled first.

    `shared`: all traces share `context` tokens.

    Monotone in every byte that is free; `free` is never passed.
    """
    header = description.header
    if header is None:
        return Offload(0, 0, (0,) * len(free), (0,) * len(free))
    rounded = -(-context // CONTEXT_STEP) * CONTEXT_STEP
    moved = moved_bytes(description, context, slots, kv_type, shared=shared)
    costs = list(moved)
    costs[-1] += _tied_bytes(description)
    scratch = scratch_bytes(header, rounded, flash) + RESERVE
    costs[-1] += description.info.vocabulary * FLOAT32 * BATCH  # the rows of a replay
    for layers in range(len(costs), 0, -1):
        placed = _placed(costs[len(costs) - layers :], [each - scratch for each in free])
        if placed is not None:
            shares, taken = placed
            used = [
                cost + scratch if share else 0 for cost, share in zip(taken, shares, strict=True)
            ]
            gone = sum(moved[len(costs) - layers :])
            return Offload(layers, len(costs), tuple(shares), tuple(used), gone)
    return Offload(0, len(costs), (0,) * len(free), (0,) * len(free))


def _placed(costs: Sequence[int], room: Sequence[int]) -> tuple[list[int], list[int]] | None:
    """How many layers each card takes, and their bytes; None where they do not fit."""
    shares, taken, card = [0] * len(room), [0] * len(room), 0
    for cost in costs:
        while card < len(room) and taken[card] + cost > room[card]:
            card += 1
        if card == len(room):
            return None
        shares[card] += 1
        taken[card] += cost
    return shares, taken


def moved_bytes(
    description: Description,
    context: int,
    slots: int,
    kv_type: str = "f16",
    *,
    shared: bool = False,
) -> list[int]:
    """Bytes of each layer that leave the machine's memory with it, in order, the output last."""
    assert description.header is not None
    header = description.header
    rounded = -(-context // CONTEXT_STEP) * CONTEXT_STEP
    sequences = sequences_of(header.text("general.architecture"), slots, shared=shared)
    cells = rounded * (1 if shared else sequences)
    keys, states = layer_cache_bytes(header, kv_type), layer_state_bytes(description)
    each = [key * cells + state * sequences for key, state in zip(keys, states, strict=True)]
    weights = _weights_by_layer(description)
    return [size + kept for size, kept in zip(weights, [*each, 0], strict=True)]


def _weights_by_layer(description: Description) -> list[int]:
    """Bytes of each layer in order, the output last."""
    assert description.header is not None
    name = description.header.text("general.architecture")
    sizes: Counter[int] = Counter()
    layers = description.header.whole(f"{name}.block_count")
    for tensor in description.tensors:
        kind, _, rest = tensor.name.partition(".")
        number = rest.partition(".")[0]
        if kind == "blk" and number.isdecimal():
            sizes[min(int(number), layers - 1)] += tensor.size_bytes
        elif kind.startswith("output"):
            sizes[layers] += tensor.size_bytes
    return [sizes[layer] for layer in range(layers + 1)]


def _tied_bytes(description: Description) -> int:
    """Bytes of the embedding where it is the output too: the card gets a copy of it."""
    sizes = {tensor.name: tensor.size_bytes for tensor in description.tensors}
    return 0 if "output.weight" in sizes else sizes.get("token_embd.weight", 0)
