"""Every kind of file and folder that is no checkpoint, though somebody may name it as one."""

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.checkpoints.conftest import LLAMA, build
from tests.checkpoints.test_folder import CONFIG, safetensors


class Wrong(NamedTuple):
    """How to make it below a folder, and what must be said about it."""

    make: Callable[[Path], Path]
    said: str  # a regular expression


def _file(name: str, content: bytes = b"") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def _gguf(name: str = "m.gguf", **metadata: object) -> Callable[[Path], Path]:
    told = {key.replace("__", "."): value for key, value in metadata.items()}
    return _file(name, build(LLAMA | told))


def _claiming(tensors: int, values: int) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", 3, tensors, values) + bytes(4096)


def _folder(**files: object) -> Callable[[Path], Path]:
    """A folder of transformers; a file is text, bytes, or what JSON is made of."""

    def make(folder: Path) -> Path:
        path = folder / "model"
        path.mkdir()
        (path / "config.json").write_text(json.dumps(CONFIG))
        safetensors(path / "model.safetensors", {"w": ("F32", [2, 2])})
        for name, content in files.items():
            file = path / name.replace("__", ".")
            if content is None:
                file.unlink()
            else:
                file.write_bytes(content if isinstance(content, bytes) else _json(content))
        return path

    return make


def _json(content: object) -> bytes:
    return (content if isinstance(content, str) else json.dumps(content)).encode()


def _tensors(*spans: tuple[int, int], data: int = 32) -> bytes:
    """A safetensors file whose tensors of four numbers lie where they are said to lie."""
    head = {
        f"t{n}": {"dtype": "F32", "shape": [4], "data_offsets": list(span)}
        for n, span in enumerate(spans)
    }
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + bytes(data)


def _loop(name: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.symlink_to(path)
        return path

    return make


def _looping_folder(folder: Path) -> Path:
    path = folder / "model"
    path.mkdir()
    (path / "config.json").symlink_to(path / "config.json")
    return path


def _pipe(folder: Path) -> Path:
    path = folder / "m.gguf"
    os.mkfifo(path)
    return path


WHOLE = build(LLAMA)
WRONG = {
    "missing": Wrong(lambda folder: folder / "m.gguf", "there is no file"),
    "a missing folder": Wrong(lambda folder: folder / "no" / "model", "there is no file"),
    "an empty folder": Wrong(lambda folder: folder, "holds no config.json"),
    "a pipe": Wrong(_pipe, "not a regular file"),
    "empty": Wrong(_file("m.gguf"), "is empty"),
    "a text": Wrong(_file("m.gguf", b"Once upon a time"), "not a GGUF file"),
    "a web page": Wrong(_file("m.gguf", b"<!DOCTYPE html>"), "web page"),
    "a pointer": Wrong(_file("m.gguf", b"version https://git-lfs"), "LFS"),
    "cut in its header": Wrong(_file("m.gguf", WHOLE[:100]), "cut short within its header"),
    "cut in its data": Wrong(_file("m.gguf", WHOLE[:-64]), "cut short: it should hold"),
    "version 1": Wrong(_file("m.gguf", build(LLAMA, version=1)), "of version 1"),
    "version 99": Wrong(_file("m.gguf", build(LLAMA, version=99)), "of version 99"),
    "big-endian": Wrong(_file("m.gguf", b"GGUF" + struct.pack(">IQQ", 3, 0, 0)), "big-endian"),
    "one of two files": Wrong(_gguf("m-00001-of-00002.gguf"), "m-00002-of-00002.gguf is missing"),
    "a second file alone": Wrong(_gguf("m-00002-of-00002.gguf"), "is missing"),
    "a projector": Wrong(_gguf(general__architecture="clip"), "vision projector"),
    "an adapter": Wrong(_gguf(general__type="adapter"), "is an adapter"),
    "a control vector": Wrong(_gguf(general__architecture="controlvector"), "is an adapter"),
    "an embedding model": Wrong(_gguf(general__architecture="bert"), "writes no text"),
    "a model that pools": Wrong(_gguf(llama__pooling_type=3), "writes no text"),
    "an encoder": Wrong(_gguf(llama__attention__causal=False), "writes no text"),
    "one without a name": Wrong(_gguf(general__architecture=""), "does not say its architecture"),
    "an empty vocabulary": Wrong(
        _file("m.gguf", build(LLAMA | {"tokenizer.ggml.tokens": []})), "no vocabulary"
    ),
    "2**63 tensors": Wrong(_file("m.gguf", _claiming(2**63, 0)), "cut short|damaged"),
    "2**63 values": Wrong(_file("m.gguf", _claiming(0, 2**63)), "cut short|damaged"),
    "no config": Wrong(_folder(config__json=None), "holds no config.json"),
    "a config that is no JSON": Wrong(_folder(config__json="{"), "is damaged"),
    "a config that is a list": Wrong(_folder(config__json=[1]), "is damaged"),
    "no weights": Wrong(_folder(model__safetensors=None), "holds no safetensors"),
    "pickles": Wrong(_folder(model__safetensors=None, model__bin=b"\x80"), "pickle"),
    "no header": Wrong(_folder(model__safetensors=b"\0\0"), "no safetensors file"),
    "a header of 2**63": Wrong(
        _folder(model__safetensors=struct.pack("<Q", 2**63) + bytes(64)), "no safetensors file"
    ),
    "a header that is no JSON": Wrong(
        _folder(model__safetensors=struct.pack("<Q", 4) + b"nope"), "damaged header"
    ),
    "tensors over each other": Wrong(
        _folder(model__safetensors=_tensors((0, 16), (8, 24))), "over"
    ),
    "a tensor out of the file": Wrong(
        _folder(model__safetensors=_tensors((0, 16), (24, 40))), "does not lie within the file"
    ),
    "a tensor that ends before it begins": Wrong(
        _folder(model__safetensors=_tensors((16, 0))), "does not lie within the file"
    ),
    "a link to itself": Wrong(_loop("m.gguf"), "cannot be read|there is no file"),
    "a config that links to itself": Wrong(_looping_folder, "holds no config.json"),
    "中文 and blanks": Wrong(_file("模型 一 号.gguf"), "模型 一 号.gguf is empty"),
    "quotes": Wrong(_file('it\'s "so".gguf'), "is empty"),
    "a newline": Wrong(_file("a\nb.gguf"), "is empty"),
}
