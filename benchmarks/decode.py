"""What looking costs: our engine with every statistic on, against llama-cpp-python and bare decode.

    OMP_WAIT_POLICY=passive python benchmarks/decode.py --model smollm2-135m

Three ways take turns within one process, on the same file, threads and prompt:
  engine     kimidesk's engine: statistics, rivals, drawing and records of each token
  generate   llama_cpp.Llama.generate with the same sampling and no statistics
  bare       llama_decode on the engine's own tokens, nothing read
CPU time of the process is compared, so that other programs on the machine count little.
"""

import argparse
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from llama_cpp import Llama

from kimidesk.checkpoints.catalog import resolve
from kimidesk.engines import slot as slot_module
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.prefixes import CHUNK
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

CONTEXT = 1024
ASK = (Message("user", "Write a long story about a whale that learns arithmetic."),)
SAMPLING = Sampling(temperature=0.6, top_p=0.95)


class Ours:
    """The engine, one trace at a time, never ended by the checkpoint."""

    def __init__(self, path: Path, threads: int) -> None:
        self.engine = LlamaCpp(path, OpenCheckpoint(str(path), context=CONTEXT, threads=threads))
        # Every way must decode the same number of tokens, so no token ends the trace.
        self.engine._weights.__dict__["ends"] = frozenset()
        self.prompt: tuple[int, ...] = ()
        self.ids: list[int] = []

    def run(self, tokens: int) -> float:
        """CPU seconds of so many tokens after the first."""
        attempt = Attempt("t", ASK, SAMPLING, Budget(answer=None), seed=1)
        self.prompt = self.engine.add(attempt).prompt
        self.ids = []
        while not self.ids:
            self._step()
        start = time.process_time()
        for _ in range(tokens):
            self._step()
        spent = time.process_time() - start
        self.engine.drop("t")
        return spent

    def _step(self) -> None:
        self.ids += [step.token.id for step in self.engine.step() if step.token is not None]


class Generate:
    """llama-cpp-python's plain generator."""

    def __init__(self, path: Path, threads: int, prompt: tuple[int, ...]) -> None:
        self.prompt = list(prompt)
        self.model = Llama(
            str(path),
            n_ctx=CONTEXT,
            n_batch=512,
            n_threads=threads,
            n_threads_batch=threads,
            flash_attn=True,
            verbose=False,
        )

    def run(self, tokens: int) -> float:
        """CPU seconds of so many tokens after the first."""
        self.model.reset()
        stream = self.model.generate(
            self.prompt, temp=SAMPLING.temperature, top_p=SAMPLING.top_p, top_k=0, min_p=0.0
        )
        next(stream)
        start = time.process_time()
        for _ in range(tokens):
            next(stream)
        return time.process_time() - start


class Bare:
    """llama_decode alone."""

    def __init__(self, path: Path, threads: int, ours: Ours) -> None:
        self.context = Context(Weights(path), CONTEXT, 1, threads)
        self.ours = ours

    def run(self, tokens: int) -> float:
        """CPU seconds of so many tokens after the first."""
        prompt, ids = self.ours.prompt, self.ours.ids
        self.context.forget(0)
        for first in range(0, len(prompt), CHUNK):
            part = prompt[first : first + CHUNK]
            places = range(first, first + len(part))
            self.context.evaluate(part, places, [0] * len(part), [False] * len(part))
        start = time.process_time()
        for number in range(tokens):
            self.context.evaluate([ids[number]], [len(prompt) + number], [0], [True])
        return time.process_time() - start


def statistics_us(ours: Ours, tokens: int) -> tuple[float, float]:
    """CPU microseconds a token of the statistics alone, and of all that is not llama.cpp."""
    spent = {"statistics": 0.0, "evaluate": 0.0}

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            start = time.process_time()
            made = function(*arguments, **named)
            spent[name] += time.process_time() - start
            return made

        return call

    stats, evaluate = slot_module.token_stats, Context.evaluate
    slot_module.token_stats = timed("statistics", stats)
    Context.evaluate = timed("evaluate", evaluate)  # type: ignore[method-assign]
    attempt = Attempt("t", ASK, SAMPLING, Budget(answer=None), seed=1)
    ours.engine.add(attempt)
    ours.engine.step()
    spent = dict.fromkeys(spent, 0.0)
    start = time.process_time()
    for _ in range(tokens):
        ours.engine.step()
    whole = time.process_time() - start
    ours.engine.drop("t")
    slot_module.token_stats, Context.evaluate = stats, evaluate  # type: ignore[method-assign]
    each = 1e6 / tokens
    return spent["statistics"] * each, (whole - spent["evaluate"]) * each


def rounds(ways: dict[str, Any], count: int, tokens: int) -> Iterator[dict[str, float]]:
    """Milliseconds a token of each way, one round after another."""
    for _ in range(count):
        yield {name: way.run(tokens) * 1000 / tokens for name, way in ways.items()}


def main() -> None:
    """Print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="smollm2-135m", help="catalog name or path")
    parser.add_argument("--tokens", type=int, default=64, help="a round")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    path = resolve(options.model)
    ours = Ours(path, options.threads)
    ours.run(options.tokens)  # warms the caches and tells the prompt
    generate = Generate(path, options.threads, ours.prompt)
    ways = {"engine": ours, "generate": generate, "bare": Bare(path, options.threads, ours)}
    for way in ways.values():
        way.run(options.tokens)
    measured = list(rounds(ways, options.rounds, options.tokens))
    statistic, beside = statistics_us(ours, options.tokens)
    print(
        f"{path.name}, {ours.engine.info.vocabulary:,} tokens in the vocabulary, "
        f"{options.threads} threads, {options.rounds} rounds of {options.tokens} tokens, "
        f"{platform.machine()}"
    )
    for name in ways:
        times = [one[name] for one in measured]
        ratio = statistics.median(one["engine"] / one[name] for one in measured)
        print(
            f"  {name:9} {statistics.median(times):7.2f} ms a token "
            f"({min(times):.2f} … {max(times):.2f}); the engine's speed is {1 / ratio:.3f} of it"
        )
    print(f"  statistics {statistic:.0f} µs a token; all that is not llama.cpp {beside:.0f} µs")


if __name__ == "__main__":
    main()
