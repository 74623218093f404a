"""What of a checkpoint goes to graphics cards, and less of it where a card refuses its share.

What a driver has free is a guess: it may be in pieces, or gone when it is asked for. So what was
fitted is tried, and an eighth of the layers fewer, until it is opened or none is left.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from kimidesk.checkpoints import fit
from kimidesk.checkpoints.describe import Description, describe
from kimidesk.checkpoints.fit import beside_bytes, check_fit, replay_bytes
from kimidesk.checkpoints.offload import ENDLESS, layers_that_fit, moved_bytes
from kimidesk.engines.llamacpp.guessing import NGRAM
from kimidesk.engines.llamacpp.library import Card, Log
from kimidesk.errors import ModelError, TooLarge
from kimidesk.settings import ALL_LAYERS
from kimidesk.wire.messages import OpenCheckpoint

STEPS = 8  # from all that were to fit down to none
LESS = "Ask for --gpu-layers auto or fewer, a shorter context, or fewer traces at once."

T = TypeVar("T")


class CardFull(TooLarge):
    """A graphics card refused memory."""


class Placing(NamedTuple):
    """What goes to graphics cards; layers as llama.cpp counts them, the output being one."""

    layers: int = 0
    of: int = 0  # so many there are
    shares: tuple[int, ...] = ()  # of each card; () leaves them to llama.cpp
    draft: tuple[int, ...] = ()  # layers of the draft: all on the first card, or none
    projector: bool = False  # on the first card
    chosen: bool = False  # by a person: not to be lessened
    own: bool = True  # the cards' memory is not the machine's
    refused: int = 0  # layers that were to fit and did not

    def lessened(self, layers: int) -> "Placing":
        """With fewer layers, taken from all cards alike; with none, nothing is on a card."""
        refused = self.refused or self.layers
        if not layers:
            return Placing(0, self.of, refused=refused)
        ends = [sum(self.shares[:card]) * layers // self.layers for card in range(len(self.shares))]
        after = [*ends[1:], layers]
        shares = tuple(end - start for start, end in zip(ends, after, strict=True))
        return self._replace(layers=layers, shares=shares, refused=refused)

    def where(self, device: str) -> str:
        """What a person is told of it; `device` is that of the first card."""
        refused = f" (a graphics card refused {self.refused})" if self.refused else ""
        if not self.layers:
            return f"CPU{refused}"
        whole = self.layers == self.of
        return device if whole else f"{device}, {self.layers} of {self.of} layers{refused}"


class Fitting:
    """Where a checkpoint goes that is opened so, for traces of `length` tokens."""

    def __init__(self, description: Description, options: OpenCheckpoint, length: int) -> None:
        self._description, self._options = description, options
        self._beside = _Beside(options, length)
        self._many, self._shared = (options.pool or length, options.slots), bool(options.pool)

    def placed(self, found: Sequence[Card]) -> Placing:
        """On the cards that are `found`.

        Raises TooLarge for layers that are all to be on a card and do not fit, and ModelError where
        there is no card for them.
        """
        asked = self._options.gpu_layers
        if asked == ALL_LAYERS and not found:
            raise ModelError(
                "all layers are to be on a graphics card, and llama.cpp finds none",
                hint="Ask for --gpu-layers auto, or build llama-cpp-python for your card: see "
                "README.",
            )
        of = layers_of(self._description)
        if not found or not of:
            return Placing(0, of)
        if asked >= 0:
            draft = (min(asked, self._beside.layers),)
            return Placing(min(asked, of), of, (), draft, True, True, found[0].own)
        return self._fitted(found)

    def check_machine(self, placed: Placing) -> None:
        """Raise TooLarge for what the machine's memory cannot hold of what is on no card.

        Linux grants memory that it does not have, and later kills the process for it.
        """
        description, options, beside = self._description, self._options, self._beside
        free = fit.free_memory()
        if placed.layers and placed.own:
            each = moved_bytes(description, *self._many, options.kv_type, shared=self._shared)
            free += sum(each[placed.of - placed.layers :])
            free += beside.adapters * placed.layers // placed.of  # they go where their layers are
            free += beside.projector if placed.projector else 0
            free += beside.draft * sum(placed.draft) // max(beside.layers, 1)
        taken = beside.total + (replay_bytes(description) if options.replays else 0)
        kinds = (options.kv_type, options.flash)
        check_fit(description, *self._many, free, *kinds, taken, shared=self._shared)

    def _fitted(self, found: Sequence[Card]) -> Placing:
        """As many layers as fit, after what is opened beside them; all, where all are asked for."""
        description, options, beside = self._description, self._options, self._beside
        of, chosen = layers_of(description), options.gpu_layers == ALL_LAYERS
        kv_type, flash = options.kv_type, options.flash
        # Each adapter goes where its layers are; the first card is to have room for all of them.
        first, *others = (card.free for card in found)
        first = max(first - beside.adapters, 0)
        projector = beside.projector <= first
        first -= beside.projector if projector else 0
        draft = beside.draft <= first
        first -= beside.draft if draft else 0
        fitted = layers_that_fit(
            description, *self._many, [first, *others], kv_type, flash, shared=self._shared
        )
        if chosen and not (fitted.whole and projector and draft):
            free = sum(card.free for card in found)
            whole = layers_that_fit(
                description, *self._many, [ENDLESS], kv_type, flash, shared=self._shared
            )
            need = whole.bytes[0] + beside.total
            raise TooLarge(
                f"all {of} layers of {description.info.name} need {_gb(need)} "
                f"of a graphics card; {_gb(free)} is free, and {fitted.layers} layers fit",
                hint="Ask for --gpu-layers auto, a shorter context, fewer traces at once, or "
                "--kv-type q8_0.",
            )
        if not fitted.layers:
            return Placing(0, of)
        there = (beside.layers, *(0 for _ in others)) if draft else ()
        own = found[0].own
        return Placing(fitted.layers, of, fitted.shares, there, projector, chosen, own)


class _Beside:
    """Bytes of what is opened with a checkpoint."""

    def __init__(self, options: OpenCheckpoint, length: int) -> None:
        self.adapters = beside_bytes([each.path for each in options.adapters], None, length, 0)
        self.projector = beside_bytes([options.projector], None, length, 0)
        told = describe(Path(options.draft)) if options.draft not in ("", NGRAM) else None
        self.draft = beside_bytes([], told, length, options.slots)
        self.layers = 0 if told is None else layers_of(told)

    @property
    def total(self) -> int:
        return self.adapters + self.projector + self.draft


def layers_of(description: Description) -> int:
    """Layers as llama.cpp counts them, the output being one."""
    header = description.header
    if header is None:
        return 0
    return header.whole(f"{header.text('general.architecture')}.block_count") + 1


def opened(placed: Placing, attempt: Callable[[Placing], T]) -> tuple[T, Placing]:
    """What `attempt` gives, and where it went: fewer layers go to cards while one refuses them.

    Raises what `attempt` raises, and CardFull at once where a person chose the number.
    """
    step = max(placed.layers // STEPS, 1)
    while True:
        try:
            return attempt(placed), placed
        except CardFull:
            if placed.chosen or not placed.layers:
                raise
        placed = placed.lessened(max(placed.layers - step, 0))


def refused_by_card(log: Log, found: Sequence[Card]) -> bool:
    """Whether a card had no memory for what was asked last, by llama.cpp's log."""
    told = log.every(" to allocate ")
    return any(line.startswith(card.name) for line in told for card in found)


def _gb(count: int) -> str:
    return f"{count / 1e9:,.2f} GB"
