"""Arrays in a file for other programs: .npz, which needs no pickle."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kimidesk.errors import StoreError


def save(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write them whole or not at all; raises StoreError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        try:
            with draft.open("wb") as file:
                np.savez(file, allow_pickle=False, **arrays)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
