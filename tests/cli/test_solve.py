"""`kimidesk solve` and `kimidesk trace` from the outside."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.cli.conftest import Run


@pytest.mark.smoke
def test_the_trace_is_streamed_judged_and_kept(kimidesk: Run, script: str):
    done = kimidesk("solve", "What is 2+2?", "--model", script, "--answer", "4")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "<think>Two and two.</think>The answer is \\boxed{4}.\n"
    assert "right: found 4, expected 4" in done.stderr
    listed = kimidesk("trace", "list").stdout
    assert "What is 2+2?" in listed
    assert "right" in listed


def test_json_is_the_whole_trace_and_nothing_else(kimidesk: Run, script: str):
    done = kimidesk("solve", "What is 2+2?", "--model", script, "--json")

    trace = json.loads(done.stdout)
    assert trace["text"].endswith("\\boxed{4}.")
    assert len(trace["tokens"]["id"]) == len(trace["tokens"]["entropy"])
    shown = kimidesk("trace", "show", trace["trace"]["id"][:8])
    assert "## Thought" in shown.stdout
    exported = kimidesk("trace", "export", trace["trace"]["id"])
    assert json.loads(exported.stdout)["tokens"] == trace["tokens"]


def test_the_problem_may_come_on_stdin(kimidesk: Run, script: str):
    done = kimidesk("solve", "-", "--model", script, stdin="What is 2+2?\n")

    assert "boxed{4}" in done.stdout


def test_an_empty_problem_is_refused(kimidesk: Run, script: str):
    assert kimidesk("solve", " ", "--model", script).returncode == 2


def test_a_picture_is_refused_by_a_checkpoint_that_cannot_see(
    kimidesk: Run, script: str, tmp_path: Path
):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")

    done = kimidesk("solve", "What is 2+2?", "--model", script, "--image", "a.png")

    assert done.returncode == 1
    assert "cannot read images" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_crash_is_told_and_what_came_is_kept(kimidesk: Run, script: str):
    done = kimidesk("solve", "crash", "--model", script)

    assert done.returncode == 3
    assert done.stderr.count("the worker crashed (SIGSEGV)") == 3  # two more were tried
    assert "failed" in kimidesk("trace", "list").stdout


@pytest.mark.slow
def test_a_trace_whose_worker_is_killed_goes_on_in_another(tmp_path: Path, home: Path):
    script = tmp_path / "slow.json"
    said = [{"text": "<think>Hm.</think>The answer is \\boxed{4}.", "repeat": 60}]
    script.write_text(json.dumps({"thinks": True, "tokens_per_s": 60, "recitations": said}))
    command = [sys.executable, "-P", "-m", "kimidesk", "solve", "2+2", "--json"]
    with subprocess.Popen(
        [*command, "--model", f"scripted:{script}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as face:
        killed: set[int] = set()
        while face.poll() is None and len(killed) < 2:
            time.sleep(4.0)  # some tokens have come, on a busy machine too
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(face.pid).children():
                    if "kimidesk.worker" in child.cmdline():
                        child.kill()
                        killed.add(child.pid)
        out, err = face.communicate(timeout=60)

    trace = json.loads(out)
    assert face.returncode == 0
    assert err.count("draws the") == 2
    assert trace["trace"]["ended"] == "answered"
    assert trace["text"] == said[0]["text"] * 60
    times = trace["tokens"]["time_ms"]
    assert times == sorted(times)


def test_control_characters_do_not_reach_the_terminal(kimidesk: Run, tmp_path: Path):
    path = tmp_path / "evil.json"
    path.write_text(json.dumps({"recitations": [{"text": "\x1b]0;owned\x07 hi"}]}))

    done = kimidesk("solve", "x", "--model", f"scripted:{path}")

    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


def test_an_unknown_verb_gets_a_hint(kimidesk: Run):
    done = kimidesk("slove", "x")

    assert done.returncode == 2
    assert "solve" in done.stderr


def test_an_unknown_trace_is_said_to_be_unknown(kimidesk: Run):
    done = kimidesk("trace", "show", "zzz")

    assert done.returncode == 2
    assert "there is no trace 'zzz'" in done.stderr


def test_the_version_is_told(kimidesk: Run):
    assert "0.1.0" in kimidesk("--version").stdout


def test_a_problem_that_is_no_text_is_refused(kimidesk: Run, script: str):
    done = kimidesk("solve", "caf\udce9", "--model", script)

    assert done.returncode == 2
    assert "not UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_solving_and_scoring_load_no_qt(kimidesk: Run, script: str, data: Path):
    """Run in this process's own copy of the program, where lazy imports would show."""
    code = (
        "import sys\n"
        "from kimidesk.__main__ import open_window, save_picture\n"
        "from kimidesk.cli.main import run\n"
        "for arguments in (['solve', 'What is 2+2?'], "
        f"['score', '--data', {str(data)!r}, '--out', 'o', '--max-answer-tokens', '20']):\n"
        f"    run([*arguments, '--model', {script!r}], window=open_window, picture=save_picture)\n"
        "names = ('PySide6', 'pyqtgraph', 'llama_cpp', 'torch', 'kimidesk.engines')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=data.parent,
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_models_and_trace_alone_list(kimidesk: Run):
    assert "smollm2-135m" in kimidesk("models").stdout
    assert "no trace is kept yet" in kimidesk("trace").stderr


def test_a_thought_that_was_closed_by_force_says_so(kimidesk, script):
    asked = ("solve", "2+2", "--model", script, "--think-budget", "1", "--closing", "Enough.")

    done = kimidesk(*asked)

    assert "Enough." in done.stdout
    assert "cut at the budget at token" in done.stderr


def test_a_thought_must_not_need_more_than_it_may_take(kimidesk, script):
    done = kimidesk(
        "solve", "2+2", "--model", script, "--think-budget", "2", "--least-thinking", "5"
    )

    assert done.returncode == 2
    assert "must take 5 tokens and may take 2" in done.stderr
