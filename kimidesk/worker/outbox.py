"""What traces have grown but the face has not been told: at most 30 frames a second a trace."""

import time

from kimidesk.engines.protocol import Engine, Step
from kimidesk.records import TokenColumns
from kimidesk.wire.columns import pack
from kimidesk.wire.messages import (
    AnyEvent,
    Failed,
    FailureKind,
    Remarked,
    TokensCame,
    TraceEnded,
)

FRAME_S = 1 / 30
MOST_ROWS = 4096


class _Pending:
    def __init__(self) -> None:
        self.columns = TokenColumns()
        self.sent = 0
        self.told: set[int] = set()
        self.pieces: dict[int, bytes] = {}
        self.due = 0.0
        self.begun = time.monotonic()
        self.prompt_ms = 0.0  # until the first token came


class Outbox:
    """Gathers steps and gives the frames that are due."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pending: dict[str, _Pending] = {}

    def begin(self, trace: str) -> None:
        """A trace was accepted."""
        self._pending[trace] = _Pending()

    def growing(self, trace: str) -> bool:
        """Whether a trace was accepted and has not ended."""
        return trace in self._pending

    def put(self, step: Step) -> list[AnyEvent]:
        """Take one step; returns the frames to send now, in order."""
        pending = self._pending[step.trace]
        if step.token is not None:
            if not pending.prompt_ms:
                pending.prompt_ms = (time.monotonic() - pending.begun) * 1000
            pending.columns.append(step.token)
            self._spell(pending, [step.token.id, *step.token.rival_id.tolist()])
        remarks: list[AnyEvent] = [Remarked(step.trace, note) for note in step.notes]
        if step.ended is None:
            due = time.monotonic() >= pending.due or len(pending.columns) >= MOST_ROWS
            return remarks + self._flush(step.trace) if due else remarks
        events = remarks + self._flush(step.trace)
        del self._pending[step.trace]
        if step.reason:
            kind = FailureKind.LOST if step.lost else FailureKind.ATTEMPT
            return [*events, Failed(step.reason, kind=kind, trace=step.trace)]
        return [
            *events,
            TraceEnded(step.trace, step.ended, step.closing, pending.prompt_ms, step.prompt_tokens),
        ]

    def _flush(self, trace: str) -> list[AnyEvent]:
        pending = self._pending[trace]
        if not len(pending.columns):
            return []
        event = TokensCame(trace, pending.sent, pack(pending.columns), pending.pieces)
        pending.sent += len(pending.columns)
        pending.columns = TokenColumns()
        pending.pieces = {}
        pending.due = time.monotonic() + FRAME_S
        return [event]

    def _spell(self, pending: _Pending, ids: list[int]) -> None:
        for id_ in ids:
            if id_ >= 0 and id_ not in pending.told:
                pending.told.add(id_)
                pending.pieces[id_] = self._engine.piece(id_)
