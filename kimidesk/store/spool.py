"""Rivals of the traces in a window lie in a file without a name: it is gone when the program is.

Nothing is lost with it: what must last is in the desk's database.
"""

import tempfile
import weakref
from typing import IO

from kimidesk.errors import StoreError
from kimidesk.records import TokenColumns
from kimidesk.settings import cache_folder


class Spool:
    """Implements `Spill`. The file is made when something is put into it."""

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._size = 0

    def put(self, raw: bytes) -> int:
        """Where they lie; -1 where the disk takes no more: then they stay in memory."""
        try:
            if self._file is None:
                self._file = _nameless()
                weakref.finalize(self, self._file.close)
            at = self._file.seek(self._size)
            if self._file.write(raw) != len(raw):
                return -1
        except OSError:
            return -1
        self._size += len(raw)
        return at

    def get(self, at: int, size: int) -> bytes:
        """What lies there; raises StoreError when it cannot be read back."""
        assert self._file is not None
        try:
            self._file.seek(at)
            raw = self._file.read(size)
        except OSError as error:
            raise StoreError(f"rivals of a trace cannot be read back: {error.strerror}") from error
        if len(raw) != size:
            raise StoreError("rivals of a trace cannot be read back: their file was cut short")
        return raw


def _nameless() -> IO[bytes]:
    folder = cache_folder()  # a temporary folder is memory on many machines
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(prefix="rivals-", dir=folder, buffering=0)


def spooled_columns() -> TokenColumns:
    """Empty columns whose rivals will lie outside memory, but for the last ones."""
    return TokenColumns(spill=Spool())
