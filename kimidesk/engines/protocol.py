"""What every engine can do: add a trace, drop it, and step all of them at once.

One loop serves one trace or a hundred. Cancelling is dropping. An engine does no I/O but reading
its weights, and is used from one thread.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kimidesk.records import (
    Attempt,
    CheckpointInfo,
    Dialect,
    Ended,
    Note,
    PictureBlock,
    Token,
    Wish,
)


class Accepted(NamedTuple):
    """An attempt found its place; nothing is evaluated yet."""

    prompt: tuple[int, ...]  # ids, kept prefix included
    dialect: Dialect  # for the text that is added: a fork may begin inside the thought
    pictures: tuple[PictureBlock, ...] = ()  # in the prompt


class Step(NamedTuple):
    """What one step did to one trace."""

    trace: str
    token: Token | None = None  # None: still reading the prompt, or ended without a new token
    ended: Ended | None = None  # why the trace ended, or None while it grows
    closing: int = 0  # with `ended`: final tokens that are the end-of-generation mark
    reason: str = ""  # with Ended.FAILED: what happened
    notes: tuple[Note, ...] = ()  # what was done to it, or noticed, at this token
    prompt_tokens: int = 0  # with `ended`: as a server counts them that does not tell their ids
    lost: bool = False  # with `reason`: the server is to blame, so another may do it


class Revealed(NamedTuple):
    """What stands behind layers at each token of a text."""

    ids: tuple[int, ...]
    prompt: int  # how many of them are the prompt
    states: dict[int, NDArray[np.float32]]  # (tokens, width) by layer, counted from the embedding


class Engine(Protocol):
    """A maker of tokens. Constructors load; `close` frees."""

    @property
    def info(self) -> CheckpointInfo:
        """The open checkpoint."""
        ...

    @property
    def live(self) -> int:
        """How many traces are growing."""
        ...

    def add(self, attempt: Attempt) -> Accepted:
        """Begin a trace, or replay one that is given.

        Raises Refused when the attempt cannot run: a prompt longer than the context, no free
        slot, an image without a projector, an id outside the vocabulary, a trace that runs
        already. The engine stays usable.
        """
        ...

    def steer(self, trace: str, wish: Wish) -> None:
        """Have a growing trace answer now, or keep thinking; what cannot be done is not done."""
        ...

    def drop(self, trace: str) -> None:
        """Forget a trace at once; unknown names are ignored, for it may just have ended."""
        ...

    def step(self) -> list[Step]:
        """Advance every growing trace by at most one token; forced tokens come the same way.

        Of a trace that is replayed many tokens may come at once, one Step each, in order.

        A trace whose numbers are broken ends with Ended.FAILED and a reason; an error that
        concerns all traces raises ModelError.
        """
        ...

    def interrupt(self) -> None:
        """Make a `step` under way return early, from any thread; no trace loses anything."""
        ...

    def piece(self, token: int) -> bytes:
        """The bytes of one token, control tokens spelled out."""
        ...

    def close(self) -> None:
        """Free the weights; the engine is not used again."""
        ...


@runtime_checkable
class Paced(Protocol):
    """An engine that takes now more traces at once and now fewer, within its slots."""

    @property
    def room(self) -> int:
        """How many; asked from other threads too."""
        ...


@runtime_checkable
class Reveals(Protocol):
    """What an engine that can look inside its checkpoint can do beside."""

    def reveal(
        self, attempt: Attempt, layers: Sequence[int], alive: Callable[[], object]
    ) -> Revealed:
        """The hidden states of a given text; 0 is the embedding, -1 the last layer.

        A long text takes minutes: `alive` is called after each part of it.
        Raises Refused: no such layer, a text longer than the context, pictures.
        """
        ...
