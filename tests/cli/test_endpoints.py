"""One run on several servers: some are busy, some go away, and nothing is lost or doubled."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kimidesk.cli.endpoints import difference
from kimidesk.records import CheckpointInfo
from tests.cli.conftest import Run, write_rows
from tests.engines.remote.conftest import DONE, Handler, Told, event, said, serving

ROWS = [{"question": f"What is 2+2? ({n})", "answer": "4"} for n in range(40)]
USAGE = said({"choices": [], "usage": {"prompt_tokens": 31, "completion_tokens": 2}})


def answer(pause_s: float = 0.05) -> Callable[[Handler], None]:
    parts = event("The answer is \\boxed{4}."), event(finish="stop"), USAGE, DONE

    def say(handler: Handler) -> None:
        time.sleep(pause_s)
        handler.stream(*parts)

    return say


def too_much(handler: Handler) -> None:
    handler.whole({"error": {"message": "too many requests"}}, 429)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., tuple[Told, ExitStack]]]:
    """Starts a server; the second of the pair ends it."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ExitStack() as all_of_them:

        def start(*streams: Callable[[Handler], None], **how: Any) -> tuple[Told, ExitStack]:
            own = all_of_them.enter_context(ExitStack())
            told = own.enter_context(serving())
            told.owner, told.streams = "vllm", list(streams) or [answer()]
            for name, value in how.items():
                setattr(told, name, value)
            return told, own

        yield start


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", ROWS)


def score(urls: list[str], data: Path, out: str, *more: str) -> list[str]:
    return [
        "--headless", "score", "--endpoint", ",".join(urls), "--data", str(data),
        "--max-answer-tokens", "20", "--out", out, *more,
    ]  # fmt: skip


def samples(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "samples.jsonl").read_text().splitlines()]


def session(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "run.json").read_text())["sessions"][-1]


def test_servers_share_a_run(kimidesk: Run, serve: Any, rows: Path, tmp_path: Path):
    # One alone would take 20 s: the worker of the other has opened by then on any machine.
    (one, _), (two, _) = serve(answer(1.0)), serve(answer(1.0))
    done = kimidesk(*score([one.url, two.url], rows, "out", "--slots", "2"))
    assert done.returncode == 0, done.stderr
    assert sorted(each["number"] for each in samples(tmp_path / "out")) == list(range(40))
    places = session(tmp_path / "out")["places"]
    assert sum(places.values()) == 40
    assert min(places.values()) > 0


def test_busy_servers_are_asked_less_and_what_was_refused_is_asked_again(
    kimidesk: Run, serve: Any, rows: Path, tmp_path: Path
):
    (one, _), (two, _) = serve(), serve(*[too_much] * 6, answer())
    done = kimidesk(*score([one.url, two.url], rows, "out"))
    assert done.returncode == 0, done.stderr
    assert "40 of 40" in done.stdout


@pytest.mark.slow
def test_a_server_that_goes_away_changes_nothing_in_the_summary(
    kimidesk: Run, serve: Any, rows: Path, tmp_path: Path
):
    (one, _), (two, _) = serve(answer(0.5)), serve(answer(0.5))
    urls = [one.url, two.url]
    assert kimidesk(*score(urls, rows, "undisturbed", "--slots", "3")).returncode == 0

    (three, _), (four, going) = serve(answer(0.5)), serve(answer(0.5))
    process = subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "kimidesk",
            *score([three.url, four.url], rows, "disturbed", "--slots", "3"),
        ],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    landed = tmp_path / "disturbed/samples.jsonl"
    begun = time.monotonic()
    while not landed.exists() or len(landed.read_bytes().splitlines()) < 8:
        assert time.monotonic() - begun < 60
        assert process.poll() is None
        time.sleep(0.02)
    going.close()
    _, told = process.communicate(timeout=100)

    assert process.returncode == 0, told
    assert "is lost" in told
    summary = (tmp_path / "disturbed/summary.json").read_bytes()
    assert summary == (tmp_path / "undisturbed/summary.json").read_bytes()
    assert len(samples(tmp_path / "disturbed")) == 40


def test_a_server_that_is_down_is_left_out_with_a_warning(
    kimidesk: Run, serve: Any, rows: Path, tmp_path: Path
):
    (one, _), (two, going) = serve(), serve()
    going.close()
    done = kimidesk(*score([two.url, one.url], rows, "out", "--limit", "3"))
    assert done.returncode == 0, done.stderr
    assert "cannot be reached" in done.stderr
    assert len(samples(tmp_path / "out")) == 3


@pytest.mark.smoke
def test_different_models_are_refused_before_anything_begins(
    kimidesk: Run, serve: Any, rows: Path, tmp_path: Path
):
    (one, _), (two, _) = serve(models=("a",)), serve(models=("b",))
    done = kimidesk(*score([one.url, two.url], rows, "out"))
    assert done.returncode == 2
    assert "another model" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_run_goes_on_wherever_the_same_model_is_served(
    kimidesk: Run, serve: Any, rows: Path, tmp_path: Path
):
    (one, _), (two, _) = serve(), serve()
    first = ["--headless", "score", "--model", one.url, *score([], rows, "out", "--limit", "2")[4:]]
    assert kimidesk(*first).returncode == 0
    done = kimidesk(*score([two.url], rows, "out", "--limit", "5"))
    assert done.returncode == 0, done.stderr
    assert len(samples(tmp_path / "out")) == 5
    assert session(tmp_path / "out")["samples"] == 3
    again = kimidesk(*first[:-1], "6")
    assert again.returncode == 0, again.stderr
    assert session(tmp_path / "out")["samples"] == 1


def test_a_run_that_began_on_a_file_is_finished_on_a_server(
    kimidesk: Run, serve: Any, script: str, rows: Path, tmp_path: Path
):
    here = ["--headless", "score", "--model", script, *score([], rows, "out")[4:], "--limit"]
    assert kimidesk(*here, "2").returncode == 0
    (one, _) = serve()
    done = kimidesk(*here, "5", "--endpoint", one.url)
    assert done.returncode == 0, done.stderr
    assert session(tmp_path / "out")["samples"] == 3
    assert session(tmp_path / "out")["places"] == {one.url.split("/")[2]: 3}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--endpoint", "node1:8000"], "takes addresses of servers"),
        (["--endpoint", "http://a/v1,http://a/v1"], "2 times"),
        (["--endpoint", "http://127.0.0.1:1/v1", "--ray", "auto"], "two ways"),
        (["--endpoint", "http://127.0.0.1:1/v1", "--slots", "many"], "auto or a number"),
    ],
)
def test_wrong_usage_ends_with_2(kimidesk: Run, rows: Path, arguments: list[str], words: str):
    done = kimidesk("--headless", "score", "--data", str(rows), "--out", "out", *arguments)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr


def test_a_model_differs_where_both_tell_something_else():
    ours = CheckpointInfo("m", "r", "f", vocabulary=100, parameters=7)
    assert not difference(ours, CheckpointInfo("n", "s", "g"))
    assert not difference(ours, CheckpointInfo("n", "s", "g", vocabulary=100))
    assert "vocabulary" in difference(ours, CheckpointInfo("n", "s", "g", vocabulary=99))
    assert "parameters" in difference(ours, CheckpointInfo("n", "s", "g", parameters=8))
