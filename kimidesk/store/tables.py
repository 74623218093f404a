"""Parquet, as Hugging Face keeps datasets, a batch of rows at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from kimidesk.errors import BadData

BATCH = 1_000  # rows in memory at once


def parquet_rows(path: Path) -> Iterator[tuple[str, Mapping[str, object] | str]]:
    """(place, row); raises BadData where the file, or pyarrow, is not there to read it."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise BadData(
            f"{path} is Parquet, and pyarrow is not installed", hint="pip install 'kimidesk[data]'"
        ) from error
    number = 0
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH):
                for row in batch.to_pylist():
                    yield f"{path}[{number}]", row
                    number += 1
    except FileNotFoundError:
        raise BadData(f"there is no file {path}") from None
    except (ArrowException, OSError, ValueError) as error:
        raise BadData(f"{path} cannot be read as Parquet: {error}") from error
