"""One growing trace: what is evaluated, what waits to be, and what must be forced."""

import time
from collections import deque
from dataclasses import dataclass, field

import numpy as np

from kimidesk.engines.draw import draw, rule_of, uniform
from kimidesk.engines.mind import Mind
from kimidesk.records import Attempt, Token
from kimikernels.token_stats import Row, TokenStats, token_stats


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

    def grow(self, logits: Row) -> Token:
        """Add the next token, forced or drawn from the row; ValueError for a broken row."""
        forced = bool(self.forced)
        stats = token_stats(logits, self.forced[0]) if forced else self._draw(logits)
        if forced:
            self.forced.popleft()
        if self._seen:
            self._seen.add(stats.token)
        self.pending = stats.token
        self.length += 1
        return Token(
            id=stats.token,
            logprob=stats.logprob,
            entropy=stats.entropy,
            rank=stats.rank,
            rival_id=stats.top_id,
            rival_logprob=stats.top_logprob,
            forced=forced,
            time_ms=(time.perf_counter() - self.begun) * 1000,
        )

    def _draw(self, logits: Row) -> TokenStats:
        sampling = self.attempt.sampling
        u = uniform(self.attempt.seed, self.length)
        if not self._seen:
            return token_stats(logits, rule=rule_of(sampling, u))
        seen = np.fromiter(self._seen, np.intp, len(self._seen))
        return token_stats(logits, draw(logits, sampling, u, seen))
