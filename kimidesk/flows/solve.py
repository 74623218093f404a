"""Solve: one attempt at one problem, from the question to the verdict.

The window, the command line and the score flow drive the same object. A fork is a Solve whose
attempt has a prefix of token ids. One whose worker died goes on in another (`lost`, `again`): the
trace is drawn anew, held to what was told, for to read those tokens as a prompt would be quicker
but change low bits, and with them what comes after.
"""

from bisect import bisect_left
from dataclasses import replace
from enum import StrEnum

import numpy as np

from kimidesk.errors import WorkerLost
from kimidesk.reading import Parts, Transcript, split
from kimidesk.reading.dialects.marks import written
from kimidesk.records import (
    Attempt,
    Ended,
    Grown,
    Judgement,
    Lexicon,
    Note,
    Noted,
    TokenColumns,
    Told,
    Trace,
    Verdict,
    Wish,
)
from kimidesk.wire.columns import unpack
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Cancel,
    Failed,
    Generate,
    Judge,
    Judged,
    Remarked,
    Started,
    Steer,
    TokensCame,
    TraceEnded,
)

DEATHS = 3  # of workers, one after the other without a new token: then the trace has failed
_ASKED = {Noted.ANSWER_NOW: Wish.ANSWER_NOW, Noted.KEPT_THINKING: Wish.KEEP_THINKING}


class Phase(StrEnum):
    """Where a Solve stands."""

    WAITING = "waiting"
    """Not begun, or the engine has not accepted it yet."""
    READING = "reading"
    """The prompt is being evaluated."""
    WRITING = "writing"
    """Tokens come."""
    GRADING = "grading"
    """The trace has ended; the verdict is awaited."""
    DONE = "done"
    """Nothing more will come."""


class Solve:
    """Event in, commands out; state in `trace`, `columns`, `transcript`, `verdict`, `phase`."""

    shared = 0  # tokens at the beginning that a parent wrote; see `Story`

    def __init__(self, trace: Trace, attempt: Attempt) -> None:
        self.trace = trace
        self.attempt = attempt
        self.columns = TokenColumns()
        self.lexicon: Lexicon = {}
        self.transcript = Transcript()
        self.verdict: Verdict | None = None
        self.phase = Phase.WAITING
        self.came = 0  # the first row of those that came last
        self.pieces: Lexicon = {}  # that came with them
        self._heard = 0  # rows that the present worker has told
        self._late_ms = 0.0  # its clock against that of the first
        self._asked: tuple[Wish, ...] = ()  # and not yet heard
        self._deaths = 0
        self._at_death = 0  # rows there were at the last one

    @property
    def done(self) -> bool:
        return self.phase is Phase.DONE

    @property
    def drawn_again(self) -> float:
        """The part of what was told that a fresh worker has drawn again; 1 where none need be."""
        told = len(self.attempt.told.ids)
        return min(self._heard / told, 1.0) if told else 1.0

    @property
    def grown(self) -> Grown:
        """The trace as a record."""
        return Grown(self.trace, self.columns, self.lexicon)

    @property
    def said(self) -> str:
        """The text without the end mark."""
        return self.transcript.upto(len(self.columns) - self.trace.closing)

    @property
    def parts(self) -> Parts:
        """Thought and answer, as far as they have come."""
        return split(self.said, self.trace.dialect)

    @property
    def answered(self) -> str | None:
        """What is graded; None while there is no answer."""
        return self.parts.answer

    @property
    def thinking_tokens(self) -> int:
        """How many tokens the thought took, its marks included."""
        return self._first_token_after(self.parts.answer_start)

    @property
    def answer_tokens(self) -> int:
        """How many tokens came after the thought, the end mark included."""
        return len(self.columns) - self.thinking_tokens

    def start(self) -> list[AnyCommand]:
        """Ask the engine for the trace."""
        return [Generate(self.attempt)]

    def stop(self) -> list[AnyCommand]:
        """Ask the engine to stop; what has come is kept."""
        if self.phase in (Phase.GRADING, Phase.DONE):
            return []
        return [Cancel(self.trace.id)]

    def steer(self, wish: Wish) -> list[AnyCommand]:
        """Ask the trace to answer now, or to keep thinking."""
        if self.phase in (Phase.GRADING, Phase.DONE):
            return []
        self._asked = (wish,)
        return [Steer(self.trace.id, wish)]

    def lost(self) -> bool:
        """The worker is gone; whether the trace should go on in a fresh one (`again`).

        Else tell `on` of the failure: it has ended, a server wrote it, or three workers have died
        one after the other without a new token.
        """
        rows = len(self.columns)
        by_server = rows > 0 and not self.trace.prompt  # it tells no prompt
        if self.phase in (Phase.GRADING, Phase.DONE) or by_server:
            return False
        self._deaths = self._deaths + 1 if rows == self._at_death else 1
        self._at_death = rows
        return self._deaths < DEATHS

    def again(self) -> list[AnyCommand]:
        """Ask a fresh worker for the trace, held to what was told of it."""
        ids = tuple(self.columns.id.tolist())
        wishes = [(note.at, _ASKED[note.what]) for note in self.trace.notes if note.what in _ASKED]
        wishes += [(len(ids), wish) for wish in self._asked]
        self.attempt = replace(self.attempt, told=Told(ids, tuple(wishes)))
        self._heard, self.phase = 0, Phase.WAITING
        return [Generate(self.attempt)]

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event; events of other traces change nothing.

        Raises WorkerLost when tokens come out of order: the pipe has lost some.
        """
        match event:
            case Started(trace=id_) if id_ == self.trace.id:
                prompt = tuple(np.frombuffer(event.prompt, "<i4").tolist())
                dialect = event.dialect
                if not dialect.thinks and self.attempt.given is not None:
                    dialect = written(self.attempt.given.text)
                self.trace = replace(
                    self.trace, prompt=prompt, dialect=dialect, pictures=event.pictures
                )
                self.phase = Phase.READING
            case TokensCame(trace=id_) if id_ == self.trace.id:
                self._take(event)
            case Remarked(trace=id_) if id_ == self.trace.id:
                self._note(event.note)
            case TraceEnded(trace=id_) if id_ == self.trace.id:
                return self._end(event)
            case Judged(trace=id_) if id_ == self.trace.id:
                self.verdict = event.verdict
                self.phase = Phase.DONE
            case Failed(trace=id_) if id_ in (self.trace.id, None):
                return self._fail(event.what)
        return []

    def _take(self, event: TokensCame) -> None:
        if event.first != self._heard:
            raise WorkerLost(
                f"tokens came out of order: {event.first} after {self._heard}",
                hint="Start the attempt again.",
            )
        told = unpack(event.columns)
        unkept = self.pieces if self.came == len(self.columns) else {}
        self.pieces = {**unkept, **event.pieces}
        self.came = len(self.columns)
        known = min(self.came - self._heard, len(told))
        if known:  # rows that an earlier worker told stand as they are
            last = float(self.columns.time_ms[self._heard + known - 1])
            self._late_ms = last - float(told.time_ms[known - 1])
        self._heard += len(told)
        new = told.cut(known, len(told)).later(self._late_ms)
        self.columns.extend(new)
        self.lexicon.update(event.pieces)
        self.transcript.append(new.id.tolist(), self.lexicon)
        self.phase = Phase.WRITING

    def _note(self, note: Note) -> None:
        if note in self.trace.notes:  # told by an earlier worker
            return
        self.trace = replace(self.trace, notes=(*self.trace.notes, note))
        if note.what in _ASKED:
            self._asked = ()

    def _end(self, event: TraceEnded) -> list[AnyCommand]:
        self.trace = replace(
            self.trace,
            ended=event.ended,
            closing=event.closing,
            prompt_ms=event.prompt_ms,
            prompt_tokens=event.prompt_tokens,
        )
        answer, problem = self.answered, self.trace.problem
        graded = problem.answer or problem.check
        if not graded or (event.ended is Ended.STOPPED and answer is None):
            self.phase = Phase.DONE
            return []
        if answer is None:
            self.verdict = Verdict(
                Judgement.UNPARSED, expected=problem.answer, reason="the thought never ended"
            )
            self.phase = Phase.DONE
            return []
        self.phase = Phase.GRADING
        return [Judge(self.trace.id, answer, problem.answer, problem.task, problem.check)]

    def _fail(self, what: str) -> list[AnyCommand]:
        if self.phase in (Phase.GRADING, Phase.DONE):
            return []  # the trace is whole; the grader is another process
        self.trace = replace(self.trace, ended=Ended.FAILED, reason=what)
        self.phase = Phase.DONE
        return []

    def _first_token_after(self, offset: int) -> int:
        if offset == 0:
            return 0
        return min(bisect_left(self.transcript.ends, offset) + 1, len(self.columns))
