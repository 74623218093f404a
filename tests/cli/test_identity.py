"""What makes a run another one, and which older folders stay open."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from kimidesk.checkpoints.describe import fingerprint
from kimidesk.cli.identity import has_pictures, identity, pictured, renewed
from kimidesk.cli.options import projector_of
from kimidesk.records import Adapter, Budget, Problem, Sampling, ScorePlan, Suite
from kimidesk.records.picture import MOST_BYTES
from kimidesk.wire.messages import OpenCheckpoint

PLAN = ScorePlan("c", "s", (Problem("2+2?"),), 1, Sampling(), Budget(), seed=1)


def told(opening, *, pictures=""):
    """As run.json would give it back."""
    return json.loads(json.dumps(identity(PLAN, opening, pictures=pictures)))


@pytest.fixture
def peft(tmp_path: Path) -> Path:
    (tmp_path / "lora").mkdir()
    save_file({"a": np.ones(4, np.float32)}, tmp_path / "lora/adapter_model.safetensors")
    (tmp_path / "lora/adapter_config.json").write_text('{"peft_type": "LORA", "lora_alpha": 8}')
    return tmp_path / "lora"


def test_the_same_file_on_another_engine_is_another_run():
    on_torch, usual = OpenCheckpoint("torch:x.gguf"), OpenCheckpoint("x.gguf")

    assert told(on_torch) == {**told(usual), "engine": "torch"}


def test_a_folder_runs_on_torch_however_it_is_named(tmp_path: Path):
    assert told(OpenCheckpoint(f"torch:{tmp_path}")) == told(OpenCheckpoint(str(tmp_path)))


def test_an_older_folder_of_torch_stays_open_for_torch_alone(tmp_path: Path):
    on_torch, usual = OpenCheckpoint("torch:x.gguf"), OpenCheckpoint("x.gguf")
    run = {"identity": told(usual), "sessions": [{"engine": "torch 2.9, transformers 5.0"}]}

    assert renewed(run, on_torch, pictures="") == told(on_torch)
    assert renewed(run, usual, pictures="") != told(usual)
    run["sessions"].append({"engine": "llama.cpp b1"})
    assert renewed(run, on_torch, pictures="") != told(on_torch)
    folder = OpenCheckpoint(str(tmp_path))
    assert renewed({**run, "identity": told(folder)}, folder, pictures="") == told(folder)


def test_an_older_folder_of_llama_cpp_stays_open_for_llama_cpp_alone():
    on_torch, usual = OpenCheckpoint("torch:x.gguf"), OpenCheckpoint("x.gguf")
    run = {"identity": told(usual), "sessions": [{"engine": "llama.cpp b1"}]}

    assert renewed(run, usual, pictures="") == told(usual)
    assert renewed(run, on_torch, pictures="") != told(on_torch)


def test_an_adapter_whose_config_has_changed_makes_another_run(peft: Path):
    opening = OpenCheckpoint("c/", adapters=(Adapter(str(peft), 0.5),))
    before = told(opening)
    older = {**before, "adapters": [[fingerprint(peft), 0.5]]}
    assert renewed({"identity": older, "sessions": []}, opening, pictures="") == before

    config = peft / "adapter_config.json"
    config.write_text(config.read_text().replace("8", "64"))

    assert told(opening) != before


def test_a_projector_counts_where_there_are_pictures(tmp_path: Path):
    path = tmp_path / "mmproj.gguf"
    path.write_bytes(bytes(1000))
    opening = OpenCheckpoint("x.gguf", projector=str(path))
    older = {**told(OpenCheckpoint("x.gguf")), "projector": fingerprint(path)}

    assert told(opening, pictures="ab") == {**older, "pictures": "ab"}
    assert told(opening) == told(OpenCheckpoint("x.gguf"))
    assert renewed({"identity": older, "sessions": []}, opening, pictures="") == told(opening)
    assert renewed({"identity": older, "sessions": []}, opening, pictures="ab") == {
        **older,
        "pictures": "ab",
    }


def test_what_pictures_show_makes_the_run_and_not_when_they_were_written(tmp_path: Path):
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    one.write_bytes(b"a cat")
    two.write_bytes(b"a dog")
    suite = Suite("s", (Problem("a", images=(str(one), str(two))), Problem("b")), "")
    before = pictured(suite)
    assert len(before) == 16
    assert pictured(Suite("s", (Problem("b"),), "")) == ""

    os.utime(one, (1, 1))
    assert pictured(suite) == before
    one.write_bytes(b"a cow")
    assert pictured(suite) != before
    one.write_bytes(b"a dog")
    two.write_bytes(b"a cat")
    assert pictured(suite) != before, "which picture is which counts"


def test_pictures_that_cannot_be_read_end_nothing(tmp_path: Path):
    pipe, huge = tmp_path / "pipe.png", tmp_path / "huge.png"
    os.mkfifo(pipe)
    with huge.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    gone = (str(tmp_path / "gone.png"), str(tmp_path), str(pipe), str(huge), "a\0b")
    told = {pictured(Suite("s", (Problem("a", images=(path,)),), "")) for path in gone}

    assert len(told) == 2  # no file, too large


def test_a_folder_of_an_earlier_version_learns_what_its_pictures_show():
    opening = OpenCheckpoint("x.gguf")
    run = {"identity": told(opening), "sessions": []}

    assert renewed(run, opening, pictures="ab") == told(opening, pictures="ab")
    run = {"identity": told(opening, pictures="cd"), "sessions": []}
    assert renewed(run, opening, pictures="ab") != told(opening, pictures="ab")


def test_a_suite_has_pictures_where_one_of_its_problems_has():
    texts = (Problem("a"), Problem("b"))

    assert not has_pictures(Suite("s", texts, ""))
    assert has_pictures(Suite("s", (*texts, Problem("c", images=("c.png",))), ""))


def test_the_projector_beside_a_model_is_taken_only_to_see(tmp_path: Path, write_gguf):
    tensors = {"x": np.zeros((1, 1), np.float32)}
    kind = {"general.architecture": "qwen2", "qwen2.embedding_length": 64}
    model = write_gguf(tmp_path / "m.gguf", kind, tensors)
    eyes = {"clip.has_vision_encoder": True, "clip.vision.projection_dim": 64}
    found = write_gguf(tmp_path / "mmproj.gguf", {"general.architecture": "clip", **eyes}, tensors)

    assert projector_of({"projector": ""}, model, sees=True) == str(found)
    assert projector_of({"projector": ""}, model, sees=False) == ""
    assert projector_of({"projector": str(found)}, model, sees=False) == str(found)


def test_an_older_folder_of_a_server_stays_open_though_it_told_a_context():
    opening = OpenCheckpoint("http://127.0.0.1:1/v1#m")
    older = {**told(opening), "context": 4096}

    assert renewed({"identity": older, "sessions": []}, opening, pictures="") == told(opening)
    asked = OpenCheckpoint(opening.ref, context=2048)
    assert renewed({"identity": older, "sessions": []}, asked, pictures="") != told(asked)
