"""LoRA adapters and control vectors on the real checkpoint."""

import ctypes
import resource
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from kimidesk.checkpoints.gguf import read_header
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp import engine as engine_module
from kimidesk.errors import ModelError, Refused, WorkerLost
from kimidesk.records import Adapter, Token

pytestmark = [pytest.mark.model, pytest.mark.slow]
LIBC = ctypes.CDLL(None)
LIBC.malloc.restype, LIBC.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
LIBC.free.argtypes = [ctypes.c_void_p]
RANK = 4
WIDTH, LAYERS = 576, 30
TRAINED = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


@pytest.fixture
def lora(gguf: Path, tmp_path: Path, write_gguf: Callable[..., Path]) -> Callable[..., Path]:
    """Writes random LoRA adapters on every matrix of the checkpoint."""
    shapes = {tensor.name: tensor.shape for tensor in read_header(gguf).tensors}

    def write(seed: int, *, alpha: float = 8.0, size: float = 0.02) -> Path:
        chance = np.random.default_rng(seed)
        tensors = {}
        for layer in range(LAYERS):
            for part in TRAINED:
                name = f"blk.{layer}.{part}.weight"
                width, height = shapes[name]
                tensors[f"{name}.lora_a"] = chance.normal(0, size, (RANK, width))
                tensors[f"{name}.lora_b"] = chance.normal(0, size, (height, RANK))
        metadata: dict[str, str | float] = {
            "general.architecture": "llama",
            "general.type": "adapter",
            "adapter.type": "lora",
            "adapter.lora.alpha": alpha,
        }
        return write_gguf(tmp_path / f"lora-{seed}-{alpha}.gguf", metadata, tensors)

    return write


@pytest.fixture
def direction(tmp_path: Path, write_gguf: Callable[..., Path]) -> Callable[..., Path]:
    """Writes control vectors."""

    def write(name: str = "vector", *, layer: int = 15, width: int = WIDTH) -> Path:
        values = np.random.default_rng(layer).normal(0, 0.5, width)
        metadata = {"general.architecture": "controlvector", "controlvector.model_hint": "llama"}
        return write_gguf(tmp_path / f"{name}.gguf", metadata, {f"direction.{layer}": values})

    return write


@pytest.fixture
def short_of_memory(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ExitStack]:
    """The system grants next to nothing while the next so many contexts are made."""
    made = engine_module.Context

    def begin(times: int) -> ExitStack:
        left = [times]

        def starved(*arguments: object, **options: object) -> object:
            if not left[0]:
                return made(*arguments, **options)
            left[0] -= 1
            limits = resource.getrlimit(resource.RLIMIT_AS)
            pages = int(Path("/proc/self/statm").read_text().split()[0])
            resource.setrlimit(
                resource.RLIMIT_AS, (pages * resource.getpagesize() + (8 << 20), limits[1])
            )
            held = _free_heap()
            try:
                return made(*arguments, **options)
            finally:
                resource.setrlimit(resource.RLIMIT_AS, limits)
                for block in held:
                    LIBC.free(block)

        stack = ExitStack()
        patch = stack.enter_context(monkeypatch.context())
        patch.setattr(engine_module, "Context", starved)
        return stack

    return begin


def _free_heap() -> list[int]:
    """What earlier tests left free in this process, taken: the limit does not count it."""
    blocks = []
    while block := LIBC.malloc(16 << 20):
        blocks.append(block)
    return blocks


def told(tokens: list[Token]) -> list[tuple[int, float]]:
    return [(token.id, token.logprob) for token in tokens]


class Run:
    """Grows one trace after the other on one engine, and tells its tokens."""

    def __init__(self, engine: LlamaCpp, ask: Callable, grow: Callable) -> None:
        self.engine, self._ask, self._grow, self._count = engine, ask, grow, 0

    def __call__(self, *adapters: Adapter) -> list[tuple[int, float]]:
        self._count += 1
        name = f"t{self._count}"
        return told(self._grow(self.engine, self._ask(name, adapters=adapters))[name][0])


@pytest.fixture
def run(opened: Callable[..., LlamaCpp], ask: Callable, grow: Callable) -> Run:
    return Run(opened(slots=4), ask, grow)


def test_an_adapter_changes_the_trace_and_leaves_nothing_behind(run, lora):
    base = run()
    laid = run(Adapter(str(lora(1))))

    assert laid != base
    assert run() == base
    assert run(Adapter(str(lora(1)))) == laid


def test_a_scale_of_0_is_the_base(run, lora):
    assert run(Adapter(str(lora(1)), 0.0)) == run()


def test_half_of_twice_an_adapter_is_the_adapter(run, lora):
    once = run(Adapter(str(lora(1, alpha=8.0))))
    halved = run(Adapter(str(lora(1, alpha=16.0)), 0.5))

    assert [id_ for id_, _ in halved] == [id_ for id_, _ in once]
    assert [p for _, p in halved] == pytest.approx([p for _, p in once], abs=1e-5)


def test_an_adapter_named_twice_counts_with_the_sum_of_its_scales(run, lora):
    path = str(lora(1))

    assert run(Adapter(path, 0.75), Adapter(path, -0.5)) == run(Adapter(path, 0.25))
    assert run(Adapter(path, 1.0), Adapter(path, -1.0)) == run()


def test_many_adapters_mix(run, lora):
    """llama.cpp aborts the process where a graph outgrows the room made for it."""
    several = [Adapter(str(lora(seed)), 0.25) for seed in range(6)]

    assert run(*several) != run(several[0])


def test_traces_with_different_adapters_grow_side_by_side_as_they_do_alone(opened, ask, grow, lora):
    mixes = [(), (Adapter(str(lora(1))),), (Adapter(str(lora(2)), 0.5),), ()]
    engine = opened(slots=4, adapters=(Adapter(str(lora(1))), Adapter(str(lora(2)))))
    together = grow(engine, *(ask(f"t{n}", adapters=mix) for n, mix in enumerate(mixes)))

    for number, mix in enumerate(mixes):
        alone = grow(engine, ask("alone", adapters=mix))["alone"][0]
        assert told(together[f"t{number}"][0]) == told(alone)


def test_what_was_evaluated_without_an_adapter_is_no_prefix_with_it(opened, ask, grow, lora):
    engine, laid = opened(slots=2), (Adapter(str(lora(1))),)
    fresh = told(grow(engine, ask("a", adapters=laid))["a"][0])
    grow(engine, ask("b"))

    assert told(grow(engine, ask("c", adapters=laid))["c"][0]) == fresh


def test_a_new_adapter_does_not_end_the_traces_that_grow(opened, ask, grow, lora):
    engine = opened(slots=2)
    whole = [id_ for id_, _ in told(grow(engine, ask("whole"))["whole"][0])]
    engine.add(ask("first"))
    tokens = [step.token for _ in range(4) for step in engine.step() if step.token is not None]

    engine.add(ask("second", adapters=(Adapter(str(lora(3))),)))
    while engine.live:
        tokens += [step.token for step in engine.step() if step.token and step.trace == "first"]

    assert [token.id for token in tokens] == whole


def test_a_control_vector_steers_and_is_taken_off(run, direction):
    base, vector = run(), str(direction())
    steered = run(Adapter(vector))

    assert steered != base
    assert run(Adapter(vector, -1.0)) != steered
    assert run() == base


def test_a_control_vector_and_an_adapter_mix(run, direction, lora):
    vector, adapter = Adapter(str(direction())), Adapter(str(lora(1)))

    assert len({tuple(run(*mix)) for mix in [(), (vector,), (adapter,), (vector, adapter)]}) == 4


def test_what_does_not_fit_is_refused_and_the_engine_goes_on(
    run, direction, gguf, tmp_path, write_gguf
):
    short = direction("short", width=64)
    far = direction("far", layer=30)
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(direction().read_bytes()[:-40])
    foreign = write_gguf(
        tmp_path / "foreign.gguf",
        {"general.architecture": "qwen2", "general.type": "adapter", "adapter.type": "lora"},
        {
            "blk.0.attn_q.weight.lora_a": np.zeros((4, 8)),
            "blk.0.attn_q.weight.lora_b": np.zeros((8, 4)),
        },
    )
    for path, words in [
        (short, "64 numbers of type F32; it must hold 576"),
        (far, "steers layer '30'"),
        (cut, "cut short"),
        (foreign, "cannot be laid over"),
        (gguf, "neither a LoRA adapter nor a control vector"),
        (tmp_path / "none.gguf", "none.gguf"),
    ]:
        with pytest.raises(Refused, match=words):
            run(Adapter(str(path)))
    with pytest.raises(Refused, match="must be finite"):
        run(Adapter(str(short), float("nan")))
    assert run()


def test_a_checkpoint_is_not_opened_with_an_adapter_that_does_not_fit(opened, direction):
    with pytest.raises(ModelError, match="64 numbers"):
        opened(adapters=(Adapter(str(direction(width=64))),))


def test_where_no_room_can_be_made_for_an_adapter_growing_traces_go_on(
    opened, ask, grow, lora, short_of_memory
):
    engine = opened(slots=2, context=4096)
    whole = told(grow(engine, ask("whole"))["whole"][0])
    engine.add(ask("first"))
    tokens = [step.token for _ in range(4) for step in engine.step() if step.token is not None]
    laid = (Adapter(str(lora(3))),)

    with short_of_memory(times=1), pytest.raises(Refused, match="adapter is not laid: no memory"):
        engine.add(ask("second", adapters=laid))

    while engine.live:
        tokens += [step.token for step in engine.step() if step.token is not None]
    assert [token.id for token in tokens] == [id_ for id_, _ in whole]
    assert told(grow(engine, ask("third", adapters=laid))["third"][0]) != whole


def test_where_no_context_can_be_had_again_the_worker_is_told_lost(
    opened, ask, lora, short_of_memory
):
    engine = opened(slots=2, context=4096)

    with short_of_memory(times=2), pytest.raises(WorkerLost, match="context was lost"):
        engine.add(ask("a", adapters=(Adapter(str(lora(3))),)))
