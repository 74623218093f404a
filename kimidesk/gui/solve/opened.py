"""A kept trace as a flow that is done, so that the page shows old and new alike."""

from kimidesk.flows import Phase, Solve
from kimidesk.flows.asking import messages_for
from kimidesk.records import Attempt
from kimidesk.store import Kept


def reopened(kept: Kept) -> Solve:
    """The flow of a trace that was kept, at its end."""
    trace = kept.grown.trace
    solve = Solve(trace, Attempt(trace.id, messages_for(trace.problem)))
    solve.columns = kept.grown.columns
    solve.lexicon = kept.grown.lexicon
    solve.transcript.append(solve.columns.id.tolist(), solve.lexicon)
    solve.verdict = kept.verdict
    solve.phase = Phase.DONE
    return solve
