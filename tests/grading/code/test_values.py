"""What crosses the pipe arrives as it was, and plain."""

import os
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from kimidesk.grading.code.inside.values import decoded, encoded, receive, send

PLAIN = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
KEYS = st.integers() | st.text(max_size=9) | st.tuples(st.integers(), st.booleans())
VALUES = st.recursive(
    PLAIN | st.binary(max_size=9) | st.complex_numbers(allow_nan=False) | st.sets(KEYS),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner),
    max_leaves=12,
)


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_every_plain_value_comes_back_with_its_kind(value: object):
    reading, writing = os.pipe()
    send(writing, encoded(value, id))
    os.close(writing)
    back = decoded(receive(reading), lambda _: None)
    os.close(reading)

    assert repr(back) == repr(value) or back == value
    assert type(back) is type(value)


def test_a_subclass_arrives_as_what_it_is_a_kind_of():
    back = decoded(encoded(Counter("aab"), id), lambda _: None)

    assert back == {"a": 2, "b": 1}
    assert type(back) is dict
