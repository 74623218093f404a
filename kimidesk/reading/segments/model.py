"""The trained part: a linear model of a sentence, and what kind follows which.

The file holds plain arrays (numpy's own format, never pickle): the features by name, a weight of
each for each class in 8 bits with one scale a class, and the logarithms of the transitions. Doubt
is one class here, as it is where the model was trained; `cues.doubt_of` tells its two kinds apart.
"""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kimidesk import settings
from kimidesk.errors import BadSettings
from kimidesk.records import Kind
from kimidesk.settings import assets_folder

DOUBT = "doubt"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """C classes, F features."""

    classes: tuple[str, ...]  # names of kinds, and DOUBT
    feature: dict[str, int]  # its row
    weights: NDArray[np.int8]  # (F, C)
    scale: Floats  # (C,): a weight is its int8 times this
    bias: Floats  # (C,)
    follows: Floats  # (C, C): log P(class | class before) - log P(class), tempered

    def scores(self, features: Iterable[str]) -> Floats:
        """Log-probabilities of the classes, (C,), by the sentence alone."""
        rows = [row for each in features if (row := self.feature.get(each)) is not None]
        raw = self.weights[rows].sum(axis=0, dtype=np.int64) * self.scale + self.bias
        shifted = raw - raw.max()
        made: Floats = shifted - np.log(np.exp(shifted).sum())
        return made


def save(model: Model, path: Path) -> None:
    """Write the arrays; raises OSError."""
    np.savez_compressed(
        path,
        classes=np.array("\n".join(model.classes)),
        features=np.frombuffer("\n".join(model.feature).encode(), np.uint8),
        weights=model.weights,
        scale=model.scale.astype(np.float32),
        bias=model.bias.astype(np.float32),
        follows=model.follows.astype(np.float32),
    )


def load(path: Path) -> Model:
    """Read what `save` wrote; raises OSError, and ValueError for another file."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            names = arrays["features"].tobytes().decode().split("\n")
            model = Model(
                tuple(str(arrays["classes"]).split("\n")),
                {name: row for row, name in enumerate(names)},
                arrays["weights"],
                arrays["scale"].astype(np.float64),
                arrays["bias"].astype(np.float64),
                arrays["follows"].astype(np.float64),
            )
    except (KeyError, AttributeError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"it is no segmenter: {error}") from error
    wide, known = len(model.classes), {*Kind, DOUBT}
    shapes = (model.weights.shape, model.scale.shape, model.bias.shape, model.follows.shape)
    if shapes != ((len(model.feature), wide), (wide,), (wide,), (wide, wide)):
        raise ValueError(f"its arrays do not fit each other: {shapes}")
    if strange := set(model.classes) - known:
        raise ValueError(f"it names what is no kind of thought: {', '.join(sorted(strange))}")
    if model.weights.dtype != np.int8:
        raise ValueError(f"its weights are {model.weights.dtype}; they must be int8")
    return model


def shipped_file() -> Path:
    """The one that comes with the program."""
    return assets_folder() / "segmenter" / "model.npz"


def chosen_file() -> Path:
    """The one that a person has chosen, or the one that ships; raises BadSettings."""
    chosen = settings.load().segmenter
    return Path(chosen) if chosen else shipped_file()


def current() -> Model:
    """What names sentences; raises BadSettings where a person chose what cannot be read."""
    path = chosen_file()
    try:
        return _loaded(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        why = (isinstance(error, OSError) and error.strerror) or error
        raise BadSettings(
            f"the segmenter {path} cannot be used: {why}",
            hint="Choose another: kimidesk segmenter use FILE, or --shipped.",
        ) from error


def fingerprint(path: Path) -> str:
    """Of a segmenter's file: another one names sentences otherwise. Raises OSError."""
    return blake2b(path.read_bytes(), digest_size=8).hexdigest()


@cache
def _loaded(path: Path, _changed: int) -> Model:
    return load(path)
