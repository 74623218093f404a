"""How many layers fit on the graphics cards, told before llama.cpp tries.

llama.cpp puts the output layer there first and then the layers from the last on, whole: weights,
keys and values. Each card takes layers in a row.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kimidesk.checkpoints.describe import Description
from kimidesk.checkpoints.fit import BATCH, CONTEXT_STEP, layer_cache_bytes, scratch_bytes

RESERVE = 512 << 20  # bytes of each card left to its driver, its screen and what is not counted
NUMBER = 4  # bytes of a logit


@dataclass(frozen=True, slots=True)
class Offload:
    """What goes where."""

    layers: int  # as llama.cpp counts them: the output is one
    of: int  # so many there are
    shares: tuple[int, ...]  # of each card
    bytes: tuple[int, ...]  # that they take of each card

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
) -> Offload:
    """The most layers that fit into cards with so many free bytes, the first card filled first.

    Monotone in every byte that is free; `free` is never passed.
    """
    header = description.header
    if header is None:
        return Offload(0, 0, (0,) * len(free), (0,) * len(free))
    rounded = -(-context // CONTEXT_STEP) * CONTEXT_STEP
    costs = _weights_by_layer(description)
    for layer, each in enumerate(layer_cache_bytes(header, kv_type)):
        costs[layer] += each * rounded * slots
    scratch = scratch_bytes(header, rounded, flash) + RESERVE
    costs[-1] += description.info.vocabulary * NUMBER * BATCH  # the rows of a replay
    for layers in range(len(costs), 0, -1):
        placed = _placed(costs[len(costs) - layers :], [each - scratch for each in free])
        if placed is not None:
            shares, taken = placed
            used = [
                cost + scratch if share else 0 for cost, share in zip(taken, shares, strict=True)
            ]
            return Offload(layers, len(costs), tuple(shares), tuple(used))
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


def _weights_by_layer(description: Description) -> list[int]:
    """Bytes of each layer in order, the output last; a tied output is copied to the card."""
    assert description.header is not None
    name = description.header.text("general.architecture")
    sizes: Counter[int] = Counter()
    layers = description.header.whole(f"{name}.block_count")
    embedding = 0
    for tensor in description.tensors:
        kind, _, rest = tensor.name.partition(".")
        number = rest.partition(".")[0]
        if kind == "blk" and number.isdecimal():
            sizes[min(int(number), layers - 1)] += tensor.size_bytes
        elif kind.startswith("output"):
            sizes[layers] += tensor.size_bytes
        elif kind == "token_embd":
            embedding = tensor.size_bytes
    if not any(tensor.name == "output.weight" for tensor in description.tensors):
        sizes[layers] += embedding
    return [sizes[layer] for layer in range(layers + 1)]
