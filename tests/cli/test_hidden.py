"""`kimidesk trace hidden`: the states of transformers, in a file that is whole or not there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run

pytest.importorskip("transformers")
TEXT = "The capital of France is Paris. 法国的首都是巴黎。"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.engines.pytorch.conftest import built

    return built("qwen3", tmp_path_factory.mktemp("tiny-qwen"))


@pytest.fixture
def text(tmp_path: Path) -> str:
    (tmp_path / "a.txt").write_text(TEXT)
    return "a.txt"


@pytest.mark.slow
def test_hidden_states_are_those_of_transformers(
    kimidesk: Run, folder: Path, text: str, tmp_path: Path
):
    import torch
    import transformers

    asked = ("trace", "hidden", text, "--model", str(folder), "--threads", "1")
    done = kimidesk(*asked, "--layers", "0,2,-1", "--out", "a.npz")

    assert done.returncode == 0, done.stderr
    assert "tokens × 3 layers × 32" in done.stdout
    assert "evaluating" in done.stderr
    with np.load(tmp_path / "a.npz", allow_pickle=False) as told:
        states, ids = told["states"], told["ids"]
        assert told["layers"].tolist() == [0, 2, 4]
        assert int(told["prompt"]) == 1
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    with torch.inference_mode():
        given = torch.tensor(ids[None].astype(np.int64))
        every = model(given, output_hidden_states=True).hidden_states
    assert len(ids) >= len(TEXT.encode())  # a token a byte
    expected = np.stack([every[layer][0].numpy() for layer in (0, 2, 4)], axis=1)
    assert states.dtype == np.float32
    np.testing.assert_allclose(states, expected, atol=1e-5)

    kimidesk(*asked, "--layers", "0,2,-1", "--out", "a.npz", "--dtype", "float16")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as told:
        assert told["states"].dtype == np.float16
        np.testing.assert_array_equal(told["states"], states.astype(np.float16))


@pytest.mark.slow
def test_a_layer_that_is_not_there_leaves_no_file(
    kimidesk: Run, folder: Path, text: str, tmp_path: Path
):
    asked = ("trace", "hidden", text, "--model", str(folder), "--threads", "1", "--out", "a.npz")

    done = kimidesk(*asked, "--layers", "5")

    assert done.returncode == 1
    assert "layer 5 is not one of 0 to 4" in done.stderr
    assert [each for each in tmp_path.iterdir() if "npz" in each.name] == []


@pytest.mark.parametrize(
    ("layers", "out", "said"),
    [
        ("first", "a.npz", "whole numbers with commas"),
        ("1,", "a.npz", "whole numbers with commas"),
        ("1", "a.pt", "must end with .npz"),
        ("1", "nowhere/a.npz", "there is no folder"),
    ],
)
def test_what_cannot_be_meant_is_told_before_anything_is_opened(
    kimidesk: Run, text: str, layers: str, out: str, said: str
):
    done = kimidesk("trace", "hidden", text, "--model", "x", "--layers", layers, "--out", out)

    assert done.returncode == 2
    assert said in done.stderr
    assert "opening" not in done.stderr


def test_engines_that_cannot_look_inside_say_who_can(kimidesk: Run, text: str, script: str):
    done = kimidesk("trace", "hidden", text, "--model", script, "--out", "a.npz")

    assert done.returncode == 2
    assert "does not run on PyTorch" in done.stderr
    assert "torch:FILE.gguf" in done.stderr


def test_who_stops_it_finds_no_half_file(folder: Path, text: str, tmp_path: Path, home: Path):
    (tmp_path / text).write_text(TEXT * 30)
    asked = ("trace", "hidden", text, "--model", str(folder), "--threads", "1", "--out", "a.npz")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "kimidesk", *asked],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr as stderr:
        assert "opening" in stderr.readline()
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGINT)
        assert "Traceback" not in stderr.read()

    assert process.wait(20) == 130
    assert [each for each in tmp_path.iterdir() if "npz" in each.name] == []
