"""How a person wants a checkpoint opened, between the dialog, the settings and the worker."""

import os
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from kimidesk.checkpoints import catalog
from kimidesk.checkpoints.fit import CACHE_TYPES
from kimidesk.checkpoints.pairing import projector_for
from kimidesk.checkpoints.remote import is_remote, parse
from kimidesk.errors import BadCheckpoint, BadSettings
from kimidesk.records import Adapter
from kimidesk.settings import AUTO_LAYERS, AUTO_SLOTS, Beside, Manners, Settings
from kimidesk.wire.messages import OpenCheckpoint


class Engine(StrEnum):
    """Who opens a checkpoint, as far as its name tells."""

    LLAMA = "llama.cpp"
    TORCH = "torch"
    SERVER = "server"
    SCRIPT = "script"

    @property
    def loads(self) -> bool:
        """Whether it loads weights, here."""
        return self in (Engine.LLAMA, Engine.TORCH)


def engine_of(ref: str) -> Engine:
    """Who opens what `ref` names."""
    if catalog.is_scripted(ref):
        return Engine.SCRIPT
    if is_remote(ref):
        return Engine.SERVER
    if ref.startswith(catalog.TORCH) or os.path.isdir(ref):  # False for what is no path
        return Engine.TORCH
    return Engine.LLAMA


def host_of(ref: str) -> str:
    """Of the server that `ref` names; "" for none, and for a bad address: opening it tells why."""
    try:
        return parse(ref).host if is_remote(ref) else ""
    except BadCheckpoint:
        return ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What any checkpoint is opened with; the fields and their meaning are those of Settings."""

    context: int = 4096
    slots: int = AUTO_SLOTS
    kv_type: str = "f16"
    flash: str = "auto"
    gpu_layers: int = AUTO_LAYERS
    threads: int = 0
    keep_gb: float = 0.0

    @classmethod
    def of(cls, settings: Settings) -> "Memory":
        """As the settings have it."""
        return cls(**{name: getattr(settings, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is opened, in which memory, with what beside it."""

    ref: str
    memory: Memory
    beside: Beside
    manners: Manners = Manners()  # towards a server

    @classmethod
    def of(cls, settings: Settings, ref: str) -> "Wanted":
        """As the settings have it for this checkpoint."""
        beside = settings.beside.get(ref, Beside())
        manners = settings.servers.get(host_of(ref), Manners())
        return cls(ref, Memory.of(settings), beside, manners)

    @property
    def engine(self) -> Engine:
        """Which one will open it."""
        return engine_of(self.ref)

    @property
    def projector(self) -> Path | None:
        """What reads pictures for it: named, or found beside it. Raises BadCheckpoint."""
        if self.engine is not Engine.LLAMA:
            return None
        return projector_for(self.beside.projector, Path(catalog.for_worker(self.ref)))

    def kept_in(self, settings: Settings) -> dict[str, object]:
        """The settings that say so from now on."""
        others = {ref: beside for ref, beside in settings.beside.items() if ref != self.ref}
        if self.beside != Beside():
            others[self.ref] = self.beside
        return {
            **{name: getattr(self.memory, name) for name in Memory.__slots__},
            "beside": others,
            "servers": self._servers(settings),
        }

    def _servers(self, settings: Settings) -> dict[str, Manners]:
        """Each by its host, as far as it is treated otherwise than any."""
        host = host_of(self.ref)
        if not host:
            return settings.servers
        others = {name: kept for name, kept in settings.servers.items() if name != host}
        return others if self.manners == Manners() else {**others, host: self.manners}

    def command(self) -> OpenCheckpoint:
        """What the worker is asked.

        Raises BadCheckpoint for what is not there, BadSettings for a type of cache unknown.
        """
        memory, beside, llama = self.memory, self.beside, self.engine is Engine.LLAMA
        projector = self.projector
        if memory.kv_type not in CACHE_TYPES:
            raise BadSettings(
                f"kv_type is {memory.kv_type!r}; it must be one of {', '.join(CACHE_TYPES)}"
            )
        return OpenCheckpoint(
            catalog.for_worker(self.ref),
            catalog.title_of(self.ref),
            context=0 if is_remote(self.ref) else memory.context,  # a server's is its own
            slots=memory.slots,
            gpu_layers=memory.gpu_layers,
            threads=memory.threads,
            # The settings speak of any checkpoint; other engines take no such wishes.
            kv_type=memory.kv_type if llama else "f16",
            flash=memory.flash if llama else "auto",  # type: ignore[arg-type]  # see Settings.check
            adapters=adapters_of(beside),
            draft=beside.draft if llama else "",
            guesses=beside.guesses,
            keep_gb=memory.keep_gb,
            projector=str(projector or ""),
            image_min_tokens=beside.image_min_tokens if projector else 0,
            image_max_tokens=beside.image_max_tokens if projector else 0,
            manners=self.manners,
        )


def adapters_of(beside: Beside) -> tuple[Adapter, ...]:
    """As records."""
    return tuple(Adapter(path, share) for path, share in beside.adapters)


def with_adapters(beside: Beside, adapters: tuple[Adapter, ...]) -> Beside:
    """With others."""
    return replace(beside, adapters=tuple((each.path, each.scale) for each in adapters))
