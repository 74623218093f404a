"""What a long prompt costs after a restart, with and without its sequence on disk.

    python benchmarks/shelf.py [MODEL] [--prompt 4096]

One thread; wall seconds to the first token, and the size of the file. The files go to a temporary
folder.
"""

import argparse
import os
import tempfile
import time

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.settings import HOME_VARIABLE, cache_folder
from kimidesk.wire.messages import OpenCheckpoint

SENTENCE = "The shepherd counted {} sheep on the hill before the rain came. "
TOKENS_A_SENTENCE = 14


def main() -> None:
    """Print one table."""
    options = _options()
    path = catalog.resolve(options.model)
    text = "".join(SENTENCE.format(n) for n in range(options.prompt // TOKENS_A_SENTENCE))
    print("| | tokens | first token after, s | ending, s |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as home:
        os.environ[HOME_VARIABLE] = home
        for what in ("read", "from disk"):
            how = OpenCheckpoint(str(path), context=options.prompt + 512, threads=1, keep_gb=8)
            engine = LlamaCpp(path, how)
            try:
                _tell(engine, text, what)
            finally:
                engine.close()
        for file in (cache_folder() / "sequences").iterdir():
            print(f"\n{file.stat().st_size / 1e6:.1f} MB on disk")


def _tell(engine: LlamaCpp, text: str, what: str) -> None:
    began = time.perf_counter()
    attempt = Attempt("t", (Message("user", text),), Sampling(), Budget(answer=2))
    tokens = len(engine.add(attempt).prompt)
    while not any(step.token for step in engine.step()):
        pass
    first = time.perf_counter() - began
    began = time.perf_counter()
    while engine.live:
        engine.step()
    print(f"| {what} | {tokens:,} | {first:.3f} | {time.perf_counter() - began:.3f} |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", type=str, default="smollm2-135m")
    parser.add_argument("--prompt", type=int, default=4096)
    return parser.parse_args()


if __name__ == "__main__":
    main()
