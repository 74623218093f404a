"""One growing trace: what is evaluated, what waits to be, and what must be forced."""

import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kimidesk.engines.draw import draw, uniform
from kimidesk.engines.mind import Mind
from kimidesk.records import Attempt, Token
from kimikernels.token_stats import Row, TokenStats, logprob_of, rank_of


@dataclass(slots=True)
class Slot:
    """Positions count from 0 at the first token of the prompt."""

    attempt: Attempt
    sequence: int  # llama.cpp's number for it
    prompt: tuple[int, ...]
    mind: Mind
    forced: deque[int]  # ids to add before drawing goes on
    read: int = 0  # tokens of the prompt that are evaluated
    length: int = 0  # tokens of the prompt and of the trace, evaluated or not
    pending: int | None = None  # the last token, not evaluated yet
    begun: float = 0.0  # perf_counter at the first evaluation
    _seen: set[int] = field(default_factory=set)  # kept only for a repetition penalty

    def __post_init__(self) -> None:
        self.length = len(self.prompt)
        if self.attempt.sampling.repetition_penalty != 1.0:
            self._seen.update(self.prompt)

    @property
    def reading(self) -> bool:
        """Whether a part of the prompt is not evaluated."""
        return self.read < len(self.prompt)

    def begin(self) -> None:
        """Start the trace's clock, once."""
        self.begun = self.begun or time.perf_counter()

    def grow(self, logits: Row, stats: TokenStats) -> Token:
        """Add the next token, forced or drawn from the row of logits."""
        forced = bool(self.forced)
        id_ = self.forced.popleft() if forced else self._draw(logits)
        if self._seen:
            self._seen.add(id_)
        self.pending = id_
        self.length += 1
        return Token(
            id=id_,
            logprob=logprob_of(logits, stats, id_),
            entropy=stats.entropy,
            rank=rank_of(logits, stats, id_),
            rival_id=stats.top_id,
            rival_logprob=stats.top_logprob,
            forced=forced,
            time_ms=(time.perf_counter() - self.begun) * 1000,
        )

    def _draw(self, logits: Row) -> int:
        u = uniform(self.attempt.seed, self.length)
        return draw(logits, self.attempt.sampling, u, self._seen_ids())

    def _seen_ids(self) -> NDArray[np.intp] | None:
        return np.fromiter(self._seen, np.intp, len(self._seen)) if self._seen else None
