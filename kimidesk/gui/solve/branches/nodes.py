"""A trace in the tree of its family, as it is shown: kept on the desk, or growing here."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Branch, Phase, Solve
from kimidesk.grading.outcomes import Outcomes, answer_of, outcomes
from kimidesk.gui.solve.words import SIGNS, ended_word, judgement_word
from kimidesk.records import Ended, Fork, Judgement
from kimidesk.store.rows import Relative

translate = QCoreApplication.translate
WORDS = 80  # characters of what it says first


@dataclass(frozen=True, slots=True)
class Node:
    """One row of the tree."""

    id: str
    fork: Fork | None
    says: str  # its first words
    answer: str
    judgement: Judgement | None
    tokens: int  # that it added
    ended: Ended | None
    seed: int
    temperature: float
    start: int = 0  # its first token, counted from the root's
    waiting: bool = False  # for a slot

    @property
    def sign(self) -> str:
        """A verdict in one character, or that it still grows."""
        if self.judgement is not None:
            return SIGNS[self.judgement]
        return "…" if self.ended is None else "•"

    @property
    def end(self) -> str:
        """The verdict, or how it ended, in a word."""
        if self.waiting:
            return translate("Branches", "waiting")
        return judgement_word(self.judgement) if self.judgement else ended_word(self.ended)

    @property
    def length(self) -> str:
        """How many tokens it added, in words."""
        if self.tokens == 1:
            return translate("Branches", "1 token")
        return translate("Branches", "{0} tokens").format(f"{self.tokens:,}")

    @property
    def words(self) -> tuple[str, str]:
        """What the parent says and what it says, from their first difference on."""
        instead = self.fork.instead if self.fork is not None else ""
        return differing(one_line(instead), one_line(self.says))

    @property
    def parted(self) -> str:
        """Where it left its parent: the token, the parent's words, and its own."""
        if self.fork is None:
            return translate("Branches", "the first trace")
        told = translate("Branches", "from token {0}: {1} → {2}")
        return told.format(f"{self.start + 1:,}", *(f"“{each}”" for each in self.words))

    @property
    def spoken(self) -> str:
        """The row as a sentence."""
        answer = self.answer or translate("Branches", "no answer")
        return ", ".join((answer, self.end, self.length, self.parted))


def of_relative(relative: Relative, answer: str, start: int) -> Node:
    """A kept trace; its answer takes longer to tell than the rest."""
    return Node(
        relative.id,
        relative.fork,
        relative.text[:WORDS],
        answer,
        relative.verdict.judgement if relative.verdict else None,
        relative.tokens,
        relative.ended,
        relative.seed,
        relative.temperature,
        start,
    )


def of_solve(solve: Solve, start: int) -> Node:
    """A trace that grows here, or has."""
    trace, whole = solve.trace, solve.phase is Phase.DONE
    return Node(
        trace.id,
        trace.fork,
        solve.said[:WORDS],
        answer_of(solve.answered, solve.verdict) if whole else "",
        solve.verdict.judgement if solve.verdict else None,
        len(solve.columns),
        trace.ended,
        trace.seed,
        trace.sampling.temperature,
        start,
        waiting=isinstance(solve, Branch) and solve.phase is Phase.WAITING,
    )


def beside(node: Node, family: Sequence[Node]) -> list[Node]:
    """Whose outcomes are counted together: those that left the same parent at the same token.

    For a trace that left none they are the leaves of the whole family.
    """
    if node.fork is not None:
        place = (node.fork.parent, node.fork.at)
        return [one for one in family if one.fork and (one.fork.parent, one.fork.at) == place]
    parents = {each.fork.parent for each in family if each.fork is not None}
    return [each for each in family if each.id not in parents]


def counted(nodes: Sequence[Node]) -> Outcomes:
    """What those that are whole came to."""
    return outcomes([(each.answer, each.judgement) for each in nodes if each.ended is not None])


def one_line(text: str) -> str:
    """The words without line breaks."""
    return " ".join(text.split())


def differing(one: str, other: str) -> tuple[str, str]:
    """Two texts from the word in which they first differ; what they share before it is dots."""
    same = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    parts = (one[same : same + 1], other[same : same + 1])
    within = one[:same][-1:].isalnum() and any(each.isalnum() for each in parts)
    begin = one.rfind(" ", 0, same) + 1 if within else same
    return (one, other) if not begin else (f"… {one[begin:]}", f"… {other[begin:]}")
