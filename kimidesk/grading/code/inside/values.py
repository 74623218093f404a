"""Plain values over a pipe between player and referee: JSON behind a length, nothing executed.

A value is decoded to exactly int, float, complex, bool, str, bytes, None, list, tuple, dict, set or
frozenset, whatever subclass it was: what arrives has no methods of the other side.
"""

import json
import os
import struct
from collections.abc import Callable
from typing import Any

LIMIT = 16 * 2**20  # bytes a message
_LENGTH = struct.Struct("<I")


class Remote:
    """The number of an object that stays with the other process."""

    def __init__(self, number: int) -> None:
        self.number = number


def encoded(value: Any, keep: Callable[[Any], int]) -> Any:
    """As JSON can say it; `keep` gives the number of an object that is not a plain value."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, int):
        return ["int", hex(int(value))]
    if isinstance(value, float):
        return ["float", float(value).hex()]
    if isinstance(value, complex):
        return ["complex", value.real.hex(), value.imag.hex()]
    if isinstance(value, str):
        return ["str", str.__str__(value)]
    if isinstance(value, (bytes, bytearray)):
        return ["bytes", bytes(value).hex()]
    if isinstance(value, dict):
        pairs = dict.items(value)
        return ["dict", [[encoded(k, keep), encoded(v, keep)] for k, v in pairs]]
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return [kind.__name__, [encoded(item, keep) for item in value]]
    return ["remote", keep(value)]


def decoded(said: Any, found: Callable[[int], Any]) -> Any:
    """The value; `found` gives the object of a number. Raises ValueError where it is none."""
    match said:
        case None | True | False:
            return said
        case ["int", str() as digits]:
            return int(digits, 16)
        case ["float", str() as digits]:
            return float.fromhex(digits)
        case ["complex", str() as real, str() as imaginary]:
            return complex(float.fromhex(real), float.fromhex(imaginary))
        case ["str", str() as text]:
            return text
        case ["bytes", str() as digits]:
            return bytes.fromhex(digits)
        case ["dict", list() as pairs]:
            return {decoded(key, found): decoded(value, found) for key, value in pairs}
        case ["list" | "tuple" | "set" | "frozenset" as kind, list() as items]:
            kinds = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
            return kinds[kind](decoded(item, found) for item in items)
        case ["remote", int() as number]:
            return found(number)
    raise ValueError("a value that is none")


def send(fd: int, message: Any) -> None:
    """Write a whole message; raises ValueError where it is too long."""
    data = json.dumps(message).encode()
    if len(data) > LIMIT:
        raise ValueError(f"a value of more than {LIMIT >> 20} MiB")
    view = memoryview(_LENGTH.pack(len(data)) + data)
    while view:
        view = view[os.write(fd, view) :]


def receive(fd: int) -> Any:
    """The next message; raises EOFError at the end, ValueError where it is none."""
    (length,) = _LENGTH.unpack(_exactly(fd, _LENGTH.size))
    if length > LIMIT:
        raise ValueError(f"a value of more than {LIMIT >> 20} MiB")
    return json.loads(_exactly(fd, length))


def _exactly(fd: int, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = os.read(fd, count - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)
