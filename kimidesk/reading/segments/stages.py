"""The coarse course of a thought: set up, gone through once, checked again, concluded.

They are the phases that Thoughtology names in traces of R1 (arXiv 2504.07128), told from the kinds
of the sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from typing import Protocol

from kimidesk.records import Kind


class Stage(StrEnum):
    """What a long stretch of a thought is for; they come in this order, and any may be missing."""

    SETUP = "setup"
    """Reads the question, gathers what is known, plans."""
    FIRST_PASS = "first pass"
    """The way to the first result, and on until something is doubted."""
    RECHECK = "recheck"
    """All that follows the first doubt after a result."""
    CONCLUSION = "conclusion"
    """States the answer, and what leads up to it directly."""


class Named(Protocol):
    """A sentence whose kind is known."""

    @property
    def kind(self) -> Kind: ...


_OPENING = frozenset({Kind.RESTATE, Kind.PLAN, Kind.RECALL})
_RESULT = frozenset({Kind.CONCLUDE, Kind.ANSWER})
_DOUBT = frozenset({Kind.VERIFY, Kind.BACKTRACK, Kind.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sentences first … last - 1, counted from 0, which are one stage."""

    stage: Stage
    first: int
    last: int


def stages(named: Sequence[Named]) -> list[Stretch]:
    """The stages of sentences in their order; together they are all sentences, each once.

    A sentence is a result where it concludes or answers. Until the first result every doubt belongs
    to the first pass.
    """
    kinds = [each.kind for each in named]
    concluded = _conclusion(kinds)
    begun = _length(kinds[:concluded], _OPENING)
    doubted = _doubted(kinds, begun, concluded)
    bounds = (0, begun, doubted, concluded, len(kinds))
    spans = zip(Stage, bounds, bounds[1:], strict=False)
    return [Stretch(stage, first, last) for stage, first, last in spans if first < last]


def _conclusion(kinds: Sequence[Kind]) -> int:
    """Where the last run of results begins, if it holds an answer; else the end."""
    begins = len(kinds) - _length(kinds[::-1], _RESULT)
    return begins if Kind.ANSWER in kinds[begins:] else len(kinds)


def _doubted(kinds: Sequence[Kind], begun: int, concluded: int) -> int:
    """The first doubt after a result; `concluded` where there is none."""
    within = range(begun, concluded)
    result = next((n for n in within if kinds[n] in _RESULT), concluded)
    return next((n for n in range(result, concluded) if kinds[n] in _DOUBT), concluded)


def _length(kinds: Sequence[Kind], of: frozenset[Kind]) -> int:
    return sum(1 for _ in takewhile(of.__contains__, kinds))
