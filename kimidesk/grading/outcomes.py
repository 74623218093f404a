"""How the answers of several traces of one problem are distributed."""

from collections.abc import Iterable
from dataclasses import dataclass

from kimidesk.grading.extract import find, result_of
from kimidesk.grading.normal import normalise
from kimidesk.records import Judgement, Verdict
from kimidesk.records.share import wilson


@dataclass(frozen=True, slots=True)
class Outcome:
    """Traces that gave the same answer."""

    answer: str  # as the first of them wrote it; "" where there is none
    count: int
    right: int  # of them


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The most frequent answer first; those without one last."""

    groups: tuple[Outcome, ...]
    total: int
    judged: int  # by a grader that came to a verdict
    right: int

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval of the share that is right; None where nothing was judged."""
        return wilson(self.right, self.judged) if self.judged else None


def outcomes(found: Iterable[tuple[str, Judgement | None]]) -> Outcomes:
    """Count answers, those with the same normal form as one. Judgements are None where no answer
    was expected."""
    told = list(found)
    groups: dict[str, list[tuple[str, Judgement | None]]] = {}
    for answer, judgement in told:
        groups.setdefault(normalise(answer).key if answer else "", []).append((answer, judgement))
    made = [
        Outcome(each[0][0], len(each), sum(one is Judgement.RIGHT for _, one in each))
        for each in groups.values()
    ]
    made.sort(key=lambda each: (not each.answer, -each.count))
    judged = [one for _, one in told if one not in (None, Judgement.ERROR)]
    right = sum(one is Judgement.RIGHT for one in judged)
    return Outcomes(tuple(made), len(told), len(judged), right)


def answer_of(output: str | None, verdict: Verdict | None = None) -> str:
    """The answer that a verdict found, else the one that an output gives; "" for none."""
    if verdict is not None and verdict.extracted:
        return verdict.extracted
    found = find(output) if output else None
    return result_of(found.answer) if found else ""
