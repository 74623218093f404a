"""Forced answers at many places of a trace, on the real checkpoint."""

import numpy as np
import pytest

from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.protocol import Step
from kimidesk.flows import Probe
from kimidesk.flows.probe import answer_end
from kimidesk.records import (
    Attempt,
    Budget,
    Ended,
    Grown,
    Message,
    Problem,
    Sampling,
    TokenColumns,
    Trace,
)
from kimidesk.wire.columns import unpack
from kimidesk.wire.messages import Cancel, Failed, FailureKind, Generate, TokensCame
from kimidesk.worker.outbox import Outbox

pytestmark = pytest.mark.model
ASK = "What is the capital of France? Explain in two sentences."


def drive(engine, outbox, commands, take) -> None:
    """Commands to the engine, events to the flow, until nothing grows."""
    pending = list(commands)
    while pending or engine.live:
        for command in pending:
            if isinstance(command, Generate):
                engine.add(command.attempt)
                outbox.begin(command.attempt.trace)
            elif isinstance(command, Cancel) and outbox.growing(command.trace):
                engine.drop(command.trace)
                pending += [
                    each
                    for event in outbox.put(Step(command.trace, None, Ended.STOPPED))
                    for each in take(event)
                ]
        pending = []
        for step in engine.step():
            if outbox.growing(step.trace):
                pending += [each for event in outbox.put(step) for each in take(event)]


@pytest.fixture
def grown(opened):
    """An engine with one finished trace, and that trace."""
    engine = opened(slots=4)
    outbox = Outbox(engine)
    columns, lexicon = TokenColumns(), {}

    def take(event):
        if isinstance(event, TokensCame):
            columns.extend(unpack(event.columns))
            lexicon.update(event.pieces)
        return []

    attempt = Attempt("t", (Message("user", ASK),), Sampling(temperature=0), Budget(answer=40))
    prompt = engine.add(attempt).prompt
    engine.drop("t")
    drive(engine, outbox, [Generate(attempt)], take)
    trace = Trace("t", Problem(ASK), engine.info, Sampling(), Budget(), 0, prompt=prompt)
    return engine, Grown(trace, columns, lexicon)


def test_it_answers_at_every_place_and_leaves_the_trace_alone(grown, monkeypatch):
    engine, trace = grown
    sizes = []
    evaluate = Context.evaluate
    monkeypatch.setattr(
        Context,
        "evaluate",
        lambda self, ids, *rest: (sizes.append(len(ids)), evaluate(self, ids, *rest))[1],
    )
    before = trace.columns.id.tolist()
    places = [0, 2, 4]

    flow = Probe(trace, places, cue="The capital of France is", slots=4)
    drive(engine, Outbox(engine), flow.start(), flow.on)

    assert flow.done
    assert [one.at for one in flow.results] == places
    assert all("Paris" in one.text for one in flow.results)
    assert all(one.logprob < 0 and one.tokens > 0 and not one.trouble for one in flow.results)
    assert trace.columns.id.tolist() == before
    assert max(sizes) <= 8  # each place costs a step, not its prefix


def test_candidates_are_rated_by_their_own_tokens_alone(grown):
    engine, trace = grown
    flow = Probe(
        trace,
        [5],
        cue="The capital of France is",
        candidates=[" Paris.", " Qzrk."],
        drawn=False,
        slots=2,
    )

    drive(engine, Outbox(engine), flow.start(), flow.on)

    good, bad = flow.results
    assert (good.text, bad.text) == (" Paris.", " Qzrk.")
    assert good.logprob > bad.logprob
    assert np.isfinite(bad.logprob)


def test_what_cannot_be_answered_says_why(grown):
    _, trace = grown

    flow = Probe(trace, [0, 5], slots=1)
    (first,) = flow.start()
    flow.on(Failed("no room", kind=FailureKind.ATTEMPT, trace=first.attempt.trace))
    flow.on(Failed("the worker is gone"))

    assert flow.done
    assert [one.trouble for one in flow.results] == ["no room", "the worker is gone"]
    with pytest.raises(ValueError, match="there is no 99"):
        Probe(trace, [99])


def test_a_trace_that_is_probed_while_it_grows_is_what_it_was(opened):
    """Evaluated apart, so that the width of no evaluation changes."""
    engine = opened(slots=2)
    asked = (Message("user", "Tell a long story about a fox."),)
    attempt = Attempt("t", asked, Sampling(), Budget(answer=32), seed=3)

    def solved(*, probed: bool) -> list[tuple]:
        prompt, rows = engine.add(attempt).prompt, []
        while not rows or rows[-1].ended is None:
            rows += [step for step in engine.step() if step.trace == "t"]
            if probed and len(rows) % 8 == 4:
                engine.drop("probe")
                said = (*prompt, *(row.token.id for row in rows if row.token))
                cue = "\nAnswer:"
                engine.add(Attempt("probe", (), prompt=said, force=cue, apart=True))
        engine.drop("probe")
        tokens = (row.token for row in rows if row.token is not None)
        return [
            (t.id, t.logprob, t.entropy, t.rank, t.rival_id.tobytes(), t.rival_logprob.tobytes())
            for t in tokens
        ]

    alone = solved(probed=False)

    assert len(alone) > 20
    assert solved(probed=True) == alone


def test_a_rated_answer_is_rated_to_its_closing_bracket(grown):
    """What closes it may be `}`, or one with a full stop: all that begin alike count."""
    engine, trace = grown
    flow = Probe(
        trace, [5], cue="So the answer is \\boxed{", candidates=["4", "42"], drawn=False, slots=2
    )

    drive(engine, Outbox(engine), flow.start(), flow.on)

    short, long = flow.results
    assert short.text == "4"
    assert short.logprob < 0
    assert long.tokens > short.tokens
    assert np.exp(short.logprob) + np.exp(long.logprob) <= 1


def test_a_drawn_answer_ends_where_its_bracket_closes():
    assert answer_end("\\frac{1}{2}} and") == 11
    assert answer_end("7} and") == 1
    assert answer_end("7\n}") == 1
    assert answer_end("\\frac{1}{2}") is None
