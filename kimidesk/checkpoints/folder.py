"""A checkpoint of transformers: a folder with config.json and safetensors, told from its headers.

Every file may claim anything: sizes are bounded before anything is read, names may not leave the
folder, and weights in Python's pickle format are refused, for to load them is to run them.
"""

import hashlib
import struct
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from kimidesk.checkpoints.cursor import open_file
from kimidesk.errors import BadCheckpoint

CONFIG = "config.json"
ADAPTER_CONFIG = "adapter_config.json"  # of peft
INDEX = "model.safetensors.index.json"
LARGEST_TEXT = 64 << 20  # bytes of a JSON file; a tokenizer of 262k tokens takes 33 MB
LARGEST_HEADER = 100_000_000  # bytes; the format's own bound
MOST_VALUES = (
    4_000_000  # of a JSON text: each may become 100 bytes; a large tokenizer has 2 million
)
PICKLES = (".bin", ".pt", ".pth", ".ckpt")
LONGEST_NAME = 200  # characters of a file's name; file systems take 255 bytes and raise at more
BITS = {"F64": 64, "F32": 32, "F16": 16, "BF16": 16, "I64": 64, "I32": 32, "I16": 16, "I8": 8}
BITS |= {"U64": 64, "U32": 32, "U16": 16, "U8": 8, "BOOL": 8, "F8_E4M3": 8, "F8_E5M2": 8}
BITS |= {"F8_E8M0": 8, "F4": 4}


class Stored(msgspec.Struct, frozen=True):
    """One tensor of a safetensors file."""

    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


def is_checkpoint(path: Path) -> bool:
    """Whether a folder says that it holds a model."""
    return (path / CONFIG).is_file()


def config_of(path: Path) -> dict[str, Any]:
    """What config.json says; raises BadCheckpoint where it is missing or none."""
    if not is_checkpoint(path):
        adapter = (path / ADAPTER_CONFIG).is_file()
        raise BadCheckpoint(
            f"{path} holds no {CONFIG}" + (", but an adapter" if adapter else ""),
            hint="Open the checkpoint that the adapter belongs to, with --adapter."
            if adapter
            else "A checkpoint of transformers is a folder with config.json and safetensors; "
            "for llama.cpp name the .gguf file itself.",
        )
    return object_of(path / CONFIG)


def weights_of(path: Path) -> tuple[Path, ...]:
    """The safetensors files of a folder, all of them there; raises BadCheckpoint."""
    if (path / INDEX).is_file():
        told = object_of(path / INDEX).get("weight_map")
        names = {str(name) for name in told.values()} if isinstance(told, dict) else set()
    else:
        names = {each.name for each in path.glob("*.safetensors")}
    for name in sorted(names):
        if Path(name).name != name or len(name) > LONGEST_NAME:
            raise BadCheckpoint(f"{path / INDEX} names {name[:80]!r}, which is outside the folder")
        if not (path / name).is_file():
            raise BadCheckpoint(f"{path} lacks {name}", hint="Fetch the checkpoint again.")
    if names:
        return tuple(path / name for name in sorted(names))
    if any(each.suffix in PICKLES for each in path.iterdir()):
        raise BadCheckpoint(
            f"{path} holds weights in Python's pickle format, which can run any program",
            hint="Fetch the safetensors version, or convert it where you trust it.",
        )
    raise BadCheckpoint(f"{path} holds no safetensors", hint="Fetch the checkpoint again.")


def tensors_of(path: Path) -> dict[str, Stored]:
    """The tensors of one safetensors file, from its header alone; raises BadCheckpoint."""
    with open_file(path) as file:
        size = file.seek(0, 2)
        file.seek(0)
        raw = file.read(8)
        length = struct.unpack("<Q", raw)[0] if len(raw) == 8 else size
        if length > min(LARGEST_HEADER, size - 8):
            raise BadCheckpoint(
                f"{path} is no safetensors file, or was cut short", hint="Fetch it again."
            )
        text = file.read(length)
    _check_values(path, text)
    try:
        told = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        told.pop("__metadata__", None)
        found = {name: msgspec.json.decode(each, type=Stored) for name, each in told.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadCheckpoint(f"{path} has a damaged header: {error}") from error
    for name, each in found.items():
        _check_tensor(path, name, each, size - 8 - length)
    _check_apart(path, found)
    return found


def chat_template_of(path: Path) -> str:
    """Jinja source, from a file of its own or from tokenizer_config.json; "" without one."""
    if (path / "chat_template.jinja").is_file():
        return _text(path / "chat_template.jinja")
    for name in ("chat_template.json", "tokenizer_config.json"):
        if (path / name).is_file():
            told = object_of(path / name).get("chat_template")
            if isinstance(told, list):
                named = [each for each in told if isinstance(each, dict)]
                told = {str(each.get("name")): each.get("template") for each in named}
                told = told.get("default")
            if isinstance(told, str):
                return told
    return ""


def texts_of(path: Path) -> Iterable[str]:
    """The texts of the vocabulary's tokens, as tokenizer.json spells them."""
    if not (path / "tokenizer.json").is_file():
        return
    told = object_of(path / "tokenizer.json")
    added, model = told.get("added_tokens"), told.get("model")
    for each in added if isinstance(added, list) else ():
        if isinstance(each, dict):
            yield str(each.get("content", ""))
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    if isinstance(vocabulary, dict):
        yield from vocabulary
    elif isinstance(vocabulary, list):
        yield from (str(each[0]) for each in vocabulary if isinstance(each, list) and each)


def quantization_of(tensors: Iterable[Stored]) -> str:
    """The type that keeps most numbers."""
    kinds: Counter[str] = Counter()
    for each in tensors:
        kinds[each.dtype] += elements(each)
    return kinds.most_common(1)[0][0] if kinds else ""


def elements(tensor: Stored) -> int:
    """How many numbers it holds."""
    count = 1
    for dimension in tensor.shape:
        count *= dimension
    return count


def setting(config: dict[str, Any], name: str) -> int:
    """A whole number of the config, or of its part for text; 0 where it says none."""
    for part in (config, config.get("text_config"), config.get("llm_config")):
        if isinstance(part, dict) and isinstance(part.get(name), int):
            return max(int(part[name]), 0)
    return 0


def trained_context(config: dict[str, Any]) -> int:
    """Tokens; 0 where the config says none. Older architectures have names of their own for it."""
    names = ("max_position_embeddings", "n_positions", "max_seq_len", "n_ctx")
    return next((found for name in names if (found := setting(config, name))), 0)


def hash_config(path: Path) -> str:
    """Of what is beside the weights: another config or tokenizer is another checkpoint."""
    digest = hashlib.blake2b(digest_size=8)
    for name in (CONFIG, "generation_config.json", "tokenizer.json", "tokenizer_config.json"):
        if (path / name).is_file():
            digest.update(_text(path / name).encode())
    digest.update(chat_template_of(path).encode())
    return digest.hexdigest()


def _check_tensor(path: Path, name: str, tensor: Stored, room: int) -> None:
    start, stop = tensor.data_offsets
    if tensor.dtype not in BITS or min(tensor.shape, default=0) < 0:
        raise BadCheckpoint(f"{path}: tensor {name[:80]!r} has type {tensor.dtype[:20]!r}")
    if (
        not 0 <= start <= stop <= room
        or (stop - start) * 8 != elements(tensor) * BITS[tensor.dtype]
    ):
        raise BadCheckpoint(
            f"{path}: tensor {name[:80]!r} does not lie within the file",
            hint="The download may have stopped early; fetch the file again.",
        )


def _check_apart(path: Path, tensors: dict[str, Stored]) -> None:
    spans = sorted((*each.data_offsets, name) for name, each in tensors.items())
    for (_, stop, name), (start, _, other) in pairwise(spans):
        if start < stop:
            raise BadCheckpoint(
                f"{path}: tensors {name[:80]!r} and {other[:80]!r} lie over each other",
                hint="Fetch the file again.",
            )


def _check_values(path: Path, text: bytes) -> None:
    """Refuse what would become many times its size in memory."""
    if sum(map(text.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise BadCheckpoint(f"{path} holds more than {MOST_VALUES:,} values")


def _text(path: Path) -> str:
    with open_file(path) as file:
        size = file.seek(0, 2)
        if size > LARGEST_TEXT:
            raise BadCheckpoint(f"{path} is larger than {LARGEST_TEXT:,} bytes")
        file.seek(0)
        raw = file.read(size)  # a fixed size would be allocated whole
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadCheckpoint(f"{path} is not UTF-8 text: {error}") from error


def object_of(path: Path) -> dict[str, Any]:
    """What a JSON file says, which must be an object; raises BadCheckpoint."""
    text = _text(path)
    _check_values(path, text.encode())
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadCheckpoint(f"{path} is damaged: {error}", hint="Fetch it again.") from error
