"""How an evaluation is stopped from another thread.

llama.cpp asks after each operation of a graph whether to stop, about a thousand times a token. A
function of Python's that answers takes 0.15 ms of a token's 11 (SmolLM2, one thread), for each
answer waits for the interpreter. So C's own `strlen` does: of a string of one byte at most it is
1 or 0.
"""

import ctypes
import sys

from llama_cpp import llama_cpp as lib

ASK = ctypes.cast(
    ctypes.CDLL("msvcrt" if sys.platform == "win32" else None).strlen, lib.ggml_abort_callback
)
"""What llama.cpp calls with the address of a flag."""


class Flag:
    """Raised or not; `address` is where C looks. Its memory must outlive whoever was told it."""

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)
        self.address = ctypes.addressof(self._text)

    def lift(self) -> None:
        self._text.value = b"\1"

    def lower(self) -> None:
        self._text.value = b""

    @property
    def raised(self) -> bool:
        return bool(self._text.value)


NEVER = Flag()
"""Stays lowered."""
