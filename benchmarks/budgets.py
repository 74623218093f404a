"""How exactly thinking budgets are kept, and how often a thought lands at the end of a sentence.

    python benchmarks/budgets.py [MODEL] [--traces 200] [--thinking 64] [--soft 24]

The checkpoint is told, by a dialect of its own, that it thinks from its first token on.
"""

import argparse
import os
import tempfile
from collections import Counter

from kimidesk import settings
from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, Message, Noted, Sampling
from kimidesk.wire.messages import OpenCheckpoint

SLOTS = 8
TOLD = 'name = "."\nstart = ["<think>"]\nends = ["</think>"]\nprefilled = true\n'


def main() -> None:
    """Print the counts."""
    options = _options()
    path = catalog.resolve(options.model)
    with tempfile.TemporaryDirectory() as home:
        os.environ[settings.HOME_VARIABLE] = home
        settings.dialects_folder().mkdir(parents=True)
        (settings.dialects_folder() / "thinks.toml").write_text(TOLD)
        how = OpenCheckpoint(str(path), context=options.thinking + 256, slots=SLOTS)
        engine = LlamaCpp(path, how)
        try:
            _run(engine, options)
        finally:
            engine.close()


def _run(engine: LlamaCpp, options: argparse.Namespace) -> None:
    waiting = [_attempt(number, options) for number in range(options.traces)]
    thought: Counter[str] = Counter()  # tokens drawn before the thought was closed
    closed: dict[str, Noted] = {}
    while waiting or engine.live:
        while waiting and engine.live < SLOTS:
            engine.add(waiting.pop())
        for step in engine.step():
            for note in step.notes:
                closed[step.trace] = note.what
            if step.token is not None and step.trace not in closed:
                thought[step.trace] += 1
    kinds = Counter(closed.values())
    over = max(thought[trace] - options.thinking for trace in closed)
    landed = kinds[Noted.LANDED]
    print(f"{options.traces} traces, {options.thinking} thinking tokens, soft {options.soft}")
    print(f"closed by force: {len(closed)}; of these landed softly: {landed}")
    print(f"cut at the budget: {kinds[Noted.CUT]}; largest overshoot: {over} tokens")


def _attempt(number: int, options: argparse.Namespace) -> Attempt:
    asked = f"Tell me story number {number} about a whale, a shepherd and the moon."
    return Attempt(
        f"{number}",
        (Message("user", asked),),
        Sampling(temperature=0.8),
        Budget(options.thinking, 1, soft=options.soft),
        seed=number,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--traces", type=int, default=200)
    parser.add_argument("--thinking", type=int, default=64)
    parser.add_argument("--soft", type=int, default=24)
    return parser.parse_args()


if __name__ == "__main__":
    main()
