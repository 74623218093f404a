"""`kimidesk --headless score` from the outside."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.cli.conftest import ROWS, Run, write_rows


def base(script: str, data: Path, out: str = "out") -> list[str]:
    return [
        "--headless", "score", "--model", script, "--data", str(data),
        "--max-answer-tokens", "20", "--out", out,
    ]  # fmt: skip


def samples_in(tmp_path: Path) -> list[dict[str, Any]]:
    text = (tmp_path / "out/samples.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.smoke
def test_a_run_leaves_a_table_and_a_folder(kimidesk: Run, script: str, data: Path, tmp_path: Path):
    done = kimidesk(*base(script, data), "--context", "60")

    assert done.returncode == 0, done.stderr
    assert "33.3 % (1 of 3)" in done.stdout
    assert "1 right, 1 unparsed, 1 wrong" in done.stdout
    samples = samples_in(tmp_path)
    assert {s["number"]: s["answer"] for s in samples} == {
        0: "The answer is \\boxed{4}.",
        1: "The answer is \\boxed{7}.",
        2: None,
    }
    assert samples[0]["verdict"]["extracted"] in ("4", "7", "")
    assert "<html" in (tmp_path / "out/report.html").read_text()
    assert json.loads((tmp_path / "out/summary.json").read_text())["right"] == 1


def test_headless_alone_means_score(kimidesk: Run, script: str, data: Path):
    arguments = base(script, data)
    arguments.remove("score")

    done = kimidesk(*arguments, "--limit", "1", "--quiet", "--json")

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["right"] == 1
    assert done.stderr == ""


def test_the_same_command_resumes_without_starting_the_model(
    kimidesk: Run, script: str, data: Path, tmp_path: Path
):
    kimidesk(*base(script, data), "--context", "60")
    first = (tmp_path / "out/samples.jsonl").read_bytes()
    summary = (tmp_path / "out/summary.json").read_bytes()

    again = kimidesk(*base(script, data), "--context", "60")

    assert again.returncode == 0
    assert "opening" not in again.stderr
    assert (tmp_path / "out/samples.jsonl").read_bytes() == first
    assert (tmp_path / "out/summary.json").read_bytes() == summary


def test_a_larger_limit_adds_only_what_is_missing(
    kimidesk: Run, script: str, data: Path, tmp_path: Path
):
    kimidesk(*base(script, data), "--limit", "1")
    kimidesk(*base(script, data), "--limit", "2", "--repeats", "2")

    samples = samples_in(tmp_path)

    assert sorted((s["number"], s["repeat"]) for s in samples) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_other_options_are_another_run(kimidesk: Run, script: str, data: Path):
    kimidesk(*base(script, data), "--limit", "1")

    refused = kimidesk(*base(script, data), "--limit", "1", "--seed", "5")

    assert refused.returncode == 2
    assert "seed: 0 there, 5 now" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_torn_last_line_is_dropped_with_a_warning_and_made_again(
    kimidesk: Run, script: str, data: Path, tmp_path: Path
):
    kimidesk(*base(script, data), "--context", "60")
    path = tmp_path / "out/samples.jsonl"
    summary = (tmp_path / "out/summary.json").read_bytes()
    path.write_bytes(path.read_bytes()[:-30])

    again = kimidesk(*base(script, data), "--context", "60")

    assert again.returncode == 0
    assert "torn" in again.stderr
    assert (tmp_path / "out/summary.json").read_bytes() == summary


def test_a_bad_line_is_named_and_the_rest_goes_on_unless_strict(
    kimidesk: Run, script: str, data: Path
):
    data.write_text("{oops\n" + data.read_text())

    lenient = kimidesk(*base(script, data), "--context", "60")
    strict = kimidesk(*base(script, data, "other"), "--strict")

    assert lenient.returncode == 0
    assert f"{data}:1: not JSON" in lenient.stderr
    assert strict.returncode == 2
    assert f"{data}:1: not JSON" in strict.stderr


def test_a_sample_that_kills_the_worker_fails_alone(kimidesk: Run, script: str, tmp_path: Path):
    rows = [{"question": "crash", "answer": "1"}, *ROWS[:2]]

    done = kimidesk(*base(script, write_rows(tmp_path / "d.jsonl", rows)), "--slots", "1")

    assert done.returncode == 1, done.stderr
    assert "SIGSEGV" in done.stderr
    assert "1 right, 1 wrong" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_prompt_longer_than_the_context_fails_alone(kimidesk: Run, script: str, tmp_path: Path):
    rows = [{"question": "word " * 100, "answer": "1"}, *ROWS[:1]]
    data = write_rows(tmp_path / "d.jsonl", rows)

    done = kimidesk(*base(script, data), "--context", "60", "--json", "--quiet")

    assert done.returncode == 1
    assert json.loads(done.stdout)["failed"] == 1
    (failed,) = [s for s in samples_in(tmp_path) if s["status"] == "failed"]
    assert "a trace may use 60" in failed["error"]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("scripted:nowhere.json", "there is no script"),
        ("nowhere.gguf", "there is no file"),
        ("smollm2-135n", "Did you mean 'smollm2-135m'"),
        ("data.jsonl", "GGUF"),
    ],
)
def test_an_unusable_model_ends_with_3(kimidesk: Run, data: Path, model: str, words: str):
    done = kimidesk(*base(model, data))

    assert done.returncode == 3
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--temperature", "-1"], "temperature is -1"),
        (["--top-p", "0"], "top-p is 0"),
        (["--repeats", "0"], "--repeats"),
        (["--modle", "x"], "Did you mean"),
        (["--max-answer-tokens", "many"], "not a number of tokens"),
        (["--map", "x"], "cannot read the mapping"),
    ],
)
def test_wrong_usage_ends_with_2(
    kimidesk: Run, script: str, data: Path, arguments: list[str], words: str
):
    done = kimidesk(*base(script, data), *arguments)

    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_underscores_are_taken_for_dashes(kimidesk: Run, script: str, data: Path):
    done = kimidesk(*base(script, data), "--limit", "1", "--top_k", "5")

    assert done.returncode == 0, done.stderr


def slow_script(tmp_path: Path) -> str:
    recitation = {"text": "one two three four five six seven eight \\boxed{4}"}
    path = tmp_path / "slow.json"
    path.write_text(json.dumps({"tokens_per_s": 40, "recitations": [recitation]}))
    return f"scripted:{path}"


def many(tmp_path: Path, count: int) -> Path:
    rows = [{"question": f"n{n}", "answer": str(n % 8)} for n in range(count)]
    return write_rows(tmp_path / "many.jsonl", rows)


def start(tmp_path: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "kimidesk", *arguments],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for_samples(tmp_path: Path, count: int) -> None:
    path = tmp_path / "out/samples.jsonl"
    deadline = time.monotonic() + 30
    while not path.exists() or path.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_ctrl_c_drains_and_saves_and_the_run_can_be_resumed(tmp_path: Path, home: Path):
    arguments = base(slow_script(tmp_path), many(tmp_path, 300))
    process = start(tmp_path, *arguments)
    wait_for_samples(tmp_path, 2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 130, errors
    assert "in flight" in errors
    assert "Traceback" not in errors
    kept = (tmp_path / "out/samples.jsonl").read_bytes().count(b"\n")
    assert 2 <= kept < 300


def test_sigterm_stops_early_and_resumable_and_leaves_no_process(tmp_path: Path, home: Path):
    process = start(tmp_path, *base(slow_script(tmp_path), many(tmp_path, 300)))
    wait_for_samples(tmp_path, 1)
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    _, errors = process.communicate(timeout=30)

    assert process.returncode == 4, errors
    assert len(children) >= 2
    assert psutil.wait_procs(children, timeout=5)[1] == []


@pytest.mark.slow
def test_killed_ten_times_it_ends_as_if_it_had_not_been(tmp_path: Path, home: Path):
    """The children of a killed face end with it, and no finished sample is made again."""
    script, data = slow_script(tmp_path), many(tmp_path, 40)
    whole = start(tmp_path, *base(script, data, "whole"), "--quiet")
    whole.communicate(timeout=120)
    random.seed(1)
    for _ in range(10):
        process = start(tmp_path, *base(script, data), "--quiet")
        time.sleep(random.uniform(0.8, 2.0))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    last = start(tmp_path, *base(script, data), "--quiet")
    _, errors = last.communicate(timeout=120)

    assert last.returncode == 0, errors
    summaries = [(tmp_path / name / "summary.json").read_bytes() for name in ("whole", "out")]
    assert summaries[0] == summaries[1]
    keys = [(s["number"], s["repeat"]) for s in samples_in(tmp_path)]
    assert len(keys) == len(set(keys)) == 40


def test_two_processes_on_one_folder_the_second_is_refused(tmp_path: Path, home: Path):
    # On a busy machine the second takes many seconds to start, and the first must still run then.
    arguments = base(slow_script(tmp_path), many(tmp_path, 600))
    first = start(tmp_path, *arguments)
    wait_for_samples(tmp_path, 1)

    second = start(tmp_path, *arguments)
    _, errors = second.communicate(timeout=30)
    first.terminate()
    first.communicate(timeout=30)

    assert second.returncode == 2
    assert "another process is working on" in errors


def test_a_report_escapes_what_the_checkpoint_wrote(kimidesk: Run, tmp_path: Path):
    path = tmp_path / "evil.json"
    path.write_text(json.dumps({"recitations": [{"text": "<script>alert(1)</script>"}]}))
    data = write_rows(tmp_path / "d.jsonl", [{"question": "<img src=x>", "answer": "1"}])

    kimidesk(*base(f"scripted:{path}", data))

    page = (tmp_path / "out/report.html").read_text()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_a_run_that_was_stopped_says_that_it_is_incomplete(tmp_path: Path, home: Path):
    process = start(tmp_path, *base(slow_script(tmp_path), many(tmp_path, 300)))
    wait_for_samples(tmp_path, 1)
    process.terminate()
    out, _ = process.communicate(timeout=30)

    assert "INCOMPLETE" in out
    assert "of 300 samples are still to come" in out


def test_budgets_rows_and_verdicts_are_added_to_a_run(kimidesk: Run, data: Path, tmp_path: Path):
    thought = "<think>Two and two, one after the other.</think>The answer is \\boxed{4}."
    content = {"thinks": True, "recitations": [{"text": thought}]}
    (tmp_path / "slow.json").write_text(json.dumps(content))
    script = f"scripted:{tmp_path / 'slow.json'}"
    command = [*base(script, data), "--context", "80", "--quiet", "--json"]
    kimidesk(*command, "--limit", "2")
    write_rows(data, [*ROWS[:2], {"question": "What is 2+2? Again.", "answer": "#### 4"}])

    swept = kimidesk(*command, "--budgets", "1,2,1k", "--max-errors", "5")

    assert swept.returncode == 0, swept.stderr
    made = {(s["number"], s["cut"]) for s in samples_in(tmp_path)}
    assert {number for number, cut in made if cut is None} == {0, 1, 2}
    assert (0, 1) in made
    assert "forced,1," in (tmp_path / "out/budget_curve.csv").read_text()
    kept = len(samples_in(tmp_path))
    kimidesk(*command, "--budgets", "1,2,1k")
    assert len(samples_in(tmp_path)) == kept

    told = {"number": 1, "repeat": 0, "judgement": "right", "by": "ann", "reason": "as asked"}
    (tmp_path / "out/overrides.jsonl").write_text(json.dumps(told) + "\n")
    again = kimidesk("--headless", "rescore", "out", "--json", "--quiet")

    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["right"] == 3  # two by the grader, one by ann
    assert (tmp_path / "out/scores.jsonl").exists()
    low = kimidesk(*command, "--budgets", "1,2,1k", "--min-accuracy", "1.0")
    assert low.returncode == 0


def test_other_rows_are_another_run(kimidesk: Run, script: str, data: Path):
    kimidesk(*base(script, data), "--limit", "2", "--quiet")
    write_rows(data, [ROWS[1], ROWS[0]])

    done = kimidesk(*base(script, data), "--quiet")

    assert done.returncode == 2
    assert "suite" in done.stderr


def test_a_dry_run_and_the_spellings_of_others(kimidesk: Run, script: str, data: Path):
    done = kimidesk(
        "score", "--model", script, "--tasks", str(data), "--max_samples", "1",
        "--output_path", "out", "--dry-run",
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("What is 2+2?")
    assert "1 samples of 1 problems" in done.stderr
    wrong = kimidesk("score", "--model", script, "--data", "first_step", "--out", "out")
    assert wrong.returncode == 2
    assert "Did you mean first-steps?" in wrong.stderr
