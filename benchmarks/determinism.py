"""Whether neighbours and probes change a greedy trace, to the last bit.

    python benchmarks/determinism.py [MODEL] [--tokens 24] [--only reproducible]

Ten prompts of 5 to 300 tokens, each once alone on a fresh engine, then beside others. A trace is
alike when its tokens and all its log-probabilities are. A probe asks, while the trace grows, what
would be said if it ended after its first tokens.
"""

import argparse
import random

import numpy as np

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, OnLoop, Sampling, Token
from kimidesk.wire.messages import OpenCheckpoint

LENGTHS = (5, 12, 25, 40, 64, 100, 140, 200, 256, 300)
LENGTH = 512
GREEDY = Sampling(temperature=0)
Rows = list[Token]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--only", default="", help="the ways whose names hold this")
    options = parser.parse_args()
    path = catalog.resolve(options.model)
    ways = {
        "alone, again": {"beside": 0},
        "3 neighbours": {"beside": 3},
        "7 neighbours": {"beside": 7},
        "probes beside": {"beside": 0, "probes": True},
        "7 neighbours, pool": {"beside": 7, "pool": True},
        "7 neighbours, reproducible": {"beside": 7, "reproducible": True},
        "probes beside, reproducible": {"beside": 0, "probes": True, "reproducible": True},
    }
    alone = _grown(str(path), options.tokens, beside=0)
    print(f"{path.name}\n\n| | traces alike | tokens alike | largest difference, nats |")
    print("|---|---|---|---|")
    for name, way in ways.items():
        if options.only not in name:
            continue
        print(
            f"| {name} | {_compared(alone, _grown(str(path), options.tokens, **way))} |", flush=True
        )


def _grown(
    path: str,
    tokens: int,
    *,
    beside: int,
    probes: bool = False,
    pool: bool = False,
    reproducible: bool = False,
) -> list[Rows]:
    """The trace of each prompt, with so many neighbours that begin with it."""
    slots = beside + 1 + probes
    how = OpenCheckpoint(
        path,
        context=LENGTH,
        slots=slots,
        threads=1,
        pool=LENGTH * slots if pool else 0,
        reproducible=reproducible,
    )
    engine = LlamaCpp(catalog.resolve(path), how)
    try:
        return [_trace(engine, number, tokens, beside, probes) for number in range(len(LENGTHS))]
    finally:
        engine.close()


def _trace(engine: LlamaCpp, number: int, tokens: int, beside: int, probes: bool) -> Rows:
    budget = Budget(answer=tokens, on_loop=OnLoop.IGNORE)
    for other in range(beside):
        asked = _prompt(engine, 100 + number * 10 + other, LENGTHS[(number + other) % 10])
        engine.add(Attempt(f"other{other}", (), GREEDY, budget, prompt=asked))
    prompt = _prompt(engine, number, LENGTHS[number])
    engine.add(Attempt("t", (), GREEDY, budget, prompt=prompt))
    rows: Rows = []
    growing = True
    while growing:
        for step in engine.step():
            if step.trace == "t":
                rows += [step.token] if step.token is not None else []
                growing = step.ended is None
        if growing and probes and len(rows) % 8 == 4:
            engine.drop("probe")
            said = (*prompt, *(row.id for row in rows))
            short = Budget(answer=4, on_loop=OnLoop.IGNORE)
            engine.add(Attempt("probe", (), GREEDY, short, prompt=said, force="\nAnswer:"))
    for name in ("probe", *(f"other{other}" for other in range(beside))):
        engine.drop(name)
    return rows


def _prompt(engine: LlamaCpp, seed: int, length: int) -> tuple[int, ...]:
    return tuple(random.Random(seed).choices(range(1000, engine.info.vocabulary - 1000), k=length))


def _compared(one: list[Rows], other: list[Rows]) -> str:
    """Traces and tokens alike, and how far log-probabilities are apart while tokens are."""
    alike = same = 0
    largest = 0.0
    for left, right in zip(one, other, strict=True):
        ids = [row.id for row in left], [row.id for row in right]
        same += ids[0] == ids[1]
        bits = [[row.logprob for row in rows] for rows in (left, right)]
        alike += ids[0] == ids[1] and bits[0] == bits[1]
        common = next((n for n, (a, b) in enumerate(zip(*ids, strict=False)) if a != b), None)
        gaps = np.abs(np.subtract(*(each[:common] for each in bits))) if ids[0] else np.zeros(1)
        largest = max(largest, float(gaps.max(initial=0)))
    return f"{alike} of {len(one)} | {same} of {len(one)} | {largest:.1e}"


if __name__ == "__main__":
    main()
