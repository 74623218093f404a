"""The command line with a server's address: solved, scored, killed and taken up again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kimidesk.cli.backend import Chosen, context_for
from kimidesk.records import Budget
from tests.cli.conftest import Run, write_rows
from tests.engines.remote.conftest import DONE, Handler, Told, event, said, serving

USAGE = said({"choices": [], "usage": {"prompt_tokens": 31, "completion_tokens": 2}})


def _answer(handler: Handler) -> None:
    time.sleep(0.05)  # a model needs its time; clients that were killed do not end it
    parts = event("The answer is \\boxed{4}."), event(finish="stop"), USAGE, DONE
    handler.stream(*parts)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as told:
        told.owner = "vllm"
        told.streams = [_answer]
        yield told


def test_a_problem_is_solved_by_the_server_that_is_named(kimidesk: Run, told: Told):
    done = kimidesk("solve", "What is 2+2?", "--model", f"{told.url}#m", "--answer", "4")
    assert done.returncode == 0, done.stderr
    assert "boxed{4}" in done.stdout
    assert "right" in done.stderr
    assert "sent to the server at token 0: /chat/completions temperature=0.6" in done.stderr


def test_a_server_is_used_with_the_context_that_it_tells():
    served = Chosen("http://box.lan/v1#m", "", "f", thinks=True, trained_context=200_000)
    assert context_for(0, Budget(), served) == 0
    assert context_for(4096, Budget(), served) == 4096
    untold = served._replace(trained_context=0)
    assert context_for(0, Budget(thinking=100, answer=100), untold) == 1280


def test_a_server_that_is_gone_is_said_to_be(kimidesk: Run, told: Told):
    done = kimidesk("solve", "2+2?", "--model", "http://127.0.0.1:1/v1#m")
    assert done.returncode == 3
    assert "cannot be reached" in done.stderr


def test_what_only_servers_have_is_refused_to_others(kimidesk: Run, script: str):
    done = kimidesk("solve", "2+2?", "--model", script, "--requests-per-minute", "5")
    assert done.returncode == 2
    assert "only servers" in done.stderr


def test_a_server_is_described_for_programs(kimidesk: Run, told: Told, tmp_path: Path):
    shown = json.loads(kimidesk("models", "show", told.url, "--json").stdout)
    assert (shown["name"], shown["make"]) == ("m", "vLLM")
    assert shown["raw"]["why_not"]
    refused = kimidesk("models", "dialect", told.url)
    assert refused.returncode == 3
    assert "does not tell the chat template" in refused.stderr


def _score(told: Told, data: Path) -> list[str]:
    return [
        "--headless", "score", "--model", f"{told.url}#m", "--data", str(data), "--slots", "4",
        "--max-answer-tokens", "20", "--out", "out",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_score_that_is_killed_loses_and_doubles_nothing(
    kimidesk: Run, told: Told, tmp_path: Path, home: Path
):
    rows = [{"question": f"What is 2+2? ({n})", "answer": "4"} for n in range(60)]
    data = write_rows(tmp_path / "data.jsonl", rows)
    landed = tmp_path / "out/samples.jsonl"
    for wanted in (5, 20, 35):
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "kimidesk", *_score(told, data)],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        begun = time.monotonic()
        while not landed.exists() or len(landed.read_bytes().splitlines()) < wanted:
            assert time.monotonic() - begun < 60
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    done = kimidesk(*_score(told, data))

    assert done.returncode == 0, done.stderr
    samples = [json.loads(line) for line in landed.read_text().splitlines()]
    assert sorted(sample["number"] for sample in samples) == list(range(60))
    assert all(sample["verdict"]["judgement"] == "right" for sample in samples)
    assert {sample["prompt_tokens"] for sample in samples} == {31}
