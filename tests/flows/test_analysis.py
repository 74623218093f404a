"""What a sample's text tells, once the grader has judged what it states."""

import time

import pytest

from kimidesk.flows import Analyse, Analysis, text_of
from kimidesk.grading.judge import judge
from kimidesk.reading.segments import segments
from kimidesk.records import Ended, Judgement, Sample, SampleStatus, Verdict
from kimidesk.wire.messages import Judge, Judged, TraceEnded

LEFT = (
    "Okay, so I have this problem about apples.\n\nSo 3 + 4 = 7. The answer is 7.\n\n"
    "Alternatively, I could count them in another way.\n\nSo 3 + 3 = 6. The answer is 6.\n\n"
)


def sample(thinking: str, answer: str | None, expected: str = "7", **values) -> Sample:
    verdict = judge(answer, expected) if expected else None
    return Sample(
        4, 2, "apples", "How many?", expected, SampleStatus.DONE, seed=1,
        thinking=thinking, answer=answer, verdict=verdict, **values,
    )  # fmt: skip


def analysed(of: Sample) -> Analysis:
    flow = Analyse(of, "print")
    for command in flow.start():
        assert isinstance(command, Judge)
        assert not flow.done
        flow.on(Judged(command.trace, judge(command.output, command.expected)))
    assert flow.done
    return flow.analysis()


def test_a_trace_that_left_the_right_answer_is_told_where():
    told = analysed(sample(LEFT, "\\boxed{6}"))

    assert [(each.answer, each.judgement) for each in told.solutions] == [
        ("7", Judgement.RIGHT),
        ("6", Judgement.WRONG),
    ]
    assert [each.approach for each in told.solutions] == [0, 1]
    right, size = told.solutions[0].end, told.solutions[-1].end
    assert told.outcome_efficiency == pytest.approx(right / size)
    assert told.underthinking == pytest.approx(1 - right / size)
    assert told.process_efficiency == 1
    assert (told.key, told.name, told.of, told.right) == ((4, 2), "apples", "print", False)


def test_saying_what_an_answer_must_be_states_none():
    thought = "The question says that the answer is an integer.\n\n" + 4 * "I count on.\n\n"

    assert analysed(sample(thought, None)).solutions == ()


def test_a_right_trace_has_no_underthinking():
    told = analysed(sample("So 3 + 4 = 7.", "The answer is \\boxed{7}.", ended=Ended.LOOP))

    assert (told.right, told.outcome_efficiency, told.underthinking) == (True, 1.0, None)
    assert told.loop


def test_what_follows_the_last_answer_counts_against_it():
    thought = "The answer is 7.\n\nLet me check that again.\n\nI wonder whether"
    told = analysed(sample(thought, None))

    assert told.outcome_efficiency == told.process_efficiency
    assert told.outcome_efficiency == pytest.approx(16 / len(thought))


def test_the_answer_that_was_graded_is_a_solution_without_being_asked_again():
    of = sample("Three and four.", "She has 7 apples.")

    told = analysed(of)

    assert of.verdict is not None
    assert of.verdict.extracted
    assert Analyse(of, "").start() == []
    assert [each.judgement for each in told.solutions] == [Judgement.RIGHT]


def test_without_an_expected_answer_only_the_process_is_known():
    told = analysed(sample(LEFT, None, expected=""))

    assert (told.right, told.outcome_efficiency, told.underthinking) == (None, None, None)
    assert told.process_efficiency is not None
    assert {each.judgement for each in told.solutions} == {None}


def test_a_grader_that_fails_leaves_the_outcome_unknown():
    failed = Verdict(Judgement.ERROR, reason="too long")
    of = Sample(0, 0, "n", "p", "7", SampleStatus.DONE, 1, thinking=LEFT, verdict=failed)
    flow = Analyse(of, "")
    for command in flow.start():
        assert isinstance(command, Judge)
        flow.on(Judged(command.trace, failed))

    told = flow.analysis()

    assert (told.right, told.outcome_efficiency) == (None, None)


def test_a_sample_without_text_has_no_course():
    told = analysed(Sample(0, 0, "n", "p", "7", SampleStatus.FAILED, 1, error="the worker died"))

    assert (told.course, told.solutions, told.process_efficiency) == (None, (), None)


def test_verdicts_of_others_are_passed_over():
    flow = Analyse(sample(LEFT, None), "")
    asked = flow.start()

    flow.on(Judged("another", Verdict(Judgement.RIGHT)))
    flow.on(TraceEnded("another", Ended.ANSWERED))

    assert len(asked) == 2
    assert not flow.done


def test_boxes_that_never_close_do_not_hold_up_a_run():
    begun = time.thread_time()

    told = analysed(sample("\\boxed{" * 8_000, None))

    assert told.solutions == ()
    assert time.thread_time() - begun < 1.5


def test_sentences_that_are_known_are_not_named_again():
    of = sample(LEFT, "\\boxed{6}")
    flow = Analyse(of, "print", segments(text_of(of)))
    for command in flow.start():
        assert isinstance(command, Judge)
        flow.on(Judged(command.trace, judge(command.output, command.expected)))

    assert flow.analysis() == analysed(of)


def test_the_figures_tell_where_their_reasons_are():
    of = sample(LEFT, "\\boxed{6}")
    flow = Analyse(of, "print")
    for command in flow.start():
        assert isinstance(command, Judge)
        flow.on(Judged(command.trace, judge(command.output, command.expected)))

    places = flow.places()
    text = text_of(of)

    [right] = places["outcome_efficiency"]
    assert text[: right + 1].endswith("The answer is 7.")
    assert places["underthinking"] == [right]
    assert places["process_efficiency"] == []


def test_questions_of_two_traces_are_told_apart():
    one, other = (Analyse(sample(LEFT, None, trace=name), "") for name in ("a", "b"))

    asked = [command.trace for flow in (one, other) for command in flow.start()]

    assert len(set(asked)) == len(asked) == 4


def test_an_analysis_that_is_stopped_waits_for_nobody():
    flow = Analyse(sample(LEFT, None), "")
    flow.start()

    assert flow.stop() == []
    assert flow.done
