"""What a person asks for when pressing Solve, and the flow that answers it."""

import secrets
import time
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Solve
from kimidesk.flows.asking import messages_for
from kimidesk.records import (
    Adapter,
    Attempt,
    Budget,
    CheckpointInfo,
    Given,
    Problem,
    Sampling,
    Trace,
)
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem and how it is to be solved."""

    problem: Problem
    sampling: Sampling = field(default_factory=Sampling)
    budget: Budget = field(default_factory=Budget)
    seed: int = 0
    thinking: bool | None = None
    adapters: tuple[Adapter, ...] = ()
    instruction: str | None = None  # put after the problem; None: the usual one
    given: str = ""  # what it is held to have written; "": it draws

    def put_to(self, checkpoint: CheckpointInfo) -> Solve:
        """The flow that solves it; nothing is sent yet."""
        trace = Trace(
            id=secrets.token_hex(8),
            problem=self.problem,
            checkpoint=checkpoint,
            sampling=self.sampling,
            budget=self.budget,
            seed=self.seed,
            thinking=self.thinking,
            adapters=self.adapters,
            started_at=time.time(),
        )
        attempt = Attempt(
            trace=trace.id,
            messages=messages_for(self.problem, self.instruction),
            sampling=self.sampling,
            budget=self.budget,
            seed=self.seed,
            thinking=self.thinking,
            adapters=self.adapters,
            given=Given(self.given) if self.given else None,
        )
        return Solve(trace, attempt)


def cannot_see(checkpoint: CheckpointInfo) -> str:
    """Why pictures cannot be put to it."""
    return translate("Asked", "{0} cannot read pictures: no projector is open beside it").format(
        checkpoint.name
    )


def blind(checkpoint: CheckpointInfo) -> Failed:
    """The same with what to do."""
    return Failed(
        cannot_see(checkpoint),
        translate(
            "Asked",
            "Open it with its projector, open a checkpoint that can see, or remove the pictures.",
        ),
        FailureKind.USAGE,
    )
