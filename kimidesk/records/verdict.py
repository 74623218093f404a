"""A verdict: one grader's judgement of one answer."""

from dataclasses import dataclass
from enum import StrEnum


class Judgement(StrEnum):
    """What a grader may find."""

    RIGHT = "right"
    WRONG = "wrong"
    UNPARSED = "unparsed"
    """No answer could be found: an unfinished thought, or a text without one."""
    ERROR = "error"
    """The grader itself failed or ran out of time."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Right or wrong, by which method and why."""

    judgement: Judgement
    extracted: str = ""  # the answer found in the output
    expected: str = ""
    method: str = ""  # exact, normalised, number, math-verify, ...
    reason: str = ""  # one line
    form: str = ""  # the answer as it was compared, in one spelling; "" where nothing was
    expected_form: str = ""  # likewise

    @property
    def right(self) -> bool:
        return self.judgement is Judgement.RIGHT
