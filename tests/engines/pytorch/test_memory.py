"""The ragged memory: what is written where, and what a graph will do on a GPU."""

import dataclasses
import weakref

import pytest
import torch

from kimidesk.engines.pytorch import PyTorch
from kimidesk.engines.pytorch.decoding import Decoding
from kimidesk.engines.pytorch.memory import reading_of
from kimidesk.wire.messages import OpenCheckpoint


@pytest.mark.parametrize("family", ["llama", "gemma3", "gpt-oss"])
@pytest.mark.parametrize("sequences", [(0, 1, 2), (0, 2), (1,)])
def test_a_fixed_reading_gives_what_a_plain_one_gives(torched, ask, grow, family, sequences):
    """A fixed one looks at more places than there are, and is what a CUDA graph records."""
    engine = torched(family, slots=3)
    starts = [len(engine.add(ask(f"{n}", "Hi " * (9 * n + 1))).prompt) for n in range(3)]
    engine.step()
    weights, memory = engine._weights, engine._memory
    starts = [starts[n] for n in sequences]
    ids = torch.tensor([[50 + n] for n in sequences])
    plain = reading_of(sequences, starts, 1, weights.device)
    fixed = dataclasses.replace(plain, fixed=True, even=False, length=256)

    expected = weights.evaluate(ids, memory, plain)
    told = weights.evaluate(ids, memory, fixed)

    torch.testing.assert_close(told, expected, atol=1e-4, rtol=0)


def test_nothing_is_recorded_on_a_cpu_and_it_is_said_why(torched):
    engine = torched()

    assert Decoding(engine._weights, engine._memory).why_not == "there is no GPU"


def test_a_closed_engine_holds_no_weights_and_no_memory(checkpoint, ask, grow):
    path = checkpoint()
    engine = PyTorch(path, OpenCheckpoint(str(path), context=256, threads=1, gpu_layers=0))
    grow(engine, ask("t", tokens=3))
    held = [*engine._weights.model.parameters(), *engine._memory._tensors()]
    known = [weakref.ref(each) for each in held]
    del held

    engine.close()

    assert not any(each() is not None for each in known)
