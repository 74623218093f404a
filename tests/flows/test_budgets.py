"""The budget laboratory: cut, wait, no thought, afresh; every run is a trace that can be kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from kimidesk.errors import UsageError
from kimidesk.flows.budgets import NO_THOUGHT, Laboratory, Plan, thought_of
from kimidesk.reading.budgets import Run, Way, curves
from kimidesk.records import Budget, Grown, Problem
from kimidesk.wire.messages import Failed
from tests.flows.reciting import Recital, names

PROBLEM = Problem("What is 2+2?", "4")
THOUGHT = "<think> Two and two are four, I am sure of it. </think> The answer is \\boxed{4}."
NOT_SURE = "<think> Five perhaps. Or so. </think> The answer is \\boxed{5}."
AT_ONCE = {"match": "finished thinking", "text": "It is \\boxed{3}."}
ONWARD = {"match": "Wait,", "text": "x " * 12 + "it is five. </think> So \\boxed{5}."}


@pytest.fixture
def recital(tmp_path: Path) -> Recital:
    """Even seeds say four after 10 tokens of thought, odd ones five after 4."""
    told = [{"match": "2+2", "text": text} for text in (THOUGHT, NOT_SURE)]
    return Recital(tmp_path / "script.json", [*told, AT_ONCE, ONWARD], thinks=True)


def run(recital: Recital, plan: Plan, grown: Grown | None = None, **values) -> Laboratory:
    flow = Laboratory(grown or recital.solved(PROBLEM), plan, name=names(), width=2, **values)
    recital.drive(flow)
    return flow


def told(flow: Laboratory, way: Way) -> dict[tuple[int, int], Run]:
    return {(each.budget, each.number): each for each in flow.runs if each.way is way}


def test_a_thought_is_cut_where_it_is_asked(recital: Recital):
    flow = run(recital, Plan((0, 3, 99), (Way.CUT,), seeds=2))

    cut = told(flow, Way.CUT)
    assert set(cut) == {(0, 0), (0, 1), (3, 0), (3, 1)}, "at 99 there is nothing to cut"
    assert flow.beyond == (99,)
    assert [cut[budget, 0].thinking for budget in (0, 3)] == [0, 3]
    kept = {each.grown.trace.id: each.grown for each in flow.collect()}
    child = kept[cut[3, 0].trace]
    assert child.trace.fork.parent == "t"
    assert child.trace.fork.at == 4, "the mark and three tokens"
    assert "I have to answer now" in child.text
    assert child.trace.problem == PROBLEM


def test_the_trace_itself_is_a_point(recital: Recital):
    flow = run(recital, Plan((0,), (Way.CUT,), seeds=1))

    (own,) = told(flow, Way.OWN).values()
    assert (own.right, own.answer, own.trace) == (True, "4", "t")
    assert own.thinking == flow.thought == 10


def test_afresh_is_drawn_once_a_seed_and_cut_at_each_budget(recital: Recital):
    flow = run(recital, Plan((2, 6, 99), (Way.RERUN,), seeds=2))

    fresh = told(flow, Way.RERUN)
    # Number 0 has seed 1, which says five after 4 tokens; number 1 has seed 2.
    assert [fresh[budget, 0].thinking for budget in (2, 6, 99)] == [2, 4, 4]
    assert [fresh[budget, 1].thinking for budget in (2, 6, 99)] == [2, 6, 10]
    assert fresh[6, 0].trace == fresh[99, 0].trace, "a shorter thought needs no cut"
    assert fresh[99, 1].right
    assert not fresh[99, 0].right
    bases = [each for each in recital.asked[1:] if not each.prefix and not each.force]
    assert [each.seed for each in bases] == [1, 2]
    assert fresh[2, 0].of == fresh[6, 0].trace


def test_no_thinking_says_that_it_has_thought(recital: Recital):
    flow = run(recital, Plan((), (Way.NONE,), seeds=1))

    (none,) = told(flow, Way.NONE).values()
    assert (none.answer, none.right, none.thinking) == ("3", False, 0)
    assert recital.asked[-1].force == f"<think>{NO_THOUGHT}</think>\n\n"


def test_waiting_goes_on_from_the_wait_before(recital: Recital):
    flow = run(recital, Plan((), (Way.WAIT,), seeds=1, waits=2))

    wait = told(flow, Way.WAIT)
    assert set(wait) == {(1, 0), (2, 0)}
    assert wait[1, 0].answer == "5"
    assert flow.thought < wait[1, 0].thinking < wait[2, 0].thinking
    first, second = (each.grown for each in flow.collect())
    assert first.trace.fork.parent == "t"
    assert second.trace.fork.parent == first.trace.id
    assert first.text.startswith("\nWait,")


def test_a_checkpoint_that_writes_no_thought_is_cut_and_asked(tmp_path: Path):
    told_ = [
        {"match": "2+2", "text": "Two and two are four. The answer is \\boxed{4}."},
        {"match": "is \\boxed{", "text": "x y 5} and more"},
    ]
    recital = Recital(tmp_path / "s.json", told_)

    flow = run(recital, Plan((2, 4), (Way.CUT, Way.NONE, Way.RERUN), seeds=1))

    cut = told(flow, Way.CUT)[2, 0]
    assert (cut.thinking, cut.answer, cut.right) == (2, "x y 5", False)
    assert told(flow, Way.NONE)[0, 0].thinking == 0
    fresh = told(flow, Way.RERUN)
    assert [fresh[budget, 0].thinking for budget in (2, 4)] == [2, 4]
    assert all(each.trouble == "" for each in flow.runs)


def test_what_is_there_is_not_run_again(recital: Recital):
    flow = run(recital, Plan((2, 6), (Way.CUT, Way.RERUN, Way.WAIT), seeds=2, waits=1))
    kept = {each.grown.trace.id: each.grown for each in flow.collect()}
    asked = len(recital.asked)

    again = run(
        recital,
        Plan((2, 6), (Way.CUT, Way.RERUN, Way.WAIT), seeds=2, waits=1),
        flow.grown,
        done=flow.runs,
        kept=kept,
    )
    assert len(recital.asked) == asked
    assert again.runs == flow.runs
    more = run(
        recital,
        Plan((4,), (Way.RERUN, Way.WAIT), seeds=2, waits=2),
        flow.grown,
        done=flow.runs,
        kept=kept,
    )
    new = recital.asked[asked:]
    fresh = told(more, Way.RERUN)
    assert [fresh[4, number].thinking for number in (0, 1)] == [4, 4]
    assert fresh[4, 0].right is False
    assert {(2, 0), (2, 1)} <= set(told(more, Way.WAIT))
    assert all(each.prefix for each in new), "what was thought afresh is taken up"


def test_agreement_takes_the_place_of_an_expected_answer(recital: Recital):
    flow = run(recital, Plan((2,), (Way.CUT, Way.RERUN), seeds=2), recital.solved(Problem("2+2?")))

    assert flow.expected.own
    assert all(each.right is not None for each in flow.runs)
    landed = flow.collect()
    assert landed
    assert all(each.verdict is None for each in landed), "it is no verdict"
    assert all(each.grown.trace.problem.answer == "" for each in landed)


def test_a_worker_that_is_gone_ends_it(recital: Recital):
    flow = Laboratory(recital.solved(PROBLEM), Plan((2,)), name=names())
    flow.start()

    flow.on(Failed("the worker is gone"))

    assert flow.trouble == "the worker is gone"
    assert all(each.way is Way.OWN for each in flow.runs)


def test_the_bill_is_paid_once_for_a_thought_that_is_cut_often(recital: Recital):
    grown = recital.solved(PROBLEM)

    few = Laboratory(grown, Plan((8,), (Way.RERUN,), 2), name=names()).bill()
    many = Laboratory(grown, Plan((2, 4, 8), (Way.RERUN,), 2), name=names()).bill()

    assert (few.rollouts, many.rollouts) == (2, 6)
    assert 0 < few.tokens < many.tokens < 3 * few.tokens
    assert few.least <= few.tokens <= few.most


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (Plan((), (Way.CUT,)), "no budgets"),
        (Plan((-1,)), "between 0"),
        (Plan((1,), ()), "no way"),
        (Plan((1,), seeds=0), "1 run or more"),
        (Plan(tuple(range(2000)), seeds=50), "at most 10,000"),
    ],
)
def test_a_plan_that_cannot_be_is_told(plan: Plan, why: str):
    with pytest.raises(UsageError, match=why):
        plan.check()


def test_the_thought_is_told_without_its_marks(recital: Recital):
    assert thought_of(recital.solved(PROBLEM)) == (1, 11)
    assert thought_of(recital.solved(PROBLEM, Budget(thinking=4, closing=""))) == (1, 5)


def test_points_stand_in_the_order_of_their_thought(recital: Recital):
    flow = run(recital, Plan((6, 2), (Way.CUT,), seeds=2))

    points = curves(flow.runs)[Way.CUT]
    assert [each.thinking for each in points] == [2, 6]
    assert [each.share.total for each in points] == [2, 2]


def test_what_the_grader_failed_at_is_judged_again(recital: Recital):
    flow = run(recital, Plan((2,), (Way.CUT,), seeds=1))
    assert all(each.answer for each in flow.runs)
    failed = [replace(each, right=None) for each in flow.runs]
    asked = len(recital.asked)

    again = run(recital, flow.plan, flow.grown, done=failed)

    assert len(recital.asked) == asked
    assert sorted(again.runs, key=str) == sorted(flow.runs, key=str)
