"""A budget sweep: a thought is drawn once, ended at each of several budgets, and answered there.

What stands before a cut is the sample's own tokens, which the engine still holds, so a sweep costs
one pass and the answers. A thought that ended by itself before a budget is its own answer there.
"""

from collections.abc import Sequence
from dataclasses import replace

from kimidesk.flows.budgets import thought_of
from kimidesk.flows.continuing import continued, forced_answer
from kimidesk.flows.solve import Solve
from kimidesk.records import Budget, Grown


def needed(grown: Grown, cuts: Sequence[int]) -> list[int]:
    """The budgets, in tokens, that end the thought of a trace before its own end."""
    first, stop = thought_of(grown)
    return [cut for cut in sorted(cuts) if first + cut < stop]


def length_of(thinking: int, answer: int) -> int:
    """Tokens that a sweep cuts of a sample; one that does not think spends its answer alone."""
    return thinking or answer


def ended_at(grown: Grown, cut: int, budget: Budget, name: str) -> Solve:
    """The Solve that ends the thought after `cut` of its tokens, and answers.

    It draws with the seed of the trace: what it says is what a run with this budget says. A
    checkpoint that does not think has an answer forced, in a box.
    """
    trace = grown.trace
    at = thought_of(grown)[0] + cut
    if not trace.dialect.thinks:
        solve = forced_answer(grown, at, name=name, sampling=trace.sampling, seed=trace.seed)
        problem = trace.problem
        return Solve(replace(solve.trace, problem=problem), solve.attempt)
    return continued(
        grown,
        at,
        name=name,
        sampling=trace.sampling,
        budget=replace(budget, thinking=0, soft=0, least=0),
        seed=trace.seed,
        expected=trace.problem.answer,
    )
