"""Damaged checkpoints, as many as are asked for, each from its number: GGUF files and folders.

A mutation knows what it hits (counts, lengths, kinds, dimensions, offsets, numbers, names, texts),
for bytes flipped anywhere nearly always hit the vocabulary or the weights.
"""

import json
import random
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

ABSURD = (
    0,
    1,
    2,
    3,
    31,
    255,
    2**16,
    2**31 - 1,
    2**31,
    2**32 - 1,
    2**53,
    2**63 - 1,
    2**63,
    2**64 - 1,
)
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
STRING, ARRAY = 8, 9
SHOWN_STRINGS = 8  # of an array of strings; a vocabulary would drown the rest


class Field(NamedTuple):
    """A place in a GGUF header."""

    what: str  # count, length, kind, number, dimension, offset, name, text
    at: int
    size: int


def fields_of(raw: bytes) -> list[Field]:
    """Every place of a whole header that a mutation may hit."""
    found = [Field("count", 8, 8), Field("count", 16, 8)]
    tensors, values = struct.unpack_from("<QQ", raw, 8)
    at = 24

    def text(what: str, *, shown: bool = True) -> None:
        nonlocal at
        (length,) = struct.unpack_from("<Q", raw, at)
        if shown:
            found.extend((Field("length", at, 8), Field(what, at + 8, length)))
        at += 8 + length

    def value(kind: int) -> None:
        nonlocal at
        if kind == STRING:
            text("text")
        elif kind == ARRAY:
            each, count = struct.unpack_from("<IQ", raw, at)
            found.extend((Field("kind", at, 4), Field("count", at + 4, 8)))
            at += 12
            if each == STRING:
                for number in range(count):
                    text("text", shown=number < SHOWN_STRINGS)
            else:
                at += count * SIZES[each]
        else:
            found.append(Field("number", at, SIZES[kind]))
            at += SIZES[kind]

    for _ in range(values):
        text("name")
        (kind,) = struct.unpack_from("<I", raw, at)
        found.append(Field("kind", at, 4))
        at += 4
        value(kind)
    for _ in range(tensors):
        text("name")
        (dimensions,) = struct.unpack_from("<I", raw, at)
        found.append(Field("kind", at, 4))
        found.extend(Field("dimension", at + 4 + 8 * n, 8) for n in range(dimensions))
        at += 4 + 8 * dimensions
        found.extend((Field("kind", at, 4), Field("offset", at + 4, 8)))
        at += 12
    return found


class Mutant(NamedTuple):
    """How a file differs from the sound one, which need not be copied for it."""

    told: str
    changes: tuple[tuple[int, bytes], ...] = ()  # where, and what stands there instead
    length: int | None = None  # cut to so many bytes

    def of(self, raw: bytes) -> bytes:
        """The damaged file's bytes."""
        out = bytearray(raw)
        for at, new in self.changes:
            out[at : at + len(new)] = new
        return bytes(out[: self.length])


def gguf_mutant(number: int, raw: bytes, fields: list[Field], head: int) -> Mutant:
    """The number-th; `head` is where the data of the tensors begin."""
    chance = random.Random(number)
    make = chance.choice((_absurd, _absurd, _absurd, _flipped, _cut, _renamed, _garbled, _rotten))
    return make(chance, raw, fields, head)


def _absurd(chance: random.Random, raw: bytes, fields: list[Field], head: int) -> Mutant:
    kinds = ("count", "length", "kind", "number", "dimension", "offset")
    what = chance.choice(kinds)
    field = chance.choice([each for each in fields if each.what == what])
    old = int.from_bytes(raw[field.at : field.at + field.size], "little")
    near = (old + 1, old - 1, old * 2, old // 2, old ^ 1 << chance.randrange(8 * field.size))
    new = chance.choice((*ABSURD, *near)) % (1 << 8 * field.size)
    return Mutant(
        f"{what} {old} at {field.at} is {new}", ((field.at, new.to_bytes(field.size, "little")),)
    )


def _flipped(chance: random.Random, raw: bytes, fields: list[Field], head: int) -> Mutant:
    places = [chance.randrange(head) for _ in range(chance.choice((1, 4, 32)))]
    changes = tuple((at, bytes([raw[at] ^ 1 << chance.randrange(8)])) for at in places)
    return Mutant(f"{len(places)} bits of the header are flipped", changes)


def _cut(chance: random.Random, raw: bytes, fields: list[Field], head: int) -> Mutant:
    length = chance.choice(
        (chance.randrange(64), chance.randrange(head), chance.randrange(len(raw)))
    )
    return Mutant(f"cut to {length} bytes", (), length)


def _renamed(chance: random.Random, raw: bytes, fields: list[Field], head: int) -> Mutant:
    names = [each for each in fields if each.what == "name" and each.size]
    one = chance.choice(names)
    alike = [each for each in names if each.size == one.size and each != one]
    if alike and chance.random() < 0.5:  # the same name twice
        other = chance.choice(alike)
        new = raw[other.at : other.at + other.size]
    else:
        new = raw[one.at : one.at + one.size - 1] + b"\xff"
    return Mutant(f"the name at {one.at} is {new!r}", ((one.at, new),))


def _garbled(chance: random.Random, raw: bytes, fields: list[Field], head: int) -> Mutant:
    field = chance.choice([each for each in fields if each.what == "text" and each.size])
    new = chance.choice((b"\xff", b"\x00", b"{", b"\xf0\x9f")) * field.size
    return Mutant(f"the text at {field.at} is garbled", ((field.at, new[: field.size]),))


def _rotten(chance: random.Random, raw: bytes, fields: list[Field], head: int) -> Mutant:
    at = chance.randrange(head, len(raw))
    size = min(chance.choice((1, 64, 4096)), len(raw) - at)
    return Mutant(
        f"{size} bytes of the weights at {at} have rotted", ((at, chance.randbytes(size)),)
    )


NASTY: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**63, 2**70, 1e308, "", "x" * 100_000, "\x00", "../../etc/passwd"),
    *("/", [], {}, [[]] * 1000, {"a": {"a": {}}}, ["a", 1], [-1, 5], [2**62, 2**62], "F64"),
)


def damage_folder(number: int, folder: Path) -> str:
    """Damage one file of a folder of transformers in place; tells what was done."""
    chance = random.Random(number)
    path = chance.choice(sorted(each for each in folder.iterdir() if each.is_file()))
    told = path.suffix in (".json", ".safetensors")  # a chat template is a text
    nasty = _put_nasty if told else _flip_file
    how: Callable[[random.Random, Path], str] = chance.choice(
        (_flip_file, _cut_file, nasty, nasty, nasty, _make_folder)
    )
    return f"{path.name}: {how(chance, path)}"


def _flip_file(chance: random.Random, path: Path) -> str:
    raw = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 4, 32))):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    path.write_bytes(raw)
    return "bytes are others"


def _cut_file(chance: random.Random, path: Path) -> str:
    raw = path.read_bytes()
    length = chance.choice((0, chance.randrange(9), chance.randrange(len(raw))))
    path.write_bytes(raw[:length])
    return f"cut to {length} bytes"


def _make_folder(chance: random.Random, path: Path) -> str:
    path.unlink()
    if chance.random() < 0.5:
        path.mkdir()
        return "is a folder"
    return "is missing"


def _put_nasty(chance: random.Random, path: Path) -> str:
    """Something of another kind, somewhere in what it says."""
    raw = path.read_bytes()
    stored = path.suffix == ".safetensors"
    start = 8 + struct.unpack_from("<Q", raw)[0] if stored else len(raw)
    told = json.loads(raw[8:start] if stored else raw)
    node = told
    while True:
        keys = list(node) if isinstance(node, dict) else range(len(node))
        key = chance.choice(list(keys))
        if not (isinstance(node[key], (dict, list)) and node[key] and chance.random() < 0.7):
            break
        node = node[key]
    node[key] = chance.choice(NASTY)
    text = json.dumps(told).encode()
    length = len(text) if chance.random() < 0.9 else chance.choice(ABSURD)
    path.write_bytes(struct.pack("<Q", length) + text + raw[start:] if stored else text)
    return f"{key!r} is {str(node[key])[:40]!r}"
