"""A Score keeps its slots filled, loses nothing, and ends the same however often it is resumed."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.flows import Score
from kimidesk.flows.asking import instruction_for, messages_for, sample_seed
from kimidesk.records import (
    CheckpointInfo,
    Dialect,
    Ended,
    Judgement,
    Problem,
    Sample,
    SampleStatus,
    ScorePlan,
    Token,
    TokenColumns,
    Verdict,
)
from kimidesk.wire.columns import pack
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Failed,
    FailureKind,
    Generate,
    Judge,
    Judged,
    Started,
    TokensCame,
    TraceEnded,
)

CHECKPOINT = CheckpointInfo("m", "r", "f")
NOTHING = np.empty(0, np.int32), np.empty(0, np.float32)
LOST = Failed("the worker crashed")


def plan(problems: int, repeats: int = 1) -> ScorePlan:
    return ScorePlan(
        "f", "s", tuple(Problem(f"p{n}", "4", number=n) for n in range(problems)), repeats
    )


def answers(command: AnyCommand) -> list[AnyEvent]:
    """What a worker and a grader would say; the text depends on the seed alone."""
    if isinstance(command, Judge):
        right = command.output == command.expected
        return [Judged(command.trace, Verdict(Judgement.RIGHT if right else Judgement.WRONG, "4"))]
    assert isinstance(command, Generate)
    trace, seed = command.attempt.trace, command.attempt.seed
    columns = TokenColumns()
    columns.append(Token(0, -0.1, 0.2, 1, *NOTHING))
    return [
        Started(trace, b"", Dialect()),
        TokensCame(trace, 0, pack(columns), {0: str(seed % 2 * 4).encode()}),
        TraceEnded(trace, Ended.ANSWERED),
    ]


def begun(commands: list[AnyCommand]) -> list[str]:
    return [c.attempt.trace for c in commands if isinstance(c, Generate)]


def work(flow: Score, most: int = 10**6) -> list[Sample]:
    """Drive the flow until it is done or `most` samples have landed."""
    landed: list[Sample] = []
    events = [event for command in flow.start() for event in answers(command)]
    while events and len(landed) < most:
        commands = flow.on(events.pop(0))
        events += [event for command in commands for event in answers(command)]
        landed += flow.collect()
    return landed


def test_no_more_than_its_width_is_in_flight():
    flow = Score(plan(5), CHECKPOINT, width=2)

    assert len(flow.start()) == 2
    assert flow.start() == []
    assert flow.flying == 2


@given(
    st.integers(1, 6), st.integers(1, 3), st.integers(1, 4), st.lists(st.integers(0, 8), max_size=4)
)
def test_interrupted_anywhere_it_ends_as_if_it_had_not_been(
    problems: int, repeats: int, width: int, stops: list[int]
):
    whole = plan(problems, repeats)
    straight = {s.key: s for s in work(Score(whole, CHECKPOINT, width=1))}

    done: dict[tuple[int, int], Sample] = {}
    for most in [*stops, 10**6]:
        flow = Score(whole, CHECKPOINT, done=list(done.values()), width=width)
        done |= {s.key: s for s in work(flow, most)}

    assert done == straight
    assert len(done) == problems * repeats


def test_finished_samples_are_never_begun_again():
    whole = plan(3)
    first = work(Score(whole, CHECKPOINT), most=2)

    flow = Score(whole, CHECKPOINT, done=first, width=9)

    assert begun(flow.start()) == ["2.0"]
    assert flow.progress(0.0).done == 2


def test_a_lost_worker_costs_only_the_samples_in_flight():
    flow = Score(plan(4), CHECKPOINT, width=2)
    flow.start()

    flow.lost(LOST)

    assert begun(flow.start()) == ["0.0"]
    assert flow.progress(0.0).failed == 0


def test_the_sample_that_kills_workers_takes_no_neighbour_with_it():
    """Problem 1 kills every worker that it is sent to."""
    flow = Score(plan(6), CHECKPOINT, width=3)
    landed: list[Sample] = []
    waiting = flow.start()
    for _ in range(100):
        if "1.0" in begun(waiting):
            flow.lost(LOST)
            waiting = flow.start()
        elif waiting:
            events = answers(waiting.pop(0))
            waiting += [command for event in events for command in flow.on(event)]
        landed += flow.collect()

    assert flow.complete
    assert [s.number for s in landed if s.status is SampleStatus.FAILED] == [1]
    assert len(landed) == 6


def test_a_sample_that_kills_its_worker_three_times_has_failed_and_the_run_goes_on():
    flow = Score(plan(2), CHECKPOINT, width=1)
    for _ in range(3):
        flow.start()
        flow.lost(LOST)

    (failed,) = flow.collect()
    assert failed.status is SampleStatus.FAILED
    assert failed.error == "the worker crashed"
    assert failed.attempts == 3
    assert failed.verdict is None
    assert not flow.done


def test_an_attempt_that_is_refused_fails_alone():
    flow = Score(plan(2), CHECKPOINT, width=1)
    flow.start()

    (command,) = flow.on(Failed("too long", kind=FailureKind.ATTEMPT, trace="0.0"))

    assert isinstance(command, Generate)
    assert [s.status for s in flow.collect()] == [SampleStatus.FAILED]


def test_an_error_is_never_graded():
    flow = Score(plan(1), CHECKPOINT)
    flow.start()

    assert flow.on(Failed("too long", kind=FailureKind.ATTEMPT, trace="0.0")) == []
    (sample,) = flow.collect()
    assert sample.answer is None


def test_draining_begins_nothing_new():
    flow = Score(plan(4), CHECKPOINT, width=1)
    (begun,) = flow.start()
    flow.drain()

    events = answers(begun)
    while events:
        events += [e for c in flow.on(events.pop(0)) for e in answers(c)]

    assert flow.done
    assert not flow.complete
    assert len(flow.collect()) == 1


def test_progress_counts_speed_and_what_is_left():
    flow = Score(plan(4), CHECKPOINT, width=1, now=10.0)
    landed = work(flow, most=2)

    progress = flow.progress(12.0)

    assert len(landed) == progress.done == 2
    assert progress.tokens_per_s == 1.0
    assert progress.eta_s == 2.0


@given(st.integers(0, 2**31), st.integers(0, 99), st.integers(0, 9))
def test_seeds_are_63_bits_and_differ_between_repeats(run: int, number: int, repeat: int):
    problem = Problem("p", number=number)

    seed = sample_seed(run, problem, repeat)

    assert 0 <= seed < 2**63
    assert seed != sample_seed(run, problem, repeat + 1)
    assert seed == sample_seed(run, problem, repeat)


def test_a_chinese_problem_is_asked_in_chinese():
    assert "逐步" in instruction_for("小明有3个苹果，又买了5个，一共有几个？")
    assert "step by step" in instruction_for("Solve 3x = 6 for 张.")
    assert messages_for(Problem("x"), "")[0].content == "x"


def test_what_one_of_several_workers_loses_is_begun_again_beside_the_others():
    flow = Score(plan(4), CHECKPOINT, width=2)
    first, second = begun(flow.start())
    again = flow.on(Failed("its node is gone", kind=FailureKind.WORKER, trace=first))
    assert begun(again) == [first]
    assert flow.flying == 2
    assert not flow.collect()
    for _ in range(10):
        again = flow.on(Failed("its node is gone", kind=FailureKind.WORKER, trace=first))
        if begun(again) != [first]:
            break
    [sample] = flow.collect()
    assert sample.status is SampleStatus.FAILED
    assert sample.attempts == 6
    assert begun(again) == ["2.0"]
    assert second in flow._flying


def test_without_room_nothing_is_begun_and_nothing_is_lost():
    flow = Score(plan(3), CHECKPOINT, width=0)
    assert not flow.start()
    assert not flow.done
    flow.width = 3
    assert len(begun(flow.start())) == 3
