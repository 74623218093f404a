"""llama-bench, llama-batched-bench and llama-server, each driven from outside."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from peers.clocks import QUIET, Paused, Spent, cpu_of

HOW_TO_BUILD = """\
{} is not in {}. Build the programs from the sources that the engine's own wheel is made of:
  pip download --no-deps --no-binary :all: llama-cpp-python==0.3.36
  tar xzf llama_cpp_python-0.3.36.tar.gz
  cmake -B build -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DLLAMA_BUILD_TESTS=OFF \\
    -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_USE_PREBUILT_UI=OFF \\
    -DLLAMA_OPENSSL=OFF llama_cpp_python-0.3.36/vendor/llama.cpp
  cmake --build build --parallel 2 --target llama-bench llama-batched-bench llama-server
and name the folder: --peers build/bin, or LLAMA_CPP_PROGRAMS=build/bin"""
FOLDER_VARIABLE = "LLAMA_CPP_PROGRAMS"
START_S = 60.0


def program(folder: Path, name: str) -> str:
    """The path of a program; leaves the process with how to build it where it is not there."""
    path = folder / name
    if not path.is_file():
        sys.exit(HOW_TO_BUILD.format(name, folder))
    return str(path)


def folder_of(given: Path | None) -> Path:
    """Where the programs are."""
    return given or Path(os.environ.get(FOLDER_VARIABLE) or "build/bin")


class Bench:
    """llama-bench: one test, a repetition at a time."""

    def __init__(self, folder: Path, model: Path, threads: int, rounds: int, test: str) -> None:
        how = ["-m", str(model), "-t", str(threads), "-r", str(rounds + 1), "--progress"]
        command = [program(folder, "llama-bench"), *how, *test.split(), "-o", "jsonl"]
        self._process = Paused(command)
        self._process.until(r"(prompt|generation) run 1/")

    def again(self) -> Spent:
        """The next repetition; what brings it to its depth is left out."""
        spent = self._process.until(r"(depth|prompt|generation) run \d+/")
        if "depth" in spent.line:
            self._process.until(r"generation run \d+/")
        return spent

    def close(self) -> None:
        """End it."""
        self._process.close()


class BatchedBench:
    """llama-batched-bench with a shared prompt: one width after another, round after round."""

    def __init__(
        self, folder: Path, model: Path, threads: int, widths: list[int], rounds: int, *, pool: bool
    ) -> None:
        warm = [max(widths)]  # touches all the memory
        self._process = Paused([
            *("stdbuf", "-oL", program(folder, "llama-batched-bench"), "-m", str(model), "-pps"),
            *("-c", str(max(widths) * 256), "-t", str(threads), "-tb", str(threads)),
            *("-npp", "128", "-ntg", "64", "-npl", ",".join(map(str, warm + widths * rounds))),
            *("--output-format", "jsonl", *(["-kvu"] if pool else [])),
        ])  # fmt: skip
        self.again()

    def again(self) -> tuple[Spent, float]:
        """The next width, prompt and all; and the share of its time that it spent decoding."""
        spent = self._process.until('"t_tg"')
        # It has begun the next prompt before it is stopped: of its own times only this one holds.
        return spent, json.loads(spent.line)["t_tg"] / spent.wall

    def close(self) -> None:
        """End it."""
        self._process.close()


class Server:
    """llama-server with so many slots."""

    def __init__(self, folder: Path, model: Path, threads: int, slots: int, length: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process = subprocess.Popen(
            [
                *(program(folder, "llama-server"), "-m", str(model), "--port", str(self._port)),
                *("-np", str(slots), "-c", str(slots * length)),
                *("-t", str(threads), "-tb", str(threads), "--no-ui", "--metrics"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**QUIET, **os.environ},
        )
        self._wait()

    @property
    def cpu(self) -> float:
        """CPU seconds so far."""
        return cpu_of(self._process.pid)

    @property
    def address(self) -> str:
        """Of the server, without a path."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def tokens(self) -> int:
        """How many it has written so far."""
        with urllib.request.urlopen(f"{self.address}/metrics") as answer:
            found = re.search(rb"^llamacpp:tokens_predicted_total (\S+)", answer.read(), re.M)
        if found is None:
            raise ConnectionError("llama-server does not tell how many tokens it has written")
        return int(float(found[1]))

    def whole(self, path: str, request: dict[str, Any]) -> dict[str, Any]:
        """Ask once and read the whole answer."""
        client = HTTPConnection("127.0.0.1", self._port)
        client.request("POST", path, json.dumps(request), {"Content-Type": "application/json"})
        answer = client.getresponse()
        table: dict[str, Any] = json.loads(answer.read())
        client.close()
        if answer.status != 200:
            raise ConnectionError(f"llama-server answered {answer.status}: {table}")
        return table

    def stream(self, request: dict[str, Any]) -> int:
        """Ask for one completion and read its stream; how many tokens came."""
        client = HTTPConnection("127.0.0.1", self._port)
        client.request("POST", "/completion", json.dumps({**request, "stream": True}))
        answer = client.getresponse()
        last = b""
        for line in answer:
            last = line if len(line) > 2 else last
        client.close()
        found = re.search(rb'"predicted_n":(\d+)', last)
        if answer.status != 200 or found is None:
            raise ConnectionError(f"llama-server answered {answer.status}: {last[:200]!r}")
        return int(found[1])

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()

    def _wait(self) -> None:
        until = time.monotonic() + START_S
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self._port}/health").close()
            except OSError:
                if time.monotonic() > until or self._process.poll() is not None:
                    raise
                time.sleep(0.2)
            else:
                return
