"""What guessing tokens ahead brings: tokens an evaluation, and CPU seconds, against plain decoding.

    python benchmarks/guessing.py [MODEL] [--draft FILE] [--guesses 4]

Greedy, one thread, 160 tokens of three problems of more and less repetition. Without --draft the
checkpoint drafts for itself: the most that a draft can be right, at the most that it can cost.
"""

import argparse
import time
from pathlib import Path

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, Message, OnLoop, Sampling
from kimidesk.wire.messages import OpenCheckpoint

PROBLEMS = (
    "Count from 1 to 50, separated by commas.",
    "Write the word 'banana' forty times.",
    "Write a long list of animals, one a line.",
)


def main() -> None:
    """Print one table."""
    options = _options()
    path = catalog.resolve(options.model)
    print("| problem | who guesses | tokens | tokens an evaluation | CPU seconds |")
    print("|---|---|---|---|---|")
    for draft in ("", "ngram", str(options.draft or path)):
        how = OpenCheckpoint(
            str(path), context=1024, threads=1, draft=draft, guesses=options.guesses
        )
        engine = LlamaCpp(path, how)
        try:
            for problem in PROBLEMS:
                _tell(engine, problem, {"": "nobody", "ngram": "ngram"}.get(draft, "a draft"))
        finally:
            engine.close()


def _tell(engine: LlamaCpp, problem: str, who: str) -> None:
    budget = Budget(answer=160, on_loop=OnLoop.IGNORE)
    engine.add(Attempt("t", (Message("user", problem),), Sampling(temperature=0), budget))
    tokens = evaluations = 0
    began = time.process_time()
    while engine.live:
        evaluations += 1
        tokens += sum(step.token is not None for step in engine.step())
    took = time.process_time() - began
    print(f"| {problem} | {who} | {tokens} | {tokens / evaluations:.2f} | {took:.2f} |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--draft", type=Path, default=None)
    parser.add_argument("--guesses", type=int, default=4)
    return parser.parse_args()


if __name__ == "__main__":
    main()
