"""The state that is told from a header, against what llama.cpp itself keeps."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.fit import cache_bytes_per_token, need
from kimidesk.checkpoints.memory import memory_of
from kimidesk.checkpoints.state import state_bytes
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.llamacpp.library import start
from kimidesk.engines.llamacpp.weights import Weights
from tests.engines.tiny import KINDS, write_tiny

pytestmark = pytest.mark.model


@pytest.fixture(scope="module", params=list(KINDS))
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind = request.param
    alone = {"ssm.group_count": 0} if kind == "mamba" else {}  # which has no groups
    return write_tiny(tmp_path_factory.mktemp("states") / f"{kind}.gguf", kind, **alone)


@pytest.fixture
def context(checkpoint: Path) -> Iterator[Context]:
    weights = Weights(checkpoint, 0)
    made = Context(weights, 256, 1, 1)
    made.evaluate([1, 2, 3, 4], range(4), [0] * 4, [False] * 3 + [True])
    yield made
    made.close()
    weights.close()


def test_the_state_of_a_sequence_is_what_llama_cpp_keeps_of_it(checkpoint, context):
    told = describe(checkpoint)
    state = state_bytes(told)

    kept = len(context.mark(0)) if memory_of(told.header).cuttable is False else 0
    assert state <= kept <= state + 400  # positions, sizes and types stand beside it


def test_keys_and_values_of_a_token_are_what_llama_cpp_keeps_of_it(checkpoint, context):
    told = describe(checkpoint)
    four = len(context.saved(0, 4))
    context.evaluate([5] * 4, range(4, 8), [0] * 4, [False] * 3 + [True])

    grown = len(context.saved(0, 8)) - four

    positions = 4 * 2 * 12  # of each cell, in one or two memories
    assert 0 <= grown - 4 * cache_bytes_per_token(told.header) <= positions


def test_each_trace_has_a_state_of_its_own(checkpoint):
    told = describe(checkpoint)
    one, two = (need(told, 256, slots).cache for slots in (1, 2))

    assert two == 2 * one == 2 * (256 * cache_bytes_per_token(told.header) + state_bytes(told))


@pytest.mark.parametrize("pool", [0, 1024])
def test_memory_of_all_sequences_is_what_llama_cpp_allots(checkpoint, pool):
    told, weights = describe(checkpoint), Weights(checkpoint, 0)

    context = Context(weights, 512, 3, 1, pool=pool)  # 3 do not divide a batch

    buffers = [*start().every("KV buffer size ="), *start().every("RS buffer size =")]
    allotted = sum(float(buffer.split()[0]) for buffer in buffers) * (1 << 20)
    needed = need(told, pool or 512, 3, shared=bool(pool))
    rounded = 0.005 * (1 << 20) * len(buffers)  # llama.cpp logs hundredths of MiB
    assert allotted > 0
    assert needed.cache == pytest.approx(allotted, abs=rounded + 4096)
    context.close()
    weights.close()


def test_marks_are_counted_up_to_the_most_that_are_kept(checkpoint):
    told = describe(checkpoint)

    few, many = (need(told, 256, slots).marks for slots in (2, 100))

    assert (few, many) == (4 * state_bytes(told), 16 * state_bytes(told))
