"""The trained part: a linear model of a sentence, and what kind follows which.

The file holds plain arrays (numpy's own format, never pickle): the features by name, a weight of
each for each class in 8 bits with one scale a class, and the logarithms of the transitions. Doubt
is one class here, as it is where the model was trained; `cues.doubt_of` tells its two kinds apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
    with np.load(path, allow_pickle=False) as arrays:
        names = arrays["features"].tobytes().decode().split("\n")
        return Model(
            tuple(str(arrays["classes"]).split("\n")),
            {name: row for row, name in enumerate(names)},
            arrays["weights"],
            arrays["scale"].astype(np.float64),
            arrays["bias"].astype(np.float64),
            arrays["follows"].astype(np.float64),
        )


@cache
def shipped() -> Model:
    """The one that comes with the program."""
    return load(assets_folder() / "segmenter" / "model.npz")
