"""The engine with every statistic on, against llama-bench and llama-batched-bench.

    python benchmarks/speed.py [MODEL …] --peers build/bin [--rounds 9] [--threads 1] [--only tg]

Both make the same number of tokens on the same file, threads and depth, in turns of a second or
two: the peer stands still while the engine runs. Rates are tokens a CPU second (`wall`: a second),
ratios are those of each round: median (least … largest). The programs must be built from the
sources of the engine's own library; without them this says how.
"""

import argparse
import os
import random
import time
from collections.abc import Iterator
from pathlib import Path

from peers.clocks import Ratios, Spent
from peers.programs import BatchedBench, Bench, folder_of, program

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, OnLoop, Sampling
from kimidesk.wire.messages import OpenCheckpoint

DEPTH, TOKENS = 512, 128  # of the single stream
PROMPT, EACH = 128, 64  # of many sequences: the prompt that they share, tokens of each
WIDTHS = [1, 2, 4, 8, 16, 32]
PARTS = ("pp", "tg", "many", "pool")
SAMPLING = Sampling(temperature=0.8, top_k=40, top_p=0.95, min_p=0.05)  # llama.cpp's own
ENDLESS = Budget(answer=None, on_loop=OnLoop.IGNORE)


class Ours:
    """The engine; no token ends a trace, so that both make the same number."""

    def __init__(self, path: Path, threads: int, length: int, slots: int = 1, pool: int = 0):
        how = OpenCheckpoint(str(path), context=length, slots=slots, threads=threads, pool=pool)
        self.engine = LlamaCpp(path, how)
        self.engine._weights.__dict__["ends"] = frozenset()
        self._random = random.Random(1)

    def warm(self, prompt: int, traces: int = 1) -> "Ours":
        """Touch all the memory that will be measured, as the peers do before their first round."""
        self.grow(prompt, 2, traces)
        return self

    def read(self, tokens: int) -> Spent:
        """Read a prompt that was never seen, and draw one token after it."""
        with _Stopwatch() as watch:
            self._begin(tokens, 1)
        self._drop()
        return watch.spent

    def grow(self, prompt: int, tokens: int, traces: int = 1) -> Spent:
        """So many tokens of each trace after the first; the traces share their prompt."""
        self._begin(prompt, traces)
        with _Stopwatch() as watch:
            made = sum(self._step() for _ in range(tokens))
        assert made == tokens * traces, "every trace grows in every step"
        self._drop()
        return watch.spent

    def _begin(self, prompt: int, traces: int) -> None:
        ids = tuple(self._random.choices(range(1000, self.engine.info.vocabulary - 1000), k=prompt))
        for number in range(traces):
            self.engine.add(Attempt(f"{number}", (), SAMPLING, ENDLESS, prompt=ids, seed=number))
        while self._step() < traces:
            pass

    def _step(self) -> int:
        return sum(step.token is not None for step in self.engine.step())

    def _drop(self) -> None:
        for number in range(self.engine.live):
            self.engine.drop(f"{number}")


class _Stopwatch:
    def __enter__(self) -> "_Stopwatch":
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.spent = Spent(time.process_time() - self._cpu, time.perf_counter() - self._wall)


def reading(path: Path, options: argparse.Namespace, tokens: int) -> str:
    """A prompt of so many tokens."""
    test = f"-p {tokens} -n 0"
    bench = Bench(options.peers, path, options.threads, options.rounds, test)
    ours = Ours(path, options.threads, tokens + 256).warm(tokens)
    pairs = ((ours.read(tokens), bench.again()) for _ in range(options.rounds))
    return _table(f"pp{tokens}", tokens, pairs, bench, ours)


def growing(path: Path, options: argparse.Namespace) -> str:
    """One stream."""
    test = f"-p 0 -n {TOKENS} -d {DEPTH}"
    bench = Bench(options.peers, path, options.threads, options.rounds, test)
    ours = Ours(path, options.threads, DEPTH + TOKENS + 8).warm(DEPTH)
    pairs = ((ours.grow(DEPTH, TOKENS), bench.again()) for _ in range(options.rounds))
    return _table(f"tg{TOKENS} at {DEPTH}", TOKENS, pairs, bench, ours)


def _table(
    name: str, tokens: int, pairs: Iterator[tuple[Spent, Spent]], bench: Bench, ours: Ours
) -> str:
    cpu, wall = Ratios(), Ratios()
    for mine, peer in pairs:
        cpu.add(tokens / mine.cpu, tokens / peer.cpu)
        wall.add(tokens / mine.wall, tokens / peer.wall)
    bench.close()
    ours.engine.close()
    return f"| {name} | {cpu.row()} |\n| {name}, wall | {wall.row()} |"


def together(path: Path, options: argparse.Namespace, *, pool: bool) -> str:
    """Many sequences that share a prompt, each width in turn."""
    widths, length = options.widths, 256
    cells = max(widths) * length if pool else 0
    ours = Ours(path, options.threads, length, max(widths), cells).warm(PROMPT, max(widths))
    bench = BatchedBench(options.peers, path, options.threads, widths, options.rounds, pool=pool)
    cpu = {width: Ratios() for width in widths}
    wall = {width: Ratios() for width in widths}
    for _ in range(options.rounds):
        for width in widths:
            mine = ours.grow(PROMPT, EACH, width)
            peer, share = bench.again()
            tokens = EACH * width
            cpu[width].add(tokens / mine.cpu, tokens / (peer.cpu * share))
            wall[width].add(tokens / mine.wall, tokens / (peer.wall * share))
    bench.close()
    ours.engine.close()
    how = "pool" if pool else "apart"
    return "\n".join(
        f"| {width} {how}{kind} | {ratios[width].row()} |"
        for width in widths
        for kind, ratios in (("", cpu), (", wall", wall))
    )


def measure(path: Path, options: argparse.Namespace) -> None:
    """Print the table of one checkpoint."""
    print(f"\n{path.name}, {options.threads} threads, {options.rounds} rounds, ", end="")
    print(f"load {os.getloadavg()[0]:.1f}\n")
    print("| | ours | peer | ratio | |\n|---|---|---|---|---|", flush=True)
    if "pp" in options.only:
        for tokens in (512, 2048):
            print(reading(path, options, tokens), flush=True)
    if "tg" in options.only:
        print(growing(path, options), flush=True)
    for part in ("many", "pool"):
        if part in options.only:
            print(together(path, options, pool=part == "pool"), flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Print a table for each checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", nargs="*", default=["smollm2-135m"], help="catalog name or path")
    parser.add_argument("--peers", type=Path, default=None, help="folder of llama.cpp's programs")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--widths", type=int, nargs="+", default=WIDTHS)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
    options = parser.parse_args()
    options.peers = folder_of(options.peers)
    program(options.peers, "llama-bench")  # says how to build it, before anything is loaded
    for model in options.models:
        measure(catalog.resolve(model), options)


if __name__ == "__main__":
    main()
