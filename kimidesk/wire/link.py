"""What a face needs of a worker, wherever it is and however its frames travel."""

from collections.abc import Callable
from typing import Protocol

from kimidesk.wire.messages import AnyCommand, AnyEvent

Tell = Callable[[AnyEvent], None]
"""Gets every event, on any thread; must be quick."""


class Link(Protocol):
    """A worker somewhere; `kimidesk.client.pipe.Pipe` is one on this machine."""

    @property
    def room(self) -> int:
        """Traces that it takes at once now; 0 while it is not there."""
        ...

    def send(self, commands: list[AnyCommand]) -> None:
        """In order, without waiting; a worker that is gone says so through its Failed event."""
        ...

    def check(self) -> None:
        """Call about once a second: a hung worker is ended, and told of as Failed."""
        ...

    def close(self) -> None:
        """End it; nothing is told of after this. Not to be called from `tell`."""
        ...


Start = Callable[[Tell], Link]
"""Starts a worker; raises WorkerLost where that cannot be done."""
