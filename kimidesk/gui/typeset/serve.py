"""The typesetting process: sets the formulas that a window asks for, until its stdin closes.

A checkpoint wrote them, and the code that reads them is not ours: what it breaks is this process,
which is killed and replaced when a formula takes too long, and not the window.
"""

import faulthandler
import os
import signal
import sys
from typing import BinaryIO

from kimidesk.errors import BadFrame
from kimidesk.gui.typeset.queue import LIMIT_S
from kimidesk.wire.frames import command_reader, encode
from kimidesk.wire.messages import PROTOCOL, FormulaDrawn, Ready, Typeset

READ = 65_536  # bytes
ORPHAN_S = 2 * LIMIT_S  # a living window kills after one limit; after two there is none
MEMORY = 2**30  # bytes that formulas may take beside what the program itself takes


def main() -> int:
    """Claim stdout for frames, then draw; the exit code of the process."""
    events = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints goes to stderr
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the window
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication(["kimidesk-typeset"])  # Chinese characters need its fonts
    _limit_memory()
    _send(events, Ready(PROTOCOL, os.getpid(), application.applicationName()))
    try:
        return _serve(events)
    except BadFrame as error:
        print(error, file=sys.stderr)  # noqa: T201  # the window shows the last lines of stderr
        return error.exit_code
    except BrokenPipeError:  # the window is gone
        return 0


def drawn(asked: Typeset) -> FormulaDrawn:
    """The answer to one command."""
    from kimidesk.gui.typeset.drawing import NotSet, ink, svg_of

    tex, display, em_px = asked.tex, asked.display, asked.em_px
    try:
        svg, size = svg_of(tex, display=display)
        if not em_px:
            return FormulaDrawn(tex, display, em_px, *size)
        extent, mask = ink(svg, size, em_px)
    except NotSet as error:
        return FormulaDrawn(tex, display, em_px, why=str(error))
    return FormulaDrawn(tex, display, em_px, *size, extent.columns, extent.rows, mask)


def _serve(events: BinaryIO) -> int:
    reader = command_reader()
    nowhere = open(os.devnull, "w")  # noqa: SIM115  # as long as the process
    while data := os.read(0, READ):
        for command in reader.feed(data):
            if isinstance(command, Typeset):
                # From a thread of C, even while code that is not Python's runs for ever.
                faulthandler.dump_traceback_later(ORPHAN_S, exit=True, file=nowhere)
                answer = drawn(command)
                faulthandler.cancel_dump_traceback_later()
                _send(events, answer)
    return 0


def _send(events: BinaryIO, event: Ready | FormulaDrawn) -> None:
    frame = memoryview(encode(event))
    while frame:
        frame = frame[events.write(frame) :]


def _limit_memory() -> None:
    """Let a monster of a formula end this process instead of emptying the machine's memory."""
    if sys.platform != "linux":  # elsewhere the limit is absent or ignored
        return
    import resource

    import psutil

    limit = psutil.Process().memory_info().vms + MEMORY
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit <= hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


if __name__ == "__main__":
    sys.exit(main())
