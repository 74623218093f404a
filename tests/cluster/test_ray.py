"""A real Ray cluster of two nodes on this machine shares a run, and loses a node meanwhile."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ray")

from tests.cli.conftest import write_rows
from tests.cluster.nodes import Nodes

pytestmark = [pytest.mark.slow]

ROWS = [{"question": f"What is 2+2? ({n})", "answer": "4"} for n in range(24)]


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    # The path of a socket must be short.
    folder = Path("/tmp") / f"kd-ray-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    nodes = Nodes(folder)
    yield nodes
    nodes.close()


@pytest.fixture
def paced(tmp_path: Path) -> str:
    """A checkpoint that takes about a second for each trace."""
    path = tmp_path / "paced.json"
    thought = "<think>" + "Two and two. " * 20 + "</think>"
    recitations = [{"match": "2+2", "text": thought + "The answer is \\boxed{4}."}]
    path.write_text(json.dumps({"thinks": True, "tokens_per_s": 100, "recitations": recitations}))
    return f"scripted:{path}"


@pytest.fixture
def score(tmp_path: Path, home: Path, paced: str) -> Callable[..., subprocess.Popen[str]]:
    rows = write_rows(tmp_path / "rows.jsonl", ROWS)

    def start(out: str, *more: str) -> subprocess.Popen[str]:
        command = [
            sys.executable, "-P", "-m", "kimidesk", "--headless", "score", "--model", paced,
            "--data", str(rows), "--max-answer-tokens", "40", "--slots", "2", "--out", out, *more,
        ]  # fmt: skip
        return subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    return start


def landed(folder: Path) -> list[dict[str, Any]]:
    path = folder / "samples.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def places(folder: Path) -> dict[str, int]:
    return json.loads((folder / "run.json").read_text())["sessions"][-1]["places"]


def test_a_node_that_is_killed_changes_nothing_in_the_summary(
    nodes: Nodes, score: Callable[..., subprocess.Popen[str]], tmp_path: Path
):
    here = score("here")
    _, told = here.communicate(timeout=120)
    assert here.returncode == 0, told

    shared = score("shared", "--ray", nodes.address)
    begun = time.monotonic()
    while len(landed(tmp_path / "shared")) < 6:
        assert time.monotonic() - begun < 120
        assert shared.poll() is None, shared.communicate()
        time.sleep(0.05)
    nodes.tell("kill")
    nodes.tell("add")
    _, told = shared.communicate(timeout=240)

    assert shared.returncode == 0, told
    assert " is lost: " in told
    samples = landed(tmp_path / "shared")
    assert sorted(each["number"] for each in samples) == list(range(24))
    assert len(places(tmp_path / "shared")) >= 2
    summary = (tmp_path / "shared/summary.json").read_bytes()
    assert summary == (tmp_path / "here/summary.json").read_bytes()


def test_a_run_goes_from_this_machine_to_a_cluster(
    nodes: Nodes, score: Callable[..., subprocess.Popen[str]], tmp_path: Path
):
    here = score("out", "--limit", "2")
    _, told = here.communicate(timeout=120)
    assert here.returncode == 0, told
    there = score("out", "--limit", "4", "--ray", nodes.address)
    _, told = there.communicate(timeout=120)
    assert there.returncode == 0, told
    assert len(landed(tmp_path / "out")) == 4
    assert sum(places(tmp_path / "out").values()) == 2


def test_an_address_without_a_cluster_is_told(score: Callable[..., subprocess.Popen[str]]):
    process = score("out", "--ray", "127.0.0.1:1")
    _, told = process.communicate(timeout=120)
    assert process.returncode == 2, told
    assert "no Ray cluster answers at 127.0.0.1:1" in told
    assert "Traceback" not in told


def test_a_checkpoint_that_nodes_do_not_have_is_told(
    nodes: Nodes, score: Callable[..., subprocess.Popen[str]], tmp_path: Path
):
    other = tmp_path / "other.json"
    other.write_text('{"recitations": [{"text": "The answer is 12."}]}')
    process = score("out", "--ray", nodes.address, "--model", f"scripted:{other}")
    begun = time.monotonic()
    other_now = '{"recitations": [{"text": "The answer is 13."}]}'
    while not (tmp_path / "out/run.json").exists() and process.poll() is None:
        assert time.monotonic() - begun < 60
        time.sleep(0.01)
    other.write_text(other_now)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 3, told
    assert "is another file" in told
