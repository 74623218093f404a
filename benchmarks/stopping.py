"""How long a step runs on after it is interrupted, in a long prompt and while traces grow.

    python benchmarks/stopping.py MODEL.gguf

Milliseconds from `interrupt` to the return of `step`, at 20 moments each; one thread.
"""

import statistics
import sys
import threading
import time
from pathlib import Path

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

TIMES = 20
LONG = "The shepherd counted his sheep on the hill before the rain came. " * 300


def main() -> None:
    """Print a line for each kind of step."""
    path = Path(catalog.resolve(sys.argv[1]))
    engine = LlamaCpp(path, OpenCheckpoint(str(path), context=8192, threads=1))
    for name, text in (("a prompt of thousands", LONG), ("a growing trace", "Write a long story.")):
        budget = Budget(answer=4000)
        engine.add(Attempt(name, (Message("user", text),), Sampling(temperature=0), budget))
        if text is not LONG:
            while not any(step.token for step in engine.step()):
                pass
        waits = sorted(_wait(engine, number) for number in range(TIMES))
        engine.drop(name)
        print(f"{name}: median {statistics.median(waits):.1f}, most {waits[-1]:.1f} ms")
    engine.close()


def _wait(engine: LlamaCpp, number: int) -> float:
    """From an interruption some milliseconds into a step to the step's return."""
    asked: list[float] = []

    def interrupt() -> None:
        asked.append(time.perf_counter())
        engine.interrupt()

    timer = threading.Timer(0.002 + number * 0.001, interrupt)
    timer.start()
    while not asked:
        engine.step()
    ended = time.perf_counter()
    timer.join()
    return (ended - asked[0]) * 1000


if __name__ == "__main__":
    main()
