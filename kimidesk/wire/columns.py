"""Token columns as raw bytes, for the pipe and for the store."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kimidesk.errors import BadFrame
from kimidesk.records import FIELDS, WIDE, TokenColumns
from kimidesk.wire.messages import PackedColumns

MOST_RIVALS = 1024


def pack(columns: TokenColumns) -> PackedColumns:
    """All rows as bytes."""
    return PackedColumns(
        n=len(columns),
        k=columns.k,
        **{name: values.tobytes() for name, values in columns.arrays()},
    )


def unpack(packed: PackedColumns) -> TokenColumns:
    """The rows again; raises BadFrame when a field does not hold n rows."""
    n, k = packed.n, packed.k
    if n < 0 or not 0 <= k <= MOST_RIVALS:
        raise BadFrame(f"columns claim {n} rows of {k} rivals; k must be 0 … {MOST_RIVALS}")
    arrays: dict[str, NDArray[Any]] = {}
    for name, dtype in FIELDS.items():
        raw: bytes = getattr(packed, name)
        count = n * k if name in WIDE else n
        if len(raw) != count * np.dtype(dtype).itemsize:
            raise BadFrame(f"column {name} holds {len(raw)} bytes; {n} rows were claimed")
        values = np.frombuffer(raw, dtype)
        arrays[name] = values.reshape(n, k) if name in WIDE else values
    return TokenColumns.of(arrays, k)
