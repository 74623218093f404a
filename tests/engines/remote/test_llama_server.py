"""Against a real llama-server: KIMIDESK_TEST_LLAMA_SERVER=FILE, or the one on the path, if any."""

import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kimidesk.engines.catalog import open_engine
from kimidesk.engines.protocol import Engine
from kimidesk.records import Attempt, Budget, Ended, Message, Sampling, TokenColumns
from kimidesk.wire.messages import OpenCheckpoint

pytestmark = [pytest.mark.model, pytest.mark.slow]
START_S = 60.0


@pytest.fixture(scope="module")
def server(gguf: Path) -> Iterator[str]:
    binary = os.environ.get("KIMIDESK_TEST_LLAMA_SERVER") or shutil.which("llama-server")
    if binary is None:
        pytest.skip("no llama-server: KIMIDESK_TEST_LLAMA_SERVER names none, nor does the path")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [
        "-m",
        str(gguf),
        "-c",
        "4096",
        "-np",
        "4",
        "-t",
        "1",
        "-tb",
        "1",
        "--port",
        str(port),
    ]
    process = subprocess.Popen(
        [binary, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait()


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < START_S:
        if process.poll() is not None:
            pytest.skip(f"llama-server does not run here (status {process.returncode})")
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=1):
                return
        except urllib.error.HTTPError as error:
            error.close()  # it is loading
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail(f"llama-server was not ready within {START_S:.0f} s")


def grown(engine: Engine, problem: str) -> tuple[str, TokenColumns, Ended | None]:
    columns, ended, closing = TokenColumns(), None, 0
    sampling, budget = Sampling(temperature=0, top_p=1), Budget(answer=64)
    engine.add(Attempt("t", (Message("user", problem),), sampling, budget))
    while engine.live:
        for step in engine.step():
            if step.token is not None:
                columns.append(step.token)
            ended, closing = step.ended or ended, step.closing or closing
    columns = columns.cut(0, len(columns) - closing)
    return b"".join(map(engine.piece, columns.id.tolist())).decode(), columns, ended


def test_a_greedy_answer_is_that_of_the_local_engine(server: str, gguf: Path):
    remote = open_engine(OpenCheckpoint(server, slots=2), lambda _: None)
    local = open_engine(OpenCheckpoint(str(gguf), context=1024, threads=1), lambda _: None)
    try:
        text, told, ended = grown(remote, "What is the capital of France?")
        same, known, local_end = grown(local, "What is the capital of France?")
    finally:
        remote.close()
        local.close()
    assert text == same
    assert ended is local_end
    assert np.abs(told.logprob - known.logprob).max() < 0.1
    assert remote.info.vocabulary == local.info.vocabulary
    assert (told.rank == known.rank).all()


def test_a_split_character_comes_whole(server: str):
    remote = open_engine(OpenCheckpoint(server, slots=1), lambda _: None)
    try:
        text, columns, _ = grown(remote, "Repeat exactly: 🌱🌱🌱 日本語")
    finally:
        remote.close()
    assert "\ufffd" not in text
    assert len(columns)
