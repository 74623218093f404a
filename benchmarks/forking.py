"""Time from asking for a branch to its first token, against a fresh start that reads its prefix.

    python benchmarks/forking.py [MODEL] [--tokens 4000] [--at 2000] [--repeats 7] [--threads 1]

The trace is a given text (a replay), so that its length does not hang on what is drawn. Each time
goes through a worker's pipe, as in the window: from sending the command until the row has come, by
the clock and in CPU time of the worker. A fresh start is the same attempt in a worker that has just
been opened.
"""

import argparse
import queue
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

import psutil

from kimidesk.checkpoints import catalog
from kimidesk.client.pipe import Pipe
from kimidesk.flows import Branch, Branches, Solve
from kimidesk.flows.branching import Change, branch
from kimidesk.records import (
    Attempt,
    Budget,
    CheckpointInfo,
    Given,
    Message,
    Problem,
    Sampling,
    Trace,
)
from kimidesk.wire.messages import AnyEvent, Cancel, Failed, Loaded, OpenCheckpoint

SENTENCE = "The shepherd counted {} sheep on the hill before the rain came. "
IN_SENTENCE = 15.85  # tokens, of SmolLM2
SLOTS = 4
WARM = Sampling(temperature=0.8)


class Taken(NamedTuple):
    """Milliseconds."""

    clock: float
    cpu: float


class Bench:
    """A worker with a checkpoint, driven to what is waited for."""

    def __init__(self, how: OpenCheckpoint) -> None:
        self._events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self._pipe = Pipe(self._events.put)
        self._worker = psutil.Process(self._pipe.pid)
        self._pipe.send([how])
        while not isinstance(event := self.next(), Loaded):
            pass
        self.checkpoint: CheckpointInfo = event.checkpoint

    def next(self) -> AnyEvent:
        """The next event; a failure ends the benchmark."""
        event = self._events.get(timeout=600)
        if isinstance(event, Failed):
            raise SystemExit(f"{event.what} {event.hint}")
        return event

    def replayed(self, tokens: int) -> Solve:
        """A trace of so many given tokens."""
        text = "".join(SENTENCE.format(number) for number in range(round(tokens / IN_SENTENCE)))
        given = Given(text)
        trace = Trace("parent", Problem("Go on."), self.checkpoint, WARM, Budget(), 0)
        solve = Solve(trace, Attempt("parent", (Message("user", "Go on."),), given=given))
        self._pipe.send(solve.start())
        while not solve.done:
            solve.on(self.next())
        return solve

    def first_rows(self, members: Sequence[Branch]) -> Taken:
        """What it takes until each of them has a row; they are stopped then."""
        flow = Branches(members, SLOTS)
        cpu, began = self._cpu(), time.perf_counter()
        self._pipe.send(flow.start())
        while not all(len(each.columns) for each in members):
            flow.on(self.next())
        taken = Taken(1000 * (time.perf_counter() - began), 1000 * (self._cpu() - cpu))
        self._pipe.send([Cancel(each.trace.id) for each in members])
        while not flow.done:
            flow.on(self.next())
        return taken

    def _cpu(self) -> float:
        """Seconds that the worker has computed so far, to a hundredth."""
        times = self._worker.cpu_times()
        return float(times.user + times.system)

    def close(self) -> None:
        """End the worker."""
        self._pipe.close()


def main() -> None:
    """Print one table."""
    options = _options()
    path = catalog.resolve(options.model)
    context = -(-(options.tokens + 1024) // 256) * 256
    how = OpenCheckpoint(str(path), context=context, slots=SLOTS, threads=options.threads)
    bench = Bench(how)
    parent = bench.replayed(options.tokens)
    at, count = options.at, options.repeats
    made = [_branch(parent, at, seed) for seed in range((1 + SLOTS) * count)]
    one = [bench.first_rows([each]) for each in made[:count]]
    many = [bench.first_rows(made[count + SLOTS * n :][:SLOTS]) for n in range(count)]
    bench.close()
    fresh = [_fresh(how, _branch(parent, at, seed)) for seed in range(count)]
    tokens, prompt = len(parent.columns), len(parent.trace.prompt)
    print(f"{tokens:,} tokens behind {prompt} of prompt, left at {at:,}")
    print("| first token after, ms | clock: median (least to most), of a fresh start | CPU |")
    print("|---|---|---|")
    _row("a fresh start, the prefix read again", fresh, fresh)
    _row("a branch", one, fresh)
    _row(f"{SLOTS} branches at once, until all have one", many, fresh)


def _branch(parent: Solve, at: int, seed: int) -> Branch:
    return branch(parent, Change(at), f"b{at}-{seed}", seed=seed + 1)


def _fresh(how: OpenCheckpoint, member: Branch) -> Taken:
    bench = Bench(how)
    taken = bench.first_rows([member])
    bench.close()
    return taken


def _row(what: str, taken: list[Taken], fresh: list[Taken]) -> None:
    parts = [what]
    for field in Taken._fields:
        ms, whole = (
            sorted(getattr(each, field) for each in taken),
            [getattr(e, field) for e in fresh],
        )
        part = statistics.median(whole) / max(statistics.median(ms), 1)
        parts.append(f"{statistics.median(ms):,.0f} ({ms[0]:,.0f} to {ms[-1]:,.0f}), 1/{part:,.0f}")
    print(f"| {' | '.join(parts)} |", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--tokens", type=int, default=4000)
    parser.add_argument("--at", type=int, default=2000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
