"""A scoring run: what was planned, and one record for each sample that landed."""

from dataclasses import dataclass
from enum import StrEnum

from kimidesk.records.adapter import Adapter
from kimidesk.records.problem import Problem
from kimidesk.records.sampling import Budget, Sampling
from kimidesk.records.trace import Ended
from kimidesk.records.verdict import Verdict


class SampleStatus(StrEnum):
    """Whether a sample has a trace."""

    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ScorePlan:
    """What decides every sample of a run; the same plan is the same run."""

    checkpoint: str  # fingerprint
    suite: str  # fingerprint
    problems: tuple[Problem, ...]
    repeats: int = 1
    sampling: Sampling = Sampling()
    budget: Budget = Budget()
    seed: int = 0
    thinking: bool | None = None
    adapters: tuple[Adapter, ...] = ()
    instruction: str | None = None  # put after each problem; None: the usual one, "": none


@dataclass(frozen=True, slots=True)
class Sample:
    """One attempt at one problem, graded. Its key is (number, repeat)."""

    number: int  # the problem's row in the data, from 0
    repeat: int  # from 0
    name: str
    problem: str  # the question
    expected: str
    status: SampleStatus
    seed: int
    trace: str = ""
    ended: Ended | None = None
    thinking: str = ""
    answer: str | None = None  # None: the thought never ended
    verdict: Verdict | None = None  # None: no expected answer, or the sample failed
    prompt_tokens: int = 0
    thinking_tokens: int = 0
    answer_tokens: int = 0
    mean_logprob: float | None = None  # nats a drawn token; None where it is not known
    mean_entropy: float | None = None  # likewise
    seconds: float = 0.0  # from the start of its prompt to its end
    attempts: int = 1  # how often it was begun
    error: str = ""  # for FAILED

    @property
    def key(self) -> tuple[int, int]:
        return (self.number, self.repeat)
