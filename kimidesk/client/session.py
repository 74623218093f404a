"""A worker as its parent knows it, without I/O: bytes in, events out, and one readable end.

Whoever owns the process (QProcess in the window, subprocess in the terminal) hands over what it
reads, asks `overdue` now and then, and tells when the process has ended. A crash, a kill, a hang
and a foreign protocol each become one `Failed` that concerns the whole worker.
"""

import signal
from collections import deque

from kimidesk.errors import BadFrame
from kimidesk.wire.frames import event_reader
from kimidesk.wire.messages import (
    PROTOCOL,
    AnyCommand,
    AnyEvent,
    Beat,
    Failed,
    FailureKind,
    Loaded,
    OpenCheckpoint,
    Ready,
)

START_LIMIT_S = 60.0  # a cold disk and a busy machine took 6 s to import everything
SILENCE_LIMIT_S = 15.0  # a beat comes every second; swapping machines delay it
STEP_LIMIT_S = 600.0  # one decode; 512 tokens of a 70B checkpoint on 2 cores take about 300
STDERR_LINES = 12  # what a person is shown of the worker's last words
ENDED_BY_OTHERS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_AGAIN = "Start the checkpoint again."
_ILLEGAL = (
    "llama.cpp holds instructions that this CPU refuses; compile it without them,\n"
    "as README.md shows under Illegal instructions."
)
_OTHER = "It is damaged, or of a kind that the engine cannot run: try another file of this model."


class Session:
    """One worker, from its start to its end. Times are monotonic seconds."""

    def __init__(self, now: float) -> None:
        self._reader = event_reader()
        self._stderr: deque[str] = deque(maxlen=STDERR_LINES)
        self._torn_line = ""
        self._heard = now
        self._busy_s = 0.0
        self._opening = ""  # what the worker was asked to open and has not opened yet
        self.room = 0  # traces that the worker takes at once now; 0 until it has loaded
        self.ready = False
        self.loaded: Loaded | None = None
        self.failed: Failed | None = None
        self.closing = False  # set by the owner: an end after this is expected

    def sent(self, command: AnyCommand) -> None:
        """The owner sends this; who dies of opening a checkpoint is told with its name."""
        if isinstance(command, OpenCheckpoint):
            self._opening = command.ref

    def feed(self, data: bytes, now: float) -> list[AnyEvent]:
        """The events in `data`, beats left out. After a Failed nothing more comes."""
        if self.failed is not None:
            return []
        self._heard = now
        events: list[AnyEvent] = []
        try:
            for event in self._reader.feed(data):
                events += self._take(event)
                if self.failed is not None:
                    return events
            if not self._reader.midway:
                self._reader.feed(b"")  # raises if the stream broke behind the last whole frame
        except BadFrame as error:
            events.append(self._fail(error.what, error.hint))
        return events

    def stderr(self, data: bytes) -> None:
        """Keep the worker's last lines for the message that may need them."""
        *lines, self._torn_line = (self._torn_line + data.decode("utf-8", "replace")).split("\n")
        self._stderr.extend(line.rstrip() for line in lines if line.strip())

    def overdue(self, now: float) -> Failed | None:
        """A Failed when the worker has hung; the owner kills the process and passes it on."""
        if self.failed is not None or self.closing:
            return None
        silent = now - self._heard
        if not self.ready and silent > START_LIMIT_S:
            return self._fail(f"the worker did not start within {START_LIMIT_S:.0f} s")
        if self.ready and silent > SILENCE_LIMIT_S:
            return self._fail(f"the worker has not been heard of for {silent:.0f} s")
        if self._busy_s > STEP_LIMIT_S:
            return self._fail(f"one step of the engine has lasted {self._busy_s:.0f} s")
        return None

    def ended(self, code: int) -> Failed | None:
        """The process is gone; a Failed unless that was expected or told before.

        `code` is the exit status; negative means killed by that signal.
        """
        if self.failed is not None or self.closing:
            return None
        how = f"the worker {_how_it_ended(code)}"
        if -code == signal.SIGILL:
            return self._fail(how, _ILLEGAL)
        if not (self.ready and self._opening):
            return self._fail(how)
        crashed = code < 0 and -code not in ENDED_BY_OTHERS
        return self._fail(
            f"{self._opening} could not be opened: {how}", _OTHER if crashed else _AGAIN
        )

    @property
    def last_words(self) -> str:
        """The last lines that the worker wrote to stderr."""
        torn = [self._torn_line.strip()] if self._torn_line.strip() else []
        return "\n".join([*self._stderr, *torn])

    def _take(self, event: AnyEvent) -> list[AnyEvent]:
        if not self.ready:
            return self._greet(event)
        match event:
            case Beat(busy_s=busy_s, room=room):
                self._busy_s, self.room = busy_s, room
                return []
            case Loaded():
                self.loaded, self._opening = event, ""
            case Failed(trace=None):
                event = self.failed = _with_detail(event, self.last_words)
        return [event]

    def _greet(self, event: AnyEvent) -> list[AnyEvent]:
        if not isinstance(event, Ready):
            return [
                self._fail(f"the worker began with {type(event).__name__}; Ready must be first")
            ]
        if event.protocol != PROTOCOL:
            return [
                self._fail(
                    f"the worker speaks protocol {event.protocol} (KimiDesk {event.program}); "
                    f"this program speaks {PROTOCOL}",
                    "The program was updated while it ran; restart it.",
                )
            ]
        self.ready = True
        return [event]

    def _fail(self, what: str, hint: str = _AGAIN) -> Failed:
        self.failed = Failed(what, hint, FailureKind.WORKER, detail=self.last_words)
        return self.failed


def _with_detail(event: Failed, detail: str) -> Failed:
    return Failed(event.what, event.hint, event.kind, event.trace, event.detail or detail)


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended by itself with status {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if name == "SIGKILL":
        return "was killed (SIGKILL); the system does this when memory runs out"
    if -code in ENDED_BY_OTHERS:
        return f"was ended from outside ({name})"
    return f"crashed ({name})"
