"""One program against one problem's tests: starts player and referee, waits, ends both."""

import contextlib
import math
import os
import struct
import subprocess
from dataclasses import dataclass

import msgspec

from kimidesk.grading.code import sandbox
from kimidesk.grading.code.inside import values
from kimidesk.grading.queue import CODE_LIMIT_S
from kimidesk.records import Judgement

_INSIDE = "from kimidesk.grading.code.inside."


class Outcome(msgspec.Struct, frozen=True):
    """What the referee found."""

    judgement: Judgement
    reason: str = ""  # one line


@dataclass(frozen=True, slots=True)
class Job:
    """What is run, and what it must pass."""

    kind: str
    program: str
    tests: str
    entry_point: str
    names: list[str]  # what the tests take from the program
    before: str = ""  # run before the tests, and theirs alone


def run(job: Job, limit_s: float = CODE_LIMIT_S) -> Outcome:
    """Run it; `limit_s` are seconds of the clock for everything. Raises NoSandbox."""
    sandbox.check()
    cpu_s = math.ceil(limit_s) + 1  # the clock ends it before
    asked, asking = os.pipe()
    answers, answering = os.pipe()
    with contextlib.ExitStack() as stack:
        player = sandbox.start(
            f"{_INSIDE}player import main; main({cpu_s})", stdin=asked, stdout=answering
        )
        stack.callback(_end, player)
        os.close(asked)
        os.close(answering)
        try:
            referee = sandbox.start(
                f"{_INSIDE}referee import main; main({cpu_s}, {asking}, {answers})",
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(asking, answers),
            )
        finally:
            os.close(asking)
            os.close(answers)
        stack.callback(_end, referee)
        return _outcome(referee, job, limit_s)


def _outcome(referee: "subprocess.Popen[bytes]", job: Job, limit_s: float) -> Outcome:
    body = msgspec.json.encode(job)
    if len(body) > values.LIMIT:
        return Outcome(Judgement.ERROR, f"code and tests are more than {values.LIMIT >> 20} MiB")
    try:
        said, _ = referee.communicate(struct.pack("<I", len(body)) + body, timeout=limit_s)
    except subprocess.TimeoutExpired:
        return Outcome(Judgement.WRONG, f"time limit: longer than {limit_s:g} s")
    try:
        return msgspec.json.decode(said[4:], type=Outcome)
    except msgspec.DecodeError:
        return Outcome(Judgement.ERROR, f"the tests ended their process ({referee.returncode})")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what it never read cannot be flushed
                pipe.close()
    process.wait()
