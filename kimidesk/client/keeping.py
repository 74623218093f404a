"""What a Solve does, written down as it happens: the same in the window and in the terminal."""

import time
from dataclasses import replace

from kimidesk.flows import Branches, Solve
from kimidesk.records import Grown, Verdict
from kimidesk.store import Desk
from kimidesk.wire.messages import (
    AnyEvent,
    Failed,
    Judged,
    Remarked,
    Started,
    TokensCame,
    TraceEnded,
)


def keep(desk: Desk, solve: Solve, event: AnyEvent) -> None:
    """Call after `solve.on(event)`; never blocks."""
    trace = solve.trace
    match event:
        case Started(trace=id_) | Remarked(trace=id_) if id_ == trace.id:
            desk.update(trace)
        case TokensCame(trace=id_) if id_ == trace.id:
            new = solve.columns.cut(solve.came, len(solve.columns))
            if len(new):  # else an earlier worker had told them
                desk.append(id_, new, solve.pieces)
        case TraceEnded(trace=id_) if id_ == trace.id:
            desk.finish(trace, solve.said)
            if solve.verdict is not None:
                desk.judge(id_, solve.verdict)
        case Judged(trace=id_) if id_ == trace.id:
            desk.judge(id_, event.verdict)
        case Failed(trace=id_) if id_ in (trace.id, None) and trace.reason == event.what:
            desk.finish(trace, solve.said)


def keep_branches(desk: Desk, flow: Branches, event: AnyEvent) -> None:
    """The same for branches; one that was refused before it began leaves nothing."""
    for branch in flow.concerned(event):
        if isinstance(event, Started):
            desk.begin(branch.trace)
        elif not branch.trace.prompt:
            continue
        keep(desk, branch, event)


def keep_whole(desk: Desk, grown: Grown, verdict: Verdict | None = None) -> None:
    """A trace that has ended, all at once; never blocks."""
    trace = replace(grown.trace, started_at=grown.trace.started_at or time.time())
    desk.begin(trace)
    if len(grown.columns):
        desk.append(trace.id, grown.columns, grown.lexicon)
    desk.finish(trace, grown.text)
    if verdict is not None:
        desk.judge(trace.id, verdict)
