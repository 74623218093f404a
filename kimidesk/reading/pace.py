"""How fast a trace came: the same figure in the window and in the terminal."""

import numpy as np

from kimidesk.records import TokenColumns

RECENT_MS = 2_000.0  # the speed of a growing trace is that of its last two seconds


def tokens_per_s(columns: TokenColumns, *, growing: bool = False) -> float | None:
    """The speed of decoding, the first token left out; None where it cannot be known."""
    times = columns.time_ms
    if len(times) < 2:
        return None
    first = int(np.searchsorted(times, times[-1] - RECENT_MS)) if growing else 0
    first = min(first, len(times) - 2)
    passed = float(times[-1] - times[first])
    return (len(times) - 1 - first) / passed * 1000 if passed > 0 else None
