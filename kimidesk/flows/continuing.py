"""How a kept trace is gone on with from one of its tokens, and what is expected of it.

Ids are kept, never cut from text again; the prompt's pictures are looked for in their files.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace

from kimidesk.flows.probe import CUE, CUE_ROOM, MOST, thought_end
from kimidesk.flows.solve import Solve
from kimidesk.grading.extract import find
from kimidesk.reading import Transcript, split
from kimidesk.records import (
    Attempt,
    Budget,
    Dialect,
    Fork,
    Grown,
    Message,
    OnLoop,
    Sampling,
    Trace,
    text_of,
)

Name = Callable[[], str]
"""Gives an id that no other trace has."""
SEEDS = 2**63


@dataclass(frozen=True, slots=True)
class Expected:
    """What answers are held against; `own` where it is the trace's and not the problem's."""

    answer: str  # empty where there is neither
    own: bool


def expected_of(grown: Grown) -> Expected:
    """The expected answer of the problem; without one, what the trace itself came to."""
    if grown.trace.problem.answer:
        return Expected(grown.trace.problem.answer, own=False)
    answer = split(grown.text, grown.trace.dialect).answer
    found = find(answer) if answer else None
    return Expected(found.answer if found else "", own=True)


def sampling_for(trace: Trace) -> Sampling:
    """The trace's own; one that always takes the likeliest token has no other continuation, so
    that the usual one takes its place."""
    return trace.sampling if trace.sampling.temperature > 0 else Sampling()


def left_of(budget: Budget, dialect: Dialect, kept: int) -> Budget:
    """What a budget leaves to a continuation that keeps so many tokens of the trace."""
    if dialect.thinks:
        thinking = budget.thinking
        thinking = None if thinking is None else max(thinking - kept, 0)
        return replace(budget, thinking=thinking, least=max(budget.least - kept, 0))
    return replace(budget, answer=None if budget.answer is None else max(budget.answer - kept, 1))


def continued(
    grown: Grown,
    at: int,
    *,
    name: str,
    sampling: Sampling,
    budget: Budget,
    seed: int,
    expected: str = "",
    force: str = "",
) -> Solve:
    """A Solve that keeps the first `at` tokens of a trace, says `force`, and goes on."""
    trace = grown.trace
    paths = tuple(block.path for block in trace.pictures)
    made = Trace(
        name,
        replace(trace.problem, answer=expected),
        trace.checkpoint,
        sampling,
        budget,
        seed,
        fork=Fork(trace.id, at) if at or force else trace.fork,
        thinking=trace.thinking,
        adapters=trace.adapters,
    )
    attempt = Attempt(
        name,
        (Message("user", "", paths),) if paths else (),
        sampling,
        budget,
        seed,
        prefix=tuple(grown.columns.id[:at].tolist()),
        force=force,
        prompt=trace.prompt,
        adapters=trace.adapters,
    )
    return Solve(made, attempt)


def forced_answer(
    grown: Grown,
    at: int,
    *,
    name: str,
    sampling: Sampling,
    seed: int,
    between: tuple[int, ...] = (),
) -> Solve:
    """A Solve that ends the thought behind the first `at` tokens and `between`, and answers.

    Give it `answered` as what is enough, and read it by `answer_of`.
    """
    budget = Budget(answer=MOST + CUE_ROOM, closing="", on_loop=OnLoop.IGNORE)
    force = thought_end(grown, at) + CUE
    made = continued(grown, 0, name=name, sampling=sampling, budget=budget, seed=seed, force=force)
    kept = (*grown.trace.prompt, *grown.columns.id[:at].tolist(), *between)
    made.attempt = replace(made.attempt, prompt=kept)
    return made


def answered(solve: Solve) -> bool:
    """Whether a forced answer is whole."""
    ids = _drawn(solve)
    return len(ids) >= MOST or _closes(text_of(ids, solve.lexicon)) is not None


def answer_of(solve: Solve) -> str:
    """The answer that was forced, as far as its brace reaches; empty where there is none."""
    text = text_of(_drawn(solve)[:MOST], solve.lexicon)
    return text[: _closes(text)].strip()


def _closes(text: str) -> int | None:
    """Where the brace of the cue is closed behind it, or the line ends; None for neither."""
    depth = 1
    for at, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 or sign == "\n":
            return at
    return None


def tokens_within(transcript: Transcript, stop: int) -> int:
    """How many tokens the first `stop` characters take; one that reaches beyond counts."""
    return bisect_left(transcript.ends, stop) + 1 if stop > 0 else 0


def _drawn(solve: Solve) -> list[int]:
    """The tokens that were not forced and do not end the text."""
    columns = solve.columns
    stop = len(columns) - solve.trace.closing
    return [int(columns.id[row]) for row in range(stop) if not columns.forced[row]]
