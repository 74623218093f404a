"""A given text as a server rates it, where it tells the log-probabilities of a prompt (echo)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from kimidesk.engines.protocol import Step
from kimidesk.engines.remote.chunks import Chunk, Told
from kimidesk.engines.remote.vocabulary import Tongue
from kimidesk.records import Attempt, Ended, Token


@dataclass
class Rating:
    """All tokens come at once, cut as the server cuts the prompt and the text together."""

    attempt: Attempt
    text: bytes  # that was given, at the end of what is sent
    tongue: Tongue
    line: int = -1
    prompt_tokens: int = 0
    begun: float = field(default_factory=time.perf_counter)

    def take(self, chunk: Chunk) -> Iterator[Step]:
        """Every row of the text, and the end."""
        told = self._of_text(chunk.told)
        if told is None:
            yield self.fail("the server's tokens do not meet where the given text begins")
            return
        self.prompt_tokens = chunk.prompt - len(told)
        steps = [Step(self.attempt.trace, token) for one in told for token in self._tokens(one)]
        yield from steps[:-1]
        yield steps[-1]._replace(ended=Ended.REPLAYED)

    def broke(self, trouble: str) -> list[Step]:
        """What was rated came whole or not at all."""
        return [self.fail(trouble, lost=True)]

    def done(self) -> list[Step]:
        """Never so: what comes, comes at once."""
        return [self.fail("the server rated nothing")]

    def fail(self, reason: str, *, lost: bool = False) -> Step:
        """The end of a trace that could not be rated."""
        return Step(self.attempt.trace, None, Ended.FAILED, reason=reason, lost=lost)

    def _of_text(self, told: tuple[Told, ...]) -> tuple[Told, ...] | None:
        """The last tokens that make exactly the text; None where a token lies across its start."""
        left = len(self.text)
        for at in range(len(told) - 1, -1, -1):
            left -= len(told[at].piece)
            if left <= 0:
                whole = b"".join(one.piece for one in told[at:]) == self.text
                return told[at:] if whole else None
        return None

    def _tokens(self, told: Told) -> list[Token]:
        return [
            Token(
                id=row.token,
                logprob=row.logprob,
                entropy=row.entropy,
                rank=row.rank,
                rival_id=row.top_id,
                rival_logprob=row.top_logprob,
                time_ms=(time.perf_counter() - self.begun) * 1000,
            )
            for row in self.tongue.rows(told)
        ]
