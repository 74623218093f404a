"""Replay: what a checkpoint would have thought of a trace that another one wrote.

Its flow is a Solve whose attempt is given what to say. By ids where both cut texts into the same
tokens, which makes the two comparable token by token; else by the text, put to the other as it puts
problems. The marks of the first one's thought are then text like any other.
"""

import uuid

from kimidesk.flows.asking import messages_for
from kimidesk.flows.solve import Solve
from kimidesk.records import (
    Adapter,
    Attempt,
    Budget,
    CheckpointInfo,
    Given,
    Grown,
    Problem,
    Sampling,
    Trace,
)


def by_ids(grown: Grown, adapters: tuple[Adapter, ...] = ()) -> Attempt:
    """The same prompt and the same tokens."""
    given = Given(ids=tuple(grown.columns.id.tolist()))
    return Attempt(uuid.uuid4().hex, (), prompt=grown.trace.prompt, given=given, adapters=adapters)


def by_text(grown: Grown, adapters: tuple[Adapter, ...] = ()) -> Attempt:
    """The same problem and the same text, in the other's own prompt and tokens."""
    asked = messages_for(grown.trace.problem)
    return Attempt(uuid.uuid4().hex, asked, given=Given(grown.text), adapters=adapters)


def replay(attempt: Attempt, checkpoint: CheckpointInfo, problem: Problem) -> Solve:
    """The flow of an attempt that draws nothing."""
    return Solve(Trace(attempt.trace, problem, checkpoint, Sampling(), Budget(), 0), attempt)
