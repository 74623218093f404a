"""Which line serves which trace, and what a trace is to remember of how the server was asked."""

from itertools import count
from typing import Any

from kimidesk.checkpoints.remote import Server
from kimidesk.engines.protocol import Step
from kimidesk.engines.remote.lines import Lines
from kimidesk.engines.remote.request import notes_of
from kimidesk.engines.remote.ways import Way
from kimidesk.records import Attempt, Note


class Requests:
    """Those of all traces; each trace has one under way at most."""

    def __init__(self, server: Server, lines: Lines) -> None:
        self._server, self._lines = server, lines
        self._traces: dict[int, str] = {}  # of the lines on which something may still come
        self._asked: set[str] = set()  # of the traces that grow
        self._notes: dict[str, tuple[Note, ...]] = {}  # to be told with a trace's first token
        self._numbers = count()

    def begin(self, attempt: Attempt, way: Way, body: dict[str, Any]) -> int:
        """Send a request; the line on which its answer comes."""
        line = next(self._numbers)
        self._traces[line] = attempt.trace
        if attempt.trace not in self._asked:
            self._asked.add(attempt.trace)
            self._notes[attempt.trace] = notes_of(self._server, attempt, way.path, body)
        self._lines.begin(line, way, body)
        return line

    def trace_of(self, line: int) -> str | None:
        """None: it was dropped, has ended, or goes on elsewhere."""
        return self._traces.get(line)

    def hang_up(self, line: int) -> None:
        """What still comes on this line is nobody's."""
        if self._traces.pop(line, None) is not None:
            self._lines.end(line)

    def noted(self, step: Step) -> Step:
        """With how the server was asked, where it is a trace's first token."""
        if step.token is None or step.trace not in self._notes:
            return step
        return step._replace(notes=(*self._notes.pop(step.trace), *step.notes))

    def forget(self, trace: str) -> None:
        """It has ended; its first token may not be told yet."""
        self._asked.discard(trace)

    def drop(self, trace: str) -> None:
        """Nothing of it is told any more."""
        self.forget(trace)
        self._notes.pop(trace, None)
