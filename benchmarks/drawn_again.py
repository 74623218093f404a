"""A greedy trace cut at every place: read on as a prompt, or drawn again, on fresh engines.

python benchmarks/drawn_again.py [--tokens 48] [--model smollm2-135m]
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kimidesk.checkpoints import catalog  # noqa: E402
from kimidesk.engines.llamacpp import LlamaCpp  # noqa: E402
from kimidesk.records import Attempt, Budget, Message, Sampling, Told  # noqa: E402
from kimidesk.wire.messages import OpenCheckpoint  # noqa: E402

ASKED = (Message("user", "Write a short story about a whale and a lighthouse."),)
Rows = list[tuple[int, float]]


def main() -> None:
    """Print how many of all cuts end as the trace that was not cut."""
    options = _options()
    path, tokens = catalog.resolve(options.model), options.tokens
    whole = _grown(path, tokens)
    ids = tuple(id_ for id_, _ in whole)
    cuts = range(1, len(ids))
    read = [_grown(path, tokens - at, prefix=ids[:at]) for at in cuts]
    again = [_grown(path, tokens, told=ids[:at]) for at in cuts]
    print("| cut at each of its places | as a prompt | drawn again |\n|---|---|---|")
    ids_read = sum(
        tuple(id_ for id_, _ in rows) == ids[at:] for at, rows in zip(cuts, read, strict=True)
    )
    ids_again = sum(tuple(id_ for id_, _ in rows) == ids for rows in again)
    print(f"| the same tokens | {ids_read} of {len(cuts)} | {ids_again} of {len(cuts)} |")
    bits_read = sum(rows == whole[at:] for at, rows in zip(cuts, read, strict=True))
    bits_again = sum(rows == whole for rows in again)
    print(f"| and log-probabilities | {bits_read} of {len(cuts)} | {bits_again} of {len(cuts)} |")


def _grown(
    path: Path, tokens: int, *, prefix: tuple[int, ...] = (), told: tuple[int, ...] = ()
) -> Rows:
    engine = LlamaCpp(path, OpenCheckpoint(str(path), context=512, threads=1))
    budget = Budget(answer=tokens)
    greedy = Sampling(temperature=0)
    engine.add(Attempt("t", ASKED, greedy, budget, prefix=prefix, told=Told(told)))
    rows: Rows = []
    while engine.live:
        steps = [step.token for step in engine.step() if step.token is not None]
        rows += [(token.id, token.logprob) for token in steps]
    engine.close()
    return rows


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--model", default="smollm2-135m")
    return parser.parse_args()


if __name__ == "__main__":
    main()
