"""Pictures on the command line: a tiny random Qwen2-VL with its projector beside it."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Run, write_rows

pytest.importorskip("gguf")
from tests.engines.towers import write_model

BUDGET = ("--max-answer-tokens", "4", "--context", "512", "--threads", "1")


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(write_model(tmp_path, "qwen2vl")[0])


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (84, 168, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "noise.png")
    return tmp_path / "noise.png"


@pytest.fixture
def rows(tmp_path: Path, noise: Path) -> Path:
    """A sound picture, one that is not there, one that is broken, two at once, and none."""
    (tmp_path / "broken.png").write_bytes(noise.read_bytes()[:500])
    pictures = (noise.name, "gone.png", "broken.png", [noise.name, noise.name], None)
    return write_rows(
        tmp_path / "data.jsonl",
        [
            {"question": f"{number}?", "answer": "1", "image": picture}
            for number, picture in enumerate(pictures)
        ],
    )


def test_a_run_goes_on_behind_pictures_that_cannot_be_read(
    kimidesk: Run, model: str, rows: Path, tmp_path: Path
):
    done = kimidesk("score", "--model", model, "--data", str(rows), "--out", "run", *BUDGET)

    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    samples = map(json.loads, (tmp_path / "run" / "samples.jsonl").read_text().splitlines())
    told = {sample["number"]: (sample["status"], sample["error"]) for sample in samples}
    assert [number for number, (status, _) in sorted(told.items()) if status == "failed"] == [1, 2]
    assert "gone.png cannot be read" in told[1][1]
    assert "broken.png is damaged" in told[2][1]
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["failed"] == 2


@pytest.mark.slow
def test_what_decides_what_is_seen_decides_the_run(
    kimidesk: Run, model: str, rows: Path, tmp_path: Path
):
    command = ("score", "--model", model, "--data", str(rows), "--limit", "1", *BUDGET)
    plain = kimidesk(*command, "--out", "run")
    scaled = ("--image-max-tokens", "8")

    identity = json.loads((tmp_path / "run" / "run.json").read_text())["identity"]
    assert plain.returncode == 0, plain.stderr
    assert len(identity["projector"]) == 16
    assert "image_max_tokens" not in identity
    other = kimidesk(*command, "--out", "run", *scaled)
    assert other.returncode == 2
    assert "image_max_tokens" in other.stderr
    Image.new("RGB", (168, 84)).save(tmp_path / "noise.png")
    repainted = kimidesk(*command, "--out", "run")
    assert repainted.returncode == 2
    assert "another run; it differs in pictures" in repainted.stderr
    assert kimidesk(*command, "--out", "other", *scaled).returncode == 0
    identity = json.loads((tmp_path / "other" / "run.json").read_text())["identity"]
    assert identity["image_max_tokens"] == 8


@pytest.mark.slow
def test_a_problem_with_a_picture_is_solved_exported_and_replayed(
    kimidesk: Run, model: str, noise: Path
):
    folder = noise.parent
    done = kimidesk("solve", "What?", "--image", str(noise), "--model", model, "--json", *BUDGET)

    assert done.returncode == 0, done.stderr
    (folder / "trace.json").write_text(done.stdout)
    trace = json.loads(done.stdout)["trace"]
    (block,) = trace["pictures"]
    assert (block["tokens"], block["views"], block["path"]) == (18, 1, str(noise))
    markdown = kimidesk("trace", "export", trace["id"], "--format", "markdown")
    assert f"- picture 1: {noise}, 168×84, shown at 168×84, 18 tokens" in markdown.stdout
    replayed = kimidesk("trace", "replay", "trace.json", "--model", model, "--json")
    assert replayed.returncode == 0, replayed.stderr
    told = json.loads(done.stdout)["tokens"]
    again = json.loads(replayed.stdout)["tokens"]
    assert again["id"] == told["id"]
    assert np.allclose(again["logprob"], told["logprob"], atol=1e-3)
    probed = kimidesk("trace", "probe", trace["id"], "--every", "2", "--model", model)
    assert probed.returncode == 0, probed.stderr
    without = kimidesk(
        "solve", "What?", "--image", str(noise), "--model", model, "--projector", "none", *BUDGET
    )
    assert without.returncode == 1
    assert "cannot read images" in without.stderr


def test_a_checkpoint_is_shown_with_its_projector(kimidesk: Run, model: str):
    assert "mmproj-qwen2vl.gguf" in kimidesk("models", "show", model).stdout
