"""The memory that is told before a checkpoint is opened, against what its process then takes.

    python benchmarks/memory.py MODEL.gguf ...

Each way to open it in a process of its own: resident memory before and after, with one full chunk
of a prompt evaluated, and the buffers that llama.cpp says it made.
"""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import psutil

from kimidesk.checkpoints import catalog, fit
from kimidesk.checkpoints.describe import describe
from kimidesk.engines.llamacpp.context import BATCH, Context
from kimidesk.engines.llamacpp.library import start
from kimidesk.engines.llamacpp.weights import Weights

WAYS = [
    *product((512, 2048, 8192), (1, 8), ("f16", "q8_0"), ("auto",), (0,)),
    *product((512, 2048, 8192), (1,), ("f16",), ("off",), (0,)),
    (4096, 8, "f16", "auto", 16384),
]


def main() -> None:
    """Print one table a checkpoint; with JSON as the argument, measure one way."""
    if sys.argv[1].startswith("["):
        print(json.dumps(_measured(*json.loads(sys.argv[1]))))
        return
    for model in sys.argv[1:]:
        path = str(catalog.resolve(model))
        print(f"{Path(path).name}, MB\n")
        print("| context, slots, kv, flash, pool | told | taken | told / taken | set aside |")
        print("|---|---|---|---|---|")
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
            rest = f"{told['compute']:.1f}"
            print(f"| {name} | {shown} | {ratios[-1]:.3f} | {rest} |", flush=True)
        print(f"\nfrom {min(ratios):.3f} to {max(ratios):.3f}\n")


def _measured(
    path: str, context: int, slots: int, kv_type: str, flash: str, pool: int
) -> dict[str, float]:
    """Megabytes."""
    many = (pool, 1) if pool else (context, slots)
    told = fit.need(describe(Path(path)), *many, kv_type=kv_type, flash=flash)
    start()
    process = psutil.Process()
    before = process.memory_info().rss
    weights = Weights(Path(path), 0)
    made = Context(weights, context, slots, 1, pool=pool, kv_type=kv_type, flash=flash)
    log = start()
    compute = sum(map(_mib, log.every("compute buffer size =")))
    count = min(BATCH, made.batch)
    made.evaluate([1] * count, range(count), [0] * count, [False] * (count - 1) + [True])
    taken = process.memory_info().rss - before
    return {"told": told.total / 1e6, "taken": taken / 1e6, "compute": compute}


def _mib(text: str) -> float:
    return float(text.split()[0]) * 2**20 / 1e6


if __name__ == "__main__":
    main()
