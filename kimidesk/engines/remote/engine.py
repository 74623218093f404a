"""Many traces written by one server. Nothing is evaluated here: steps hand on what has come.

What the server does not tell is not known: rows may lack log-probability, rank and entropy.
"""

import queue
from dataclasses import replace
from itertools import count

from kimidesk.checkpoints.remote import look_up
from kimidesk.checkpoints.remote.keys import key_of
from kimidesk.engines.protocol import Accepted, Step
from kimidesk.engines.remote.growing import THINK, Growing, Pieces
from kimidesk.engines.remote.lines import Came, Lines
from kimidesk.engines.remote.patience import Patience
from kimidesk.engines.remote.request import body_of, check, left_to_server
from kimidesk.errors import BadCheckpoint, Refused
from kimidesk.records import Attempt, Noted, Wish
from kimidesk.wire.messages import OpenCheckpoint

PATIENCE = Patience()
WAIT_S = 0.05  # of a step in which nothing comes; commands are looked at in between
MOST_ROWS = 10_000_000


class Remote:
    """Implements `Engine`; many tokens of a trace may come in one step."""

    def __init__(self, options: OpenCheckpoint, patience: Patience = PATIENCE) -> None:
        if options.adapters or options.draft:
            raise BadCheckpoint("a server takes no adapters and no draft from here")
        self._server = server = look_up(options.ref)
        context = min(options.context or server.info.context, server.info.context or MOST_ROWS)
        self.info = replace(
            server.info,
            name=options.name or server.info.name,
            context=context or options.context,
            slots=options.slots,
        )
        self._pieces = Pieces()
        self._growing: dict[str, Growing] = {}
        self._traces: dict[int, str] = {}
        self._numbers = count()
        self._lines = Lines(server.address, key_of(server.address), patience, options.slots)

    @property
    def live(self) -> int:
        return len(self._growing)

    def add(self, attempt: Attempt) -> Accepted:
        if attempt.trace in self._growing:
            raise Refused(f"trace {attempt.trace} is growing already")
        if len(self._growing) >= self.info.slots:
            raise Refused(f"all {self.info.slots} slots are busy")
        check(self._server, attempt)
        body = body_of(self._server, attempt)
        line = next(self._numbers)
        notes = [Noted.LEFT_TO_SERVER] if left_to_server(self._server, attempt) else []
        if not self._server.shown.draws:
            notes.append(Noted.SERVER_DRAW)
        room = self.info.context or MOST_ROWS
        self._growing[attempt.trace] = Growing(attempt, line, self._pieces, room, notes)
        self._traces[line] = attempt.trace
        self._lines.begin(line, body)
        return Accepted((), THINK)  # the server does not tell the prompt's tokens

    def steer(self, trace: str, wish: Wish) -> None:
        """No server can be steered while it writes."""

    def drop(self, trace: str) -> None:
        growing = self._growing.pop(trace, None)
        if growing is not None:
            del self._traces[growing.line]
            self._lines.end(growing.line)

    def step(self) -> list[Step]:
        """What has come since the last one, or within a twentieth of a second."""
        steps: list[Step] = []
        try:
            came = self._lines.came.get(timeout=WAIT_S)
            while came is not None:
                steps += self._take(came)
                came = self._lines.came.get_nowait()
        except queue.Empty:
            pass
        return steps

    def interrupt(self) -> None:
        self._lines.came.put(None)

    def piece(self, token: int) -> bytes:
        return self._pieces[token]

    def close(self) -> None:
        self._growing.clear()
        self._traces.clear()
        self._lines.close()

    def _take(self, came: Came) -> list[Step]:
        trace = self._traces.get(came.line)
        if trace is None:
            return []  # it was dropped, or has ended
        growing = self._growing[trace]
        if came.over:
            said_all = not came.trouble and growing.rows > 0
            reason = came.trouble or "the server ended the stream without a token"
            steps = [growing.done() if said_all else growing.fail(reason)]
        else:
            steps = growing.take(came.chunk)
        if steps and steps[-1].ended is not None:
            self.drop(trace)
        return steps
