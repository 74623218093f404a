"""When a trace settled on its answer, told from what it would have answered at many places of it.

Answers are compared as the caller spelled them (`kimidesk.grading.normal` brings spellings
together). A place without an answer is the empty string, which is like no other answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Dynamics:
    """Places are counted in tokens of the trace; None where there is none."""

    settled: int | None
    """The first place from which on every answer is the last one."""

    ratio: float | None
    """The answer convergence ratio: i / n, where the i-th of n places is that one, counted from 1
    (Liu and Wang, arXiv 2506.02536; they take a place after every sentence)."""

    flips: int
    """How often the answer differs from the one before, places without one left out."""

    knew: int | None
    """The first place with the right answer, whatever came after."""

    left: bool
    """Whether a right answer was given and the last one is wrong."""

    tail: int
    """Tokens of the trace behind `settled`: thought that changed no answer any more."""


def dynamics(
    places: Sequence[int],
    answers: Sequence[str],
    tokens: int,
    right: Sequence[bool] = (),
) -> Dynamics:
    """What `answers` at `places` (ascending) say of a trace of so many tokens.

    `right` tells of each answer whether it is right; empty where that is not known. Raises
    ValueError for places and answers that do not belong together.
    """
    if len(places) != len(answers) or (right and len(right) != len(answers)):
        raise ValueError(f"there are {len(places)} places and {len(answers)} answers")
    if any(b <= a for a, b in pairwise(places)):
        raise ValueError("places must ascend")
    given = [answer for answer in answers if answer]
    flips = sum(a != b for a, b in pairwise(given))
    first = _settled(answers)
    knew = next((at for at, yes in zip(places, right, strict=False) if yes), None)
    return Dynamics(
        settled=None if first is None else places[first],
        ratio=None if first is None else (first + 1) / len(answers),
        flips=flips,
        knew=knew,
        left=knew is not None and not right[-1],
        tail=0 if first is None else max(tokens - places[first], 0),
    )


def _settled(answers: Sequence[str]) -> int | None:
    """Which answer is the first of those that are all the last one."""
    if not answers or not answers[-1]:
        return None
    differ = [n for n, answer in enumerate(answers) if answer != answers[-1]]
    return differ[-1] + 1 if differ else 0
