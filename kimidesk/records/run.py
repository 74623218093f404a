"""A scoring run: what was planned, and one record for each sample that landed."""

from dataclasses import dataclass
from enum import StrEnum

from kimidesk.records.adapter import Adapter
from kimidesk.records.problem import Problem, Task
from kimidesk.records.sampling import Budget, Sampling
from kimidesk.records.trace import Ended
from kimidesk.records.verdict import Judgement, Verdict


class SampleStatus(StrEnum):
    """Whether a sample has a trace."""

    DONE = "done"
    FAILED = "failed"


class Finish(StrEnum):
    """How a sample ended, for everyone who counts; each sample has one."""

    STOP = "stop"  # it said that it was done, and an answer was found
    LENGTH = "length"  # cut off in its answer
    UNFINISHED_THOUGHT = "unfinished thought"  # cut off in its thought
    NO_ANSWER = "no answer"  # done, and no answer in it
    ERROR = "error"
    REFUSED = "refused"
    LOOP = "loop"


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
    cuts: tuple[int, ...] = ()  # budgets of a sweep: where each thought is ended, too


@dataclass(frozen=True, slots=True)
class Sample:
    """One attempt at one problem, graded. Its key is (number, repeat, cut)."""

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
    task: Task = Task.MATH
    check: str = ""  # as the problem's, so that it can be judged again without the data
    subject: str = ""
    level: str = ""
    cut: int | None = None  # the tokens after which a forced curve ended its thought; None: the run
    refused: bool = False  # the server, or the checkpoint in words, would not

    @property
    def key(self) -> tuple[int, int, int]:
        return (*self.place, -1 if self.cut is None else self.cut)

    @property
    def place(self) -> tuple[int, int]:
        """Which problem, and which repeat of it."""
        return (self.number, self.repeat)

    @property
    def finish(self) -> Finish:
        if self.status is SampleStatus.FAILED:
            return Finish.ERROR
        if self.refused:
            return Finish.REFUSED
        if self.ended is Ended.LOOP:
            return Finish.LOOP
        if self.answer is None:
            return Finish.UNFINISHED_THOUGHT
        if self.ended in (Ended.BUDGET, Ended.CONTEXT_FULL):
            return Finish.LENGTH
        if self.verdict is not None and self.verdict.judgement is Judgement.UNPARSED:
            return Finish.NO_ANSWER
        return Finish.STOP
