"""What a checkpoint is, told from its header."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kimidesk.checkpoints import folder
from kimidesk.checkpoints.asserted import check_numbers
from kimidesk.checkpoints.cursor import open_file
from kimidesk.checkpoints.gguf import Header, Skipped, Tensor, read_header
from kimidesk.checkpoints.parts import parts_of
from kimidesk.checkpoints.tensor_types import FILE_TYPES, TENSOR_TYPES
from kimidesk.errors import BadCheckpoint
from kimidesk.records import CheckpointInfo

EDGE = 1 << 20  # bytes hashed at each end of a file
BLOCK = 1 << 16  # bytes hashed at each of BLOCKS evenly spaced places between
BLOCKS = 64


@dataclass(frozen=True, slots=True)
class Description:
    """What can be known without loading a weight."""

    info: CheckpointInfo
    chat_template: str  # Jinja; empty when the file has none
    header: Header | None = None  # of a GGUF's first part, which holds the metadata
    tensors: tuple[Tensor, ...] = ()  # of all its parts


def describe(path: Path, *, ref: str = "", name: str = "") -> Description:
    """Describe a GGUF file, all parts of a split one, or a folder with config.json and safetensors.

    `ref` and `name` win over what it says. Raises BadCheckpoint as `read_header` and `folder` do,
    and for a file that is no language model.
    """
    if path.is_dir():
        return _describe_folder(path, ref=ref, name=name)
    headers = [read_header(part) for part in parts_of(path)]
    header = headers[0]
    architecture = header.text("general.architecture")
    _check_kind(path, header)
    _check_parts(path, headers)
    check_numbers(header)
    tensors = [tensor for each in headers for tensor in each.tensors]
    vocabulary = header.count("tokenizer.ggml.tokens") or header.whole(f"{architecture}.vocab_size")
    tokens = header.metadata.get("tokenizer.ggml.tokens")
    if isinstance(tokens, Skipped) and not tokens.count:
        raise BadCheckpoint(f"{path} holds no vocabulary", hint="Convert the model again.")
    kinds: Counter[int] = Counter()
    for tensor in tensors:
        kinds[tensor.type] += tensor.elements
    info = CheckpointInfo(
        name=name or header.text("general.name") or path.stem,
        ref=ref or str(path),
        fingerprint=fingerprint(path),
        architecture=architecture,
        quantization=_quantization(header, kinds),
        parameters=sum(tensor.elements for tensor in tensors),
        size_bytes=sum(each.size_bytes for each in headers),
        trained_context=header.whole(f"{architecture}.context_length"),
        vocabulary=vocabulary,
    )
    return Description(info, header.text("tokenizer.chat_template"), header, tuple(tensors))


def _describe_folder(path: Path, *, ref: str, name: str) -> Description:
    config = folder.config_of(path)
    files = folder.weights_of(path)
    tensors = [tensor for file in files for tensor in folder.tensors_of(file).values()]
    info = CheckpointInfo(
        name=name or path.resolve().name,
        ref=ref or str(path),
        fingerprint=fingerprint(path),
        architecture=str(config.get("model_type", "")),
        quantization=folder.quantization_of(tensors),
        parameters=sum(map(folder.elements, tensors)),
        size_bytes=sum(file.stat().st_size for file in files),
        trained_context=folder.trained_context(config),
        vocabulary=folder.setting(config, "vocab_size"),
    )
    return Description(info, folder.chat_template_of(path))


def fingerprint(path: Path) -> str:
    """16 hex digits of the content, in the same milliseconds for 40 MB and 40 GB.

    BLAKE2b over each part's size, first MiB, last MiB and 64 evenly spaced blocks of 64 KiB:
    about 6 MiB a part. Another training or quantization changes nearly every block, so it shows;
    a deliberate change of a few bytes between the blocks does not. Of a folder the config and the
    tokenizer count too. Raises BadCheckpoint.
    """
    digest = hashlib.blake2b(digest_size=8)
    if path.is_dir():
        digest.update(folder.hash_config(path).encode())
    for part in folder.weights_of(path) if path.is_dir() else parts_of(path):
        try:
            _hash_part(part, digest.update)
        except OSError as error:
            raise BadCheckpoint(f"{part} cannot be read: {error.strerror}") from error
    return digest.hexdigest()


def adapter_fingerprint(path: Path) -> str:
    """The same of an adapter: of a folder its config counts too, which says how it is laid."""
    told = fingerprint(path)
    if not path.is_dir():
        return told
    config = folder.object_of(path / folder.ADAPTER_CONFIG)
    said = msgspec.json.encode(config, order="sorted")
    return hashlib.blake2b(told.encode() + said, digest_size=8).hexdigest()


def _hash_part(path: Path, update: Callable[[bytes], None]) -> None:
    with open_file(path) as file:
        size = file.seek(0, 2)
        update(size.to_bytes(8, "little"))
        for start, length in _sampled(size):
            file.seek(start)
            update(file.read(length))


def _sampled(size: int) -> Iterable[tuple[int, int]]:
    yield 0, EDGE
    yield max(0, size - EDGE), EDGE
    for number in range(BLOCKS):
        yield size * number // BLOCKS, BLOCK


def _quantization(header: Header, kinds: Counter[int]) -> str:
    """The recipe's name if the file tells one, else the type that keeps most parameters."""
    file_type = header.metadata.get("general.file_type")
    if isinstance(file_type, int) and file_type in FILE_TYPES:
        return FILE_TYPES[file_type]
    if not kinds:
        return ""
    most = kinds.most_common(1)[0][0]
    return TENSOR_TYPES[most].name if most in TENSOR_TYPES else f"type {most}"


def _check_kind(path: Path, header: Header) -> None:
    architecture = header.text("general.architecture")
    if header.text("general.type") == "adapter" or architecture == "controlvector":
        raise BadCheckpoint(
            f"{path} is an adapter, not a language model",
            hint="Open the checkpoint that it belongs to, with --adapter.",
        )
    if not architecture:
        raise BadCheckpoint(f"{path} does not say its architecture")
    if architecture == "clip":
        raise BadCheckpoint(
            f"{path} is a vision projector, not a language model",
            hint="Open the model that it belongs to.",
        )
    if _embeds(header, architecture):
        raise BadCheckpoint(
            f"{path} is a model for embeddings ({architecture}): it writes no text",
            hint="Open a checkpoint that generates text.",
        )


def _embeds(header: Header, architecture: str) -> bool:
    """Whether it reads both ways, or pools what it has read: it then has no next token."""
    both_ways = header.metadata.get(f"{architecture}.attention.causal") is False
    pools = header.whole(f"{architecture}.pooling_type") > 0
    return both_ways or pools or "bert" in architecture or architecture == "t5encoder"


def _check_parts(path: Path, headers: list[Header]) -> None:
    told = headers[0].whole("split.count", 1)
    if told > 1 and told != len(headers):
        raise BadCheckpoint(
            f"{path} says that it is one of {told:,} files; {len(headers)} go by its name",
            hint=f"The parts are named …-00001-of-{told:05d}.gguf and lie in one folder.",
        )
    if told > 1 and (place := headers[0].whole("split.no")) != 0:
        raise BadCheckpoint(
            f"{headers[0].path} says that it is part {place + 1}; its name says the first",
            hint="Fetch the files again, and keep their names.",
        )
