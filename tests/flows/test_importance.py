"""How much a sentence decides: rollouts from before and from after it, by their own seeds."""

from dataclasses import replace
from pathlib import Path

import pytest

from kimidesk.flows.importance import Weigh, billed
from kimidesk.flows.sentences import sentences_of
from kimidesk.reading.importance import Price, Side, Weighing, importance
from kimidesk.records import Budget, Problem, Sampling
from kimidesk.wire.messages import Failed, Generate
from tests.flows.reciting import Recital, names

FOUR = "Two and two. So it is four. The answer is \\boxed{4}."
FIVE = "Two and two. Perhaps it is five. The answer is \\boxed{5}."
SURE = {"match": "is \\boxed{", "text": "4} and more"}
PROBLEM = Problem("What is 2+2?", "4")


@pytest.fixture
def recital(tmp_path: Path) -> Recital:
    """Even seeds say four, odd ones five."""
    told = [{"match": "2+2", "text": text} for text in (FOUR, FIVE)]
    return Recital(tmp_path / "script.json", [*told, SURE])


def weighed(recital: Recital, price: Price, rollouts: int = 4, problem: Problem = PROBLEM) -> Weigh:
    grown = recital.solved(problem)
    there = sentences_of(grown)[1]
    flow = Weigh(grown, Weighing(there.first, there.last, price), rollouts, name=names(), width=3)
    recital.drive(flow)
    return flow


def test_full_rollouts_are_drawn_from_both_sides_and_judged(recital: Recital):
    flow = weighed(recital, Price.FULL)

    assert flow.done
    assert len(flow.results) == 8
    told = {(each.side, each.number): each for each in flow.results}
    # Seeds run 1, 3, 5 … before the sentence and 2, 4, 6 … after it.
    assert {told[Side.BEFORE, n].answer for n in range(4)} == {"5"}
    assert {told[Side.AFTER, n].answer for n in range(4)} == {"4"}
    found = importance("So it is four.", flow.results)
    assert (found.before.right, found.after.right) == (0, 4)
    assert found.difference.value == 1
    assert found.difference.low < 1
    (only,) = found.alternatives
    assert only.text == "Perhaps it is five."
    assert not only.same
    assert only.answers == [("5", 4)]


def test_the_trace_is_not_drawn_again_and_prefixes_are_ids(recital: Recital):
    weighed(recital, Price.FULL)

    _, *asked = recital.asked
    assert 0 not in {each.seed for each in asked}
    assert {len(each.prefix) for each in asked} == {3, 7}
    assert all(each.prompt and not each.messages for each in asked)


def test_forced_rollouts_cost_the_cue_and_the_answer(recital: Recital):
    flow = weighed(recital, Price.FORCED)

    assert [each.answer for each in flow.results] == ["4"] * 8
    assert all(each.right and not each.said for each in flow.results)
    assert max(each.tokens for each in flow.results) <= 10


def test_short_rollouts_stop_after_some_sentences_and_are_forced(recital: Recital):
    grown = recital.solved(PROBLEM)
    there = sentences_of(grown)[1]
    asked = Weighing(there.first, there.last, Price.SHORT, horizon=1)

    flow = Weigh(grown, asked, 2, name=names(), width=1)
    recital.drive(flow)

    before = [each for each in flow.results if each.side is Side.BEFORE]
    assert [each.said.strip() for each in before] == ["Perhaps it is five."] * 2
    assert [each.answer for each in flow.results] == ["4"] * 4
    forced = [each for each in recital.asked if each.force]
    assert len(forced) == 4
    assert all(each.sampling.temperature == 0 for each in forced)


def test_what_is_there_is_not_drawn_again(recital: Recital):
    flow = weighed(recital, Price.FULL, rollouts=2)
    grown = flow.grown
    before = len(recital.asked)

    more = Weigh(grown, flow.asked, 3, name=names(), width=8, done=flow.results)
    recital.drive(more)

    assert len(recital.asked) == before + 2
    assert len(more.results) == 6


def test_stopping_keeps_what_is_done(recital: Recital):
    grown = recital.solved(PROBLEM)
    flow = Weigh(grown, Weighing(3, 6, Price.FULL), 50, name=names(), width=1)
    recital.drive(flow, most=60)
    done = len(flow.results)

    flow.stop()

    assert flow.done
    assert 0 < len(flow.results) == done < 100


def test_without_an_expected_answer_the_trace_s_own_is_the_measure(recital: Recital):
    flow = weighed(recital, Price.FULL, problem=Problem("What is 2+2?"))

    assert flow.expected.own
    assert flow.expected.answer == "4"
    assert [each.right for each in flow.results if each.side is Side.AFTER] == [True] * 4
    assert [each.right for each in flow.results if each.side is Side.BEFORE] == [False] * 4


def test_a_trace_without_any_answer_is_compared_by_answers_alone(tmp_path: Path):
    told = [{"match": "2+2", "text": "Two and two. So it goes. And on."}, SURE]
    recital = Recital(tmp_path / "s.json", told)

    flow = weighed(recital, Price.FORCED, problem=Problem("What is 2+2?"))

    assert flow.expected.answer == ""
    found = importance("So it goes.", flow.results)
    assert found.difference is None
    assert found.divergence == pytest.approx(0)
    assert found.answers_after == [("4", 4)]


def test_a_greedy_trace_is_gone_on_with_by_drawing(recital: Recital):
    grown = recital.solved(PROBLEM, sampling=Sampling(temperature=0))

    flow = Weigh(grown, Weighing(3, 6), 1, name=names())

    assert flow.sampling == Sampling()
    assert all(
        isinstance(each, Generate) and each.attempt.sampling == Sampling() for each in flow.start()
    )


def test_a_thought_is_gone_on_with_inside_it(tmp_path: Path):
    think = [
        {"match": "2+2", "text": f"<think> Two and two. {said} </think> It is \\boxed{{4}}."}
        for said in ("So it is four.", "Perhaps it is five.")
    ]
    recital = Recital(tmp_path / "s.json", [*think, SURE], thinks=True)
    grown = recital.solved(PROBLEM)
    there = sentences_of(grown)[1]

    flow = Weigh(grown, Weighing(there.first, there.last, Price.SHORT), 1, name=names(), width=1)
    recital.drive(flow)

    (before,) = (each for each in flow.results if each.side is Side.BEFORE)
    assert before.first == "Perhaps it is five."
    assert "</think>" not in before.said
    assert [each.force for each in recital.asked if each.force] == [
        "\n</think>\n\nThe final answer is \\boxed{"
    ] * 2


def test_a_worker_that_is_gone_ends_it_and_nothing_is_made_up(recital: Recital):
    flow = Weigh(recital.solved(PROBLEM), Weighing(3, 6, Price.FULL), 3, name=names())
    flow.start()

    flow.on(Failed("the worker is gone"))

    assert flow.done
    assert flow.trouble == "the worker is gone"
    assert flow.results == []


def test_one_that_is_refused_says_why(recital: Recital):
    flow = Weigh(recital.solved(PROBLEM), Weighing(3, 6, Price.FULL), 1, name=names(), width=9)
    first, second = flow.start()

    for each in (first, second):
        flow.on(Failed("no room", trace=each.attempt.trace))

    assert [each.trouble for each in flow.results] == ["no room"] * 2
    assert importance("", flow.results).failed == 2


@pytest.mark.parametrize("wrong", [(-1, 2), (3, 2), (3, 99)])
def test_a_sentence_that_is_not_there_is_told(recital: Recital, wrong: tuple[int, int]):
    with pytest.raises(ValueError, match="there is no sentence"):
        Weigh(recital.solved(PROBLEM), Weighing(*wrong), 1, name=names())


def test_the_bill_follows_the_rest_of_the_trace(recital: Recital):
    grown = recital.solved(PROBLEM, Budget(answer=20))
    tokens = len(grown.columns) - 1

    full = billed(grown, Weighing(3, 6, Price.FULL), [Side.BEFORE, Side.AFTER], 4.0)
    forced = billed(grown, Weighing(3, 6), [Side.BEFORE] * 10, 4.0)

    assert full.rollouts == 2
    assert full.tokens == (tokens - 3) + (tokens - 7)
    assert full.least < full.tokens < full.most <= 17 + 13
    assert (forced.rollouts, forced.tokens) == (10, 160)


def test_what_the_grader_failed_at_is_judged_again_and_not_drawn_again(recital: Recital):
    flow = weighed(recital, Price.FULL, rollouts=2)
    failed = [replace(each, right=None) for each in flow.results]
    asked = len(recital.asked)

    again = Weigh(flow.grown, flow.asked, 2, name=names(), done=failed)
    assert again.pending
    assert again.missing == []
    recital.drive(again)

    assert len(recital.asked) == asked
    assert {each.key: each.right for each in again.results} == {"4": True, "5": False}
    assert not again.pending
