"""Folders of config.json and safetensors: what they say, and what they may not do."""

import json
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kimidesk.checkpoints.catalog import for_worker, look_up, resolve
from kimidesk.checkpoints.describe import describe, fingerprint
from kimidesk.checkpoints.folder import INDEX, tensors_of
from kimidesk.errors import BadCheckpoint

CONFIG = {
    "model_type": "llama",
    "max_position_embeddings": 512,
    "vocab_size": 3,
    "text_config": {"vocab_size": 9},
}


def safetensors(path: Path, tensors: dict[str, tuple[str, list[int]]]) -> Path:
    """A file of zeros."""
    head, offset = {}, 0
    for name, (dtype, shape) in tensors.items():
        size = {"F32": 4, "BF16": 2}[dtype]
        for dimension in shape:
            size *= dimension
        head[name] = {"dtype": dtype, "shape": shape, "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(head | {"__metadata__": {"format": "pt"}}).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(offset))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Tiny-1B"
    made.mkdir()
    (made / "config.json").write_text(json.dumps(CONFIG))
    (made / "tokenizer_config.json").write_text(json.dumps({"chat_template": "{{ messages }}"}))
    safetensors(made / "model.safetensors", {"a": ("BF16", [3, 4]), "b": ("F32", [5])})
    return made


def test_a_folder_is_described_from_config_and_headers(folder: Path):
    told = describe(folder)

    info = told.info
    assert (info.name, info.architecture, info.quantization) == ("Tiny-1B", "llama", "BF16")
    assert (info.parameters, info.vocabulary, info.trained_context) == (17, 3, 512)
    assert info.size_bytes == (folder / "model.safetensors").stat().st_size
    assert told.chat_template == "{{ messages }}"
    assert look_up(f"torch:{folder}").info.parameters == 17


def test_parts_are_found_by_the_index_and_must_all_be_there(folder: Path):
    safetensors(folder / "second.safetensors", {"c": ("F32", [2])})
    index = {"weight_map": {"a": "model.safetensors", "c": "second.safetensors"}}
    (folder / INDEX).write_text(json.dumps(index))

    assert describe(folder).info.parameters == 19
    (folder / "second.safetensors").unlink()
    with pytest.raises(BadCheckpoint, match=r"lacks second\.safetensors"):
        describe(folder)


def test_an_index_may_not_leave_the_folder(folder: Path):
    (folder / INDEX).write_text(json.dumps({"weight_map": {"a": "../other.safetensors"}}))

    with pytest.raises(BadCheckpoint, match="outside the folder"):
        describe(folder)


def test_another_config_weight_or_template_is_another_checkpoint(folder: Path):
    first = fingerprint(folder)
    (folder / "chat_template.jinja").write_text("other")
    second = fingerprint(folder)
    safetensors(folder / "model.safetensors", {"a": ("BF16", [3, 5])})

    assert len({first, second, fingerprint(folder)}) == 3


def test_an_adapter_is_no_checkpoint_and_the_way_out_is_told(tmp_path: Path):
    (tmp_path / "adapter_config.json").write_text("{}")

    with pytest.raises(BadCheckpoint, match=r"but an adapter\n.*--adapter"):
        describe(tmp_path)


@pytest.mark.parametrize("text", ["", "[1]", "{", "[" * 100_000, "\x00"])
def test_a_damaged_config_is_refused(folder: Path, text: str):
    (folder / "config.json").write_text(text)

    with pytest.raises(BadCheckpoint, match="is damaged"):
        describe(folder)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=6))
def test_a_mutated_header_is_read_or_refused(folder: Path, changes: list[tuple[int, int]]):
    raw = bytearray((folder / "model.safetensors").read_bytes())
    for place, byte in changes:
        raw[place % len(raw)] = byte
    path = folder / "mutated"
    path.write_bytes(raw)

    try:
        found = tensors_of(path)
    except BadCheckpoint:
        return
    assert all(each.data_offsets[1] <= len(raw) for each in found.values())


def test_what_a_worker_opens_keeps_the_engine_that_was_asked_for(folder: Path):
    assert for_worker(str(folder)) == str(folder)
    assert for_worker(f"torch:{folder}") == f"torch:{folder}"
    assert resolve(f"torch:{folder}") == folder
