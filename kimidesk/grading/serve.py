"""The grading process: judges on its main thread what a face asks, until its stdin closes."""

import faulthandler
import os
import signal
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import BinaryIO

from kimidesk.errors import BadFrame
from kimidesk.grading.queue import GRADING_LIMIT_S
from kimidesk.wire.frames import command_reader, encode
from kimidesk.wire.messages import PROTOCOL, Judge, Judged, Ready

READ = 65_536  # bytes
ORPHAN_S = 2 * GRADING_LIMIT_S  # a living face kills after one limit; after two there is none
MEMORY = 2**30  # bytes a judgement may take beside what the program itself takes


def main() -> int:
    """Claim stdout for frames, get warm, then judge; the exit code of the process."""
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints goes to stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the face, which drains first
    # Only now: an import may print.
    from kimidesk.grading.symbolic import warm_up

    warm_up()
    _limit_memory()
    _send(events, Ready(PROTOCOL, os.getpid(), _program()))
    try:
        return _serve(events)
    except BadFrame as error:
        print(error, file=sys.stderr)  # noqa: T201  # the face shows the last lines of stderr
        return error.exit_code
    except BrokenPipeError:  # the face is gone
        return 0


def _serve(events: BinaryIO) -> int:
    from kimidesk.grading.judge import judge

    reader = command_reader()
    nowhere = open(os.devnull, "w")  # noqa: SIM115  # as long as the process
    while data := os.read(0, READ):
        for command in reader.feed(data):
            if isinstance(command, Judge):
                # Ends the process from a thread of C, even while one huge power holds the
                # interpreter: a face that was killed cannot do it.
                faulthandler.dump_traceback_later(ORPHAN_S, exit=True, file=nowhere)
                verdict = judge(command.output, command.expected)
                faulthandler.cancel_dump_traceback_later()
                _send(events, Judged(command.trace, verdict))
    return 0


def _send(events: BinaryIO, event: Ready | Judged) -> None:
    frame = memoryview(encode(event))
    while frame:
        frame = frame[events.write(frame) :]


def _limit_memory() -> None:
    """Let a huge number raise MemoryError here instead of emptying the machine's memory."""
    if sys.platform != "linux":  # elsewhere the limit is absent or ignored
        return
    import resource

    import psutil

    limit = psutil.Process().memory_info().vms + MEMORY
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _program() -> str:
    try:
        return version("kimidesk")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "source"


if __name__ == "__main__":
    sys.exit(main())
