"""How far two annotators agree."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.agreement import cohen_kappa, gwet_ac2

PAIRS = some.lists(some.tuples(some.sampled_from("abc"), some.sampled_from("abc")), min_size=1)


def test_kappa_is_what_one_reckons_by_hand():
    """20 and 15 alike of 50; the shares of yes are 25/50 and 30/50: p_o = 0.7, p_e = 0.5."""
    one = ["y"] * 20 + ["y"] * 5 + ["n"] * 10 + ["n"] * 15
    two = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15

    assert cohen_kappa(one, two) == pytest.approx(0.4)
    # pi = 0.55, p_e = 2 x 0.55 x 0.45 / (2 - 1) = 0.495
    assert gwet_ac2(one, two, 2) == pytest.approx((0.7 - 0.495) / (1 - 0.495))


def test_ac2_stands_where_nearly_all_items_have_one_name():
    one, two = ["y"] * 98 + ["n", "y"], ["y"] * 98 + ["y", "n"]

    assert cohen_kappa(one, two) < 0
    assert gwet_ac2(one, two, 2) > 0.97


@given(PAIRS)
def test_both_are_even_handed_and_one_for_equals(pairs):
    one, two = [a for a, _ in pairs], [b for _, b in pairs]

    assert gwet_ac2(one, two, 3) == pytest.approx(gwet_ac2(two, one, 3))
    assert gwet_ac2(one, one, 3) == pytest.approx(1)
    kappa = cohen_kappa(one, two)
    if not math.isnan(kappa):
        assert -1 <= kappa <= 1
        assert kappa == pytest.approx(cohen_kappa(two, one))


def test_what_does_not_pair_is_refused():
    with pytest.raises(ValueError, match="2 names against 1"):
        cohen_kappa(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="0 names against 0"):
        gwet_ac2([], [], 3)
    with pytest.raises(ValueError, match="1 names could be given, and 2 were"):
        gwet_ac2(["a"], ["b"], 1)
