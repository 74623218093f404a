"""A Solve takes events and gives commands; it does no I/O."""

import numpy as np
import pytest

from kimidesk.errors import WorkerLost
from kimidesk.flows import Phase, Solve
from kimidesk.records import (
    Attempt,
    CheckpointInfo,
    Dialect,
    Ended,
    Judgement,
    Message,
    Note,
    Noted,
    Problem,
    Sampling,
    Token,
    TokenColumns,
    Trace,
    Verdict,
    Wish,
)
from kimidesk.records.sampling import Budget
from kimidesk.wire.columns import pack
from kimidesk.wire.messages import (
    Cancel,
    Failed,
    Generate,
    Judge,
    Judged,
    Remarked,
    Started,
    Steer,
    TokensCame,
    TraceEnded,
)

THINK = Dialect("think", "<think>", ("</think>",))
NOTHING = np.empty(0, np.int32), np.empty(0, np.float32)


def solve(expected: str = "4", dialect: Dialect = THINK) -> Solve:
    trace = Trace(
        "t", Problem("2+2?", expected), CheckpointInfo("m", "r", "f"), Sampling(), Budget(), 1
    )
    flow = Solve(trace, Attempt("t", (Message("user", "2+2?"),)))
    flow.on(Started("t", np.array([5, 6], "<i4").tobytes(), dialect))
    return flow


def came(first: int, *pieces: bytes) -> TokensCame:
    columns = TokenColumns()
    for index, _ in enumerate(pieces):
        columns.append(Token(first + index, -0.1, 0.2, 1, *NOTHING))
    return TokensCame(
        "t", first, pack(columns), {first + i: piece for i, piece in enumerate(pieces)}
    )


def test_it_begins_by_asking_for_the_trace():
    flow = solve()

    assert flow.start() == [Generate(flow.attempt)]
    assert flow.trace.prompt == (5, 6)
    assert flow.phase is Phase.READING


def test_the_answer_is_judged_without_thought_and_end_mark():
    flow = solve()
    flow.on(came(0, b"<think>", b"hm", b"</think>", b"It is 4.", b"<|im_end|>"))

    (command,) = flow.on(TraceEnded("t", Ended.ANSWERED, closing=1))

    assert command == Judge("t", "It is 4.", "4")
    assert flow.phase is Phase.GRADING
    assert (flow.thinking_tokens, flow.answer_tokens) == (3, 2)


def test_the_verdict_ends_it():
    flow = solve()
    flow.on(came(0, b"4"))
    flow.on(TraceEnded("t", Ended.ANSWERED))
    verdict = Verdict(Judgement.RIGHT, "4", "4", "exact")

    assert flow.on(Judged("t", verdict)) == []
    assert flow.done
    assert flow.verdict == verdict


def test_an_unfinished_thought_is_never_graded():
    flow = solve()
    flow.on(came(0, b"<think>", b"It is 4"))

    assert flow.on(TraceEnded("t", Ended.BUDGET)) == []
    assert flow.done
    assert flow.verdict is not None
    assert flow.verdict.judgement is Judgement.UNPARSED


def test_without_an_expected_answer_nothing_is_judged():
    flow = solve(expected="")
    flow.on(came(0, b"4"))

    assert flow.on(TraceEnded("t", Ended.ANSWERED)) == []
    assert flow.done
    assert flow.verdict is None


def test_stopping_asks_the_engine_once_there_is_something_to_stop():
    flow = solve()

    assert flow.stop() == [Cancel("t")]
    flow.on(TraceEnded("t", Ended.STOPPED))
    assert flow.stop() == []


def test_a_lost_worker_ends_it_with_what_has_come():
    flow = solve()
    flow.on(came(0, b"4"))

    flow.on(Failed("the worker crashed (SIGSEGV)"))

    assert flow.done
    assert flow.trace.ended is Ended.FAILED
    assert flow.trace.reason == "the worker crashed (SIGSEGV)"
    assert flow.said == "4"


def test_a_worker_lost_while_the_answer_is_graded_changes_nothing():
    flow = solve()
    flow.on(came(0, b"4"))
    flow.on(TraceEnded("t", Ended.ANSWERED))

    flow.on(Failed("the worker crashed"))

    assert flow.trace.ended is Ended.ANSWERED
    assert flow.phase is Phase.GRADING


def test_tokens_out_of_order_are_refused():
    flow = solve()

    with pytest.raises(WorkerLost, match="3 after 0"):
        flow.on(came(3, b"x"))


def test_events_of_other_traces_change_nothing():
    flow = solve()

    assert flow.on(TraceEnded("other", Ended.ANSWERED)) == []
    assert flow.on(Failed("no", trace="other")) == []
    assert not flow.done


def test_the_numbers_survive_the_journey():
    flow = solve()
    flow.on(came(0, b"4", b"2"))

    assert flow.grown.columns.logprob.tolist() == pytest.approx([-0.1, -0.1])
    assert flow.grown.text == "42"


def test_what_happens_to_a_trace_is_noted_and_can_be_asked_for():
    flow = solve()

    (command,) = flow.steer(Wish.ANSWER_NOW)
    flow.on(Remarked("t", Note(3, Noted.ANSWER_NOW)))

    assert command == Steer("t", Wish.ANSWER_NOW)
    assert flow.trace.notes == (Note(3, Noted.ANSWER_NOW),)


def timed(first: int, *times: float) -> TokensCame:
    columns = TokenColumns()
    for index, time_ms in enumerate(times):
        columns.append(Token(first + index, -0.1, 0.2, 1, *NOTHING, time_ms=time_ms))
    ids = range(first, first + len(times))
    return TokensCame("t", first, pack(columns), {id_: b"%d " % id_ for id_ in ids})


def test_after_its_worker_died_it_asks_for_the_trace_with_what_was_told():
    flow = solve()
    flow.on(came(0, b"<think>", b"hm", b"so"))

    assert flow.lost()
    (command,) = flow.again()

    assert isinstance(command, Generate)
    assert command.attempt.told.ids == (0, 1, 2)
    assert flow.phase is Phase.WAITING
    assert flow.drawn_again == 0


def test_what_is_told_again_changes_nothing_and_what_is_new_follows():
    flow = solve()
    flow.on(timed(0, 10, 20, 30))
    flow.lost()
    flow.again()

    flow.on(timed(0, 15, 25))
    assert (len(flow.columns), flow.came, flow.drawn_again) == (3, 3, 2 / 3)
    flow.on(timed(2, 35, 45, 55))

    assert flow.columns.id.tolist() == [0, 1, 2, 3, 4]
    assert flow.columns.time_ms.tolist() == [10, 20, 30, 40, 50]  # the clock of the first worker
    assert flow.came == 3
    assert set(flow.pieces) == {0, 1, 2, 3, 4}  # of the rows that were dropped, too
    assert flow.said == "0 1 2 3 4 "
    assert flow.drawn_again == 1


def test_wishes_and_notes_survive_the_worker_that_heard_them():
    flow = solve()
    flow.on(came(0, b"<think>", b"hm"))
    flow.steer(Wish.KEEP_THINKING)
    flow.on(Remarked("t", Note(1, Noted.KEPT_THINKING)))
    flow.steer(Wish.ANSWER_NOW)  # and the worker dies before it hears this
    flow.lost()

    (command,) = flow.again()

    assert isinstance(command, Generate)
    wishes = ((1, Wish.KEEP_THINKING), (2, Wish.ANSWER_NOW))
    assert command.attempt.told.wishes == wishes
    flow.on(Remarked("t", Note(1, Noted.KEPT_THINKING)))
    assert flow.trace.notes == (Note(1, Noted.KEPT_THINKING),)


def test_a_trace_that_kills_three_workers_without_a_new_token_is_given_up():
    flow = solve()
    for first in range(4):  # each gets one token further
        flow.on(came(0, *[b"a"] * (first + 1)))
        assert flow.lost()
        flow.again()

    assert flow.lost()
    flow.again()
    flow.on(came(0, b"a", b"a", b"a", b"a"))
    assert not flow.lost()


def test_what_a_server_wrote_cannot_go_on_and_what_has_ended_need_not():
    flow = solve()
    flow.on(Started("t", b"", THINK))
    flow.on(came(0, b"hm"))
    assert not flow.lost()

    whole = solve()
    whole.on(came(0, b"hm</think>", b"4"))
    whole.on(TraceEnded("t", Ended.ANSWERED))
    assert not whole.lost()
