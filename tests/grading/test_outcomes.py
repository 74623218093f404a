"""Answers of several traces, counted by their normal form."""

from kimidesk.grading.outcomes import Outcome, answer_of, outcomes
from kimidesk.records import Judgement, Verdict

RIGHT, WRONG = Judgement.RIGHT, Judgement.WRONG


def test_equal_answers_are_one_group_and_those_without_one_come_last():
    told = outcomes([("", WRONG), ("1,000", WRONG), ("7", RIGHT), ("", WRONG), ("1000", WRONG)])

    assert told.groups == (Outcome("1,000", 2, 0), Outcome("7", 1, 1), Outcome("", 2, 0))
    assert (told.total, told.judged, told.right) == (5, 5, 1)
    assert told.interval is not None
    low, high = told.interval
    assert low < 0.2 < high


def test_what_the_grader_did_not_manage_counts_for_neither_side():
    told = outcomes([("7", RIGHT), ("7", Judgement.ERROR), ("8", None)])

    assert (told.judged, told.right) == (1, 1)
    assert outcomes([("8", None)]).interval is None


def test_the_answer_is_the_verdicts_else_what_the_text_says():
    assert answer_of("so \\boxed{4}", Verdict(RIGHT, "5", "5")) == "5"
    assert answer_of("so \\boxed{4}") == "4"
    assert answer_of(None) == answer_of("") == ""
