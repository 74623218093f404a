"""Some Solves at once: at most so many in the engine, each handed on as soon as it is done."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from kimidesk.flows.solve import Phase, Solve
from kimidesk.wire.messages import AnyCommand, AnyEvent, Cancel, Failed, TokensCame

Enough = Callable[[Solve], bool]
"""Whether a growing trace need not grow further."""


@dataclass(slots=True)
class _Flying:
    solve: Solve
    enough: Enough | None
    landed: Callable[[Solve], list[AnyCommand]]
    stopping: bool = field(default=False)


class Batch:
    """Event in, commands out. A Solve that is being graded holds none of the `width` places."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._waiting: deque[_Flying] = deque()
        self._flying: dict[str, _Flying] = {}
        self.tokens = 0  # that came, kept or not
        self.trouble = ""  # why the worker is gone, where it is

    @property
    def idle(self) -> bool:
        """Nothing flies and nothing waits."""
        return not self._waiting and not self._flying

    def add(
        self,
        solve: Solve,
        landed: Callable[[Solve], list[AnyCommand]],
        *,
        enough: Enough | None = None,
        first: bool = False,
    ) -> None:
        """Let a Solve wait its turn, `first` before all others; `landed` takes it when it is done,
        and may add more."""
        put = self._waiting.appendleft if first else self._waiting.append
        put(_Flying(solve, enough, landed))

    def start(self) -> list[AnyCommand]:
        """Fill the places that are free."""
        commands: list[AnyCommand] = []
        growing = sum(each.solve.phase is not Phase.GRADING for each in self._flying.values())
        while self._waiting and growing < self.width:
            flying = self._waiting.popleft()
            self._flying[flying.solve.trace.id] = flying
            commands += flying.solve.start()
            growing += 1
        return commands

    def stop(self) -> list[AnyCommand]:
        """Ask nothing more; what flies is given up."""
        commands: list[AnyCommand] = [
            Cancel(id_)
            for id_, each in self._flying.items()
            if each.solve.phase is not Phase.GRADING
        ]
        self._waiting.clear()
        self._flying.clear()
        return commands

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event; those of other traces change nothing. Where the worker is gone, what
        flies and what waits is given up."""
        if isinstance(event, Failed) and event.trace is None:
            self.trouble = event.what
            self.stop()
            return []
        flying = self._flying.get(getattr(event, "trace", None) or "")
        if flying is None:
            return []
        solve = flying.solve
        if isinstance(event, TokensCame):
            self.tokens += event.columns.n
        commands = solve.on(event)
        if isinstance(event, TokensCame) and not flying.stopping and flying.enough is not None:
            flying.stopping = flying.enough(solve)
            commands += solve.stop() if flying.stopping else []
        if solve.done:
            del self._flying[solve.trace.id]
            commands += flying.landed(solve)
        return commands + self.start()
