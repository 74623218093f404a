"""Score: every sample of a plan, a fixed number of them in flight, each graded as it lands.

Resuming is starting with the samples that are already done. Samples depend on the plan alone,
never on the order in which they run, so an interrupted run ends as an uninterrupted one.
"""

import math
from collections import defaultdict, deque
from collections.abc import Collection
from dataclasses import dataclass

from kimidesk.flows import sweep
from kimidesk.flows.asking import messages_for, sample_seed
from kimidesk.flows.sampled import sample_of
from kimidesk.flows.solve import Phase, Solve
from kimidesk.records import (
    Attempt,
    CheckpointInfo,
    Ended,
    Grown,
    Judgement,
    Problem,
    Sample,
    SampleStatus,
    ScorePlan,
    Trace,
)
from kimidesk.wire.messages import AnyCommand, AnyEvent, Failed, FailureKind, TokensCame

TRIES = 3  # a sample whose worker died this often is recorded as failed
FLEET_TRIES = 6  # likewise, of one worker among several: servers and nodes come and go


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


@dataclass(frozen=True, slots=True)
class _Work:
    """A sample that is to be made; with `grown`, a cut of that trace."""

    index: int  # of the problem
    repeat: int
    cut: int | None = None
    grown: Grown | None = None
    told: bool = False  # its row is there already: it is drawn again for its cuts alone

    @property
    def key(self) -> tuple[int, int, int]:
        return (self.index, self.repeat, -1 if self.cut is None else self.cut)


class Score:
    """Event in, commands out; samples that landed wait in `collect`.

    `retries`: how often an attempt that could not run is begun again, with a pause that doubles.
    """

    def __init__(
        self,
        plan: ScorePlan,
        checkpoint: CheckpointInfo,
        *,
        done: Collection[Sample] = (),
        width: int = 1,
        now: float = 0.0,
        retries: int = 0,
    ) -> None:
        self.plan = plan
        self.checkpoint = checkpoint
        self.width = width
        self.draining = False
        self._retries = retries
        self._begun = self._now = now
        self._tokens = 0
        self._landed: deque[Sample] = deque()
        self._flying: dict[str, Solve] = {}
        self._works: dict[str, _Work] = {}  # by trace
        self._tries: dict[tuple[int, int, int], int] = {}
        self._pausing: list[tuple[float, _Work]] = []  # until monotonic second
        self._paused: set[tuple[int, int, int]] = set()  # begun again after a pause
        self._alone = False  # whether what flies was in flight when a worker was lost
        self._cuts_there = {(s.place, s.cut) for s in done if s.cut is not None}
        self._waiting = deque(self._to_do(done))
        self.total = len(plan.problems) * plan.repeats
        self._already = self.total - sum(not work.told for work in self._waiting)
        self._new = 0
        self._graded = sum(_is_graded(sample) for sample in done if sample.cut is None)
        self._right = sum(_is_right(sample) for sample in done if sample.cut is None)
        self._failed = sum(sample.status is SampleStatus.FAILED for sample in done)

    def _to_do(self, done: Collection[Sample]) -> list[_Work]:
        """What is missing, the longest first where other repeats tell how long a problem takes."""
        own = {sample.place: sample for sample in done if sample.cut is None}
        spent: defaultdict[int, list[int]] = defaultdict(list)
        for sample in own.values():
            spent[sample.number].append(sample.thinking_tokens + sample.answer_tokens)
        works = []
        for index, problem in enumerate(self.plan.problems):
            for repeat in range(self.plan.repeats):
                there = own.get((problem.number, repeat))
                if there is None or self._lacks(there):
                    works.append(_Work(index, repeat, told=there is not None))

        def length(work: _Work) -> float:
            known = spent.get(self.plan.problems[work.index].number)
            return sum(known) / len(known) if known else math.inf

        return sorted(works, key=length, reverse=True)

    def _lacks(self, sample: Sample) -> bool:
        """Whether a sample that is there has cuts that are not."""
        if sample.status is SampleStatus.FAILED:
            return False
        length = sweep.length_of(sample.thinking_tokens, sample.answer_tokens)
        if sample.thinking_tokens and self.plan.budget.thinking is not None:
            length = min(length, self.plan.budget.thinking)  # what closed it is no thought
        # The marks of a thought count as its tokens: one that is that much longer is drawn in vain.
        return any(
            cut < length and (sample.place, cut) not in self._cuts_there for cut in self.plan.cuts
        )

    @property
    def done(self) -> bool:
        """Nothing is in flight and nothing will be."""
        left = self._waiting or self._pausing
        return not self._flying and (self.draining or not left)

    @property
    def complete(self) -> bool:
        """Every sample of the plan has landed."""
        return not (self._flying or self._waiting or self._pausing)

    @property
    def flying(self) -> int:
        """How many samples are in flight."""
        return len(self._flying)

    @property
    def failed(self) -> int:
        """How many samples have failed, those of earlier sessions among them."""
        return self._failed

    @property
    def _growing(self) -> int:
        """Samples that take a slot of the engine; those being graded do not."""
        return sum(solve.phase is not Phase.GRADING for solve in self._flying.values())

    def tick(self, now: float) -> list[AnyCommand]:
        """It is monotonic second `now`: what paused long enough waits in front again."""
        self._now = now
        due = [work for until, work in self._pausing if until <= now]
        if not due:
            return []
        self._pausing = [each for each in self._pausing if each[0] > now]
        self._waiting.extendleft(reversed(due))
        return self.start()

    def start(self) -> list[AnyCommand]:
        """Fill the slots: at the beginning, and again after `lost` with a fresh worker.

        A sample that was in flight when a worker was lost flies alone, so that the one that kills
        workers does not take its neighbours with it.
        """
        commands: list[AnyCommand] = []
        while not self.draining and self._waiting and self._growing < self.width:
            suspect = self._waiting[0].key in self._tries and not self._retried(self._waiting[0])
            if self._flying and (suspect or self._alone):
                break
            self._alone = suspect
            commands += self._begin(self._waiting.popleft())
        return commands

    def _retried(self, work: _Work) -> bool:
        """Whether it was begun again because its attempt failed, which kills no worker."""
        return work.key in self._paused

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event. A Failed that concerns the whole worker is for `lost`, not for here."""
        trace = getattr(event, "trace", None)
        solve = self._flying.get(trace) if trace is not None else None
        if solve is None:
            return []
        if isinstance(event, Failed) and event.kind is FailureKind.WORKER:
            return self._lost_one(solve, event)
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
        for solve in reversed(list(self._flying.values())):
            if solve.phase is not Phase.GRADING:  # else its trace is whole
                self._paused.discard(self._works[solve.trace.id].key)
                self._back(solve, failure, TRIES)

    def _lost_one(self, solve: Solve, failure: Failed) -> list[AnyCommand]:
        """One worker of several is gone: others may do it, beside what flies there."""
        if solve.phase is Phase.GRADING:
            return []
        self._paused.add(self._works[solve.trace.id].key)
        self._back(solve, failure, FLEET_TRIES)
        return self.start()

    def _back(self, solve: Solve, failure: Failed, tries: int) -> None:
        work = self._works[solve.trace.id]
        if self._tries[work.key] >= tries:
            solve.on(failure)
            self._land(solve, again=False)
        else:
            del self._flying[solve.trace.id], self._works[solve.trace.id]
            self._waiting.appendleft(work)

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

    def _begin(self, work: _Work) -> list[AnyCommand]:
        problem, plan = self.plan.problems[work.index], self.plan
        self._tries[work.key] = self._tries.get(work.key, 0) + 1
        id_ = f"{problem.number}.{work.repeat}"
        if work.grown is not None and work.cut is not None:
            id_ = f"{id_}@{work.cut}"
            solve = sweep.ended_at(work.grown, work.cut, plan.budget, id_)
        else:
            solve = self._whole(problem, id_, sample_seed(plan.seed, problem, work.repeat))
        self._flying[id_], self._works[id_] = solve, work
        return solve.start()

    def _whole(self, problem: Problem, id_: str, seed: int) -> Solve:
        plan = self.plan
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
        return Solve(trace, attempt)

    def _land(self, solve: Solve, *, again: bool = True) -> None:
        del self._flying[solve.trace.id]
        work = self._works.pop(solve.trace.id)
        failed = solve.trace.ended is Ended.FAILED
        tries = self._tries[work.key]
        if failed and again and tries <= self._retries:
            pause = 2.0 ** (tries - 1) * (1 + solve.trace.seed % 1_000 / 1_000)  # not all at once
            self._paused.add(work.key)
            self._pausing.append((self._now + pause, work))
            return
        del self._tries[work.key]
        self._paused.discard(work.key)
        if not failed and work.cut is None:
            self._cut(solve, work)
        if work.told:
            return
        sample = sample_of(solve, repeat=work.repeat, attempts=tries, cut=work.cut)
        self._landed.append(sample)
        self._failed += failed
        if work.cut is None:
            self._new += 1
            self._graded += _is_graded(sample)
            self._right += _is_right(sample)

    def _cut(self, solve: Solve, work: _Work) -> None:
        """Its cuts come next, while the engine still holds what stands before them."""
        place = (self.plan.problems[work.index].number, work.repeat)
        cuts = [
            cut
            for cut in sweep.needed(solve.grown, self.plan.cuts)
            if (place, cut) not in self._cuts_there
        ]
        for cut in sorted(cuts):
            self._waiting.appendleft(_Work(work.index, work.repeat, cut, solve.grown))


def _is_right(sample: Sample) -> bool:
    return sample.verdict is not None and sample.verdict.right


def _is_graded(sample: Sample) -> bool:
    return sample.verdict is not None and sample.verdict.judgement is not Judgement.ERROR
