"""`kimidesk --headless analyse`."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from filelock import FileLock

from kimidesk.records import Judgement, Sample, SampleStatus, Verdict
from kimidesk.store.runs import RunFolder
from tests.cli.conftest import Run

THOUGHT = (
    "Okay, so I have two numbers.\n\nSo 2 + 2 = 4. The answer is 4.\n\n"
    "Wait, no, I made a mistake there.\n\nI add the first to the second.\n\n"
    "Then I add one.\n\nSo 2 + 2 + 1 = 5.\n\nThat makes sense.\n\n"
)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A finished run with a right, a wrong and a failed sample."""
    folder = RunFolder.open(tmp_path / "out", {"seed": 1})
    right, wrong = (Verdict(each, said) for each, said in (("right", "4"), ("wrong", "5")))
    folder.add(of(0, THOUGHT, "\\boxed{4}", right))
    folder.add(of(1, THOUGHT, "\\boxed{5}", wrong))
    folder.add(Sample(2, 0, "c", "p", "4", SampleStatus.FAILED, 1, error="the worker died"))
    folder.write_json("summary.json", {})
    folder.close()
    return folder.path


def of(number: int, thinking: str, answer: str, verdict: Verdict) -> Sample:
    done = Verdict(Judgement(verdict.judgement), verdict.extracted, "4")
    return Sample(
        number, 0, "n", "2+2", "4", SampleStatus.DONE, 1,
        thinking=thinking, answer=answer, verdict=done,
    )  # fmt: skip


def lines(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "analysis.jsonl").read_text("utf-8").splitlines()]


def test_a_scored_run_is_analysed(kimidesk: Run, script: str, data: Path, tmp_path: Path):
    scored = kimidesk("score", "--model", script, "--data", str(data), "--limit", "2",
                      "--max-answer-tokens", "20", "--out", "out")  # fmt: skip
    assert scored.returncode == 0, scored.stderr

    done = kimidesk("--headless", "analyse", "--run", "out")

    assert done.returncode == 0, done.stderr
    assert "2 of 2 samples analysed" in done.stdout
    assert [each["solutions"][0]["judgement"] for each in lines(tmp_path / "out")] == [
        "right",
        "wrong",
    ]
    again = kimidesk("score", "--model", script, "--data", str(data), "--limit", "2",
                     "--max-answer-tokens", "20", "--out", "out")  # fmt: skip
    assert again.returncode == 0, again.stderr


def test_right_and_wrong_are_told_apart_and_what_has_no_text_is_said(kimidesk: Run, run: Path):
    done = kimidesk("analyse", "--run", "out", "--json", "--quiet")

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told == json.loads((run / "analysis.json").read_text())
    assert (told["samples"], told["analysed"], told["without_text"]) == (3, 3, 1)
    metrics = told["metrics"]["underthinking"]
    assert metrics["right"] == {"of": 0}
    first, whole = (lines(run)[1]["solutions"][n]["end"] for n in (0, -1))
    assert metrics["wrong"]["mean"] == pytest.approx(1 - first / whole)
    assert told["kinds"]["backtrack"]["mean"] > 0
    assert sum(told["kinds"][kind]["mean"] for kind in told["kinds"]) == pytest.approx(1)
    assert all(sum(row.values()) == pytest.approx(1) for row in told["follows"].values())
    assert "1 have no text" in kimidesk("analyse", "--run", "out").stdout


def test_only_what_is_new_or_damaged_is_analysed_again(kimidesk: Run, run: Path):
    kimidesk("analyse", "--run", "out")
    first = (run / "analysis.jsonl").read_bytes()
    summary = (run / "analysis.json").read_bytes()

    again = kimidesk("analyse", "--run", "out")
    assert "analysed" not in again.stderr
    assert (run / "analysis.jsonl").read_bytes() == first

    (run / "analysis.jsonl").write_bytes(b'{"not": "ours"}\n' + first.partition(b"\n")[2])
    mended = kimidesk("analyse", "--run", "out")
    assert "0/1 analysed" in mended.stderr
    assert "analysis.jsonl:1: no analysis, passed over" in mended.stderr
    assert (run / "analysis.jsonl").read_bytes() == first
    assert (run / "analysis.json").read_bytes() == summary


def test_traces_of_one_problem_are_each_others_control(kimidesk: Run, run: Path):
    with (run / "samples.jsonl").open("ab") as file:
        sample = of(0, THOUGHT * 3, "\\boxed{5}", Verdict(Judgement.WRONG, "5"))
        file.write(msgspec.json.encode(replace(sample, repeat=1)) + b"\n")

    told = json.loads(kimidesk("analyse", "--run", "out", "--json").stdout)

    control = told["within_problem"]["sentences"]
    by_key = {(each["number"], each["repeat"]): each["course"] for each in lines(run)}
    assert control["of"] == 1
    assert control["mean"] == by_key[0, 1]["sentences"] - by_key[0, 0]["sentences"] > 0


def test_lines_that_are_no_samples_are_named_and_a_run_that_goes_on_is_told(
    kimidesk: Run, run: Path
):
    with (run / "samples.jsonl").open("ab") as file:
        file.write(b'\xff\n{"foreign": 1}\n{"torn": ')
    (run / "summary.json").unlink()

    done = kimidesk("analyse", "--run", "out")

    assert done.returncode == 0
    assert "samples.jsonl:4: no sample, passed over" in done.stderr
    assert "samples.jsonl:5: no sample, passed over" in done.stderr
    assert "torn" in done.stderr
    assert "the run is not finished" in done.stderr
    assert "3 of 3 samples analysed" in done.stdout


def test_what_is_no_run_is_refused(kimidesk: Run, tmp_path: Path, run: Path):
    missing = kimidesk("analyse", "--run", "nowhere")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "nowhere is no run: it has no run.json" in missing.stderr
    assert not (tmp_path / "nowhere").exists()

    (run / "samples.jsonl").unlink()
    empty = kimidesk("analyse", "--run", "out")
    assert empty.returncode == 2
    assert "holds no finished sample" in empty.stderr

    (run / "run.json").write_text("[]")
    foreign = kimidesk("analyse", "--run", "out")
    assert foreign.returncode == 2
    assert "run.json cannot be read as a run" in foreign.stderr


def test_a_run_that_another_process_works_on_is_left_alone(kimidesk: Run, run: Path):
    with FileLock(run / "run.lock"):
        done = kimidesk("analyse", "--run", "out")

    assert done.returncode == 2
    assert "another process is working on" in done.stderr
    assert not (run / "analysis.json").exists()


@pytest.mark.slow
def test_what_is_stopped_keeps_what_it_made_and_goes_on(kimidesk: Run, run: Path, tmp_path: Path):
    sample = of(0, THOUGHT * 20, "\\boxed{4}", Verdict(Judgement.RIGHT, "4"))
    with (run / "samples.jsonl").open("ab") as file:
        for repeat in range(1, 150):
            file.write(msgspec.json.encode(replace(sample, repeat=repeat)) + b"\n")

    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "kimidesk", "analyse", "--run", "out"],
        cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    assert "0/152 analysed" in process.stderr.readline()
    process.terminate()
    process.communicate(timeout=60)

    assert process.returncode == 4
    made = len(lines(run))
    assert made < 152
    again = kimidesk("analyse", "--run", "out")
    assert f"0/{152 - made} analysed" in again.stderr
    assert len(lines(run)) == 152
