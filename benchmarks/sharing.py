"""What a fork costs against evaluating its prefix again, and what k repeats of a prompt cost.

    python benchmarks/sharing.py [MODEL] [--prefix 4096] [--prompt 1024] [--repeats 16]

Memory shared (a pool) and apart (each trace its own), one thread, times in
CPU seconds of this process.
"""

import argparse
import statistics
import time

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

FORKS = 12
SENTENCE = "The shepherd counted {} sheep on the hill before the rain came. "


def main() -> None:
    """Print one table."""
    options = _options()
    path = catalog.resolve(options.model)
    print("| memory | what | CPU seconds | of evaluating it again |\n|---|---|---|---|")
    for slots in (1, 2):
        memory = "shared" if slots > 1 else "apart"
        length = max(options.prefix, options.prompt) + 512
        pool = length * slots if slots > 1 else 0
        how = OpenCheckpoint(str(path), context=length, slots=slots, threads=1, pool=pool)
        engine = LlamaCpp(path, how)
        try:
            _forks(engine, memory, options.prefix)
        finally:
            engine.close()
    for slots in (1, options.repeats):
        memory = "shared" if slots > 1 else "apart"
        length = options.prompt + 256
        pool = length * slots if slots > 1 else 0
        how = OpenCheckpoint(str(path), context=length, slots=slots, threads=1, pool=pool)
        engine = LlamaCpp(path, how)
        try:
            _repeats(engine, memory, options.prompt, options.repeats)
        finally:
            engine.close()


def _forks(engine: LlamaCpp, memory: str, prefix: int) -> None:
    text = _text(engine, prefix)
    parent, reading = _grown(engine, _attempt("parent", text, 24))
    ids = tuple(parent)
    plain = statistics.median(_timed(engine, _attempt("plain", text, 16)))
    firsts, placed = [], []
    for number in range(FORKS):
        fork = _attempt(f"fork{number}", text, 1, prefix=ids[: 8 + number])
        began = time.process_time()
        engine.add(fork)
        slot = engine._slots[fork.trace]
        engine._placed(slot, slot.tokens)
        placed.append(time.process_time() - began)
        _finish(engine)
        firsts.append(time.process_time() - began)
    first = statistics.median(firsts)
    print(f"| {memory} | read {prefix:,} tokens and draw 24 | {reading:.2f} | |")
    print(f"| {memory} | a plain step there | {plain:.4f} | |")
    cost, copied = statistics.median(placed), first - plain
    print(f"| {memory} | fork and its first token | {first:.4f} | {reading / first:,.0f}x |")
    # With memory apart llama.cpp copies with the next evaluation, which the difference tells.
    print(f"| {memory} | the fork alone: asked and placed | {cost:.5f} | {reading / cost:,.0f}x |")
    print(f"| {memory} | its first token beyond a plain step | {copied:.4f} | |")


def _repeats(engine: LlamaCpp, memory: str, prompt: int, repeats: int) -> None:
    text = _text(engine, prompt)
    _, first = _grown(engine, _attempt("first", text, 1))
    began = time.process_time()
    for number in range(repeats):
        engine.add(_attempt(f"{number}", text, 1, seed=number))
        if engine.live == engine.info.slots:
            _finish(engine)
    _finish(engine)
    rest = time.process_time() - began
    print(f"| {memory} | a prompt of {prompt:,} tokens, once | {first:.3f} | |")
    print(f"| {memory} | {repeats} repeats of it | {rest:.4f} | {first * repeats / rest:,.0f}x |")


def _text(engine: LlamaCpp, tokens: int) -> str:
    """Text whose prompt is at least so long, and little longer."""
    made, number = "", 0
    while True:
        made += "".join(SENTENCE.format(number + n) for n in range(8))
        number += 8
        length = len(engine.add(_attempt("probe", made, 1)).prompt)
        engine.drop("probe")
        if length >= tokens:
            return made


def _attempt(trace: str, text: str, tokens: int, **more: object) -> Attempt:
    sampling = Sampling(temperature=1.0)
    return Attempt(trace, (Message("user", text),), sampling, Budget(answer=tokens), **more)


def _grown(engine: LlamaCpp, attempt: Attempt) -> tuple[list[int], float]:
    began = time.process_time()
    engine.add(attempt)
    return _finish(engine), time.process_time() - began


def _finish(engine: LlamaCpp) -> list[int]:
    ids = []
    while engine.live:
        ids += [step.token.id for step in engine.step() if step.token is not None]
    return ids


def _timed(engine: LlamaCpp, attempt: Attempt) -> list[float]:
    """CPU seconds of each step after the first."""
    engine.add(attempt)
    engine.step()
    times = []
    while engine.live:
        began = time.process_time()
        engine.step()
        times.append(time.process_time() - began)
    return times


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--prefix", type=int, default=4096)
    parser.add_argument("--prompt", type=int, default=1024)
    parser.add_argument("--repeats", type=int, default=16)
    return parser.parse_args()


if __name__ == "__main__":
    main()
