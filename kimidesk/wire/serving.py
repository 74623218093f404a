"""A process that answers one command at a time, in their order, until its stdin closes."""

import faulthandler
import os
import signal
import sys
from collections.abc import Callable
from typing import BinaryIO, TypeVar

from kimidesk.errors import BadFrame
from kimidesk.wire.frames import command_reader, encode
from kimidesk.wire.messages import AnyCommand, AnyEvent

Asked = TypeVar("Asked", bound=AnyCommand)
READ = 65_536  # bytes


def claim_stdout() -> BinaryIO:
    """Where frames are written from now on: what a library prints goes to stderr.

    Ctrl-C is for the face, which ends the process when it has what it wants.
    """
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return events


def limit_memory(more: int) -> None:
    """Take `more` bytes beside what is taken now at most; what asks for more gets MemoryError."""
    if sys.platform != "linux":  # elsewhere the limit is absent or ignored
        return
    import resource

    with open("/proc/self/statm", encoding="ascii") as file:
        limit = int(file.read().split()[0]) * resource.getpagesize() + more
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def serve(
    events: BinaryIO,
    ready: AnyEvent,
    kind: type[Asked],
    answer: Callable[[Asked], AnyEvent],
    orphan_s: float,
) -> int:
    """Say `ready`, then answer each command of a kind; the exit code of the process.

    A command that takes `orphan_s` ends the process: a living face would have killed it by then.
    """
    try:
        send(events, ready)
        reader = command_reader()
        nowhere = open(os.devnull, "w")  # noqa: SIM115  # as long as the process
        while data := os.read(0, READ):
            for command in reader.feed(data):
                if isinstance(command, kind):
                    # From a thread of C, even while one huge power holds the interpreter.
                    faulthandler.dump_traceback_later(orphan_s, exit=True, file=nowhere)
                    event = answer(command)
                    faulthandler.cancel_dump_traceback_later()
                    send(events, event)
    except BadFrame as error:
        print(error, file=sys.stderr)  # noqa: T201  # the face shows the last lines of stderr
        return error.exit_code
    except BrokenPipeError:  # the face is gone
        return 0
    return 0


def send(events: BinaryIO, event: AnyEvent) -> None:
    """Write a whole frame."""
    frame = memoryview(encode(event))
    while frame:
        frame = frame[events.write(frame) :]
