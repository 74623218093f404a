"""A model finds the adapters that can be laid over it, and tells what memory it keeps."""

import json
from pathlib import Path

import numpy as np
import pytest

from kimidesk.checkpoints.adapters import adapters_of
from kimidesk.checkpoints.gguf import read_header
from kimidesk.checkpoints.memory import Memory, memory_of
from kimidesk.errors import BadCheckpoint
from tests.checkpoints.test_folder import safetensors

HEIGHT, WIDTH, RANK = 48, 32, 2
MATRIX = "blk.0.attn_q.weight"


@pytest.fixture
def model(tmp_path: Path, write_gguf) -> Path:
    told = {"general.architecture": "qwen2", "qwen2.embedding_length": WIDTH}
    return write_gguf(tmp_path / "m.gguf", told, {MATRIX: np.zeros((HEIGHT, WIDTH))})


@pytest.fixture
def lora(tmp_path: Path, write_gguf):
    def write(name: str, *, width: int = WIDTH, matrix: str = MATRIX, **told: str) -> Path:
        metadata = {
            "general.architecture": "qwen2",
            "general.type": "adapter",
            "adapter.type": "lora",
        }
        metadata |= {key.replace("__", "."): value for key, value in told.items()}
        halves = {
            f"{matrix}.lora_a": np.zeros((RANK, width)),
            f"{matrix}.lora_b": np.zeros((HEIGHT, RANK)),
        }
        return write_gguf(tmp_path / name, metadata, halves)

    return write


def test_those_that_fit_are_found_with_what_they_were_made_for(model, lora):
    right = lora("a.gguf", general__base_model__0__name="Tiny Base")
    lora("wide.gguf", width=WIDTH * 2)
    lora("elsewhere.gguf", matrix="blk.9.attn_q.weight")
    lora("other.gguf", general__architecture="llama")
    (model.parent / "damaged.gguf").write_bytes(b"GGUF")

    assert adapters_of(model) == ((right, "lora", "Tiny Base"),)


def test_a_control_vector_fits_by_its_width(model, write_gguf):
    told = {"general.architecture": "controlvector", "controlvector.model_hint": "qwen2"}
    right = write_gguf(model.with_name("c.gguf"), told, {"direction.1": np.zeros(WIDTH)})
    write_gguf(model.with_name("d.gguf"), told, {"direction.1": np.zeros(WIDTH + 1)})

    assert [(each.path, each.kind) for each in adapters_of(model)] == [(right, "control vector")]


@pytest.mark.model
def test_the_real_checkpoint_has_none(gguf):
    assert adapters_of(gguf) == ()
    assert memory_of(read_header(gguf)) is Memory.EVERYTHING


def test_a_folder_finds_those_of_peft_beside_it(tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    safetensors(base / "model.safetensors", {"model.q_proj.weight": ("F32", [HEIGHT, WIDTH])})
    for name, width in (("right", WIDTH), ("wrong", WIDTH * 2)):
        path = tmp_path / name
        path.mkdir()
        (path / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "T/B"}))
        halves = {
            "base_model.model.model.q_proj.lora_A.weight": ("F32", [RANK, width]),
            "base_model.model.model.q_proj.lora_B.weight": ("F32", [HEIGHT, RANK]),
        }
        safetensors(path / "adapter_model.safetensors", halves)

    assert adapters_of(base) == ((tmp_path / "right", "lora", "T/B"),)


def test_a_model_that_is_none_is_told(tmp_path):
    with pytest.raises(BadCheckpoint, match="there is no file"):
        adapters_of(tmp_path / "m.gguf")


@pytest.mark.parametrize(
    ("told", "layer", "memory"),
    [
        ({"m.embedding_length": 8}, MATRIX, Memory.EVERYTHING),
        ({"m.attention.sliding_window": 512}, MATRIX, Memory.WINDOW),
        ({"m.ssm.state_size": 16}, "blk.0.ssm_in.weight", Memory.STATE),
        ({"m.wkv.head_size": 64}, "blk.0.time_mix_key.weight", Memory.STATE),
        ({"m.ssm.state_size": 16}, "blk.1.attn_k.weight", Memory.MIXED),
        ({"m.shortconv.l_cache": 3}, "blk.1.attn_k.weight", Memory.MIXED),
    ],
)
def test_what_a_model_keeps_of_a_trace_is_told_from_its_header(
    tmp_path, write_gguf, told, layer, memory
):
    metadata = {"general.architecture": "m"} | told
    path = write_gguf(tmp_path / "m.gguf", metadata, {layer: np.zeros((1, 1))})

    found = memory_of(read_header(path))

    assert found is memory
    assert found.cuttable == (memory in (Memory.EVERYTHING, Memory.WINDOW))
