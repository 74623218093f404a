"""A real llama-server as a process of one's own."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

START_S = 60.0


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def start_llama(binary: str, gguf: Path, port: int) -> subprocess.Popen[bytes]:
    """Ready to answer; whoever asks ends it."""
    options = f"-c 4096 -np 4 -t 1 -tb 1 --alias tiny --port {port}".split()
    process = subprocess.Popen(
        [binary, "-m", str(gguf), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}", process)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process


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
