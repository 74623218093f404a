"""One trace that a server continues from a prompt made here, by as many requests as it takes.

The rules are those of every engine (`growth`): a budget, a wish or a loop is heeded at the very
token, what the server has written beyond it is thrown away, what must be said is put behind what
there is, and a new request goes on from there. Servers keep the evaluated prompt, so that costs
one exchange. Forced tokens are never rated by the server: they have no numbers.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from kimidesk.engines.growth import Growth
from kimidesk.engines.mind import MOST_WAIT, Place
from kimidesk.engines.protocol import Step
from kimidesk.engines.remote.chunks import Chunk, Told
from kimidesk.engines.remote.resuming import Resuming
from kimidesk.engines.remote.vocabulary import Tongue, unmeasured
from kimidesk.engines.slot import Look, Slot
from kimidesk.errors import ModelError
from kimidesk.records import Ended, Note, Noted, Wish
from kimikernels.token_stats import TokenStats

PORTION = 4096  # tokens asked for at once; some servers take a number beyond the context ill
GAVE_UP = ("content_filter", "error", "insufficient_system_resource")


@dataclass
class Writing:
    """Takes chunks, gives steps. `due`: no request is under way, and the trace has not ended."""

    slot: Slot
    growth: Growth
    tongue: Tongue
    resuming: Resuming
    room: int  # tokens that the trace may have, prompt included
    line: int = -1
    due: bool = True
    prompt_tokens: int = 0  # of the prompt alone, as the server counts them
    _came: int = 0  # tokens of the request under way
    _first: bool = True  # it holds no token of the trace
    _hidden: list[Told] = field(default_factory=list)  # the end, unless more comes after it

    def __post_init__(self) -> None:
        self.slot.begun = time.perf_counter()

    def ready(self) -> bool:
        """Whether the server is to be asked now; raises as `Resuming.ready` does."""
        return self.due and self.resuming.ready()

    def force(self) -> Iterator[Step]:
        """Say what must be said before the server is asked to go on; one that ends is the last."""
        while self.growth.owes(self.slot):
            yield self.growth.grow(self.slot, _forced)

    def begin(self, line: int) -> None:
        """A request was sent."""
        self.line, self.due, self._came, self._hidden = line, False, 0, []
        self._first = not self.slot.added

    def wish(self, wish: Wish) -> None:
        """Heed a person at once, where something is to be said."""
        if self.slot.mind.wish(wish):
            self.due = self.due or self.growth.owes(self.slot)

    def take(self, chunk: Chunk) -> Iterator[Step]:
        """The tokens of a chunk, one that ends the trace being the last.

        Raises what the vocabulary does: the tokens before it have grown, and none after it.
        """
        if self._first:
            self.prompt_tokens = self.prompt_tokens or chunk.prompt
        for told in self._seen(chunk):
            for row in self.tongue.rows(told):
                self._came += 1
                step = self._noted(self.growth.grow(self.slot, _drawn(row)))
                yield step
                if step.token is None or step.token.forced or self.growth.owes(self.slot):
                    self.due = True  # what comes after this is of another trace
                    return
        if chunk.finish:
            yield from self._finish(chunk.finish)

    def broke(self, trouble: str) -> list[Step]:
        """The server was lost: it is asked again from here, and too often is the end."""
        if not self.resuming.lose(trouble):
            return [self.fail(self.resuming.given_up, lost=True)]
        self.due = True
        return []

    def done(self) -> list[Step]:
        """The server says that this is all, without a reason."""
        return self._finish("stop")

    def fail(self, reason: str, *, lost: bool = False) -> Step:
        """The end of a trace whose line broke; what has come is kept."""
        rows = len(self.slot.tokens) - self.slot.prompt
        after = f" after {rows:,} tokens" if rows else ""
        trace = self.slot.attempt.trace
        return Step(trace, None, Ended.FAILED, reason=reason + after, lost=lost)

    def most(self) -> int:
        """Tokens to ask for next: up to where something changes, and the rest of a character."""
        mind, budget = self.slot.mind, self.slot.attempt.budget
        left = self.room - len(self.slot.tokens)
        if mind.place in (Place.THOUGHT, Place.UNKNOWN):
            most = None if budget.thinking is None else budget.thinking - mind.thinking
        else:
            most = None if budget.answer is None else budget.answer - mind.answer
        asked = PORTION if most is None else min(max(most, 0) + MOST_WAIT, PORTION)
        return max(min(asked, left), 1)

    def _noted(self, step: Step) -> Step:
        """A token that came is told why the server had been lost before it."""
        why = self.resuming.back() if self.resuming.lost else ""
        at = self.slot.added - 1
        return step._replace(notes=(Note(at, Noted.RESUMED, why), *step.notes)) if why else step

    def _seen(self, chunk: Chunk) -> list[Told]:
        """What may be added; a token without a text waits until it is known to be no end."""
        told = [*self._hidden, *chunk.told]
        self._hidden = []
        if not told or told[-1].piece or told[-1].id < 0:
            return told
        if not chunk.finish:
            self._hidden = [told.pop()]
        elif chunk.finish == "stop":
            self.tongue.end_with(told[-1].id)
        return told

    def _finish(self, finish: str) -> list[Step]:
        if finish == "content_filter":
            return [self.fail("the server's content filter cut the answer off")]
        if finish in GAVE_UP:
            return [self.fail(f"the server gave up: {finish}")]
        if finish == "length":
            self.due = self._came > 0
            trace = self.slot.attempt.trace
            return [] if self.due else [Step(trace, None, Ended.CONTEXT_FULL)]
        over = self.growth.over(self.slot)
        self.due = over is None
        return [] if over is None else [over]


def _forced(token: int | None) -> TokenStats:
    if token is None:
        raise ModelError("the server cuts what must be said into no tokens at all")
    return unmeasured(token)


def _drawn(row: TokenStats) -> Look:
    return lambda token: row if token is None else unmeasured(token)
