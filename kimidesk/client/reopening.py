"""Kept traces as flows that are done, so that what is shown, old or new, is one thing."""

from collections.abc import Sequence

from kimidesk.flows import Branch, Phase, Solve, Story
from kimidesk.flows.asking import messages_for
from kimidesk.grading.extract import find
from kimidesk.grading.outcomes import answer_of
from kimidesk.reading import split
from kimidesk.records import Attempt
from kimidesk.store import Desk, Kept
from kimidesk.store.rows import Relative


def reopened(line: Sequence[Kept]) -> Solve:
    """The flow of the last of a line at its end; a branch behind its parents (`Desk.line`)."""
    kept, parents = line[-1], tuple(each.grown for each in line[:-1])
    trace = kept.grown.trace
    attempt = Attempt(trace.id, messages_for(trace.problem))
    if not parents:
        return _filled(Solve(trace, attempt), kept)
    branch = Branch(trace, attempt, parents)
    _filled(branch, kept)
    return Story(branch)


def answer_in(desk: Desk, relative: Relative) -> str:
    """What a trace of a family answers; "" for nothing.

    Where its own words do not say it for sure, it may have begun in what a parent wrote.
    """
    if relative.verdict is not None and relative.verdict.extracted:
        return relative.verdict.extracted
    if relative.ended is None:
        return ""
    answer = split(relative.text, relative.dialect).answer
    found = find(answer) if answer else None
    if relative.fork is None or (found is not None and found.how == "in a box"):
        return answer_of(answer)
    solve = reopened(desk.line(relative.id))
    return answer_of(solve.branch.answered if isinstance(solve, Story) else solve.answered)


def _filled(solve: Solve, kept: Kept) -> Solve:
    solve.columns, solve.lexicon = kept.grown.columns, kept.grown.lexicon
    solve.transcript.append(solve.columns.id.tolist(), solve.lexicon)
    solve.verdict, solve.phase = kept.verdict, Phase.DONE
    return solve
