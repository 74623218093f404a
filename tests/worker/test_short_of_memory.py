"""A true worker on a real checkpoint, to which the system grants no memory for a context again."""

import queue
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kimidesk.checkpoints.gguf import read_header
from kimidesk.client import pipe as pipe_module
from kimidesk.client.launch import worker_command
from kimidesk.client.pipe import Pipe
from kimidesk.flows import Solve
from kimidesk.records import (
    Adapter,
    Attempt,
    Budget,
    CheckpointInfo,
    Ended,
    Message,
    Problem,
    Sampling,
    Trace,
)
from kimidesk.wire.messages import (
    AnyEvent,
    Failed,
    FailureKind,
    Generate,
    Loaded,
    OpenCheckpoint,
    TokensCame,
)

pytestmark = [pytest.mark.model, pytest.mark.slow]

STARVING = """
import resource
from pathlib import Path
from kimidesk.engines.llamacpp import engine
from kimidesk.worker.main import main

made, Context = [], engine.Context

def starved(*arguments, **options):
    made.append(1)
    if len(made) > 1:  # the first is made as the checkpoint is opened
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + (8 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    return Context(*arguments, **options)

engine.Context = starved
main()
"""
"""A worker that is short of memory from its second context on, for good."""

SAID = Message("user", "Write a story about a whale.")
TOKENS = 60


class Desk:
    """The parent's side: one worker after the other."""

    def __init__(self, gguf: Path) -> None:
        self._gguf = gguf
        self.events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self.pipe: Pipe | None = None

    def open(self) -> CheckpointInfo:
        self.close()
        self.events = queue.SimpleQueue()
        self.pipe = Pipe(self.events.put)
        options = {"context": 4096, "slots": 2, "threads": 1, "gpu_layers": 0}
        self.pipe.send([OpenCheckpoint(str(self._gguf), **options)])
        while not isinstance(event := self.events.get(timeout=60), Loaded):
            assert not isinstance(event, Failed), event
        return event.checkpoint

    def close(self) -> None:
        if self.pipe is not None:
            self.pipe.close()

    def drive(self, flow: Solve, between: Callable[[TokensCame], None]) -> Failed | None:
        """To its end, or to the end of the worker."""
        assert self.pipe is not None
        while not flow.done:
            event = self.events.get(timeout=60)
            if isinstance(event, Failed) and event.trace is None:
                return event
            self.pipe.send(flow.on(event))
            if isinstance(event, TokensCame):
                between(event)
        return None


@pytest.fixture
def desk(gguf: Path) -> Iterator[Desk]:
    made = Desk(gguf)
    yield made
    made.close()


@pytest.fixture
def lora(gguf: Path, tmp_path: Path, write_gguf) -> Adapter:
    chance, tensors = np.random.default_rng(0), {}
    for tensor in read_header(gguf).tensors:
        if tensor.name.endswith("attn_output.weight"):
            wide, high = tensor.shape
            tensors[f"{tensor.name}.lora_a"] = chance.normal(0, 0.02, (4, wide))
            tensors[f"{tensor.name}.lora_b"] = chance.normal(0, 0.02, (high, 4))
    about = {"general.architecture": "llama", "general.type": "adapter", "adapter.type": "lora"}
    path = write_gguf(tmp_path / "lora.gguf", {**about, "adapter.lora.alpha": 8.0}, tensors)
    return Adapter(str(path))


def test_a_solve_goes_on_where_a_worker_could_not_make_its_context_again(
    desk: Desk, lora: Adapter, monkeypatch: pytest.MonkeyPatch
):
    attempt = Attempt("t", (SAID,), Sampling(temperature=1.0), Budget(answer=TOKENS), seed=7)
    trace = Trace("t", Problem(SAID.content), desk.open(), attempt.sampling, attempt.budget, 7)
    whole = Solve(trace, attempt)
    desk.pipe.send(whole.start())
    desk.drive(whole, lambda _: None)
    command = [sys.executable, "-P", "-c", STARVING]
    monkeypatch.setattr(pipe_module, "worker_command", lambda: command)
    desk.open()
    monkeypatch.setattr(pipe_module, "worker_command", worker_command)
    flow = Solve(trace, attempt)
    asked: list[bool] = []

    def ask_for_more(_: TokensCame) -> None:
        if len(flow.columns) >= 5 and not asked:
            asked.append(True)
            desk.pipe.send([Generate(replace(attempt, trace="second", adapters=(lora,)))])

    desk.pipe.send(flow.start())
    failed = desk.drive(flow, ask_for_more)

    assert failed is not None
    assert failed.kind is FailureKind.WORKER
    assert "the context was lost while room was made for an adapter" in failed.what
    assert 5 <= len(flow.columns) < TOKENS
    assert flow.lost()
    desk.open()
    desk.pipe.send(flow.again())
    assert desk.drive(flow, lambda _: None) is None
    assert flow.trace.ended is Ended.BUDGET
    assert flow.columns.id.tolist() == whole.columns.id.tolist()
    assert flow.columns.logprob.tolist() == whole.columns.logprob.tolist()
    assert flow.said == whole.said
