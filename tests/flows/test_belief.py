"""What a checkpoint believes along a trace, on an engine that recites: every answer is known."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from kimidesk.engines.protocol import Step
from kimidesk.engines.scripted import Scripted
from kimidesk.flows import Belief
from kimidesk.flows.belief import CUES, CUES_ZH, Stage, cues_for, spread
from kimidesk.grading.judge import judge
from kimidesk.reading.belief import course, curves
from kimidesk.reading.boundaries import boundaries_of
from kimidesk.records import (
    Attempt,
    Beliefs,
    Budget,
    Ended,
    Grown,
    Judgement,
    Message,
    Problem,
    Sampling,
    Trace,
)
from kimidesk.wire.messages import Cancel, Failed, FailureKind, Generate, Judge, Judged
from kimidesk.worker.outbox import Outbox
from tests.flows.collecting import Collected

ASK = "How many?"
SAID = " First three and four. That is 8. No, it is 7. Yes, 7."


def recital(path: Path, *more: dict[str, Any], said: str = SAID) -> Scripted:
    """At its start it would say 9, then 8, and 7 from the third sentence on."""
    answers = {"?\n\n": "9}", "four.\n\n": "8}", "8.\n\n": "8}", "7.\n\n": "7}"}
    file = path / "script.json"
    recitations = [
        {"match": "?", "text": said},
        *({"match": match, "text": text} for match, text in answers.items()),
        {"match": "\\boxed{", "rates": True, "logprob": -3.0},
        {"match": "7.\n\nThe final answer is \\boxed{7}", "rates": True, "logprob": -0.25},
        {"match": "7.\n\n**Final Answer**\n\n\\[ \\boxed{7}", "rates": True, "logprob": -0.5},
        *more,
    ]
    file.write_text(json.dumps({"recitations": recitations}), "utf-8")
    return Scripted(file, Collected.options(file))


def drive(engine: Scripted, flow: Belief, gold: str = "") -> list[Attempt]:
    """Run a flow to its end; what it asked of the engine."""
    outbox, asked = Outbox(engine), list[Attempt]()
    pending = flow.start()
    while pending or engine.live:
        for command in list(pending):
            pending = pending[1:]
            match command:
                case Generate(attempt=attempt):
                    asked.append(attempt)
                    engine.add(attempt)
                    outbox.begin(attempt.trace)
                case Cancel(trace=trace) if outbox.growing(trace):
                    engine.drop(trace)
                    for event in outbox.put(Step(trace, None, Ended.STOPPED)):
                        pending += flow.on(event)
                case Judge(trace=trace, output=output, expected=expected):
                    assert expected == gold
                    pending += flow.on(Judged(trace, judge(output, expected)))
        for step in engine.step() if engine.live else []:
            for event in outbox.put(step) if outbox.growing(step.trace) else []:
                pending += flow.on(event)
    return asked


@pytest.fixture
def engine(tmp_path: Path) -> Scripted:
    return recital(tmp_path)


@pytest.fixture
def grown(engine: Scripted) -> Grown:
    return told_by(engine)


def told_by(engine: Scripted) -> Grown:
    collected = Collected()
    prompt = collected.run(engine, Attempt("t", (Message("user", ASK),), budget=Budget(answer=900)))
    trace = Trace("t", Problem(ASK), engine.info, Sampling(), Budget(), 0, prompt=prompt, closing=1)
    return Grown(trace, collected.columns, collected.lexicon)


def test_it_finds_answers_candidates_and_their_curves(engine: Scripted, grown: Grown):
    places = boundaries_of(grown)
    flow = Belief(grown, places, gold="7")

    drive(engine, flow, "7")

    beliefs = flow.beliefs
    assert flow.done
    assert places == [0, 4, 7, 11, 13]
    first = [each.text for each in beliefs.trials if each.cue == 0]
    assert first == ["9", "8", "8", "7", "7"]
    assert [each.name for each in beliefs.candidates] == ["7", "8", "9"]
    assert [each.right for each in beliefs.candidates] == [True, False, False]
    drawn = curves(beliefs)
    assert drawn.places.tolist() == places
    assert drawn.mid[-1, 0] == pytest.approx((math.exp(-0.25) + math.exp(-0.5)) / 2)
    assert (drawn.low[-1, 0], drawn.high[-1, 0]) == pytest.approx((math.exp(-0.5), math.exp(-0.25)))
    assert drawn.mid[0].tolist() == pytest.approx([math.exp(-3.0)] * 3)
    told = course(beliefs)
    assert told is not None
    assert (told.settled, told.knew, told.flips, told.tail) == (11, 11, 2, 2)
    assert told.ratio == pytest.approx(4 / 5)
    assert beliefs.tokens > 0


def test_answers_are_judged_where_their_value_does_not_tell(tmp_path: Path):
    engine = recital(tmp_path, {"match": "No, it is 7.\n\n", "text": "x=7\\text{ apples}}"})
    grown = told_by(engine)
    flow = Belief(grown, boundaries_of(grown), gold="x=7")

    drive(engine, flow, "x=7")

    verdicts = {each.text: each.judgement for each in flow.beliefs.trials}
    assert verdicts["7"] is Judgement.RIGHT
    assert verdicts["8"] is Judgement.WRONG
    assert flow.beliefs.candidates[0].name == "x=7"


def test_without_an_expected_answer_nothing_is_judged(engine: Scripted, grown: Grown):
    flow = Belief(grown, boundaries_of(grown))

    drive(engine, flow)

    assert {each.judgement for each in flow.beliefs.trials} == {None}
    assert [each.right for each in flow.beliefs.candidates] == [None] * 3
    assert flow.beliefs.candidates[0].name == "7", "what it ends with comes first"
    told = course(flow.beliefs)
    assert told is not None
    assert told.knew is None


def test_few_probes_find_the_commit_point_among_many_boundaries(tmp_path: Path):
    engine = recital(tmp_path, said=" That is 8." * 150 + " It is 7." * 50)
    grown = told_by(engine)
    places = boundaries_of(grown)
    flow = Belief(grown, places)

    drive(engine, flow)

    assert len(places) == 201
    assert len(flow.beliefs.places) <= 24 + 3 + 4, "24 spread, and both changes halved"
    told = course(flow.beliefs)
    assert told is not None
    assert told.settled == places[151], "behind the first sentence that says 7"
    assert told.ratio == pytest.approx(152 / 201)


def test_what_is_known_is_not_asked_again(engine: Scripted, grown: Grown):
    places = boundaries_of(grown)
    live = Belief(grown, places[:3], gold="7", at=[places[2]], apart=True)
    asked = drive(engine, live, "7")
    assert {each.apart for each in asked} == {True}
    begun = len(grown.trace.prompt) + places[2]
    assert min(len(each.prompt) for each in asked) == begun, "beyond it only the cue is read"

    flow = Belief(grown, places, gold="7", known=live.beliefs)
    again = drive(engine, flow, "7")

    once = Belief(grown, places, gold="7")
    drive(engine, once, "7")
    assert flow.beliefs.trials == once.beliefs.trials
    assert flow.beliefs.ratings == once.beliefs.ratings
    assert flow.beliefs.tokens > live.beliefs.tokens
    assert {len(each.prompt) for each in again} >= {len(grown.trace.prompt) + places[0]}


def test_a_named_candidate_is_rated_in_its_usual_spellings(engine: Scripted, grown: Grown):
    flow = Belief(grown, [0, 4], candidates=["1/2"])

    drive(engine, flow)

    assert flow.beliefs.candidates[0].spellings == ("1/2", "\\frac{1}{2}", "0.5")
    assert curves(flow.beliefs).mid[0, 0] == pytest.approx(3 * math.exp(-3.0))


def test_what_was_stopped_keeps_what_came(engine: Scripted, grown: Grown):
    flow = Belief(grown, boundaries_of(grown), slots=1)
    outbox = Outbox(engine)
    (first,) = flow.start()
    engine.add(first.attempt)
    outbox.begin(first.attempt.trace)
    while engine.live and not flow.beliefs.trials:
        for step in engine.step():
            for event in outbox.put(step):
                for command in flow.on(event):
                    if isinstance(command, Cancel) and outbox.growing(command.trace):
                        engine.drop(command.trace)
                        stopped = Step(command.trace, None, Ended.STOPPED)
                        [flow.on(each) for each in outbox.put(stopped)]

    commands = flow.stop()

    assert [type(each) for each in commands] == [Cancel]
    assert flow.done
    assert (flow.stage, flow.trouble) == (Stage.DONE, "stopped")
    assert [each.text for each in flow.beliefs.trials] == ["9"]


def test_what_cannot_be_asked_is_told_and_the_rest_goes_on(engine: Scripted, grown: Grown):
    flow = Belief(grown, [0, 4])
    (first,) = flow.start()
    flow.on(Failed("no room", kind=FailureKind.ATTEMPT, trace=first.attempt.trace))

    assert [each.trouble for each in flow.beliefs.trials] == ["no room"]
    assert not flow.done
    flow.on(Failed("the worker is gone"))
    assert flow.done
    assert flow.trouble == "the worker is gone"
    with pytest.raises(ValueError, match="there is no 99"):
        Belief(grown, [99]).start()


def test_cues_are_in_the_language_of_the_problem(engine: Scripted, grown: Grown):
    chinese = Trace("t", Problem("小明有几个苹果?"), engine.info, Sampling(), Budget(), 0)

    assert cues_for(grown) == CUES
    assert cues_for(Grown(chinese, grown.columns)) == CUES_ZH


def test_places_are_spread_with_both_ends():
    assert spread([3, 5, 9], 24) == [3, 5, 9]
    assert spread(range(100), 3) == [0, 50, 99]
    assert spread([1, 2], 1) == [2]
    assert curves(Beliefs()).mid.shape == (0, 0)
    assert course(Beliefs()) is None
