"""The grading process is replaced when it hangs or dies, and never outlives its face."""

import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from kimidesk.grading.code import sandbox
from kimidesk.grading.process import GraderProcess, command
from kimidesk.records import Judgement, Task
from kimidesk.wire.frames import encode, event_reader
from kimidesk.wire.messages import PROTOCOL, Judge, Judged, Ready

PATIENCE_S = 30  # a machine may be busy
FOUR = Judge("four", r"So it is \boxed{4}.", "4")
DEEP = "(" * 60 + "x" + ")" * 60
SLOW = Judge("slow", f"\\boxed{{{DEEP}}}", "x+y")  # the grammar needs a second and more

posix = pytest.mark.skipif(os.name != "posix", reason="stops and kills by signal")


@pytest.fixture
def verdicts() -> "queue.Queue[Judged]":
    return queue.Queue()


@pytest.fixture
def grader(verdicts: "queue.Queue[Judged]") -> Iterator[GraderProcess]:
    with GraderProcess(verdicts.put) as process:
        yield process


def warm_pid(grader: GraderProcess, verdicts: "queue.Queue[Judged]") -> int:
    """The process id once it has answered: its start is over."""
    grader.submit(FOUR)
    verdicts.get(timeout=PATIENCE_S)
    assert grader.pid is not None
    return grader.pid


def until(true: Callable[[], bool]) -> bool:
    for _ in range(PATIENCE_S * 20):
        if true():
            return True
        time.sleep(0.05)
    return False


def test_verdicts_come_in_the_order_they_were_asked_for(
    grader: GraderProcess, verdicts: "queue.Queue[Judged]"
):
    grader.submit(FOUR)
    grader.submit(Judge("unfinished", None, "4"))
    grader.submit(Judge("formula", r"\boxed{(x+1)^2}", "x^2+2x+1"))
    came = [verdicts.get(timeout=PATIENCE_S) for _ in range(3)]

    assert [judged.trace for judged in came] == ["four", "unfinished", "formula"]
    assert [judged.verdict.judgement for judged in came] == [
        Judgement.RIGHT,
        Judgement.UNPARSED,
        Judgement.RIGHT,
    ]
    assert came[2].verdict.method == "math-verify"


@posix
@pytest.mark.slow  # it waits for the three seconds
def test_a_hanging_process_is_killed_at_three_seconds_and_replaced(
    grader: GraderProcess, verdicts: "queue.Queue[Judged]"
):
    pid = warm_pid(grader, verdicts)
    os.kill(pid, signal.SIGSTOP)  # hangs as hard as anything can

    begun = time.monotonic()
    grader.submit(FOUR)
    grader.submit(Judge("next", "4", "4"))
    late = verdicts.get(timeout=PATIENCE_S)

    assert 2.9 < time.monotonic() - begun < 6
    assert late.verdict.judgement is Judgement.ERROR
    assert late.verdict.reason == "the grader took longer than 3 s"
    assert verdicts.get(timeout=PATIENCE_S).verdict.right
    assert grader.pid != pid
    assert not psutil.pid_exists(pid)


def test_a_judgement_slower_than_the_limit_is_an_error_and_the_next_one_is_judged(
    verdicts: "queue.Queue[Judged]",
):
    with GraderProcess(verdicts.put, limit_s=0.25) as grader:
        grader.submit(SLOW)
        grader.submit(FOUR)
        late, judged = (verdicts.get(timeout=PATIENCE_S) for _ in range(2))

    assert late.trace == "slow"
    assert late.verdict.reason == "the grader took longer than 0.25 s"
    assert judged.verdict.right


@posix
def test_a_killed_process_is_replaced_and_nothing_is_lost(
    grader: GraderProcess, verdicts: "queue.Queue[Judged]"
):
    pid = warm_pid(grader, verdicts)
    os.kill(pid, signal.SIGKILL)
    grader.submit(FOUR)

    assert verdicts.get(timeout=PATIENCE_S).verdict.right
    assert grader.pid != pid


def test_a_closed_grader_leaves_no_process_and_may_be_closed_twice(
    verdicts: "queue.Queue[Judged]",
):
    grader = GraderProcess(verdicts.put)
    pid = warm_pid(grader, verdicts)
    grader.close()
    grader.close()

    assert not psutil.pid_exists(pid)
    assert grader.pid is None


def test_closing_while_the_process_still_starts_does_not_wait_for_it(
    verdicts: "queue.Queue[Judged]",
):
    grader = GraderProcess(verdicts.put)
    grader.submit(FOUR)
    begun = time.monotonic()
    grader.close()

    assert time.monotonic() - begun < 1
    assert verdicts.empty()


@posix
def test_a_killed_face_leaves_no_orphan():
    face = (
        "import time; from kimidesk.grading.process import GraderProcess\n"
        "grader = GraderProcess(print)\n"
        "while grader.pid is None: time.sleep(0.01)\n"
        "print(grader.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", face], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()

    assert until(lambda: not psutil.pid_exists(pid) or _is_dead(pid))


def _is_dead(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_the_program_says_ready_first_prints_nothing_else_and_ends_with_its_stdin():
    asked = encode(FOUR) + encode(Judge("wrong", "5", "4"))
    done = subprocess.run(command(), input=asked, capture_output=True, timeout=60, check=True)
    ready, right, wrong = event_reader().feed(done.stdout)

    assert isinstance(ready, Ready)
    assert ready.protocol == PROTOCOL
    assert isinstance(right, Judged)
    assert right.verdict.right
    assert isinstance(wrong, Judged)
    assert wrong.verdict.judgement is Judgement.WRONG
    assert done.stderr == b""


@pytest.mark.slow  # another start of the process
def test_garbage_on_stdin_ends_the_program_with_a_sentence_and_no_traceback():
    done = subprocess.run(
        command(), input=b"\xff" * 64, capture_output=True, timeout=60, check=False
    )

    assert done.returncode == 3
    assert b"a frame claims" in done.stderr
    assert b"Traceback" not in done.stderr


@posix
@pytest.mark.slow  # another start of the process
def test_ctrl_c_is_left_to_the_face():
    with subprocess.Popen(command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        reader = event_reader()
        assert reader.feed(os.read(child.stdout.fileno(), 4096))
        child.send_signal(signal.SIGINT)
        child.stdin.write(encode(FOUR))
        child.stdin.close()
        (judged,) = reader.feed(child.stdout.read())

    assert isinstance(judged, Judged)
    assert child.returncode == 0


def test_code_runs_only_in_a_process_that_was_allowed_to():
    check = (
        '{"kind": "humaneval", "prompt": "def two():\\n", "entry_point": "two",'
        ' "tests": "def check(f):\\n    assert f() == 2"}'
    )
    asked = Judge("a", "    return 2", "", Task.CODE, check)
    judged: queue.SimpleQueue[Judged] = queue.SimpleQueue()
    with GraderProcess(judged.put) as grader:
        grader.submit(asked)
        assert "--allow-code-exec" in judged.get(timeout=60).verdict.reason
    try:
        sandbox.check()
    except sandbox.NoSandbox as error:
        pytest.skip(error.what)
    with GraderProcess(judged.put, code_limit_s=5.0) as grader:
        grader.submit(asked)
        assert judged.get(timeout=60).verdict.judgement is Judgement.RIGHT
