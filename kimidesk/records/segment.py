"""A piece of a thought with a name."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a sentence of a thought does."""

    RESTATE = "restate"
    """Reads the question again, or lists what is given."""
    PLAN = "plan"
    """Says what will be done next; no result."""
    RECALL = "recall"
    """Brings knowledge from outside: a theorem, a formula, a constant."""
    DERIVE = "derive"
    """Infers or computes from what is there already."""
    EXPLORE = "explore"
    """Assumes, tries a case or an example."""
    VERIFY = "verify"
    """Checks an earlier step or answer, with its verdict."""
    BACKTRACK = "backtrack"
    """Leaves the line of thought: admits an error, or takes another way."""
    UNCERTAIN = "uncertain"
    """Doubts, without a check that has begun."""
    CONCLUDE = "conclude"
    """Gathers: a result on the way, a candidate answer, a summary."""
    ANSWER = "answer"
    """Gives the final answer."""


class Subtype(StrEnum):
    """How a sentence leaves its line of thought; of `Kind.BACKTRACK` alone."""

    ERROR = "error"
    """Admits a mistake or a contradiction."""
    SWITCH = "switch"
    """Takes another approach."""


class By(StrEnum):
    """Who said what a sentence does."""

    MODEL = "model"
    """The trained one."""
    RULE = "rule"
    """Words that were written down by hand."""
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters start … end - 1 of a text, and what they do."""

    start: int
    end: int
    kind: Kind
    confidence: float
    """The probability of the kind as the model has it; 1 where a person said so."""
    subtype: Subtype | None = None
    by: By = By.MODEL


@dataclass(frozen=True, slots=True)
class Label:
    """What a person says that characters start … end - 1 of a trace's text do.

    It is of characters, so it stays where it is when the sentences are cut otherwise.
    """

    start: int
    end: int
    kind: Kind
    annotator: str
    at: float = 0.0  # seconds since 1970
    subtype: Subtype | None = None
