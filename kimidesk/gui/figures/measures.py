"""The figures of the efficiency panel: what each is, where it is from, and how it is written."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Analysis

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Measure:
    """`value` is None where it is not told. Shares are of 1, rates of 1,000 characters."""

    name: str
    value: Callable[[Analysis], float | None]
    rate: bool = False

    def spelled(self, value: float | None) -> str:
        """For people."""
        if value is None:
            return "–"
        return f"{value:.2f} ‰" if self.rate else f"{value:.0%}"


def _of_course(name: str) -> Callable[[Analysis], float | None]:
    return lambda each: None if each.course is None else float(getattr(each.course, name))


MEASURES = (
    Measure("outcome_efficiency", lambda each: each.outcome_efficiency),
    Measure("process_efficiency", lambda each: each.process_efficiency),
    Measure("underthinking", lambda each: each.underthinking),
    Measure("failed_steps", _of_course("failed_steps")),
    Measure("review", _of_course("review")),
    Measure("repeated", _of_course("repeated")),
    Measure("loops", lambda each: float(each.loop)),
    Measure("waits", _of_course("waits"), rate=True),
    Measure("errors", _of_course("errors"), rate=True),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """The least, the median and the largest of some traces."""

    of: int
    low: float
    median: float
    high: float


def spread(values: Sequence[float | None]) -> Spread | None:
    """None where nothing is known."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Spread(len(known), min(known), float(statistics.median(known)), max(known))


def title(name: str) -> str:
    """In the language of the window."""
    return {
        "outcome_efficiency": translate("Measures", "Outcome efficiency"),
        "process_efficiency": translate("Measures", "Process efficiency"),
        "underthinking": translate("Measures", "Underthinking"),
        "failed_steps": translate("Measures", "Failed steps"),
        "review": translate("Measures", "Review ratio"),
        "repeated": translate("Measures", "Said again"),
        "loops": translate("Measures", "Loop"),
        "waits": translate("Measures", "Wait rate"),
        "errors": translate("Measures", "Error admissions"),
    }[name]


def meaning(name: str) -> str:
    """The definition, with its source."""
    return {
        "outcome_efficiency": translate(
            "Measures",
            "The share of the trace up to and with its first right solution; 0 % where none is "
            "right. A solution ends where an answer is stated, in a box or after “the answer "
            "is”. By characters. ξ_O of Chen et al., arXiv 2412.21187.",
        ),
        "process_efficiency": translate(
            "Measures",
            "The share of the trace in solutions that try an approach for the first time. A new "
            "approach begins with a sentence that switches to one; the paper has a large model "
            "cluster them. By characters. ξ_P of Chen et al., arXiv 2412.21187.",
        ),
        "underthinking": translate(
            "Measures",
            "Of a trace that ended wrong: the share that came after its first right solution; 0 % "
            "where none was right. ξ_UT of Wang et al., arXiv 2501.18585.",
        ),
        "failed_steps": translate(
            "Measures",
            "Sentences in abandoned branches, of all. An approximation: Feng et al., arXiv "
            "2509.19284, take branches from a graph of the thought; here a branch is what stands "
            "between the last plan, conclusion or turn and a sentence that turns back.",
        ),
        "review": translate(
            "Measures",
            "The share of characters that go over earlier steps. An approximation: checks, and the "
            "question read again after the setup, by the kinds of the sentences; Feng et al., "
            "arXiv 2509.19284, have a large model label them.",
        ),
        "repeated": translate(
            "Measures",
            "The share of characters in sentences that an earlier one says word for word.",
        ),
        "loops": translate(
            "Measures", "Whether the engine saw the trace repeat itself and ended it: 100 % if so."
        ),
        "waits": translate("Measures", "How often “wait” is said in 1,000 characters."),
        "errors": translate(
            "Measures", "Sentences that turn back and admit an error, in 1,000 characters."
        ),
    }[name]
