"""How much of a thought was needed: outcome and process efficiency, and underthinking.

A *solution* is a stretch of a trace that ends in an explicit answer; a check that reaches an answer
again is another one. Sizes are in tokens, or in any unit that is the same for all (the published
values of the first two are by characters).

Chen et al., "Do NOT think that much for 2+3=?" (arXiv 2412.21187), ξ_O and ξ_P; Wang et al.,
"Thoughts are all over the place" (arXiv 2501.18585), ξ_UT. Each is the mean over traces there; the
functions here give one trace's share.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Solution:
    """One stretch of a trace, to its answer."""

    size: int
    right: bool
    approach: int = 0
    """Equal numbers took the same way; which is for the caller to tell."""


def outcome_efficiency(solutions: Sequence[Solution]) -> float:
    """The share of the trace up to and with its first right solution; 0 where none is right.

    Raises ValueError for solutions without any size.
    """
    return _through_first_right(solutions) / _whole(solutions)


def process_efficiency(solutions: Sequence[Solution]) -> float:
    """The share of the trace in solutions that try an approach for the first time.

    Raises ValueError as `outcome_efficiency`.
    """
    seen: set[int] = set()
    fresh = 0
    for solution in solutions:
        if solution.approach not in seen:
            fresh += solution.size
            seen.add(solution.approach)
    return fresh / _whole(solutions)


def underthinking(solutions: Sequence[Solution]) -> float:
    """Of a trace that ended wrong: the share that came after its first right solution.

    0 where none was right: then nothing right was left behind. Raises ValueError as
    `outcome_efficiency`.
    """
    right = outcome_efficiency(solutions)
    return 1 - right if right else 0.0


def _through_first_right(solutions: Sequence[Solution]) -> int:
    size = 0
    for solution in solutions:
        size += solution.size
        if solution.right:
            return size
    return 0


def _whole(solutions: Sequence[Solution]) -> int:
    size = sum(solution.size for solution in solutions)
    if size <= 0:
        raise ValueError("there is no solution, or none has a size")
    return size
