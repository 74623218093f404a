"""Control vectors are refused where llama.cpp would take them and change nothing."""

from pathlib import Path

import numpy as np
import pytest

from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.protocol import Step
from kimidesk.errors import ModelError, Refused
from kimidesk.records import Adapter, Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.families import FAMILIES
from tests.engines.tiny import WIDTH, write_tiny


@pytest.fixture
def vector(tmp_path: Path, write_gguf) -> Adapter:
    about = {"general.architecture": "controlvector", "controlvector.model_hint": "tiny"}
    values = np.random.default_rng(6).normal(0, 200, WIDTH)
    return Adapter(str(write_gguf(tmp_path / "vector.gguf", about, {"direction.2": values})))


def ask(trace: str, *adapters: Adapter) -> Attempt:
    messages = (Message("user", "how many seas are there"),)
    return Attempt(trace, messages, Sampling(temperature=0), Budget(answer=8), adapters=adapters)


def grow(engine: LlamaCpp) -> list[tuple[int, float]]:
    steps = []
    while engine.live:
        steps += engine.step()
    return rows(steps)


def rows(steps: list[Step]) -> list[tuple[int, float]]:
    return [(step.token.id, step.token.logprob) for step in steps if step.token is not None]


@pytest.mark.parametrize("kind", ["plamo2"])
def test_a_vector_that_would_change_nothing_is_refused_and_disturbs_nobody(tmp_path, vector, kind):
    path = write_tiny(tmp_path / f"{kind}.gguf", kind, **FAMILIES[kind])
    options = {"context": 512, "threads": 1, "gpu_layers": 0, "slots": 2}
    engine = LlamaCpp(path, OpenCheckpoint(str(path), **options))
    engine.add(ask("alone"))
    alone = grow(engine)
    engine.add(ask("again"))
    engine.step()

    for _ in range(2):
        with pytest.raises(Refused, match=f"applies no control vector to the architecture {kind}"):
            engine.add(ask("steered", vector))

    assert grow(engine) == alone[-len(alone) + 1 :]
    engine.close()
    with pytest.raises(ModelError, match="applies no control vector"):
        LlamaCpp(path, OpenCheckpoint(str(path), adapters=(vector,), **options))


def test_a_vector_that_steers_leaves_growing_traces_alone(tmp_path, vector):
    path = write_tiny(tmp_path / "mamba.gguf", "mamba")
    options = {"context": 512, "threads": 1, "gpu_layers": 0, "slots": 2}
    engine = LlamaCpp(path, OpenCheckpoint(str(path), **options))
    engine.add(ask("alone"))
    alone = grow(engine)
    engine.add(ask("base"))
    steps = engine.step()
    engine.add(ask("steered", vector))
    while engine.live:
        steps += engine.step()
    engine.close()

    assert rows([step for step in steps if step.trace == "base"]) == alone
    assert rows([step for step in steps if step.trace == "steered"])[0] != alone[0]
