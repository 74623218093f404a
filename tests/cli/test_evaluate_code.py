"""`kimidesk --headless evaluate-code` from the outside."""

import json
from pathlib import Path

import pytest

from kimidesk.grading.code import sandbox
from tests.cli.conftest import Run, write_rows

PROBLEM = {
    "task_id": "test/0",
    "prompt": "def two():\n",
    "test": "def check(candidate):\n    assert candidate() == 2",
    "entry_point": "two",
}
ROWS = [{"task_id": "test/0", "completion": f"    return {n}"} for n in (1, 2, 2, 3)]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    write_rows(tmp_path / "problems.jsonl", [PROBLEM])
    write_rows(tmp_path / "samples.jsonl", ROWS)
    return ["--headless", "evaluate-code", "samples.jsonl", "--problems", "problems.jsonl"]


def test_nothing_runs_without_permission(kimidesk: Run, files: list[str], tmp_path: Path):
    done = kimidesk(*files)

    assert done.returncode == 2
    assert "--allow-code-exec" in done.stderr
    assert not (tmp_path / "samples_results.jsonl").exists()


def test_pass_at_k_is_unbiased_and_each_sample_has_its_result(
    kimidesk: Run, files: list[str], tmp_path: Path
):
    try:
        sandbox.check()
    except sandbox.NoSandbox as error:
        pytest.skip(error.what)

    done = kimidesk(*files, "--allow-code-exec", "--k", "1,2,100", "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["pass_at"] == {"1": 0.5, "2": pytest.approx(1 - 1 / 6), "100": None}
    lines = (tmp_path / "samples_results.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["passed"] for line in lines] == [False, True, True, False]
    assert json.loads(lines[0])["result"] == "failed: assert candidate() == 2"


def test_a_sample_of_an_unknown_problem_is_told(kimidesk: Run, files: list[str], tmp_path: Path):
    try:
        sandbox.check()
    except sandbox.NoSandbox as error:
        pytest.skip(error.what)
    write_rows(tmp_path / "samples.jsonl", [{"task_id": "no/1", "completion": "x"}])

    done = kimidesk(*files, "--allow-code-exec")

    assert done.returncode == 2
    assert "'no/1'" in done.stderr
