"""Hidden states in frames: far more than one may hold, so some tokens at a time."""

from collections.abc import Callable, Iterator

import numpy as np

from kimidesk.engines.protocol import Engine, Reveals
from kimidesk.errors import Refused
from kimidesk.wire.messages import HiddenCame, Reveal, Revealing

CHUNK_BYTES = 4 << 20  # of states in a frame; a frame with a single token may hold more


def revealed(
    engine: Engine, command: Reveal, alive: Callable[[], object]
) -> Iterator[Revealing | HiddenCame]:
    """Evaluate a given text and tell its hidden states, in order.

    Raises Refused: an engine that has none to tell, what `Reveals.reveal` refuses, and states that
    float16 does not reach.
    """
    if not isinstance(engine, Reveals):
        raise Refused(
            f"{engine.info.engine or engine.info.name} tells no hidden states",
            hint="PyTorch does: --model FOLDER of safetensors, or --model torch:FILE.gguf",
        )
    trace = command.attempt.trace
    found = engine.reveal(command.attempt, command.layers, alive)
    states, dtype = found.states, np.dtype(command.dtype).newbyteorder("<")
    most = float(np.finfo(dtype).max)
    for layer, each in states.items():
        reach = float(np.abs(each).max())
        if not reach <= most:  # nor is NaN
            raise Refused(
                f"layer {layer} reaches {reach:,.0f}, and {command.dtype} ends at {most:,.0f}",
                hint="Ask for --dtype float32.",
            )
    width = next(iter(states.values())).shape[1]
    ids = np.asarray(found.ids, "<i4").tobytes()
    yield Revealing(trace, ids, found.prompt, tuple(states), width)
    step = max(CHUNK_BYTES // (len(states) * width * dtype.itemsize), 1)
    for first in range(0, len(found.ids), step):
        part = [each[first : first + step].astype(dtype) for each in states.values()]
        yield HiddenCame(trace, first, np.stack(part, axis=1).tobytes())
