"""A kept trace as a flow that is done, so that the page shows old and new alike; and its pace."""

import numpy as np

from kimidesk.flows import Phase, Solve
from kimidesk.flows.asking import messages_for
from kimidesk.records import Attempt, TokenColumns
from kimidesk.store import Kept

RECENT_MS = 2_000.0  # the speed of a growing trace is that of its last two seconds


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


def tokens_per_s(columns: TokenColumns, *, growing: bool) -> float | None:
    """The speed of decoding, the first token left out; None where it cannot be known."""
    times = columns.time_ms
    if len(times) < 2:
        return None
    first = int(np.searchsorted(times, times[-1] - RECENT_MS)) if growing else 0
    first = min(first, len(times) - 2)
    passed = float(times[-1] - times[first])
    return (len(times) - 1 - first) / passed * 1000 if passed > 0 else None
