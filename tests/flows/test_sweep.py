"""A sweep draws a thought once, ends it at each budget, and goes on where it was stopped."""

from dataclasses import replace

import numpy as np

from kimidesk.flows import Score
from kimidesk.records import Dialect, Ended, Finish, Sample, SampleStatus, Token, TokenColumns
from kimidesk.wire.columns import pack
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Failed,
    FailureKind,
    Generate,
    Judge,
    Started,
    TokensCame,
    TraceEnded,
)
from tests.flows.test_score import CHECKPOINT, answers, plan

THINK = Dialect("think", "<think>", ("</think>",))
NOTHING = np.empty(0, np.int32), np.empty(0, np.float32)
PIECES = [b"<think>", b"a", b"b", b"c", b"d", b"</think>", b"4"]


def said(command: AnyCommand) -> list[AnyEvent]:
    """A thought of four tokens and its answer; a cut of it answers 4 at once."""
    if isinstance(command, Judge):
        return answers(command)
    assert isinstance(command, Generate)
    attempt = command.attempt
    kept = len(attempt.prefix)
    ids = [5, 6] if kept else list(range(len(PIECES)))
    columns = TokenColumns()
    for id_ in ids:
        columns.append(Token(id_, -0.1, 0.2, 1, *NOTHING, forced=bool(kept) and id_ == 5))
    opened = replace(THINK, opened=bool(kept))
    return [
        Started(attempt.trace, b"", opened),
        TokensCame(attempt.trace, 0, pack(columns), dict(enumerate(PIECES))),
        TraceEnded(attempt.trace, Ended.ANSWERED),
    ]


def work(flow: Score) -> tuple[list[Sample], list[Generate]]:
    landed: list[Sample] = []
    asked: list[Generate] = []
    waiting = list(flow.start())
    while waiting:
        command = waiting.pop(0)
        asked += [command] if isinstance(command, Generate) else []
        for event in said(command):
            waiting += flow.on(event)
            landed += flow.collect()
    return landed, asked


def test_each_thought_is_drawn_once_and_cut_where_it_is_longer():
    swept = replace(plan(2), cuts=(2, 3, 9))

    landed, asked = work(Score(swept, CHECKPOINT))

    made = {(s.number, s.cut): s for s in landed}
    assert set(made) == {(n, cut) for n in (0, 1) for cut in (None, 2, 3)}
    assert sorted(len(each.attempt.prefix) for each in asked) == [0, 0, 3, 3, 4, 4]
    assert {s.verdict.right for s in landed if s.verdict} == {True}
    assert (made[0, 3].thinking_tokens, made[0, 2].thinking_tokens) == (3, 2)


def test_budgets_that_are_added_later_are_all_that_is_made():
    first, _ = work(Score(replace(plan(2), cuts=(2,)), CHECKPOINT))

    flow = Score(replace(plan(2), cuts=(2, 3)), CHECKPOINT, done=first)
    landed, _ = work(flow)

    assert [(s.number, s.cut) for s in landed] == [(0, 3), (1, 3)]
    assert flow.complete
    again, asked = work(Score(replace(plan(2), cuts=(2, 3)), CHECKPOINT, done=[*first, *landed]))
    assert (again, asked) == ([], [])


def test_an_attempt_that_could_not_run_is_tried_again_after_a_pause_that_doubles():
    flow = Score(plan(1), CHECKPOINT, retries=2)
    busy = Failed("the server is busy", kind=FailureKind.ATTEMPT, trace="0.0")
    flow.start()

    flow.on(busy)
    assert not flow.done
    assert flow.tick(0.9) == []
    (again,) = flow.tick(2.0)
    assert isinstance(again, Generate)
    flow.on(busy)
    assert flow.tick(3.9) == []
    assert len(flow.tick(6.0)) == 1
    flow.on(busy)

    (sample,) = flow.collect()
    assert (sample.status, sample.attempts) == (SampleStatus.FAILED, 3)
    assert sample.finish is Finish.ERROR
    assert flow.complete
