"""`report`, `compare` and `long2short` read run folders."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from kimidesk.records import Ended
from kimidesk.store.runs import RunFolder
from tests.cli.conftest import Run
from tests.grading.sampled import sample


def a_run(path: Path, samples, **identity) -> Path:
    folder = RunFolder.open(path, {"checkpoint": path.name, "seed": 1, **identity})
    for each in samples:
        folder.add(each)
    folder.log_session({"tokens": 500, "seconds": 10.0})
    folder.close()
    return path


@pytest.fixture
def runs(tmp_path: Path) -> tuple[Path, Path]:
    one = [sample(n, right=n < 4, tokens=100 + n) for n in range(10)]
    other = [sample(n, right=n < 7, tokens=60) for n in range(10)]
    cut = [sample(9, right=None, ended=Ended.BUDGET, answer="")]
    return (
        a_run(tmp_path / "a", [*one[:9], *cut, sample(1, cut=50, tokens=50)]),
        a_run(tmp_path / "b", other, seed=2),
    )


def test_a_report_is_made_from_the_folder_while_another_holds_it(kimidesk: Run, runs):
    held = RunFolder.existing(runs[0])
    done = kimidesk("--headless", "report", "a", "--beside", "b")
    held.close()

    assert done.returncode == 0, done.stderr
    assert "40.0 % (4 of 10)" in done.stdout
    assert "10.0 % of the samples were cut off" in done.stdout
    assert "50.0 (10 s of work)" in done.stdout
    summary = json.loads((runs[0] / "summary.json").read_text())
    assert summary["finish"]["length"] == 1
    assert "seconds" not in json.dumps(summary)
    curve = (runs[0] / "budget_curve.csv").read_text().splitlines()
    assert curve[0].startswith("curve,budget,accuracy")
    assert [line.split(",")[:2] for line in curve if line.startswith("forced")] == [
        ["forced", "50"]
    ]
    assert (runs[0] / "budget_curve.svg").read_text().startswith("<svg")
    page = (runs[0] / "report.html").read_text()
    assert "top left is best" in page
    before = page
    kimidesk("report", "a", "--beside", "b", "--json")
    assert (runs[0] / "report.html").read_text() == before


def test_numbers_come_as_json(kimidesk: Run, runs):
    told = json.loads(kimidesk("report", "a", "--budgets", "64,1k", "--json").stdout)

    assert told["accuracy"] == 0.4
    assert {64, 1024} <= {point["budget"] for point in told["posthoc"]}
    assert told["forced"][0]["kind"] == "forced"


def test_runs_are_compared_problem_by_problem(kimidesk: Run, runs):
    done = kimidesk("--headless", "compare", "a", "b")

    assert done.returncode == 0, done.stderr
    assert "seed: 1 in A, 2 in B" in done.stderr
    assert "+30.0 points" in done.stdout
    assert "in B alone 3" in done.stdout
    told = json.loads(kimidesk("compare", "a", "b", "--json").stdout)
    assert (told["mcnemar"], len(told["changed"])) == (0.25, 3)


def test_what_cannot_be_compared_is_refused_with_the_reason(kimidesk: Run, runs, tmp_path: Path):
    a_run(tmp_path / "c", [replace(sample(0), problem="Something else")])
    done = kimidesk("compare", "a", "c")

    assert (done.returncode, "no problem in common" in done.stderr) == (2, True)
    missing = kimidesk("compare", "a", "nowhere")
    assert (missing.returncode, "is no run" in missing.stderr) == (2, True)


def test_runs_are_drawn_by_their_tokens(kimidesk: Run, runs, tmp_path: Path):
    done = kimidesk("long2short", "a", "b", "--csv", "l.csv", "--svg", "l.svg", "--json")

    assert done.returncode == 0, done.stderr
    assert [each["front"] for each in json.loads(done.stdout)] == [False, True]
    assert (tmp_path / "l.csv").read_text().splitlines()[2].startswith("b,60.0,0.7,")
    assert "top left is best" in (tmp_path / "l.svg").read_text()


def test_a_budget_that_is_no_number_is_told(kimidesk: Run, runs):
    done = kimidesk("report", "a", "--budgets", "1x")

    assert (done.returncode, "'1x' is no number of tokens" in done.stderr) == (2, True)
