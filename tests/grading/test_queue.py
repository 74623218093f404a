"""The grading queue decides what is sent, what ran out of time and what is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from kimidesk.grading.queue import GRADING_LIMIT_S, GradingQueue
from kimidesk.records import Ended, Judgement, Task, Verdict
from kimidesk.wire.messages import PROTOCOL, Judge, Judged, Ready, TraceEnded

READY = Ready(PROTOCOL, 1, "test")


def ask(name: str) -> Judge:
    return Judge(name, "\\boxed{3}", "3")


def right(name: str) -> Judged:
    return Judged(name, Verdict(Judgement.RIGHT, "3", "3", "exact"))


def ready_queue(*names: str) -> GradingQueue:
    queue = GradingQueue()
    for name in names:
        queue.submit(ask(name))
    queue.on(READY)
    return queue


def test_nothing_is_sent_before_the_process_is_ready():
    queue = GradingQueue()
    queue.submit(ask("a"))

    assert queue.next(0.0) is None
    assert queue.deadline is None

    assert queue.on(READY) is None
    assert queue.next(5.0) == ask("a")
    assert queue.deadline == 5.0 + GRADING_LIMIT_S


def test_one_judgement_is_under_way_at_a_time_and_order_is_kept():
    queue = ready_queue("a", "b")

    assert queue.next(0.0) == ask("a")
    assert queue.next(0.1) is None
    assert queue.on(right("a")) == right("a")
    assert queue.next(0.2) == ask("b")
    assert not queue.idle
    assert queue.on(right("b")) == right("b")
    assert queue.idle


def test_answers_that_nobody_waits_for_are_dropped():
    queue = ready_queue("a")
    queue.next(0.0)

    assert queue.on(right("old")) is None
    assert queue.on(TraceEnded("a", Ended.ANSWERED)) is None
    assert queue.on(right("a")) == right("a")
    assert queue.on(right("a")) is None


def test_a_judgement_that_runs_out_of_time_is_an_error_and_is_not_tried_again():
    queue = ready_queue("a", "b")
    queue.next(10.0)

    assert queue.expired(12.9) is None
    late = queue.expired(13.0)

    assert late is not None
    assert late.trace == "a"
    assert late.verdict.judgement is Judgement.ERROR
    assert late.verdict.reason == "the grader took longer than 3 s"
    assert queue.deadline is None
    assert queue.next(13.1) is None  # until a new process is ready
    queue.ready()
    assert queue.next(14.0) == ask("b")


def test_a_lost_judgement_is_tried_once_more_and_then_is_an_error():
    queue = ready_queue("a", "b")
    queue.next(0.0)

    assert queue.lost("killed") == []
    queue.ready()
    assert queue.next(1.0) == ask("a")
    (given_up,) = queue.lost("killed again")

    assert given_up.trace == "a"
    assert given_up.verdict.judgement is Judgement.ERROR
    assert "killed again" in given_up.verdict.reason
    queue.ready()
    assert queue.next(2.0) == ask("b")
    assert queue.lost("killed") == []  # b has its own second try


def test_a_process_that_never_starts_makes_errors_instead_of_waiting_for_ever():
    queue = GradingQueue()
    queue.submit(ask("a"))
    queue.submit(ask("b"))

    assert queue.lost("no math-verify") == []
    given_up = queue.lost("no math-verify")

    assert [event.trace for event in given_up] == ["a", "b"]
    assert all("does not start" in event.verdict.reason for event in given_up)
    assert queue.idle


def test_dying_idle_costs_nothing():
    queue = ready_queue()

    assert queue.lost("killed") == []
    assert queue.lost("killed") == []
    queue.submit(ask("a"))
    queue.ready()
    assert queue.next(0.0) == ask("a")


@given(st.lists(st.sampled_from(["answer", "expire", "die", "ready"]), max_size=40))
def test_every_judgement_is_answered_once_whatever_happens(happenings: list[str]):
    queue = ready_queue(*"abcdef")
    answered: list[str] = []
    now = 0.0
    for happening in [*happenings, *["ready", "answer"] * 12]:
        now += 10
        sent = queue.next(now)
        match happening:
            case "answer" if sent:
                judged = queue.on(right(sent.trace))
                answered += [judged.trace] if judged else []
            case "expire":
                judged = queue.expired(now + GRADING_LIMIT_S)
                answered += [judged.trace] if judged else []
            case "die":
                answered += [judged.trace for judged in queue.lost("killed")]
            case "ready":
                late = queue.expired(now + GRADING_LIMIT_S)
                answered += [late.trace] if late else []
                queue.ready()

    assert sorted(answered) == list("abcdef")
    assert queue.idle


def test_code_has_a_limit_of_its_own_and_mathematics_keeps_three_seconds():
    queue = GradingQueue(code_limit_s=10.0)

    assert queue.limit_of(Judge("a", "x", "1")) == GRADING_LIMIT_S
    assert queue.limit_of(Judge("a", "x", "", Task.CODE)) > 10.0
    assert GradingQueue().limit_of(Judge("a", "x", "", Task.CODE)) == GRADING_LIMIT_S
