"""How a worker is started: the same command and environment from the window and the terminal."""

import os
import sys

QUIET = {
    # With more runnable threads than cores, OpenMP's spinning costs a factor of seven.
    "OMP_WAIT_POLICY": "passive",
    # Without it ggml starts a debugger on itself when it aborts.
    "GGML_NO_BACKTRACE": "1",
    "PYTHONUNBUFFERED": "1",
    "PYTHONUTF8": "1",
}


def worker_command() -> list[str]:
    """Program and arguments. -P keeps the folder one happens to stand in off the import path."""
    return [sys.executable, "-P", "-m", "kimidesk.worker"]


def worker_environment() -> dict[str, str]:
    """This process's environment with what a worker needs on top; the person's own values win."""
    return {**QUIET, **os.environ}
