"""Damaged files beside the checkpoint: folders for torch, projectors and adapters for llama.cpp.

    python benchmarks/bad_files.py [--kinds gguf folder projector adapter] [--count 100] [--first 0]

Every mutant is opened with the engine in a process of its own, forked from one that has imported
all; what opens grows four tokens. Told is what a person would read; lost is a process that died.
Damaged projectors and adapters go with the sound SmolLM2, folders are a tiny random Llama.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from kimidesk.checkpoints import catalog  # noqa: E402 — the mutants are those of the tests
from kimidesk.checkpoints.gguf import read_header  # noqa: E402
from kimidesk.engines.catalog import open_engine  # noqa: E402
from kimidesk.errors import KimiDeskError  # noqa: E402
from kimidesk.records import Adapter, Attempt, Budget, Ended, Message, Sampling  # noqa: E402
from kimidesk.wire.messages import OpenCheckpoint  # noqa: E402
from tests.checkpoints.mutants import damage_folder, fields_of, gguf_mutant  # noqa: E402
from tests.conftest import written  # noqa: E402

PROJECTOR = ROOT.parent / "shared" / "data" / "vision" / "mmproj-mlp.gguf"
PATIENCE_S = 120
RANK = 4


@dataclass(frozen=True)
class Case:
    """A damaged file, how it was damaged, and how it is opened."""

    told: str
    opening: OpenCheckpoint
    mended: Callable[[], object]


def main() -> None:
    """Print a table a kind."""
    options = _options()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as room:
        for kind in options.kinds:
            numbers = range(options.first, options.first + options.count)
            _tell(kind, CASES[kind](Path(room), numbers))


def _tell(kind: str, cases: Iterator[Case]) -> None:
    came: Counter[str] = Counter()
    slowest = 0.0
    with suppress(KeyboardInterrupt):  # what has come by then is told
        for case in cases:
            began = time.monotonic()
            outcome, words = _apart(lambda case=case: _open(case.opening))
            slowest = max(slowest, time.monotonic() - began)
            case.mended()
            came[outcome] += 1
            if outcome.startswith(("lost", "a fault")):
                sys.stderr.write(f"{kind}: {case.told}: {outcome}: {words}\n")
    print(f"| {came.total()} mutants: {kind} | |\n|---|---|")
    for outcome, times in came.most_common():
        print(f"| {outcome} | {times} |")
    print(f"| slowest, s | {slowest:.1f} |\n", flush=True)


def _open(opening: OpenCheckpoint) -> tuple[str, str]:
    """Open and grow four tokens; the outcome, and what a person reads."""
    try:
        engine = open_engine(opening, lambda _: None)
        said = (Message("user", "What is 2+2?"),)
        engine.add(
            Attempt("t", said, Sampling(temperature=0), Budget(answer=4), adapters=opening.adapters)
        )
        last = None
        while engine.live:
            last = next((step for step in engine.step() if step.ended is not None), last)
    except KimiDeskError as error:
        return f"refused: {type(error).__name__}", error.what
    assert last is not None
    if last.ended is Ended.FAILED:
        return "opens, the trace fails with its reason", last.reason
    return "opens and answers", ""


def _apart(work: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """What `work` returns in a child of this process, or how the child ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 2)
        signal.alarm(PATIENCE_S)
        try:
            outcome, words = work()
        except Exception as error:  # noqa: BLE001 — counted: it should have been a refusal
            outcome, words = f"a fault of ours: {type(error).__name__}", str(error)
        os.write(writing, f"{outcome}\0{words[:500]}".encode("utf-8", "replace"))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"lost: {signal.Signals(os.WTERMSIG(status)).name}", ""
    outcome, words = said.split("\0", 1)
    return outcome if words or outcome == "opens and answers" else f"{outcome}, no words", words


def _gguf(room: Path, numbers: range) -> Iterator[Case]:
    path = room / "model.gguf"
    shutil.copyfile(catalog.resolve("smollm2-135m"), path)
    yield from _damaged(path, numbers, OpenCheckpoint(str(path), context=512, threads=1))


def _projector(room: Path, numbers: range) -> Iterator[Case]:
    path = room / "mmproj.gguf"
    shutil.copyfile(PROJECTOR, path)
    model = str(catalog.resolve("smollm2-135m"))
    opening = OpenCheckpoint(model, context=512, threads=1, projector=str(path))
    yield from _damaged(path, numbers, opening)


def _adapter(room: Path, numbers: range) -> Iterator[Case]:
    model = catalog.resolve("smollm2-135m")
    path = _lora(model, room / "lora.gguf")
    adapters = (Adapter(str(path)),)
    opening = OpenCheckpoint(str(model), context=512, threads=1, adapters=adapters)
    yield from _damaged(path, numbers, opening)


def _folder(room: Path, numbers: range) -> Iterator[Case]:
    from transformers import AutoModelForCausalLM  # which other kinds do not need

    from tests.engines.pytorch.conftest import built

    import_module("kimidesk.engines.pytorch")
    sound = built("llama", room / "sound")
    model = AutoModelForCausalLM.from_pretrained(sound)
    (sound / "model.safetensors").unlink()
    model.save_pretrained(sound, max_shard_size="40KB")
    for number in numbers:
        path = room / "mutant"
        shutil.copytree(sound, path)
        what = damage_folder(number, path)
        opening = OpenCheckpoint(str(path), context=256, threads=1, gpu_layers=0)
        yield Case(f"{number}: {what}", opening, lambda path=path: shutil.rmtree(path))


def _damaged(path: Path, numbers: range, opening: OpenCheckpoint) -> Iterator[Case]:
    import_module("kimidesk.engines.llamacpp")  # before the fork, once
    raw = path.read_bytes()
    fields, head = fields_of(raw), read_header(path).data_start
    for number in numbers:
        mutant = gguf_mutant(number, raw, fields, head)
        path.write_bytes(mutant.of(raw))
        yield Case(f"{number}: {mutant.told}", opening, lambda: None)


def _lora(model: Path, path: Path) -> Path:
    """A random adapter on every matrix of the first four layers."""
    chance = np.random.default_rng(1)
    tensors = {}
    for tensor in read_header(model).tensors:
        layer, _, part = tensor.name.removeprefix("blk.").partition(".")
        if part.endswith(".weight") and len(tensor.shape) == 2 and int(layer) < 4:
            width, height = tensor.shape
            tensors[f"{tensor.name}.lora_a"] = chance.normal(0, 0.02, (RANK, width))
            tensors[f"{tensor.name}.lora_b"] = chance.normal(0, 0.02, (height, RANK))
    told = {"general.architecture": "llama", "general.type": "adapter"}
    told |= {"adapter.type": "lora"}
    return written(path, {**told, "adapter.lora.alpha": 8.0}, tensors)


CASES: dict[str, Callable[[Path, range], Iterator[Case]]] = {
    "gguf": _gguf,
    "folder": _folder,
    "projector": _projector,
    "adapter": _adapter,
}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kinds", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutant")
    return parser.parse_args()


if __name__ == "__main__":
    main()
