"""How many sequences llama.cpp keeps for the traces that grow, and how many of them are marked.

Each has a state of its own in recurrent layers, whether a trace grows on it or not.
"""

BATCH = 512  # tokens in one evaluation
MOST_SEQUENCES = 256  # LLAMA_MAX_SEQ
SPARE = 16  # in a shared memory: for finished ones, beyond those that grow
MOST_MARKS = 16  # kept marks of states; one takes 42 MB of a Kimi-Linear
MARKS = 2  # of one sequence
# Its graph aborts the process where the sequences do not divide a batch.
_DIVIDING = frozenset({"kimi-linear"})


def sequences_of(architecture: str, traces: int, *, shared: bool) -> int:
    """So many for `traces` that grow at once; `shared`: all take their tokens from one memory."""
    if shared:
        return min(traces + SPARE, MOST_SEQUENCES)
    if architecture not in _DIVIDING:
        return traces
    return next(count for count in range(traces, BATCH + 1) if BATCH % count == 0)
