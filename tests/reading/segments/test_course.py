"""What named sentences amount to."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.segments import segments
from kimidesk.reading.segments.course import course
from kimidesk.records import Kind, Segment

SENTENCES = some.lists(
    some.tuples(some.sampled_from(["Wait, no, a mistake.", "So 3 + 4 = 7.", "算错了。"]),
                some.sampled_from(list(Kind))),
    min_size=1, max_size=30,
)  # fmt: skip


def made(sentences):
    """A text of (sentence, kind), and its segments."""
    text, named = "", []
    for sentence, kind in sentences:
        named.append(Segment(len(text), len(text) + len(sentence), kind, 1.0))
        text += sentence + " "
    return text, named


def of(*kinds):
    return course(*made([(f"Sentence number {n} says it.", kind) for n, kind in enumerate(kinds)]))


def test_what_stands_between_a_plan_and_the_turn_back_was_in_vain():
    told = of(Kind.PLAN, Kind.DERIVE, Kind.BACKTRACK, Kind.DERIVE, Kind.CONCLUDE, Kind.BACKTRACK)

    assert told.failed_steps == pytest.approx(2 / 6)
    assert of(Kind.DERIVE, Kind.CONCLUDE, Kind.BACKTRACK).failed_steps == 0
    assert of(Kind.DERIVE, Kind.BACKTRACK, Kind.DERIVE, Kind.BACKTRACK).failed_steps == 3 / 4


def test_checks_and_reading_again_are_review_but_the_first_reading_is_not():
    assert of(Kind.RESTATE, Kind.DERIVE, Kind.VERIFY, Kind.RESTATE).review == pytest.approx(0.5)


def test_transitions_are_counted():
    told = of(Kind.DERIVE, Kind.DERIVE, Kind.VERIFY, Kind.DERIVE, Kind.DERIVE)

    assert told.follows == {"derive": {"derive": 2, "verify": 1}, "verify": {"derive": 1}}


def test_what_is_said_word_for_word_again_is_repeated():
    text = "Let me count the apples. There are seven. Let me count the apples. Two. Two."

    told = course(text, segments(text))

    assert told.repeated == pytest.approx(len("Let me count the apples.") / told.characters)


def test_waits_and_admitted_errors_are_rates_in_both_languages():
    told = course(*made([("Wait, no, wait.", Kind.BACKTRACK), ("等等，算错了。", Kind.BACKTRACK)]))

    assert told.waits == pytest.approx(3000 / told.characters)
    assert told.errors == pytest.approx(2000 / told.characters)


@given(SENTENCES)
def test_every_character_of_a_sentence_is_of_one_kind_and_one_stage(sentences):
    told = course(*made(sentences))

    assert sum(told.kinds.values()) == sum(told.stages.values()) == told.characters
    assert sum(sum(row.values()) for row in told.follows.values()) == told.sentences - 1
    assert 0 <= told.failed_steps < 1
    assert 0 <= told.review <= 1
    assert 0 <= told.repeated < 1


def test_no_sentence_has_no_course():
    with pytest.raises(ValueError, match="no sentence"):
        course("", [])
