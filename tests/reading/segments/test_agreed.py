"""How far two annotators agree on texts."""

import math

import pytest

from kimidesk.reading.segments.agreed import agreement, kinds_of, known
from kimidesk.records import Kind, Label

TEXT = "We have x. So x is 3. Check it. Done."
CUT = [(0, 10), (11, 21), (22, 31), (32, 37)]
NAMES = (Kind.RESTATE, Kind.DERIVE, Kind.VERIFY, Kind.CONCLUDE)


def said(*names, annotator="ann"):
    return tuple(
        Label(start, end, kind, annotator)
        for (start, end), kind in zip(CUT, names, strict=False)
        if kind is not None
    )


def test_only_what_both_labelled_is_compared():
    one = said(*NAMES)
    two = said(Kind.RESTATE, Kind.DERIVE, Kind.DERIVE, None)

    found = agreement([(TEXT, one, two)])

    assert found.sentences is not None
    assert found.sentences.items == 3
    assert found.sentences.alike == pytest.approx(2 / 3)
    # shares 1/3 each against 1/3, 2/3: p_e = 1/9 + 2/9, kappa = (2/3 - 1/3) / (1 - 1/3)
    assert found.sentences.kappa == pytest.approx(0.5)
    assert found.characters is not None
    assert found.characters.items == sum(len(TEXT[a:b].replace(" ", "")) for a, b in CUT[:3])
    assert found.table == {
        Kind.RESTATE: {Kind.RESTATE: 1},
        Kind.DERIVE: {Kind.DERIVE: 1},
        Kind.VERIFY: {Kind.DERIVE: 1},
    }
    assert found.f1[Kind.RESTATE] == 1
    assert found.f1[Kind.DERIVE] == pytest.approx(2 / 3)
    assert found.f1[Kind.VERIFY] == 0
    assert Kind.CONCLUDE not in found.f1


def test_labels_cut_otherwise_are_compared_by_what_they_cover():
    one = (Label(0, 21, Kind.PLAN, "ann"),)
    two = (Label(0, 15, Kind.PLAN, "ben"), Label(15, 21, Kind.DERIVE, "ben"))

    found = agreement([(TEXT, one, two)])

    assert kinds_of(CUT, two) == [Kind.PLAN, Kind.DERIVE, None, None]
    assert found.sentences is not None
    assert found.sentences.alike == 0.5
    assert found.characters is not None
    assert found.characters.items == 15


def test_half_a_sentence_is_needed():
    assert kinds_of([(0, 10)], (Label(0, 5, Kind.PLAN, "a"),)) == [Kind.PLAN]
    assert kinds_of([(0, 10)], (Label(0, 4, Kind.PLAN, "a"),)) == [None]


def test_without_anything_in_common_there_is_no_figure():
    found = agreement([(TEXT, said(Kind.PLAN), ())])

    assert found.sentences is None
    assert found.characters is None
    assert found.f1 == {}


def test_one_name_for_all_has_no_kappa():
    same = said(*[Kind.DERIVE] * 4)

    found = agreement([(TEXT, same, same)])

    assert found.sentences is not None
    assert math.isnan(found.sentences.kappa)
    assert known(found.sentences.kappa) is None
    assert found.sentences.ac2 == pytest.approx(1)
