"""Score: every sample of a plan, a fixed number of them in flight, each graded as it lands.

Resuming is starting with the samples that are already done. Samples depend on the plan alone,
never on the order in which they run, so an interrupted run ends as an uninterrupted one.
"""

import math
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kimidesk.flows.asking import messages_for, sample_seed
from kimidesk.flows.solve import Phase, Solve
from kimidesk.records import (
    Attempt,
    CheckpointInfo,
    Ended,
    Judgement,
    Sample,
    SampleStatus,
    ScorePlan,
    Trace,
)
from kimidesk.wire.messages import AnyCommand, AnyEvent, Failed, TokensCame

TRIES = 3  # a sample whose worker died this often is recorded as failed


@dataclass(frozen=True, slots=True)
class Progress:
    """What a person wants to see while a run goes on."""

    done: int
    total: int
    graded: int
    right: int
    failed: int
    tokens: int  # added in this session
    seconds: float  # of this session
    eta_s: float | None  # None until a sample has landed in this session

    @property
    def accuracy(self) -> float | None:
        return self.right / self.graded if self.graded else None

    @property
    def tokens_per_s(self) -> float:
        return self.tokens / self.seconds if self.seconds > 0 else 0.0


class Score:
    """Event in, commands out; samples that landed wait in `collect`."""

    def __init__(
        self,
        plan: ScorePlan,
        checkpoint: CheckpointInfo,
        *,
        done: Collection[Sample] = (),
        width: int = 1,
        now: float = 0.0,
    ) -> None:
        self.plan = plan
        self.checkpoint = checkpoint
        self.width = width
        self.draining = False
        self._begun = now
        self._tokens = 0
        self._landed: deque[Sample] = deque()
        self._flying: dict[str, Solve] = {}
        self._places: dict[str, tuple[int, int]] = {}  # trace → (index of the problem, repeat)
        self._tries: dict[tuple[int, int], int] = {}
        self._alone = False  # whether what flies was in flight when a worker was lost
        finished = {sample.place for sample in done if sample.cut is None}
        self._waiting = deque(
            (index, repeat)
            for index, problem in enumerate(plan.problems)
            for repeat in range(plan.repeats)
            if (problem.number, repeat) not in finished
        )
        self.total = len(plan.problems) * plan.repeats
        self._already = self.total - len(self._waiting)
        self._new = 0
        self._graded = sum(_is_graded(sample) for sample in done)
        self._right = sum(sample.verdict is not None and sample.verdict.right for sample in done)
        self._failed = sum(sample.status is SampleStatus.FAILED for sample in done)

    @property
    def done(self) -> bool:
        """Nothing is in flight and nothing will be."""
        return not self._flying and (self.draining or not self._waiting)

    @property
    def complete(self) -> bool:
        """Every sample of the plan has landed."""
        return not self._flying and not self._waiting

    @property
    def flying(self) -> int:
        """How many samples are in flight."""
        return len(self._flying)

    @property
    def _growing(self) -> int:
        """Samples that take a slot of the engine; those being graded do not."""
        return sum(solve.phase is not Phase.GRADING for solve in self._flying.values())

    def start(self) -> list[AnyCommand]:
        """Fill the slots: at the beginning, and again after `lost` with a fresh worker.

        A sample that was in flight when a worker was lost flies alone, so that the one that kills
        workers does not take its neighbours with it.
        """
        commands: list[AnyCommand] = []
        while not self.draining and self._waiting and self._growing < self.width:
            suspect = self._waiting[0] in self._tries
            if self._flying and (suspect or self._alone):
                break
            self._alone = suspect
            commands += self._begin(*self._waiting.popleft())
        return commands

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event. A Failed that concerns the whole worker is for `lost`, not for here."""
        trace = getattr(event, "trace", None)
        solve = self._flying.get(trace) if trace is not None else None
        if solve is None:
            return []
        if isinstance(event, TokensCame):
            self._tokens += event.columns.n
        commands = solve.on(event)
        if solve.done:
            self._land(solve)
        if solve.phase in (Phase.GRADING, Phase.DONE):
            commands += self.start()
        return commands

    def lost(self, failure: Failed) -> None:
        """The worker is gone: what was in flight waits again, or has failed too often."""
        for trace, solve in reversed(list(self._flying.items())):
            place = self._places[trace]
            if solve.phase is Phase.GRADING:
                continue  # its trace is whole; the grader is another process
            if self._tries[place] >= TRIES:
                solve.on(failure)
                self._land(solve)
            else:
                del self._flying[trace], self._places[trace]
                self._waiting.appendleft(place)

    def drain(self) -> None:
        """Begin no more samples."""
        self.draining = True

    def collect(self) -> list[Sample]:
        """The samples that landed since the last call; each is to be saved now."""
        landed = list(self._landed)
        self._landed.clear()
        return landed

    def progress(self, now: float) -> Progress:
        """How far the run is at monotonic second `now`."""
        seconds = max(now - self._begun, 0.0)
        left = self.total - self._already - self._new
        eta = seconds / self._new * left if self._new else None
        return Progress(
            done=self._already + self._new,
            total=self.total,
            graded=self._graded,
            right=self._right,
            failed=self._failed,
            tokens=self._tokens,
            seconds=seconds,
            eta_s=eta,
        )

    def _begin(self, index: int, repeat: int) -> list[AnyCommand]:
        problem, plan = self.plan.problems[index], self.plan
        place = (index, repeat)
        self._tries[place] = self._tries.get(place, 0) + 1
        seed = sample_seed(plan.seed, problem, repeat)
        id_ = f"{problem.number}.{repeat}"
        trace = Trace(
            id_,
            problem,
            self.checkpoint,
            plan.sampling,
            plan.budget,
            seed,
            thinking=plan.thinking,
            adapters=plan.adapters,
        )
        attempt = Attempt(
            trace=id_,
            messages=messages_for(problem, plan.instruction),
            sampling=plan.sampling,
            budget=plan.budget,
            seed=seed,
            thinking=plan.thinking,
            adapters=plan.adapters,
        )
        self._flying[id_] = Solve(trace, attempt)
        self._places[id_] = place
        return self._flying[id_].start()

    def _land(self, solve: Solve) -> None:
        del self._flying[solve.trace.id]
        place = self._places.pop(solve.trace.id)
        sample = sample_of(solve, repeat=place[1], attempts=self._tries.pop(place))
        self._landed.append(sample)
        self._new += 1
        self._graded += _is_graded(sample)
        self._right += sample.verdict is not None and sample.verdict.right
        self._failed += sample.status is SampleStatus.FAILED


def _is_graded(sample: Sample) -> bool:
    return sample.verdict is not None and sample.verdict.judgement is not Judgement.ERROR


def sample_of(solve: Solve, *, repeat: int, attempts: int) -> Sample:
    """The record of a Solve that is done."""
    trace, columns, parts = solve.trace, solve.columns, solve.parts
    failed = trace.ended is Ended.FAILED
    drawn = ~columns.forced
    return Sample(
        number=trace.problem.number,
        repeat=repeat,
        name=trace.problem.name,
        problem=trace.problem.text,
        expected=trace.problem.answer,
        status=SampleStatus.FAILED if failed else SampleStatus.DONE,
        seed=trace.seed,
        trace=trace.id,
        ended=trace.ended,
        thinking=parts.thinking,
        answer=None if failed else parts.answer,
        verdict=solve.verdict,
        prompt_tokens=trace.prompt_length,
        thinking_tokens=solve.thinking_tokens,
        answer_tokens=solve.answer_tokens,
        mean_logprob=_mean(columns.logprob[drawn]),
        mean_entropy=_mean(columns.entropy[drawn]),
        seconds=float(columns.time_ms[-1]) / 1000 if len(columns) else 0.0,
        attempts=attempts,
        error=trace.reason,
        task=trace.problem.task,
        check=trace.problem.check,
        subject=trace.problem.subject,
        level=trace.problem.level,
    )


def _mean(values: NDArray[np.float32]) -> float | None:
    """None where there is nothing, or something that only a part of the vocabulary tells."""
    mean = float(values.mean()) if len(values) else math.nan
    return mean if math.isfinite(mean) else None
