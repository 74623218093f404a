"""Weigh: how much one sentence of a trace decides, by drawing on from before and from after it.

The trace itself is not touched. What it evaluated is taken up, so that a continuation costs what it
adds; with the same numbers the same continuations come, so more can be asked for later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from kimidesk.flows.batch import Batch
from kimidesk.flows.continuing import (
    SEEDS,
    Name,
    answer_of,
    answered,
    continued,
    expected_of,
    forced_answer,
    left_of,
    sampling_for,
    tokens_within,
)
from kimidesk.flows.solve import Solve
from kimidesk.grading.extract import find
from kimidesk.grading.normal import normalise
from kimidesk.reading import bill
from kimidesk.reading.bill import Bill
from kimidesk.reading.importance import Price, Rollout, Side, Weighing
from kimidesk.reading.segments.sentences import sentences
from kimidesk.records import Ended, Grown, Judgement, Sampling
from kimidesk.wire.messages import AnyCommand, AnyEvent, Judge, Judged

KEPT_CHARS = 20_000  # of what a rollout said
_WHOLE = (Ended.ANSWERED, Ended.BUDGET, Ended.LOOP, Ended.STOPPED, Ended.CONTEXT_FULL)


class Weigh:
    """Event in, commands out; `results` grow in the order in which they come."""

    def __init__(
        self,
        grown: Grown,
        asked: Weighing,
        rollouts: int,
        *,
        name: Name,
        width: int = 1,
        done: Sequence[Rollout] = (),
    ) -> None:
        self.grown, self.asked = grown, asked.check(len(grown.columns) - grown.trace.closing)
        self.expected = expected_of(grown)
        self.sampling = sampling_for(grown.trace)
        self.results = [each for each in done if not each.trouble and each.number < rollouts]
        self.stopped = False
        self._name = name
        self._batch = Batch(width)
        self._before = sum(each.tokens for each in self.results)
        self._judged: dict[str, bool | None] = {}  # forced answer → whether it is right
        self._asking: dict[str, tuple[str, list[Rollout]]] = {}  # judgement → answer, who waits
        known = {(each.side, each.number) for each in self.results}
        self._missing = [
            (side, number)
            for number in range(rollouts)
            for side in Side
            if (side, number) not in known
        ]
        self.total = 2 * rollouts

    @property
    def missing(self) -> list[Side]:
        """Where what is still to be asked for begins."""
        return [side for side, _ in self._missing]

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
    def pending(self) -> bool:
        """Whether anything is still to be drawn, or judged where the grader had failed."""
        return bool(self._missing or self._unjudged())

    def start(self) -> list[AnyCommand]:
        """Ask for as many as there are places."""
        for side, number in self._missing:
            self._put(side, number)
        self._missing = []
        again = self._unjudged()
        self.results = [each for each in self.results if each not in again]
        judging = [command for each in again for command in self._judge(each)]
        return judging + self._batch.start()

    def stop(self) -> list[AnyCommand]:
        """Ask nothing more; what has come is kept."""
        self.stopped = True
        self._asking = {}
        return self._batch.stop()

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        """Take one event; events of other traces change nothing."""
        if isinstance(event, Judged) and event.trace in self._asking:
            answer, waiting = self._asking.pop(event.trace)
            self._judged[answer] = _right(event.verdict.judgement)
            self.results += [replace(each, right=self._judged[answer]) for each in waiting]
            return []
        return self._batch.on(event)

    # ---- one rollout -----------------------------------------------------------------------

    def _put(self, side: Side, number: int) -> None:
        if self.asked.price is Price.FORCED:
            self._force(Rollout(side, number), self._at(side), (), self.sampling)
            return
        short = self.asked.price is Price.SHORT
        solve = continued(
            self.grown,
            self._at(side),
            name=self._name(),
            sampling=self.sampling,
            budget=left_of(self.grown.trace.budget, self.grown.trace.dialect, self._at(side)),
            seed=self._seed(side, number),
            expected="" if short else self.expected.answer,
        )
        landed = self._on_drawn if short else self._on_whole
        self._batch.add(
            solve,
            partial(landed, side, number),
            enough=partial(_far_enough, self.asked.horizon) if short else None,
        )

    def _on_drawn(self, side: Side, number: int, solve: Solve) -> list[AnyCommand]:
        """Some sentences have come: force the answer behind the last of them."""
        made = Rollout(side, number, tokens=len(solve.columns))
        if solve.trace.ended not in _WHOLE:
            self.results.append(replace(made, trouble=solve.trace.reason or str(solve.trace.ended)))
            return []
        stop = _end_of(solve, self.asked.horizon)
        kept = tokens_within(solve.transcript, stop)
        ids = tuple(solve.columns.id[:kept].tolist())
        made = replace(made, said=solve.said[:stop], first=_first_sentence(solve))
        self._force(made, self._at(side), ids, Sampling(temperature=0), first=True)
        return []

    def _force(
        self,
        made: Rollout,
        at: int,
        between: tuple[int, ...],
        sampling: Sampling,
        *,
        first: bool = False,
    ) -> None:
        solve = forced_answer(
            self.grown,
            at,
            name=self._name(),
            sampling=sampling,
            seed=self._seed(made.side, made.number),
            between=between,
        )
        self._batch.add(solve, partial(self._on_forced, made), enough=answered, first=first)

    def _on_forced(self, made: Rollout, solve: Solve) -> list[AnyCommand]:
        made = replace(made, tokens=made.tokens + len(solve.columns))
        if solve.trace.ended not in _WHOLE:
            self.results.append(replace(made, trouble=solve.trace.reason or str(solve.trace.ended)))
            return []
        answer = answer_of(solve)
        made = replace(made, answer=answer, key=normalise(answer).key)
        return self._judge(made)

    def _on_whole(self, side: Side, number: int, solve: Solve) -> list[AnyCommand]:
        """The trace was drawn to its end and judged by its own flow."""
        made = Rollout(side, number, tokens=len(solve.columns))
        if solve.trace.ended not in _WHOLE:
            self.results.append(replace(made, trouble=solve.trace.reason or str(solve.trace.ended)))
            return []
        verdict, answer = solve.verdict, ""
        if verdict is not None and verdict.extracted:
            answer = verdict.extracted
        elif solve.parts.answer and (found := find(solve.parts.answer)):
            answer = found.answer
        right = _right(verdict.judgement) if verdict is not None else None
        said, first = solve.said[:KEPT_CHARS], _first_sentence(solve)
        self.results.append(
            replace(
                made,
                answer=answer,
                key=normalise(answer).key,
                right=right,
                said=said,
                first=first,
            )
        )
        return []

    def _unjudged(self) -> list[Rollout]:
        if not self.expected.answer:
            return []
        return [each for each in self.results if each.right is None and not each.trouble]

    def _judge(self, made: Rollout) -> list[AnyCommand]:
        """Equal answers are judged once."""
        if not self.expected.answer:
            self.results.append(made)
        elif self._judged.get(made.answer) is not None:
            self.results.append(replace(made, right=self._judged[made.answer]))
        else:
            for answer, waiting in self._asking.values():
                if answer == made.answer:
                    waiting.append(made)
                    return []
            id_ = self._name()
            self._asking[id_] = (made.answer, [made])
            return [Judge(id_, f"\\boxed{{{made.answer}}}", self.expected.answer)]
        return []

    def _at(self, side: Side) -> int:
        return self.asked.first if side is Side.BEFORE else self.asked.last + 1

    def _seed(self, side: Side, number: int) -> int:
        """Never the trace's own, which would draw the trace again."""
        return (self.grown.trace.seed + 1 + 2 * number + (side is Side.AFTER)) % SEEDS


def billed(grown: Grown, asked: Weighing, missing: Iterable[Side], sentence_tokens: float) -> Bill:
    """What rollouts from these sides cost; a sentence of this trace takes so many tokens."""
    end = len(grown.columns) - grown.trace.closing
    places = {Side.BEFORE: asked.first, Side.AFTER: asked.last + 1}
    made = Bill()
    for side in missing:
        if asked.price is Price.FORCED:
            made += bill.forced()
            continue
        rest, budget = (
            end - places[side],
            left_of(grown.trace.budget, grown.trace.dialect, places[side]),
        )
        limit = budget.answer
        if grown.trace.dialect.thinks:
            both = budget.thinking is not None and budget.answer is not None
            limit = (budget.thinking or 0) + (budget.answer or 0) if both else None
        if asked.price is Price.FULL:
            made += bill.drawn(rest, limit)
            continue
        short = bill.drawn(min(asked.horizon * sentence_tokens, rest), limit) + bill.forced()
        made += replace(short, rollouts=1)
    return made


def _right(judgement: Judgement) -> bool | None:
    """None where the grader failed: counting that as wrong would invent a result."""
    return None if judgement is Judgement.ERROR else judgement is Judgement.RIGHT


def _thought(solve: Solve) -> tuple[int, str]:
    """Where what was drawn of the thought begins, and its text; of all where there is none."""
    begin, end = solve.parts.thinking_span
    return (begin, solve.said[begin:end]) if end > begin else (0, solve.said)


def _far_enough(horizon: int, solve: Solve) -> bool:
    """Whether so many sentences are whole: one more has begun, or the thought has ended."""
    _, text = _thought(solve)
    ended = solve.trace.dialect.thinks and solve.parts.answer is not None
    return ended or len(sentences(text)) > horizon


def _end_of(solve: Solve, horizon: int) -> int:
    """Where the last of so many sentences ends, in characters of what was drawn."""
    start, text = _thought(solve)
    found = sentences(text)[:horizon]
    return start + found[-1].stop if found else 0


def _first_sentence(solve: Solve) -> str:
    _, text = _thought(solve)
    found = sentences(text)
    if not found and solve.parts.answer:
        text, found = solve.parts.answer, sentences(solve.parts.answer)
    return text[found[0].start : found[0].stop] if found else ""
