"""Laboratory: one problem at several budgets of thought, each some times.

A kept trace is cut short, made to go on, answered without a thought, or thought through afresh.
What shares its tokens is a fork of it, and every one is a whole trace that can be kept and opened.
Afresh means one trace a seed, at the largest budget: at a smaller one the same seed draws the
same tokens, so it is cut there.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple, TypedDict

from kimidesk.errors import UsageError
from kimidesk.flows.batch import Batch
from kimidesk.flows.continuing import (
    SEEDS,
    Name,
    answered,
    continued,
    expected_of,
    forced_answer,
    sampling_for,
    tokens_within,
)
from kimidesk.flows.solve import Solve
from kimidesk.grading.extract import find
from kimidesk.grading.normal import normalise
from kimidesk.reading import Transcript, bill, split
from kimidesk.reading.bill import Bill
from kimidesk.reading.budgets import Run, Way
from kimidesk.records import Budget, Ended, Fork, Grown, Judgement, Noted, Verdict
from kimidesk.wire.messages import AnyCommand, AnyEvent, Judge, Judged

NO_THOUGHT = "\nOkay, I think I have finished thinking.\n"  # Ma et al., arXiv 2504.09858
ASKED = (Way.CUT, Way.WAIT, Way.NONE, Way.RERUN)
MOST_RUNS = 10_000


class Landed(NamedTuple):
    """A trace that is to be kept, with its verdict where it is the problem's."""

    grown: Grown
    verdict: Verdict | None


class _Told(TypedDict):
    """The fields of a Run that tell of its answer."""

    answer: str
    key: str
    right: bool | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried."""

    budgets: tuple[int, ...]  # tokens of thought, ascending
    ways: tuple[Way, ...] = ASKED
    seeds: int = 3  # runs of each way at each budget
    waits: int = 2  # how often WAIT makes a thought go on, at most

    def check(self) -> "Plan":
        """Return self; raises UsageError for what cannot be tried."""
        if not self.ways:
            raise UsageError("there is no way to set a budget", hint="Name cut, wait, none, rerun.")
        if not self.budgets and {Way.CUT, Way.RERUN} & set(self.ways):
            raise UsageError("there are no budgets", hint="Name some, such as 0, 64, 128, 256.")
        if any(not 0 <= each <= 10_000_000 for each in self.budgets):
            raise UsageError("a budget must be between 0 and 10,000,000 tokens")
        if self.seeds < 1 or (self.waits < 1 and Way.WAIT in self.ways):
            raise UsageError("there must be 1 run or more of each, and 1 wait or more")
        runs = self.seeds * (2 * len(self.budgets) + self.waits + 1)
        if runs > MOST_RUNS:
            raise UsageError(f"these are {runs:,} runs; at most {MOST_RUNS:,} are made at once")
        return self


def thought_of(grown: Grown) -> tuple[int, int]:
    """The tokens first … stop - 1 of a trace's thought; of a checkpoint that writes none, all.

    As `engines.mind` counts: tokens that hold a part of a mark, and those that close a thought by
    force, are none of it.
    """
    stop = len(grown.columns) - grown.trace.closing
    if not grown.trace.dialect.thinks:
        return 0, stop
    transcript = Transcript()
    transcript.append(grown.columns.id[:stop].tolist(), grown.lexicon)
    begin, end = split(transcript.text, grown.trace.dialect).thinking_span
    first = tokens_within(transcript, begin)
    last = bisect_right(transcript.ends, end)
    while last > first and grown.columns.forced[last - 1]:
        last -= 1
    return first, max(last, first)


class Laboratory:
    """Event in, commands out; `runs` grow in the order in which they come."""

    def __init__(
        self,
        grown: Grown,
        plan: Plan,
        *,
        name: Name,
        width: int = 1,
        done: Sequence[Run] = (),
        kept: Mapping[str, Grown] | None = None,
    ) -> None:
        """`done` are runs of before; `kept` their traces by id, which are gone on from."""
        self.grown, self.plan = grown, plan.check()
        self.expected = expected_of(grown)
        self.sampling = sampling_for(grown.trace)
        self.first, self.stop_at = thought_of(grown)
        self.runs = [each for each in done if not each.trouble]
        self.stopped = False
        self._name = name
        self._batch = Batch(width)
        self._before = sum(each.tokens for each in self.runs)
        self._kept = dict(kept or {})
        self._landed: deque[Landed] = deque()
        self._asking: dict[str, Run] = {}  # judgement → the run that waits for it
        known = {each.place for each in self.runs}
        self._wanted = self._places()
        self._missing = [each for each in self._wanted if each not in known]

    @property
    def done(self) -> bool:
        return self.stopped or (self._batch.idle and not self._asking)

    @property
    def trouble(self) -> str:
        """Why the worker is gone, where it is."""
        return self._batch.trouble

    @property
    def tokens(self) -> int:
        """Evaluated one by one so far, also for what is not done."""
        return self._before + self._batch.tokens

    @property
    def total(self) -> int:
        """How many runs the plan has."""
        return len(self._wanted)

    @property
    def finished(self) -> int:
        """How many of them are there."""
        return len({run.place for run in self.runs} & set(self._wanted))

    @property
    def missing(self) -> int:
        """How many runs are still to be asked for."""
        return len(self._missing)

    @property
    def pending(self) -> bool:
        """Whether anything is still to be run, or judged where the grader had failed."""
        return bool(self._missing or self._unjudged())

    @property
    def thought(self) -> int:
        """Tokens of the trace's own thought."""
        return self.stop_at - self.first

    @property
    def beyond(self) -> tuple[int, ...]:
        """Budgets at which there is nothing to cut: the thought is shorter."""
        return tuple(each for each in self.plan.budgets if each >= self.thought)

    def collect(self) -> list[Landed]:
        """The traces that landed since the last call; each is to be kept now."""
        landed = list(self._landed)
        self._landed.clear()
        return landed

    def bill(self) -> Bill:
        """What is still to be drawn."""
        return bill.total(self._billed(way) for way in ASKED)

    def start(self) -> list[AnyCommand]:
        """Ask for as many as there are places."""
        commands: list[AnyCommand] = []
        missing, self._missing = self._missing, []
        again = self._unjudged()
        self.runs = [each for each in self.runs if each not in again]
        for run in again:
            commands += self._judge(run, f"\\boxed{{{run.answer}}}")
        for way, budget, number in missing:
            if way is Way.OWN:
                commands += self._judge_own()
            elif way is Way.CUT:
                self._cut(self.grown, budget, Run(way, budget, number))
            elif way is Way.NONE:
                self._answer_at_once(Run(way, budget, number))
        numbers = range(self.plan.seeds)
        for number in numbers:
            if any(way is Way.RERUN and n == number for way, _, n in missing):
                budgets = [b for way, b, n in missing if way is Way.RERUN and n == number]
                self._afresh(number, budgets)
            if any(way is Way.WAIT and n == number for way, _, n in missing):
                self._go_on(number)
        return commands + self._batch.start()

    def stop(self) -> list[AnyCommand]:
        """Ask nothing more; what has come is kept."""
        self.stopped, self._asking = True, {}
        return self._batch.stop()

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event; events of other traces change nothing."""
        if isinstance(event, Judged) and event.trace in self._asking:
            run, verdict = self._asking.pop(event.trace), event.verdict
            answer = verdict.extracted or run.answer
            key, right = normalise(answer).key, _right(verdict)
            self.runs.append(replace(run, answer=answer, key=key, right=right))
            return []
        return self._batch.on(event)

    # ---- the ways --------------------------------------------------------------------------

    def _judge_own(self) -> list[AnyCommand]:
        run = Run(Way.OWN, self.thought, 0, trace=self.grown.trace.id, thinking=self.thought)
        answer = split(self.grown.text, self.grown.trace.dialect).answer
        if answer is None or not self.expected.answer:
            right = False if self.expected.answer else None
            self.runs.append(replace(run, right=right))
            return []
        found = find(answer)
        return self._judge(replace(run, answer=found.answer if found else ""), answer)

    def _judge(self, run: Run, output: str) -> list[AnyCommand]:
        id_ = self._name()
        self._asking[id_] = run
        return [Judge(id_, output, self.expected.answer)]

    def _unjudged(self) -> list[Run]:
        """What the grader failed at, the last time."""
        if not self.expected.answer:
            return []
        return [run for run in self.runs if run.right is None and not run.trouble]

    def _cut(self, grown: Grown, budget: int, run: Run) -> None:
        """End the thought of a trace after so many tokens, and let it answer."""
        first, stop = (self.first, self.stop_at) if grown is self.grown else thought_of(grown)
        at = min(first + budget, stop)
        run = replace(run, of=grown.trace.id, thinking=run.thinking or at - first)
        seed = self._seed(run.number)
        if not grown.trace.dialect.thinks:
            self._force(grown, at, run)
            return
        allowed = replace(grown.trace.budget, thinking=0, soft=0, least=0)
        solve = continued(
            grown,
            at,
            name=self._name(),
            sampling=self.sampling,
            budget=allowed,
            seed=seed,
            expected=self.expected.answer,
        )
        self._batch.add(solve, partial(self._on_run, run), first=True)

    def _force(self, grown: Grown, at: int, run: Run) -> None:
        """Let a checkpoint that writes no thought say its answer behind so many tokens."""
        solve = forced_answer(
            grown, at, name=self._name(), sampling=self.sampling, seed=self._seed(run.number)
        )
        problem = replace(solve.trace.problem, answer=self.expected.answer)
        solve.trace = replace(solve.trace, problem=problem, fork=Fork(grown.trace.id, at))
        self._batch.add(solve, partial(self._on_run, run), enough=answered, first=True)

    def _answer_at_once(self, run: Run) -> None:
        dialect = self.grown.trace.dialect
        if not dialect.thinks:
            self._force(self.grown, 0, run)
            return
        begins = "" if dialect.opened else dialect.start
        force = f"{begins}{NO_THOUGHT}{dialect.ends[0]}{dialect.answer or chr(10) * 2}"
        solve = continued(
            self.grown,
            0,
            name=self._name(),
            sampling=self.sampling,
            budget=replace(self.grown.trace.budget, thinking=None, soft=0, least=0),
            seed=self._seed(run.number),
            expected=self.expected.answer,
            force=force,
        )
        self._batch.add(solve, partial(self._on_run, run))

    def _afresh(self, number: int, budgets: list[int]) -> None:
        """Think the problem through once more, unless that has been done as far as is needed."""
        most = max(budgets)
        for run in self.runs:
            base = self._kept.get(run.of or run.trace)
            if run.way is Way.RERUN and run.number == number and base and _reaches(base, most):
                whole = next((each for each in self.runs if each.trace == base.trace.id), run)
                told = _Told(answer=whole.answer, key=whole.key, right=whole.right)
                self._spread(base, number, budgets, 0, told)
                return
        solve = continued(
            self.grown,
            0,
            name=self._name(),
            sampling=self.sampling,
            budget=self._room(most),
            seed=self._seed(number),
            expected=self.expected.answer,
        )
        self._batch.add(solve, partial(self._on_afresh, number, budgets))

    def _on_afresh(self, number: int, budgets: list[int], solve: Solve) -> list[AnyCommand]:
        if solve.trace.ended is Ended.FAILED:
            for budget in budgets:
                run = Run(Way.RERUN, budget, number, trouble=solve.trace.reason)
                self.runs.append(run)
            return []
        self._keep(solve)
        told = self._told(solve.grown, solve.verdict)
        self._spread(solve.grown, number, budgets, len(solve.columns), told)
        return []

    def _spread(
        self, base: Grown, number: int, budgets: list[int], tokens: int, told: _Told
    ) -> None:
        """What a trace drawn afresh tells of each budget: cut there, or as it is where it is
        shorter. What it took is told of the largest."""
        first, stop = thought_of(base)
        for budget in sorted(budgets):
            cost = tokens if budget == max(budgets) else 0
            run = Run(Way.RERUN, budget, number, tokens=cost)
            if budget < stop - first or _unanswered(base):
                self._cut(base, budget, run)
                continue
            self.runs.append(replace(run, trace=base.trace.id, thinking=stop - first, **told))

    def _go_on(self, number: int) -> None:
        """Take up the chain of waits where it ends."""
        there = {run.budget: run for run in self.runs if run.place[::2] == (Way.WAIT, number)}
        rounds, grown, before = 0, self.grown, 0
        while rounds + 1 in there:
            run = there[rounds + 1]
            kept = self._kept.get(run.of or run.trace)
            if kept is None:
                break
            rounds, grown, before = rounds + 1, kept, run.thinking
        self._wait(grown, rounds + 1, number, before)

    def _wait(self, grown: Grown, rounds: int, number: int, before: int) -> None:
        """Replace the end of a thought; `before`: tokens of thought that the chain has so far."""
        if rounds > self.plan.waits:
            return
        first, stop = thought_of(grown)
        before = before or stop - first
        onward = grown.trace.budget.onward or "Wait,"
        text = grown.text
        blank = "" if not text or text[-1:].isspace() else "\n"
        solve = continued(
            grown,
            stop,
            name=self._name(),
            sampling=self.sampling,
            budget=self._room(max(*self.plan.budgets, self.thought, 1)),
            seed=self._seed(number),
            expected=self.expected.answer,
            force=blank + onward,
        )
        self._batch.add(solve, partial(self._on_wait, rounds, number, before), first=True)

    def _on_wait(self, rounds: int, number: int, before: int, solve: Solve) -> list[AnyCommand]:
        run = Run(Way.WAIT, rounds, number)
        if solve.trace.ended is Ended.FAILED:
            self.runs.append(replace(run, trouble=solve.trace.reason))
            return []
        self._keep(solve)
        grown = solve.grown
        first, stop = thought_of(grown)
        thinking = before + stop - first
        run = replace(run, thinking=thinking, tokens=len(solve.columns))
        if _unanswered(grown):
            self._cut(grown, stop - first, run)
        else:
            told = self._told(grown, solve.verdict)
            self.runs.append(replace(run, trace=grown.trace.id, **told))
        self._wait(grown, rounds + 1, number, thinking)
        return []

    # ---- what comes of them ----------------------------------------------------------------

    def _on_run(self, run: Run, solve: Solve) -> list[AnyCommand]:
        run = replace(run, tokens=run.tokens + len(solve.columns))
        if solve.trace.ended is Ended.FAILED:
            self.runs.append(replace(run, trouble=solve.trace.reason))
            return []
        self._keep(solve)
        told = self._told(solve.grown, solve.verdict)
        self.runs.append(replace(run, trace=solve.trace.id, **told))
        return []

    def _keep(self, solve: Solve) -> None:
        """The trace as it is to be kept: what it was held against may not be the problem's."""
        grown = self._kept[solve.trace.id] = solve.grown
        trace = replace(grown.trace, problem=self.grown.trace.problem)
        verdict = None if self.expected.own else solve.verdict
        self._landed.append(Landed(replace(grown, trace=trace), verdict))

    def _told(self, grown: Grown, verdict: Verdict | None) -> _Told:
        answer = verdict.extracted if verdict is not None else ""
        if not answer and (said := split(grown.text, grown.trace.dialect).answer):
            found = find(said)
            answer = found.answer if found else ""
        right = _right(verdict) if self.expected.answer else None
        return _Told(answer=answer, key=normalise(answer).key, right=right)

    # ---- what is asked ---------------------------------------------------------------------

    def _places(self) -> list[tuple[Way, int, int]]:
        numbers, plan = range(self.plan.seeds), self.plan
        budgets = sorted(set(plan.budgets))
        asked: dict[Way, list[int]] = {
            Way.CUT: [each for each in budgets if each < self.thought],
            Way.WAIT: list(range(1, plan.waits + 1)),
            Way.NONE: [0],
            Way.RERUN: budgets,
        }
        places = [(Way.OWN, self.thought, 0)]
        for way in plan.ways:
            places += [(way, budget, number) for number in numbers for budget in asked[way]]
        return places

    def _room(self, thought: int) -> Budget:
        """The trace's budget with so many tokens of thought; without one the answer is all."""
        budget = replace(self.grown.trace.budget, soft=0, least=0)
        if self.grown.trace.dialect.thinks:
            return replace(budget, thinking=thought)
        return replace(budget, answer=max(thought, 1))

    def _seed(self, number: int) -> int:
        """Never the trace's own, which would draw the trace again."""
        return (self.grown.trace.seed + 1 + number) % SEEDS

    def _billed(self, way: Way) -> Bill:
        missing = [each for each in self._missing if each[0] is way]
        thinks, own = self.grown.trace.dialect.thinks, self.thought
        rest = len(self.grown.columns) - self.stop_at
        limit = self.grown.trace.budget.answer
        answer = bill.drawn(max(rest, bill.FORCED), limit) if thinks else bill.forced()
        if way in (Way.CUT, Way.NONE):
            return answer.times(len(missing))
        if way is Way.WAIT:
            most = max(*self.plan.budgets, own, 1)
            return replace(bill.drawn(own / 2, most) + answer, rollouts=1).times(len(missing))
        afresh = Bill()
        for number in {n for _, _, n in missing}:
            most = max(budget for _, budget, n in missing if n == number)
            afresh += replace(bill.drawn(min(own, most), most), rollouts=0)
        return afresh + answer.times(len(missing))


def _right(verdict: Verdict | None) -> bool | None:
    """None where the grader failed: counting that as wrong would invent a result."""
    if verdict is None:
        return False  # it has no answer
    return None if verdict.judgement is Judgement.ERROR else verdict.right


def _unanswered(grown: Grown) -> bool:
    """Whether a trace of a checkpoint that writes no thought was cut off before its end."""
    return not grown.trace.dialect.thinks and grown.trace.ended is not Ended.ANSWERED


def _reaches(grown: Grown, budget: int) -> bool:
    """Whether a trace ended by itself, or was let think for so many tokens."""
    if any(note.what in (Noted.CUT, Noted.LANDED) for note in grown.trace.notes) or _unanswered(
        grown
    ):
        first, stop = thought_of(grown)
        return stop - first >= budget
    return grown.trace.ended is Ended.ANSWERED
