"""A model finds the projector that belongs to it."""

from pathlib import Path

import numpy as np
import pytest

from kimidesk.checkpoints.pairing import projector_of
from kimidesk.errors import BadCheckpoint

NONE = {"x": np.zeros((1, 1), np.float32)}


@pytest.fixture
def model(tmp_path: Path, write_gguf) -> Path:
    told = {"general.architecture": "qwen2", "qwen2.embedding_length": 64}
    return write_gguf(tmp_path / "Tiny-VL-3B-Q4_K_M.gguf", told, NONE)


@pytest.fixture
def projector(tmp_path: Path, write_gguf):
    def write(name: str, width: int = 64, *, sees: bool = True) -> Path:
        told = {
            "general.architecture": "clip",
            "clip.has_vision_encoder": sees,
            "clip.vision.projection_dim": width,
        }
        return write_gguf(tmp_path / name, told, NONE)

    return write


def test_the_one_that_fits_is_found(model, projector):
    projector("mmproj-other.gguf", 128)
    projector("mmproj-ears.gguf", sees=False)
    right = projector("mmproj-model-f16.gguf")

    assert projector_of(model) == right


def test_of_several_the_one_that_is_called_alike_is_taken(model, projector):
    projector("mmproj-Huge-VL-3B-f16.gguf")
    right = projector("mmproj-Tiny-VL-3B-f16.gguf")

    assert projector_of(model) == right


def test_of_one_in_several_precisions_f16_is_taken(model, projector):
    for precision in ("Q8_0", "f32", "F16", "bf16"):
        projector(f"Tiny-VL-3B-mmproj-{precision}.gguf")

    found = projector_of(model)

    assert found is not None
    assert found.name == "Tiny-VL-3B-mmproj-F16.gguf"


def test_where_it_cannot_be_told_none_is_taken(model, projector):
    projector("mmproj-a.gguf")
    projector("mmproj-b.gguf")

    assert projector_of(model) is None


def test_damaged_ones_are_passed_over_and_a_damaged_model_is_told(model, tmp_path):
    (tmp_path / "mmproj-bad.gguf").write_bytes(b"GGUF" + bytes(9))

    assert projector_of(model) is None
    with pytest.raises(BadCheckpoint):
        projector_of(tmp_path / "mmproj-bad.gguf")
