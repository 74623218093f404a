"""What another process has spent, and a process that runs only while it is looked at.

The CPU clock of a process counts in nanoseconds and leaves out what others on the machine do, so
two programs that take turns of a second or two can be told apart by a hundredth.
"""

import ctypes
import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

QUIET = {"OMP_WAIT_POLICY": "passive"}  # as KimiDesk's worker sets it


class Spent(NamedTuple):
    """What a piece of work took."""

    cpu: float  # seconds, user and system, all threads
    wall: float  # seconds
    line: str = ""  # what the process said at its end


def cpu_of(pid: int) -> float:
    """CPU seconds of a process so far; raises ProcessLookupError when there is none."""
    clock = ctypes.c_int()
    if code := ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)):
        raise ProcessLookupError(code, os.strerror(code))
    return time.clock_gettime(clock.value)


class Paused:
    """A process that stands still but while `until` waits for one of its lines."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**QUIET, **os.environ},
        )

    def until(self, mark: str) -> Spent:
        """Let it run until it writes a line that holds the pattern, or ends."""
        assert self._process.stdout is not None
        pid, said = self._process.pid, ""
        cpu, wall = cpu_of(pid), time.perf_counter()
        self._process.send_signal(signal.SIGCONT)
        while line := self._process.stdout.readline():
            said += line
            if re.search(mark, line):
                break
        else:
            raise ChildProcessError(f"it ended before it said {mark!r}:\n{said}")
        took = time.perf_counter() - wall
        self._process.send_signal(signal.SIGSTOP)
        return Spent(cpu_of(pid) - cpu, took, line)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


class Ratios:
    """Rates of ours and of the peer's, a pair a round."""

    def __init__(self) -> None:
        self._pairs: list[tuple[float, float]] = []

    def add(self, ours: float, peer: float) -> None:
        """Rates of one round."""
        self._pairs.append((ours, peer))

    def row(self) -> str:
        """Both medians and the ratio of each round: its median, least and largest."""
        ours, peer = (median(each) for each in zip(*self._pairs, strict=True))
        ratios = sorted(a / b for a, b in self._pairs)
        spread = f"{ratios[0]:.3f} … {ratios[-1]:.3f}"
        return f"{ours:.1f} | {peer:.1f} | **{median(ratios):.3f}** | {spread}"
