"""People's labels over the machine's names, and changing them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.segments.editing import Editing
from kimidesk.reading.segments.labelled import overlaid, put, split, taken, together
from kimidesk.records import By, Kind, Label, Segment

TEXT = "We have x. So x is 3. Check it. Done."
MACHINE = [
    Segment(0, 10, Kind.RESTATE, 0.9),
    Segment(11, 21, Kind.DERIVE, 0.8),
    Segment(22, 31, Kind.VERIFY, 0.7),
    Segment(32, 37, Kind.CONCLUDE, 0.6),
]


def label(start: int, end: int, kind: Kind = Kind.PLAN, annotator: str = "ann") -> Label:
    return Label(start, end, kind, annotator)


SPANS = some.lists(some.tuples(some.integers(0, 30), some.integers(1, 7)), max_size=8)


def labels_of(spans, annotator="ann"):
    made = ()
    for start, size in spans:
        made = put(made, label(start, start + size, annotator=annotator))
    return made


def test_where_nobody_said_anything_the_machine_speaks():
    assert overlaid(TEXT, MACHINE, ()) == MACHINE


def test_a_label_takes_the_place_of_the_sentence_under_it():
    shown = overlaid(TEXT, MACHINE, (label(11, 21),))

    assert [each.kind for each in shown] == [Kind.RESTATE, Kind.PLAN, Kind.VERIFY, Kind.CONCLUDE]
    assert [each.by for each in shown] == [By.MODEL, By.PERSON, By.MODEL, By.MODEL]
    assert shown[1].confidence == 1


def test_a_label_survives_another_cut_and_leaves_the_rest_its_name():
    """The sentences are one now: what lies beside the label keeps the machine's name."""
    shown = overlaid(TEXT, [Segment(0, 37, Kind.DERIVE, 0.5)], (label(11, 21),))

    assert [(TEXT[each.start : each.end], each.kind) for each in shown] == [
        ("We have x.", Kind.DERIVE),
        ("So x is 3.", Kind.PLAN),
        ("Check it. Done.", Kind.DERIVE),
    ]


@given(SPANS, SPANS)
def test_nothing_lies_over_anything_whatever_is_put_and_every_mark_has_a_name(one, two):
    own, others = labels_of(one), labels_of(two, "ben")
    both = together(own, [others])

    for made in (own, both):
        assert all(a.end <= b.start for a, b in pairwise(made))
    assert set(own) <= set(both)
    shown = overlaid(TEXT, MACHINE, both)
    assert all(a.end <= b.start for a, b in pairwise(shown))
    named = {place for each in shown for place in range(each.start, each.end)}
    assert {place for place, mark in enumerate(TEXT) if mark != " "} <= named


def test_what_is_put_takes_its_place_from_those_below():
    made = put((label(0, 21, Kind.DERIVE),), label(5, 9, Kind.VERIFY))

    assert [(each.start, each.end, each.kind) for each in made] == [
        (0, 5, Kind.DERIVE),
        (5, 9, Kind.VERIFY),
        (9, 21, Kind.DERIVE),
    ]
    assert taken(made, 6, 7) == (made[0], made[2])


def test_a_sentence_is_split_into_two_without_blanks_around_them():
    whole = label(11, 31)

    made = split(TEXT, (), whole, 21)

    assert [TEXT[each.start : each.end] for each in made] == ["So x is 3.", "Check it."]


@pytest.mark.parametrize("at", [11, 31])
def test_no_half_is_blank(at):
    assert split(TEXT, (), label(11, 31), at) == ()


def test_changes_are_taken_back_and_made_again():
    editing, one, two = Editing(), (label(0, 10),), (label(0, 10), label(11, 21))

    assert editing.change(one)
    assert not editing.change(one)
    assert editing.change(two)
    assert editing.undo()
    assert editing.labels == one
    assert editing.undo()
    assert not editing.undo()
    assert editing.redo()
    assert editing.labels == one
    assert editing.change(())
    assert not editing.can_redo
    assert not editing.redo()
