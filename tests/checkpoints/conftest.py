"""Tiny GGUF files, written by hand so that every fault can be put into them."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.checkpoints.hub import Hub, serving

Metadata = dict[str, Any]
NUMBER_OF = {bool: (7, "<?"), int: (4, "<I"), float: (6, "<f")}

LLAMA: Metadata = {
    "general.architecture": "llama",
    "general.name": "Tiny",
    "general.file_type": 1,
    "llama.block_count": 2,
    "llama.context_length": 512,
    "llama.embedding_length": 64,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "tokenizer.ggml.tokens": ["a", "b", "c"],
    "tokenizer.chat_template": "{{ messages }}",
}
TENSORS = {"token_embd.weight": (64, 3), "output.weight": (64, 3)}


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def value_bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + text(value)
    if isinstance(value, list):
        kind = 8 if not value or isinstance(value[0], str) else 4
        items = [text(each) if kind == 8 else struct.pack("<I", each) for each in value]
        return struct.pack("<IIQ", 9, kind, len(value)) + b"".join(items)
    kind, format_ = NUMBER_OF[type(value)]
    return struct.pack("<I", kind) + struct.pack(format_, value)


def build(
    metadata: Metadata | None = None,
    tensors: dict[str, tuple[int, ...]] | None = None,
    *,
    version: int = 3,
    tensor_type: int = 1,  # F16
) -> bytes:
    """A whole file; the data are zeros."""
    metadata = LLAMA if metadata is None else metadata
    tensors = TENSORS if tensors is None else tensors
    out = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata))
    for name, value in metadata.items():
        out += text(name) + value_bytes(value)
    offset = 0
    for name, shape in tensors.items():
        out += text(name) + struct.pack("<I", len(shape)) + struct.pack(f"<{len(shape)}Q", *shape)
        out += struct.pack("<IQ", tensor_type, offset)
        size = 2
        for each in shape:
            size *= each
        offset += -(-size // 32) * 32
    out += bytes(-len(out) % 32)
    return out + bytes(offset)


@pytest.fixture(scope="session")
def gguf_bytes() -> Callable[..., bytes]:
    """`gguf_bytes(metadata, tensors, version=3)` is a whole file."""
    return build


@pytest.fixture(scope="session")
def llama_metadata() -> Metadata:
    """What `gguf_bytes()` holds; copy before changing it."""
    return LLAMA


@pytest.fixture
def gguf_file(tmp_path: Path) -> Callable[..., Path]:
    """`gguf_file(metadata, tensors)` writes one and returns its path."""

    def write(*args: Any, name: str = "tiny.gguf", **options: Any) -> Path:
        path = tmp_path / name
        path.write_bytes(build(*args, **options))
        return path

    return write


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a cache of its own."""
    home = tmp_path / "home"
    monkeypatch.setenv("KIMIDESK_HOME", str(home))
    return home


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A server of files on this machine."""
    yield from serving(monkeypatch)
