"""One trace that a server writes: its rows, its place in thought and answer, its end."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from kimidesk.engines.loops import Loops
from kimidesk.engines.mind import Mind
from kimidesk.engines.protocol import Step
from kimidesk.engines.remote.chunks import Chunk, Told
from kimidesk.engines.remote.pieces import Pieces
from kimidesk.records import Attempt, Dialect, Ended, Note, Noted, OnLoop, Token

# What separate fields for the thought are joined with; servers that do not separate them write it.
THINK = Dialect("think", "<think>", ("</think>",))
START, END = b"<think>\n", b"\n</think>\n\n"


@dataclass
class Growing:
    """Takes chunks, gives steps; the last one says why the trace has ended."""

    attempt: Attempt
    line: int
    pieces: Pieces
    room: int  # rows that it may have
    begun: float = field(default_factory=time.perf_counter)
    rows: int = 0
    within: bool = False  # the last text came in a field for thoughts
    looping: bool = False
    prompt_tokens: int = 0  # as the server counts them

    def __post_init__(self) -> None:
        # The server keeps the thinking budget: what it closes is closed already.
        self.mind = Mind(replace(self.attempt.budget, thinking=None), THINK)
        self.loops = Loops()

    def take(self, chunk: Chunk) -> Iterator[Step]:
        """The rows of a chunk, one that ends the trace being the last."""
        self.prompt_tokens = self.prompt_tokens or chunk.prompt
        for told in chunk.told:
            for token in self._tokens(told):
                yield self._step(token)
        if chunk.finish:
            yield self._finish(chunk.finish)

    def broke(self, trouble: str) -> list[Step]:
        """Only a prompt made here can be gone on with."""
        return [self.fail(f"{trouble}; asked by messages, so it cannot be gone on with", lost=True)]

    def done(self) -> list[Step]:
        """The server says that this is all, without a reason."""
        if not self.rows:
            return [self.fail("the server ended the stream without a token")]
        return [Step(self.attempt.trace, None, Ended.ANSWERED)]

    def fail(self, reason: str, *, lost: bool = False) -> Step:
        """The end of a trace whose line broke; what has come is kept."""
        after = f" after {self.rows:,} tokens" if self.rows else ""
        return Step(self.attempt.trace, None, Ended.FAILED, reason=reason + after, lost=lost)

    def _tokens(self, told: Told) -> Iterator[Token]:
        if told.thought != self.within:
            self.within = told.thought
            yield self._token(START if told.thought else END, forced=True)
        yield self._token(told.piece, told)

    def _token(self, piece: bytes, told: Told | None = None, *, forced: bool = False) -> Token:
        rivals = told.rivals if told else ()
        at = [place for place, (rival, _) in enumerate(rivals, 1) if rival == piece]
        return Token(
            id=self.pieces.id_of(piece),
            logprob=told.logprob if told else math.nan,
            entropy=math.nan,
            rank=at[0] if at else 0,
            rival_id=np.array([self.pieces.id_of(rival) for rival, _ in rivals], np.int32),
            rival_logprob=np.array([logprob for _, logprob in rivals], np.float32),
            forced=forced,
            time_ms=(time.perf_counter() - self.begun) * 1000,
        )

    def _step(self, token: Token) -> Step:
        self.mind.spend(self.pieces[token.id])
        noted: list[Noted] = []
        looped = not token.forced and self.loops.take(token.id)
        choice = self.attempt.budget.on_loop
        if looped and not self.looping and choice != OnLoop.IGNORE:
            self.looping = True
            noted.append(Noted.LOOP)
        ended = None
        if self.mind.spent:
            ended = Ended.BUDGET
        elif self.looping and choice == OnLoop.STOP:
            ended = Ended.LOOP
        elif self.rows + 1 >= self.room:
            ended = Ended.CONTEXT_FULL
        notes = tuple(Note(self.rows, what) for what in noted)
        self.rows += 1
        return Step(self.attempt.trace, token, ended, notes=notes)

    def _finish(self, finish: str) -> Step:
        trace = self.attempt.trace
        if finish == "length":
            return Step(trace, None, Ended.BUDGET)
        if finish == "content_filter":
            return self.fail("the server's content filter cut the answer off")
        if finish in ("error", "insufficient_system_resource"):
            return self.fail(f"the server gave up: {finish}")
        return Step(trace, None, Ended.ANSWERED)
