"""Which adapters are laid over the weights, and how strongly."""

import math
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from kimidesk.errors import BadCheckpoint, Refused
from kimidesk.records import Adapter

Mix = tuple[tuple[str, float], ...]  # fingerprints and scales, none of them 0; () is the base


class Mixing(ABC):
    """Adapters by what is in them: each is loaded once, whatever its path."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, int, int], ...], str] = {}  # see `_stamp`: fingerprint

    def mix(self, wanted: Sequence[Adapter]) -> Mix:
        """Load what is not loaded; raises Refused for what cannot be laid over these weights."""
        for adapter in wanted:
            if not math.isfinite(adapter.scale):
                raise Refused(f"the scale of {adapter.path} is {adapter.scale}; it must be finite")
        scales: dict[str, float] = defaultdict(float)  # engines take an adapter once, at one scale
        for adapter in wanted:
            scales[self._load(Path(adapter.path))] += adapter.scale
        return tuple((id_, scale) for id_, scale in scales.items() if scale)

    @abstractmethod
    def _files(self, path: Path) -> tuple[Path, ...]:
        """What an adapter is made of; raises Refused for what is no adapter."""

    @abstractmethod
    def _read(self, path: Path) -> str:
        """Load it unless it is; its fingerprint. Raises Refused, BadCheckpoint and OSError."""

    def _load(self, path: Path) -> str:
        try:
            stamp = tuple(map(_stamp, self._files(path)))
            if stamp not in self._known:
                self._known[stamp] = self._read(path)
            return self._known[stamp]
        except OSError as error:
            raise Refused(f"the adapter {path} cannot be read: {error.strerror}") from error
        except BadCheckpoint as error:
            raise Refused(error.what, hint=error.hint) from error


def _stamp(path: Path) -> tuple[str, int, int]:
    """Another one where a file has changed: path, size, time."""
    status = path.stat()
    return str(path), status.st_size, status.st_mtime_ns
