"""The comparison, run as its reader would run it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("triton")

BENCH = Path(__file__).parents[3] / "kernels" / "bench"


def table(*options: str) -> tuple[list[dict[str, str]], str]:
    """The rows by column, and all that was printed."""
    environment = {**os.environ, "TRITON_INTERPRET": "1", "TORCHDYNAMO_DISABLE": "1"}
    done = subprocess.run(
        [sys.executable, BENCH, "--device", "cpu", *options],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    names, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return [dict(zip(names, row, strict=True)) for row in rows], done.stdout


@pytest.mark.slow
def test_one_command_measures_every_operation_against_other_ways():
    rows, told = table("--quick")

    for op in (
        "linear_logprob",
        "logprob_entropy",
        "draw",
        "objectives",
        "token_stats",
    ):
        ways = {row["way"] for row in rows if row["op"] == op}
        assert len(ways) >= 2, op
    assert "Not begun for want of time: nothing." in told
    assert "GB/s" in told
    for row in rows:
        if row["note"].startswith("not measured"):  # a peer that is installed and needs a GPU
            assert row["median ms"] == "–"
        else:
            assert float(row["median ms"]) > 0
            assert float(row["÷ first"]) >= 0
        assert "differs" not in row["note"], row


@pytest.mark.slow
def test_what_is_absent_and_what_there_is_no_time_for_is_named():
    rows, told = table("--minutes", "0", "--op", "token_stats")

    assert rows == []
    assert "Not begun for want of time: token_stats 1 of 6" in told
    for package in ("liger-kernel", "cut-cross-entropy", "trl"):
        assert f"- {package}: " in told


def test_without_a_gpu_asking_for_one_is_refused():
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    done = subprocess.run(
        [sys.executable, BENCH, "--device", "cuda"], capture_output=True, text=True
    )

    assert done.returncode == 2
    assert "--device cpu" in done.stderr
