"""Where two traces part, and which of their places belong together."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.reading.aligning import (
    by_place,
    by_segments,
    by_share,
    pairs,
    same_characters,
    same_tokens,
)
from kimidesk.records import Kind, Segment

ONE = [
    "First, read the question.",
    "Then 3 + 4 = 7.",
    "Let me check 7 - 4 = 3.",
    "The answer is 7.",
]
TWO = ["First, read the question.", "Perhaps a picture helps here?", "Then 3 + 4 = 7."]
KINDS = {"First": Kind.PLAN, "Then": Kind.DERIVE, "Let": Kind.VERIFY, "The": Kind.ANSWER}


def told(sentences: list[str]) -> tuple[str, list[Segment]]:
    text, parts = "", list[Segment]()
    for sentence in sentences:
        kind = KINDS.get(sentence.split()[0].strip(","), Kind.EXPLORE)
        parts.append(Segment(len(text), len(text) + len(sentence), kind, 1.0))
        text += f"{sentence} "
    return text, parts


def test_parts_that_say_the_same_are_paired_and_the_others_are_left_alone():
    assert pairs(*told(ONE), *told(TWO)) == [(0, 0), (1, 2)]
    assert pairs(*told([]), *told(TWO)) == []


def test_a_trace_is_paired_with_itself_part_by_part():
    assert pairs(*told(ONE), *told(ONE)) == [(n, n) for n in range(4)]


def test_places_go_to_the_part_that_says_the_like_and_back():
    one, ones = told(ONE)
    two, twos = told(TWO)
    way = by_segments(one, ones, two, twos, same_characters(one, two))

    assert way.to_two(0) == 0
    assert way.to_two(ones[1].start) == twos[2].start
    assert way.to_one(twos[2].end) == ones[1].end
    assert way.to_two(len(one)) == len(two)
    middle = (ones[1].start + ones[1].end) / 2
    assert way.to_one(way.to_two(middle)) == pytest.approx(middle)


def test_places_in_characters_become_places_in_tokens():
    way = by_share(10, 20).at([5, 10], [4, 10, 20])

    assert way.to_two(1) == pytest.approx(2 * way.to_two(0.5))
    assert way.to_two(2) == 3


def test_shares_and_places_of_unlike_lengths():
    assert by_share(100, 50).to_two(40) == 20
    assert by_place(100, 50).to_two(40) == 40
    assert by_place(100, 50).to_two(90) == 50
    assert by_place(100, 50).to_one(50) >= 50
    assert by_share(0, 0).to_two(0) == 0


def test_what_is_common_ends_at_the_first_difference():
    assert same_tokens([1, 2, 3, 4], [1, 2, 9]) == 2
    assert same_tokens(np.array([1, 2], np.int32), [1, 2, 3]) == 2
    assert same_tokens([], [1]) == 0
    assert same_characters("einundzwanzig", "einundvierzig") == 6
    assert same_characters("你好吗", "你好") == 2


@given(st.text("ab", max_size=30), st.text("ab", max_size=30))
def test_a_common_beginning_is_the_longest(one: str, two: str):
    count = same_characters(one, two)

    assert one[:count] == two[:count]
    assert one[: count + 1] != two[: count + 1] or count == min(len(one), len(two))


@given(
    st.lists(st.sampled_from(ONE + TWO), max_size=12), st.lists(st.sampled_from(ONE), max_size=9)
)
def test_pairs_keep_the_order_of_both(ones: list[str], twos: list[str]):
    found = pairs(*told(ones), *told(twos))

    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))
    way = by_segments(*told(ones), *told(twos))
    assert (np.diff(way.one) >= 0).all()
    assert (np.diff(way.two) >= 0).all()


def test_a_very_long_trace_is_aligned_in_joined_parts():
    one, ones = told(ONE * 1_000)
    way = by_segments(one, ones, one, ones)

    assert way.to_two(len(one) / 2) == pytest.approx(len(one) / 2, abs=200)
