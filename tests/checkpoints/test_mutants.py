"""Whatever is done to a checkpoint, it is described or refused, in little memory and time."""

import json
import time
import tracemalloc
from pathlib import Path

import pytest

from kimidesk.checkpoints import fit
from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.folder import INDEX
from kimidesk.checkpoints.gguf import read_header, read_texts
from kimidesk.errors import BadCheckpoint
from tests.checkpoints.mutants import damage_folder, fields_of, gguf_mutant
from tests.checkpoints.test_folder import CONFIG, safetensors

SOME = 500
MOST_BYTES = 24_000_000
MOST_SECONDS = 2.0  # one takes 1 ms on an idle machine


def test_damaged_gguf_files_are_described_or_refused(gguf_file, llama_metadata):
    rich = {**llama_metadata, "llama.vocab_size": 3, "llama.attention.sliding_window": 64}
    path = gguf_file(rich, {f"blk.{n}.attn_k.weight": (64, 32) for n in range(8)})
    raw = path.read_bytes()
    fields, head = fields_of(raw), read_header(path).data_start
    refused: list[str] = []

    tracemalloc.start()
    for number in range(SOME):
        mutant = gguf_mutant(number, raw, fields, head)
        path.write_bytes(mutant.of(raw))
        began = time.perf_counter()
        try:
            told = describe(path)
            fit.need(told, 4096, slots=2)
            list(read_texts(path, "tokenizer.ggml.tokens"))
        except BadCheckpoint as error:
            refused.append(error.what)
        assert time.perf_counter() - began < MOST_SECONDS, mutant.told
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < MOST_BYTES
    assert all(str(path) in what for what in refused)
    assert SOME // 3 < len(refused) < SOME  # else the mutations are too coarse, or hit nothing


def test_damaged_folders_are_described_or_refused(tmp_path: Path):
    refused: list[str] = []

    tracemalloc.start()
    for number in range(SOME):
        folder = made(tmp_path / str(number))
        what = damage_folder(number, folder)
        began = time.perf_counter()
        try:
            describe(folder)
        except BadCheckpoint as error:
            refused.append(error.what)
        assert time.perf_counter() - began < MOST_SECONDS, what
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < MOST_BYTES
    assert all(str(tmp_path) in what for what in refused)
    assert SOME // 3 < len(refused) < SOME


def made(folder: Path) -> Path:
    """A sound folder in two parts."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    template = {"chat_template": [{"name": "default", "template": "{{ messages }}"}]}
    (folder / "tokenizer_config.json").write_text(json.dumps(template))
    safetensors(folder / "one.safetensors", {"a": ("BF16", [3, 4]), "b": ("F32", [5])})
    safetensors(folder / "two.safetensors", {"c": ("F32", [2, 2])})
    parts = {"a": "one.safetensors", "b": "one.safetensors", "c": "two.safetensors"}
    (folder / INDEX).write_text(json.dumps({"weight_map": parts}))
    return folder


@pytest.mark.parametrize(
    "head",
    [
        b"".join(
            n.to_bytes(4, "little").join((bytes([4]) + bytes(7), bytes(5))) for n in range(300_000)
        ),
        b"".join(bytes([1]) + bytes(7) + b"k" + bytes(4) + b"x" for _ in range(2)),
    ],
    ids=["names without end", "a name twice"],
)
def test_a_header_full_of_values_takes_little_memory(tmp_path: Path, head: bytes):
    path = tmp_path / "full.gguf"
    count = 300_000 if len(head) > 100 else 2
    numbers = (3).to_bytes(4, "little") + bytes(8) + count.to_bytes(8, "little")
    path.write_bytes(b"GGUF" + numbers + head)

    tracemalloc.start()
    with pytest.raises(BadCheckpoint, match=r"holds more than|twice"):
        read_header(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 64_000_000


def test_a_config_that_would_grow_in_memory_is_refused(tmp_path: Path):
    folder = made(tmp_path / "grown")
    (folder / "config.json").write_text('{"a": [' + "[],[]," * 1_500_000 + "[]]}")

    tracemalloc.start()
    with pytest.raises(BadCheckpoint, match="holds more than"):
        describe(folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 64_000_000


def test_a_split_file_must_say_what_its_name_says(gguf_file, llama_metadata):
    alone = gguf_file({**llama_metadata, "split.count": 3}, name="alone.gguf")
    with pytest.raises(BadCheckpoint, match="one of 3 files; 1 go by its name"):
        describe(alone)

    first = gguf_file(
        {**llama_metadata, "split.count": 2, "split.no": 1}, name="m-00001-of-00002.gguf"
    )
    gguf_file({"split.count": 2}, {"more.weight": (10, 10)}, name="m-00002-of-00002.gguf")
    with pytest.raises(BadCheckpoint, match="says that it is part 2"):
        describe(first)


def test_an_adapter_is_told_from_a_model(gguf_file):
    for metadata in (
        {"general.architecture": "llama", "general.type": "adapter"},
        {"general.architecture": "controlvector"},
    ):
        with pytest.raises(
            BadCheckpoint, match=r"is an adapter, not a language model\n.*--adapter"
        ):
            describe(gguf_file(metadata))
