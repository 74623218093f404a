"""What the statistics of a row cost on this CPU: `python kernels/bench/token_stats.py`.

One line for each implementation and size: medians of at least 20 calls, 20 rivals. Hot rows are in
the cache from the call before; cold rows are taken in turn from 256 MB. `read` is the time of a
plain sum over the same cold rows, the least that looking at them can take. All ways take turns in
each round, so that what else the machine does meets them alike.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from kimikernels.token_stats import Rule, compiled, plain

COLD_BYTES = 256e6
SIZES = (49_152, 151_936, 262_144)
RULE = Rule(0.5, temperature=0.6, top_p=0.95)


def rows_of(size: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Rows whose 40 likeliest stand out as in text; together more than any cache."""
    chance = np.random.default_rng(size)
    rows = chance.normal(0, 2.5, (max(int(COLD_BYTES / 4 / size), 20), size)).astype(np.float32)
    rows[:, :40] = chance.normal(9, 3, (len(rows), 40))
    return rows


def partitioned(row: np.ndarray[Any, np.dtype[np.float32]]) -> None:
    """The obvious numpy: float64, argpartition."""
    x = row.astype(np.float64)
    peak = x.max()
    weight = np.exp(x - peak)
    z = weight.sum()
    _ = np.log(z) - ((x - peak) * weight).sum() / z
    top = np.argpartition(row, -20)[-20:]
    _ = top[np.argsort(-row[top], kind="stable")]


def use(name: str) -> None:
    """Take the compiled code of one instruction set; the best for an empty name."""
    os.environ.pop(compiled.CPU_VARIABLE, None)
    if name:
        os.environ[compiled.CPU_VARIABLE] = name
    compiled.loaded.cache_clear()
    compiled.why_not()  # loads it now, not in the call that is timed


def microseconds(function: Callable[[Any], Any], row: Any) -> float:
    """Of one call."""
    start = time.perf_counter()
    function(row)
    return (time.perf_counter() - start) * 1e6


def instruction_sets() -> tuple[str, ...]:
    """Those that this processor has."""
    use("")
    if compiled.why_not():
        return ()
    return compiled.NAMES[: compiled.NAMES.index(compiled.code_name()) + 1]


def measure(size: int, rounds: int) -> None:
    """Print the lines of one size."""
    rows = rows_of(size)
    names = instruction_sets()
    plans: list[tuple[str, str, Callable[[Any], Any]]] = [
        (name, name, compiled.token_stats) for name in names
    ]
    if names:
        best = names[-1]
        plans.append((f"{best}, drawing", best, lambda row: compiled.token_stats(row, rule=RULE)))
    plans.append(("numpy, the fallback", "", plain.token_stats))
    plans.append(("numpy, argpartition", "", partitioned))
    plans.append(("read", "", np.ndarray.sum))
    hot: dict[str, list[float]] = {plan[0]: [] for plan in plans}
    cold: dict[str, list[float]] = {plan[0]: [] for plan in plans}
    for number in range(rounds):
        for shift, (title, isa, function) in enumerate(plans):
            if isa:
                use(isa)
            row = rows[(number * len(plans) + shift) % len(rows)]
            cold[title].append(microseconds(function, row))
            for _ in range(3):
                took = microseconds(function, row)
            hot[title].append(took)
    bytes_read = size * 4
    ceiling = bytes_read / statistics.median(cold["read"]) / 1e3  # GB/s
    for title in hot:
        warm, chilly = statistics.median(hot[title]), statistics.median(cold[title])
        share = bytes_read / chilly / 1e3 / ceiling
        print(
            f"token_stats  cpu  float32  (1, {size:7,})  {title:20} hot {warm:8.1f} µs   "
            f"cold {chilly:8.1f} µs   {bytes_read / 1e6:.2f} MB   "
            f"{share:5.0%} of {ceiling:.1f} GB/s"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=60, help="20 or more")
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, numpy {np.__version__}, one thread")
    for size in SIZES:
        measure(size, max(options.rounds, 20))


if __name__ == "__main__":
    main()
