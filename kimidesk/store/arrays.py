"""Arrays in a file for other programs: .npz, which needs no pickle."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kimidesk.errors import StoreError
from kimidesk.store.whole import whole


def save(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write them whole or not at all; raises StoreError."""
    try:
        with whole(path) as file:
            np.savez(file, allow_pickle=False, **arrays)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error
