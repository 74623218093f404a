"""One growing trace: what is evaluated, what waits to be, and what must be forced."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kimidesk.engines.draw import draw, rule_of, uniform
from kimidesk.engines.loops import Loops
from kimidesk.engines.mind import Mind
from kimidesk.engines.mix import Mix
from kimidesk.engines.prefixes import CHUNK, Held
from kimidesk.engines.seeing import View
from kimidesk.records import Attempt, Token
from kimikernels.token_stats import BatchStats, Row, Rule, TokenStats, token_stats

Look = Callable[[int | None], TokenStats]
"""Measures one row: of the token that is named, or (None) one drawn. ValueError: it is broken."""


@dataclass(slots=True)
class Slot:
    """Positions count from 0 at the first token of the prompt."""

    attempt: Attempt
    tokens: list[int]  # of the prompt and of the trace, evaluated or not
    mind: Mind
    forced: deque[int]  # ids to add before drawing goes on
    unsaid: str = ""  # what is to be forced after them, and is not cut into ids yet
    prompt: int = 0  # how many of the tokens are the prompt
    mix: Mix = ()  # adapters laid over the weights
    held: Held | None = None  # where they are evaluated; None until their turn comes
    loops: Loops = field(default_factory=Loops)
    looping: bool = False  # it has repeated itself
    noted_loop: bool = False
    rated: int = 0  # tokens that are told of a trace that is given
    given: bool = False  # the tokens after the prompt are given, and are read as the prompt is
    begun: float = 0.0  # perf_counter at the first evaluation
    views: Mapping[int, View] = field(default_factory=dict)  # of the pictures in the prompt
    _seen: set[int] = field(default_factory=set)  # kept only for a repetition penalty

    def __post_init__(self) -> None:
        self.prompt = self.prompt or len(self.tokens)
        if self.attempt.sampling.repetition_penalty != 1.0:
            self._seen.update(id_ for id_ in self.tokens if id_ >= 0)

    @property
    def evaluated(self) -> int:
        """How many tokens are evaluated."""
        return 0 if self.held is None else len(self.held.tokens)

    @property
    def reading(self) -> bool:
        """Whether a part of the prompt is not evaluated, or must be once more."""
        return self.given or self.evaluated < max(self.prompt, len(self.tokens) - 1)

    @property
    def added(self) -> int:
        """How many tokens the trace has beyond its prompt."""
        return len(self.tokens) - self.prompt

    @property
    def rule(self) -> Rule:
        """How the next token is drawn, a repetition penalty aside."""
        return rule_of(self.attempt.sampling, uniform(self.attempt.seed, len(self.tokens)))

    @property
    def penalises(self) -> bool:
        """Whether what is in the context already counts for less."""
        return bool(self._seen)

    def call_end(self, start: int, stop: int) -> int:
        """Where a call ends that evaluates tokens from `start` on, at most up to `stop`.

        A picture has a call of its own; text is cut at every 256th token.
        """
        if view := self.views.get(self.tokens[start]):
            return start + view.tokens
        stop = min((start // CHUNK + 1) * CHUNK, stop)
        if not self.views:
            return stop
        return next((place for place in range(start, stop) if self.tokens[place] < 0), stop)

    def begin(self) -> None:
        """Start the trace's clock, once."""
        self.begun = self.begun or time.perf_counter()

    def look(self, logits: Row) -> Look:
        """How this trace looks at a row."""
        return lambda token: token_stats(logits, token) if token is not None else self._draw(logits)

    def grow(self, look: Look, instead: Callable[[int], Iterable[int]]) -> Token:
        """Add the next token, forced or drawn; ValueError for a broken row.

        `instead` tells what must be forced in place of a token that was drawn. What was told by an
        earlier worker stands, whatever is drawn now.
        """
        stats = None if self.forced else look(None)
        if stats is not None and (ids := tuple(instead(stats.token))):
            self.forced.extend(ids)
            stats = None
        forced = stats is None
        if stats is None:
            stats = look(self.forced.popleft())
        told = self.attempt.told.ids[self.added : self.added + 1]
        if told and stats.token != told[0]:
            self.forced.clear()
            stats = look(told[0])
        if not forced:
            self.looping = self.loops.take(stats.token) or self.looping
        if self._seen:
            self._seen.add(stats.token)
        self.tokens.append(stats.token)
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

    def given_from(self, first: int, count: int) -> NDArray[np.int64]:
        """The given tokens from `first` on."""
        return np.asarray(self.tokens[first : first + count], np.int64)

    def rate(self, stats: BatchStats, first: int) -> list[Token]:
        """What the model thought of the given tokens from `first` on, a row each."""
        time_ms = (time.perf_counter() - self.begun) * 1000
        return [
            Token(
                id=int(stats.token[n]),
                logprob=float(stats.logprob[n]),
                entropy=float(stats.entropy[n]),
                rank=int(stats.rank[n]),
                rival_id=stats.top_id[n],
                rival_logprob=stats.top_logprob[n],
                time_ms=time_ms,
            )
            for n in range(len(stats.token))
        ]

    def _draw(self, logits: Row) -> TokenStats:
        rule = self.rule
        if not self._seen:
            return token_stats(logits, rule=rule)
        seen = np.fromiter(self._seen, np.intp, len(self._seen))
        return token_stats(logits, draw(logits, self.attempt.sampling, rule.uniform, seen))
