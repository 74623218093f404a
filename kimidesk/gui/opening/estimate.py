"""How much memory a checkpoint will take, told before it is opened; reads headers alone."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kimidesk.checkpoints import catalog
from kimidesk.checkpoints.describe import Description, describe
from kimidesk.checkpoints.fit import (
    FLOAT32,
    automatic_slots,
    beside_bytes,
    free_memory,
    largest_context,
    need,
)
from kimidesk.gui.opening.wanted import Engine, Wanted

NGRAM = "ngram"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Bytes, as far as they can be told without loading; `cache` None where nobody can count it."""

    weights: int = 0
    cache: int | None = None
    compute: int = 0
    beside: int = 0  # draft, projector and adapters
    free: int = 0
    largest: int = 0  # tokens of context that would fit; 0 where that is not known
    context: int = 0  # tokens that it is for, of each trace
    slots: int = 1  # traces
    found: Path | None = None  # the projector beside it

    @property
    def total(self) -> int:
        """All that is known."""
        return self.weights + (self.cache or 0) + self.compute + self.beside

    @property
    def fits(self) -> bool:
        """Whether it does; where all layers go to a GPU it is the GPU's memory that counts."""
        return self.total <= self.free


def estimate(wanted: Wanted) -> Estimate:
    """Raises BadCheckpoint for what is not there or no checkpoint. Takes up to a second."""
    path, memory = catalog.resolve(wanted.ref), wanted.memory
    description = _described(path, _stamp(path))
    info, free = description.info, free_memory()
    context = memory.context or info.trained_context
    projector = wanted.projector
    found = None if wanted.beside.projector else projector
    slots = memory.slots or automatic_slots(description, context, memory.kv_type)
    beside = _beside(wanted, projector, context, slots)
    on_torch = wanted.engine is Engine.TORCH
    weights = FLOAT32 * info.parameters if on_torch else info.size_bytes
    if description.header is None:
        return Estimate(weights, beside=beside, free=free, context=context, found=found)
    kv_type = "f32" if on_torch else memory.kv_type
    flash = "auto" if on_torch else memory.flash
    needed = need(description, context, slots, kv_type, flash)
    marks = 0 if on_torch else needed.marks  # PyTorch opens none of those kinds
    more = weights - needed.weights - (needed.marks - marks)
    return Estimate(
        weights,
        needed.cache,
        needed.compute + marks,
        beside,
        free,
        largest_context(description, slots, free - beside - more, kv_type, flash),
        context,
        slots,
        found,
    )


def _beside(wanted: Wanted, projector: Path | None, context: int, slots: int) -> int:
    beside = wanted.beside
    files: list[str | Path] = [path for path, _ in beside.adapters]
    if projector is not None:
        files.append(projector)
    path = Path(beside.draft)
    draft = _described(path, _stamp(path)) if beside.draft not in ("", NGRAM) else None
    return beside_bytes(files, draft, context, slots)


def _stamp(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0


@lru_cache(maxsize=8)
def _described(path: Path, _stamp: int) -> Description:
    """A header is read once, and again when its file has changed."""
    return describe(path)
