"""What an act takes of its thread and of the clock."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Cost(NamedTuple):
    """Milliseconds of one act."""

    cpu: float
    wall: float


def cost(act: Callable[[], object]) -> Cost:
    """What one act takes of this thread and of the clock."""
    cpu, wall = time.thread_time(), time.perf_counter()
    act()
    return Cost(1000 * (time.thread_time() - cpu), 1000 * (time.perf_counter() - wall))
