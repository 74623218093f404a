"""What a branch does differently from the trace that it leaves, and the branch itself.

Places are tokens of the whole line, the parents' first; texts are never cut into tokens again.
What is forced at the beginning of a branch is a row of it, with what the checkpoint thought of it.
"""

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from kimidesk.errors import UsageError
from kimidesk.flows.solve import Solve
from kimidesk.flows.story import Branch, left_at, line_of
from kimidesk.records import (
    ONWARD,
    Attempt,
    CheckpointInfo,
    Fork,
    Message,
    Sampling,
    Told,
    Trace,
    Wish,
)

WORDS = 48  # characters of what the parent says where it is left


@dataclass(frozen=True, slots=True)
class Change:
    """Where a line is left, and what is said there before the checkpoint goes on."""

    at: int  # tokens of the line that are kept
    forced: tuple[int, ...] = ()  # ids of this vocabulary
    text: str = ""
    wish: Wish | None = None

    @property
    def draws_again(self) -> bool:
        """Nothing is changed: another seed alone makes another trace."""
        return not (self.forced or self.text or self.wish)


def rival(solve: Solve, at: int, token: int) -> Change:
    """Another token instead of the one at `at`. Raises UsageError where it is the same one."""
    _check(solve, at)
    if at < len(solve.columns) and int(solve.columns.id[at]) == token:
        raise UsageError(
            f"token {at + 1:,} is this one already", hint="Choose another of its rivals."
        )
    return Change(at, forced=(token,))


def replacement(solve: Solve, start: int, text: str) -> Change:
    """A text from character `start` of the whole on; what stood there is left behind."""
    at = token_at(solve, start)
    begin = solve.transcript.ends[at - 1] if at else 0
    return Change(at, text=solve.transcript.text[begin:start] + _typed(text))


def hint(solve: Solve, at: int, text: str) -> Change:
    """A text before the token at `at`, with a blank where two words would meet."""
    _check(solve, at)
    at = _unsplit(solve, at)
    before = solve.transcript.upto(at)[-1:]
    meet = before.isascii() and not before.isspace() and _typed(text)[:1].isalnum()
    return Change(at, text=" " + text if before and meet else text)


def without(solve: Solve, first: int, kept: tuple[int, int]) -> Change:
    """Without the step that begins at `first`: tokens `kept` (first, behind the last), of the step
    after it, are said in its place. Their ids are, not their text."""
    _check(solve, first)
    return Change(first, forced=tuple(solve.columns.id[slice(*kept)].tolist()))


def answer_now(solve: Solve, at: int) -> Change:
    """The thought closed before the token at `at`. Raises UsageError where none is open there."""
    _check(solve, at)
    begin, end = _thought(solve)
    at = _unsplit(solve, at)
    here = solve.transcript.ends[at - 1] if at else 0
    if not begin <= here <= end:
        raise UsageError(
            f"no thought is open at token {at + 1:,}", hint="Choose a token of the thought."
        )
    return Change(at, wish=Wish.ANSWER_NOW)


def keep_thinking(solve: Solve, at: int) -> Change:
    """The thought gone on with at `at`, or at its end where that comes before.

    Raises UsageError for a checkpoint that does not think.
    """
    _check(solve, at)
    _, end = _thought(solve)
    at = min(_unsplit(solve, at), token_at(solve, end))
    onward = solve.trace.budget.onward or ONWARD
    before = solve.transcript.upto(at)
    lead = "" if not before or before[-1].isspace() else "\n\n"
    return Change(at, text=lead + onward)


def token_at(solve: Solve, character: int) -> int:
    """The token with a character of the whole; behind the last one, how many tokens there are."""
    return _unsplit(solve, bisect_right(solve.transcript.ends, character))


def seeds_for(
    solve: Solve, change: Change, count: int, temperature: float, taken: Collection[int]
) -> list[int]:
    """Seeds for `count` branches: the trace's own first where something is changed, so that what
    differs comes of that; the others are the next ones that nobody has `taken`.

    Raises UsageError where all of them would be the same.
    """
    if temperature == 0 and (count > 1 or change.draws_again):
        raise UsageError(
            "at temperature 0 every branch from here would be the same",
            hint="Raise the temperature, or let one branch say something else.",
        )
    seed = solve.trace.seed
    found = [] if change.draws_again else [seed]
    while len(found) < count:
        seed += 1
        if seed not in taken:
            found.append(seed)
    return found


def branch(
    solve: Solve,
    change: Change,
    trace: str,
    *,
    seed: int,
    sampling: Sampling | None = None,
    checkpoint: CheckpointInfo | None = None,
    started_at: float = 0.0,
) -> Branch:
    """A branch called `trace` of what `solve` shows. Budget and adapters are the parent's, so are
    sampling and checkpoint unless others are given.

    Raises UsageError where the server told no ids: such a trace cannot be gone on with.
    """
    _check(solve, change.at)
    parent = solve.trace
    if not parent.prompt:
        raise UsageError(
            f"{parent.checkpoint.name} told no token ids, so its traces cannot be branched",
            hint="Open the checkpoint itself, or a server that takes raw prompts.",
        )
    line, at = left_at(line_of(solve), change.at)
    paths = tuple(block.path for block in parent.pictures)
    attempt = Attempt(
        trace,
        (Message("user", "", paths),) if paths else (),
        sampling or parent.sampling,
        parent.budget,
        seed,
        prefix=tuple(solve.columns.id[: change.at].tolist()),
        forced=change.forced,
        force=change.text,
        thinking=parent.thinking,
        prompt=parent.prompt,
        adapters=parent.adapters,
        told=Told(wishes=((0, change.wish),)) if change.wish else Told(),
    )
    made = Trace(
        trace,
        parent.problem,
        checkpoint or parent.checkpoint,
        attempt.sampling,
        parent.budget,
        seed,
        fork=Fork(line[-1].trace.id, at, _words(solve, change.at)),
        started_at=started_at,
        thinking=parent.thinking,
        adapters=parent.adapters,
    )
    return Branch(made, attempt, line)


def _check(solve: Solve, at: int) -> None:
    """Raise UsageError for a place that is none; the end mark can be replaced, not gone past."""
    most = len(solve.columns) - solve.trace.closing
    if not 0 <= at <= most:
        raise UsageError(f"the trace has {most:,} tokens; there is no place {at:,} in it")


def _unsplit(solve: Solve, at: int) -> int:
    """The same place, or the beginning of the character that it would cut in two."""
    ends = solve.transcript.ends
    while 0 < at < len(ends) and ends[at - 1] == (ends[at - 2] if at > 1 else 0):
        at -= 1
    return at


def _thought(solve: Solve) -> tuple[int, int]:
    """Where the thought begins and ends, in characters."""
    if not solve.trace.dialect.thinks:
        raise UsageError(f"{solve.trace.checkpoint.name} does not think before it answers")
    return solve.parts.thinking_span


def _typed(text: str) -> str:
    if not text:
        raise UsageError("there is no text to go on with")
    return text


def _words(solve: Solve, at: int) -> str:
    """Some words of what stands at a place, without the end mark."""
    begin = solve.transcript.ends[at - 1] if at else 0
    return solve.said[begin : begin + WORDS]
