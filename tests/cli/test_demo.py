"""`kimidesk demo`, and the suite that it runs."""

from pathlib import Path

import pytest

from kimidesk.grading.judge import judge
from kimidesk.settings import assets_folder
from kimidesk.store import suites
from tests.cli.conftest import Run

SUITE = assets_folder() / "suites" / "first_steps.jsonl"


def test_the_bundled_suite_is_whole():
    suite = suites.read(SUITE, strict=True)

    assert len(suite.problems) == 24
    assert sum(max(p.text) >= "\u4e00" for p in suite.problems) >= 8
    assert len({problem.name for problem in suite.problems}) == 24
    assert all(judge(f"\\boxed{{{p.answer}}}", p.answer).right for p in suite.problems)


@pytest.mark.slow
def test_it_leaves_a_run_a_trace_and_a_picture_and_is_quick_the_second_time(
    kimidesk: Run, script: str, tmp_path: Path
):
    pytest.importorskip("PySide6")

    first = kimidesk("demo", "--model", script, "--limit", "2", "--out", "demo")
    second = kimidesk("demo", "--model", script, "--limit", "2", "--out", "demo")

    assert first.returncode == second.returncode == 0, first.stderr
    assert (tmp_path / "demo/solve.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "demo/trace.json").exists()
    assert (tmp_path / "demo/score/report.html").exists()
    assert "opening" not in second.stderr
    assert "demo/solve.png" in second.stdout
