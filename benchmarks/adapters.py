"""What LoRA adapters cost: loading, swapping, and decoding with one laid over the weights.

    python benchmarks/adapters.py [MODEL] [--rank 8]

Random adapters on every matrix of the blocks are written into a temporary folder. One thread; CPU
milliseconds of this process, medians.
"""

import argparse
import statistics
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from kimidesk.checkpoints import catalog
from kimidesk.checkpoints.gguf import read_header
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.records import Adapter, Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

STEPS = 24
SWAPS = 20


def main() -> None:
    """Print one table."""
    options = _options()
    path = catalog.resolve(options.model)
    with tempfile.TemporaryDirectory() as folder:
        files = [
            _adapter(path, Path(folder) / f"{seed}.gguf", options.rank, seed) for seed in (1, 2)
        ]
        laid = [Adapter(str(file)) for file in files]
        engine = LlamaCpp(path, OpenCheckpoint(str(path), context=512, slots=2, threads=1))
        try:
            print(
                f"| rank {options.rank}, {files[0].stat().st_size / 1e6:.1f} MB | ms |\n|---|---|"
            )
            _tell("a step without an adapter", _steps(engine, ()))
            _tell("adding a trace with a new adapter", [_added(engine, (laid[0],))])
            _tell("a step with it", _steps(engine, (laid[0],)))
            _tell("a step with two", _steps(engine, tuple(laid)))
            one = _steps(engine, (laid[0],), (laid[0],))
            two = _steps(engine, (laid[0],), (laid[1],))
            _tell("a step of two traces with the same adapter", one)
            _tell("a step of two traces with different adapters", two)
            _tell("laying another one over", _swaps(engine, laid))
        finally:
            engine.close()


def _tell(what: str, times_s: list[float]) -> None:
    print(f"| {what} | {statistics.median(times_s) * 1000:.3f} |")


def _steps(engine: LlamaCpp, *mixes: tuple[Adapter, ...]) -> list[float]:
    for number, mix in enumerate(mixes):
        engine.add(_attempt(str(number), mix))
    for _ in range(3):
        engine.step()
    times = [_timed(engine.step) for _ in range(STEPS)]
    for number in range(len(mixes)):
        engine.drop(str(number))
    return times


def _added(engine: LlamaCpp, mix: tuple[Adapter, ...]) -> float:
    took = _timed(lambda: engine.add(_attempt("new", mix)))
    engine.drop("new")
    return took


def _swaps(engine: LlamaCpp, laid: list[Adapter]) -> list[float]:
    """Of the call alone, without the evaluation that follows."""
    mixes = [engine._adapters.mix([adapter]) for adapter in laid]
    return [
        _timed(lambda mix=mixes[place % 2]: engine._context.lay(engine._adapters.laid(mix)))
        for place in range(SWAPS)
    ]


def _timed(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def _attempt(trace: str, mix: tuple[Adapter, ...]) -> Attempt:
    asked = Message("user", "Tell a long story about a lighthouse.")
    return Attempt(trace, (asked,), Sampling(), Budget(answer=400), adapters=mix)


def _adapter(model: Path, file: Path, rank: int, seed: int) -> Path:
    chance = np.random.default_rng(seed)
    header = read_header(model)
    tensors: dict[str, np.ndarray] = {}
    for each in header.tensors:
        if each.name.startswith("blk.") and len(each.shape) == 2:
            width, height = each.shape
            tensors[f"{each.name}.lora_a"] = chance.normal(0, 0.01, (rank, width)).astype("<f4")
            tensors[f"{each.name}.lora_b"] = chance.normal(0, 0.01, (height, rank)).astype("<f4")
    architecture = header.text("general.architecture")
    texts = {
        "general.architecture": architecture,
        "general.type": "adapter",
        "adapter.type": "lora",
    }
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(texts) + 1)
    for name, value in texts.items():
        head += _text(name) + struct.pack("<I", 8) + _text(value)
    head += _text("adapter.lora.alpha") + struct.pack("<If", 6, float(rank))
    offset = 0
    for name, tensor in tensors.items():
        head += _text(name) + struct.pack("<IQQIQ", 2, *reversed(tensor.shape), 0, offset)
        offset += -(-tensor.nbytes // 32) * 32
    with file.open("wb") as out:
        out.write(head + bytes(-len(head) % 32))
        for tensor in tensors.values():
            out.write(tensor.tobytes() + bytes(-tensor.nbytes % 32))
    return file


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--rank", type=int, default=8)
    return parser.parse_args()


if __name__ == "__main__":
    main()
