"""A folder of safetensors from the command line, from the first look at it to a trace."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.engines.pytorch.conftest import built

    return built("qwen3", tmp_path_factory.mktemp("tiny-qwen"))


def test_a_folder_is_described_from_its_headers(kimidesk: Run, folder: Path):
    told = kimidesk("models", "show", str(folder)).stdout

    assert "qwen3" in told
    assert "F32" in told
    assert "2,048 tokens" in told


@pytest.mark.slow
def test_a_folder_solves_a_problem_from_end_to_end(kimidesk: Run, folder: Path):
    asked = ("--max-answer-tokens", "12", "--seed", "1", "--json")

    done = kimidesk("solve", "What is 2+2?", "--model", str(folder), *asked)

    assert done.returncode == 0, done.stderr
    trace = json.loads(done.stdout)
    assert len(trace["tokens"]["id"]) == 12
    assert trace["trace"]["checkpoint"]["engine"].startswith("torch")
    again = kimidesk("solve", "What is 2+2?", "--model", f"torch:{folder}", *asked)
    assert json.loads(again.stdout)["tokens"]["id"] == trace["tokens"]["id"]


def test_a_folder_without_weights_is_refused_before_a_worker_starts(kimidesk: Run, tmp_path: Path):
    (tmp_path / "empty").mkdir()

    done = kimidesk("solve", "x", "--model", "empty/")

    assert done.returncode == 3
    assert "holds no config.json" in done.stderr
    assert "Traceback" not in done.stderr
