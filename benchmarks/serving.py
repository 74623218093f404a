"""The worker process, pipe and frames and all, against llama-server under the same load.

    python benchmarks/serving.py [MODEL] --peers build/bin [--clients 1 4 8 16 32] [--rounds 3]

So many clients ask at once, each again as soon as it has its answer; every answer ends after 64
tokens or where the checkpoint ends it. CPU seconds are the worker's or the server's alone. Ours
always sends all statistics and 20 rivals; the server is asked for none, and for 20 (`n_probs`).
"""

import argparse
import os
import queue
import random
import threading
import time
from pathlib import Path

from peers.clocks import Ratios, Spent, cpu_of
from peers.programs import Server, folder_of, program

from kimidesk.checkpoints import catalog
from kimidesk.client.pipe import Pipe
from kimidesk.records import Attempt, Budget, OnLoop, Sampling
from kimidesk.wire.messages import (
    AnyEvent,
    Failed,
    Generate,
    Loaded,
    OpenCheckpoint,
    TokensCame,
    TraceEnded,
)

PROMPT, TOKENS, LENGTH = 48, 64, 256
IN_TURN = 2  # answers that each client asks for
SAMPLING = Sampling(temperature=0.8, top_k=40, top_p=0.95, min_p=0.05)  # llama-server's own
BUDGET = Budget(answer=TOKENS, on_loop=OnLoop.IGNORE)


class Worker:
    """Our worker with so many slots."""

    def __init__(self, path: Path, threads: int, slots: int) -> None:
        self._events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self._pipe = Pipe(self._events.put)
        how = OpenCheckpoint(str(path), context=LENGTH, slots=slots, threads=threads)
        self._pipe.send([how])
        while not isinstance(event := self._next(), Loaded):
            pass
        self.vocabulary = event.checkpoint.vocabulary

    def serve(self, prompts: list[tuple[int, ...]], clients: int) -> tuple[int, Spent]:
        """Tokens that came, and what they took."""
        waiting = list(enumerate(prompts))
        cpu, wall, made = cpu_of(self._pipe.pid), time.perf_counter(), 0
        ending = len(waiting)
        for _ in range(clients):
            self._ask(*waiting.pop())
        while ending:
            event = self._next()
            if isinstance(event, TokensCame):
                made += event.columns.n
            elif isinstance(event, TraceEnded):
                ending -= 1
                if waiting:
                    self._ask(*waiting.pop())
        spent = Spent(cpu_of(self._pipe.pid) - cpu, time.perf_counter() - wall)
        return made, spent

    def close(self) -> None:
        """End it."""
        self._pipe.close()

    def _ask(self, number: int, prompt: tuple[int, ...]) -> None:
        attempt = Attempt(f"{number}", (), SAMPLING, BUDGET, prompt=prompt, seed=number)
        self._pipe.send([Generate(attempt)])

    def _next(self) -> AnyEvent:
        event = self._events.get()
        if isinstance(event, Failed):
            raise RuntimeError(event.what)
        return event


def served(
    server: Server, prompts: list[tuple[int, ...]], clients: int, rivals: int
) -> tuple[int, Spent]:
    """The same of llama-server, a thread a client."""
    waiting: queue.SimpleQueue[tuple[int, ...]] = queue.SimpleQueue()
    for prompt in prompts:
        waiting.put(prompt)
    made: list[int] = []

    def client() -> None:
        while True:
            try:
                prompt = waiting.get_nowait()
            except queue.Empty:
                return
            request = {"prompt": list(prompt), "n_predict": TOKENS, "n_probs": rivals}
            made.append(server.stream({**request, "temperature": SAMPLING.temperature}))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    cpu, wall = server.cpu, time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = Spent(server.cpu - cpu, time.perf_counter() - wall)
    if len(made) != len(prompts):
        raise ConnectionError(f"{len(prompts) - len(made)} answers of llama-server failed")
    return sum(made), spent


def measure(path: Path, options: argparse.Namespace, clients: int) -> None:
    """Print the rows of so many clients."""
    worker = Worker(path, options.threads, clients)
    server = Server(options.peers, path, options.threads, clients, LENGTH)
    seen = random.Random(clients)
    cpu, wall = ({rivals: Ratios() for rivals in (0, 20)} for _ in range(2))
    warm = True
    for _ in range(options.rounds + 1):
        prompts = [
            tuple(seen.choices(range(1000, worker.vocabulary - 1000), k=PROMPT))
            for _ in range(clients * IN_TURN)
        ]
        ours, mine = worker.serve(prompts, clients)
        for rivals in (0, 20):
            theirs, peer = served(server, [p[::-1] for p in prompts], clients, rivals)
            if not warm:
                cpu[rivals].add(ours / mine.cpu, theirs / peer.cpu)
                wall[rivals].add(ours / mine.wall, theirs / peer.wall)
            prompts = [p[1:] + p[:1] for p in prompts]  # what the server has not seen
        warm = False
    worker.close()
    server.close()
    for rivals in (0, 20):
        print(f"| {clients}, n_probs {rivals} | {cpu[rivals].row()} |")
        print(f"| {clients}, n_probs {rivals}, wall | {wall[rivals].row()} |", flush=True)


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("model", nargs="?", default="smollm2-135m", help="catalog name or path")
    parser.add_argument("--peers", type=Path, default=None, help="folder of llama.cpp's programs")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 8, 16, 32])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    options.peers = folder_of(options.peers)
    program(options.peers, "llama-server")
    path = catalog.resolve(options.model)
    print(f"{path.name}, {options.threads} threads, load {os.getloadavg()[0]:.1f}\n")
    print("| clients | ours | peer | ratio | |\n|---|---|---|---|---|", flush=True)
    for clients in options.clients:
        measure(path, options, clients)


if __name__ == "__main__":
    main()
