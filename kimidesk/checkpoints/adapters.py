"""Which adapters lie beside a checkpoint and can be laid over its weights, told from headers.

A GGUF takes LoRA adapters and control vectors in GGUF, a folder takes those of peft. Shapes decide
what can be laid over it; what an adapter says it was made for is told with it.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kimidesk.checkpoints import folder
from kimidesk.checkpoints.gguf import Header, Tensor, read_header
from kimidesk.checkpoints.parts import parts_of
from kimidesk.errors import BadCheckpoint

WEIGHTS = "adapter_model.safetensors"
MOST_READ = 200  # files beside it
_PEFT = re.compile(r"(?:base_model\.model\.)?(.+)\.lora_(A|B)(?:\.weight)?")

_SAID = ("general.base_model.0.name", "general.base_model.0.repo_url")

Shapes = Mapping[str, tuple[int, ...]]


class Fitting(NamedTuple):
    """An adapter that can be laid over a checkpoint."""

    path: Path
    kind: str  # lora, control vector
    base: str  # what it says it was made for; "" where it does not say


def adapters_of(model: Path) -> tuple[Fitting, ...]:
    """By name; those that are damaged, or fit other weights, are left out.

    Raises BadCheckpoint for the model.
    """
    if model.is_dir():
        shapes = {
            name: tuple(each.shape)
            for file in folder.weights_of(model)
            for name, each in folder.tensors_of(file).items()
        }
        found = (_peft(each, shapes) for each in _folders(model))
    else:
        parts = parts_of(model)
        headers = [read_header(part) for part in parts]
        tensors = {each.name: each.shape for header in headers for each in header.tensors}
        found = (_gguf(each, headers[0], tensors) for each in _smaller(model, parts))
    return tuple(each for each in found if each is not None)


def _smaller(model: Path, parts: tuple[Path, ...]) -> Iterator[Path]:
    """The GGUF files beside a model that are smaller than it: no adapter is as large."""
    size = sum(part.stat().st_size for part in parts)
    for path in sorted(model.parent.glob("*.gguf"))[:MOST_READ]:
        if path.is_file() and path not in parts and path.stat().st_size < size:
            yield path


def _gguf(path: Path, model: Header, tensors: Shapes) -> Fitting | None:
    try:
        header = read_header(path)
    except BadCheckpoint:
        return None  # a damaged file beside a sound model is not the model's fault
    architecture = model.text("general.architecture")
    if header.text("general.architecture") == "controlvector":
        width = model.whole(f"{architecture}.embedding_length")
        hinted = header.text("controlvector.model_hint") in ("", architecture)
        fits = hinted and all(each.shape == (width,) for each in header.tensors)
        return Fitting(path, "control vector", _base(header)) if fits else None
    if header.text("adapter.type") != "lora":
        return None
    same = header.text("general.architecture") == architecture
    fits = same and bool(header.tensors) and _lies_over(header.tensors, tensors)
    return Fitting(path, "lora", _base(header)) if fits else None


def _lies_over(pairs: tuple[Tensor, ...], tensors: Shapes) -> bool:
    """Whether each half of a pair has the side of the matrix that it is multiplied along."""
    for each in pairs:
        name, _, half = each.name.rpartition(".")
        shape = tensors.get(name, ())
        if half not in ("lora_a", "lora_b") or len(shape) < 2 or len(each.shape) < 2:
            return False
        if name != "token_embd.weight":  # there llama.cpp has the halves the other way round
            side = 0 if half == "lora_a" else 1
            if each.shape[side] != shape[side]:
                return False
    return True


def _base(header: Header) -> str:
    return next((told for key in _SAID if (told := header.text(key))), "")


def _folders(model: Path) -> list[Path]:
    """Of peft: beside the model's folder, and in it."""
    near = [
        *model.resolve().parent.glob(f"*/{folder.ADAPTER_CONFIG}"),
        *model.glob(f"*/{folder.ADAPTER_CONFIG}"),
    ]
    return sorted({path.parent for path in near})[:MOST_READ]


def _peft(path: Path, tensors: Shapes) -> Fitting | None:
    try:
        told = folder.object_of(path / folder.ADAPTER_CONFIG)
        halves = folder.tensors_of(path / WEIGHTS)
    except BadCheckpoint:
        return None
    for name, each in halves.items():
        named = _PEFT.fullmatch(name)
        shape = tensors.get(f"{named[1]}.weight", ()) if named else ()
        if named is None or len(shape) < 2 or len(each.shape) < 2:
            return None
        side = 1 if named[2] == "A" else 0
        if each.shape[side] != shape[side]:
            return None
    base = told.get("base_model_name_or_path")
    return Fitting(path, "lora", base if isinstance(base, str) else "") if halves else None
