"""A recited checkpoint in this process: flows meet a true engine, and answers are truly judged."""

import json
from collections import deque
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from kimidesk.engines.protocol import Step
from kimidesk.engines.scripted import Scripted
from kimidesk.errors import Refused
from kimidesk.flows import Solve
from kimidesk.flows.asking import messages_for
from kimidesk.grading.judge import judge
from kimidesk.records import (
    Attempt,
    Budget,
    CheckpointInfo,
    Ended,
    Grown,
    Problem,
    Sampling,
    Trace,
)
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Cancel,
    Failed,
    FailureKind,
    Generate,
    Judge,
    Judged,
    OpenCheckpoint,
    Started,
)
from kimidesk.worker.outbox import Outbox


class Driven(Protocol):
    def start(self) -> list[AnyCommand]: ...
    def on(self, event: AnyEvent) -> list[AnyCommand]: ...


class Recital:
    """A script that is open; `asked` are the attempts that it was given."""

    def __init__(self, path: Path, recitations: list[dict[str, Any]], **values: Any) -> None:
        path.write_text(json.dumps({"recitations": recitations, **values}), "utf-8")
        self.engine = Scripted(path, OpenCheckpoint(str(path), slots=64))
        self.asked: list[Attempt] = []
        self._outbox = Outbox(self.engine)

    @property
    def checkpoint(self) -> CheckpointInfo:
        return self.engine.info

    def solved(
        self, problem: Problem, budget: Budget = Budget(), sampling: Sampling = Sampling()
    ) -> Grown:
        """A trace of a problem, with seed 0."""
        trace = Trace("t", problem, self.checkpoint, sampling, budget, 0)
        flow = Solve(trace, Attempt("t", messages_for(problem), sampling, budget))
        self.drive(flow)
        return flow.grown

    def drive(self, flow: Driven, most: int = 100_000) -> None:
        """Until nothing grows, or so many events have come."""
        self.obey(flow.start(), flow, most)

    def obey(self, commands: Iterable[AnyCommand], flow: Driven, most: int = 100_000) -> None:
        pending = deque(commands)
        told = 0
        while (pending or self.engine.live) and told < most:
            events = self._one(pending.popleft()) if pending else self._step()
            for event in events:
                told += 1
                pending.extend(flow.on(event))

    def _one(self, command: AnyCommand) -> list[AnyEvent]:
        match command:
            case Generate(attempt=attempt):
                self.asked.append(attempt)
                try:
                    accepted = self.engine.add(attempt)
                except Refused as error:
                    return [Failed(error.what, error.hint, FailureKind.ATTEMPT, attempt.trace)]
                self._outbox.begin(attempt.trace)
                ids = b"".join(id_.to_bytes(4, "little") for id_ in accepted.prompt)
                return [Started(attempt.trace, ids, accepted.dialect)]
            case Cancel(trace=trace) if self._outbox.growing(trace):
                self.engine.drop(trace)
                return self._outbox.put(Step(trace, None, Ended.STOPPED))
            case Judge():
                return [Judged(command.trace, judge(command.output, command.expected))]
        return []

    def _step(self) -> list[AnyEvent]:
        return [
            event
            for step in self.engine.step()
            if self._outbox.growing(step.trace)
            for event in self._outbox.put(step)
        ]


def names() -> Any:
    """Ids, each another."""
    numbers = count()
    return lambda: f"n{next(numbers)}"
