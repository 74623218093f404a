"""The coarse course of a thought."""

from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.segments.stages import Stage, stages
from kimidesk.records import Kind, Segment

KINDS = some.lists(some.sampled_from(list(Kind)), max_size=40)


def named(kinds):
    return [Segment(10 * n, 10 * n + 9, kind, 0.5) for n, kind in enumerate(kinds)]


def told(letters):
    """The stages of kinds by their first letters; V is verify, K is uncertain."""
    by_letter = {kind.value[0]: kind for kind in Kind} | {"r": Kind.RESTATE, "k": Kind.UNCERTAIN}
    found = stages(named([by_letter[letter] for letter in letters]))
    return [(each.stage.value, letters[each.first : each.last]) for each in found]


def test_a_whole_thought_has_all_four():
    assert told("rpdekdcdvdbddca") == [
        ("setup", "rp"),
        ("first pass", "dekdcd"),
        ("recheck", "vdbdd"),
        ("conclusion", "ca"),
    ]


def test_doubts_before_any_result_belong_to_the_first_pass():
    assert told("dvbk") == [("first pass", "dvbk")]


def test_results_at_the_end_conclude_only_with_an_answer():
    assert told("dcc") == [("first pass", "dcc")]
    assert told("dcca") == [("first pass", "d"), ("conclusion", "cca")]


def test_nothing_has_no_stage():
    assert stages([]) == []


@given(KINDS)
def test_stages_are_all_sentences_in_order_without_gap_or_overlap(kinds):
    found = stages(named(kinds))

    covered = [n for each in found for n in range(each.first, each.last)]
    order = [list(Stage).index(each.stage) for each in found]

    assert covered == list(range(len(kinds)))
    assert order == sorted(set(order))


@given(KINDS)
def test_only_a_result_can_be_checked_again(kinds):
    for each in stages(named(kinds)):
        if each.stage is Stage.RECHECK:
            assert {Kind.CONCLUDE, Kind.ANSWER} & set(kinds[: each.first])
            assert kinds[each.first] in (Kind.VERIFY, Kind.BACKTRACK, Kind.UNCERTAIN)
