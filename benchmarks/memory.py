"""The memory that is told before a checkpoint is opened, against what its process then takes.

    python benchmarks/memory.py MODEL.gguf ...

Each way to open it in a process of its own: resident memory before and after, with every context
filled to its last token (llama.cpp touches its buffers as it needs them), and with the rows of a
replay beyond that.
"""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import psutil

from kimidesk.checkpoints import catalog, fit
from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.sequences import BATCH
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.llamacpp.library import start
from kimidesk.engines.llamacpp.weights import Weights

WAYS = [
    *product((512, 2048), (1, 4), ("f16", "q8_0"), ("auto",), (0,)),
    *product((512, 2048, 4096), (1,), ("f16",), ("off",), (0,)),
    (1024, 4, "f16", "off", 0),
    (1024, 4, "f16", "auto", 4096),
]


def main() -> None:
    """Print one table a checkpoint; with JSON as the argument, measure one way."""
    if sys.argv[1].startswith("["):
        print(json.dumps(_measured(*json.loads(sys.argv[1]))))
        return
    for model in sys.argv[1:]:
        path = str(catalog.resolve(model))
        print(f"{Path(path).name}, MB\n")
        print("| context, slots, kv, flash, pool | told | taken | ratio | replay told | taken |")
        print("|---|---|---|---|---|---|")
        ratios = []
        for way in WAYS:
            asked = json.dumps([path, *way])
            done = subprocess.run(
                [sys.executable, __file__, asked], capture_output=True, text=True, check=True
            )
            told = json.loads(done.stdout.splitlines()[-1])
            ratios.append(told["told"] / told["taken"])
            name = ", ".join(map(str, way))
            shown = " | ".join(f"{told[each]:.1f}" for each in ("told", "taken"))
            rest = " | ".join(f"{told[each]:.1f}" for each in ("rows", "rows_taken"))
            print(f"| {name} | {shown} | {ratios[-1]:.3f} | {rest} |", flush=True)
        print(f"\nfrom {min(ratios):.3f} to {max(ratios):.3f}\n")


def _measured(
    path: str, context: int, slots: int, kv_type: str, flash: str, pool: int
) -> dict[str, float]:
    """Megabytes."""
    many, shared = (pool or context, slots), bool(pool)
    description = describe(Path(path))
    told = fit.need(description, *many, kv_type=kv_type, flash=flash, shared=shared)
    start()
    process = psutil.Process()
    before = process.memory_info().rss
    weights = Weights(Path(path), 0)
    made = Context(weights, context, slots, 1, pool=pool, kv_type=kv_type, flash=flash)
    for sequence in range(slots):
        for first in range(0, context, BATCH):
            _read(made, sequence, first, min(BATCH, context - first), keep=1)
    filled = process.memory_info().rss
    made.forget(0)
    count = min(BATCH, context)
    _read(made, 0, 0, count, keep=count)
    made.rows(0, count)
    taken = {"taken": filled - before, "rows_taken": process.memory_info().rss - filled}
    estimates = {"told": told.total, "rows": fit.replay_bytes(description)}
    return {name: size / 1e6 for name, size in (taken | estimates).items()}


def _read(made: Context, sequence: int, first: int, count: int, *, keep: int) -> None:
    """Tokens from `first` on, and rows of the last ones."""
    wanted = [False] * (count - keep) + [True] * keep
    places = range(first, first + count)
    made.evaluate([1 + place % 100 for place in places], places, [sequence] * count, wanted)


if __name__ == "__main__":
    main()
