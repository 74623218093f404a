"""Naming sentences: by the shipped model, while a text grows, and at its end."""

import gzip
import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kimidesk.reading.segments import Growing, merged, segments
from kimidesk.reading.segments.cues import by_rules, doubt_of
from kimidesk.reading.segments.sentences import sentences
from kimidesk.records import Kind

TRACE = (
    "Okay, so I have this problem about apples. Ann has 3 apples and buys 4 more.\n\n"
    "First, I need to find how many she has now. I remember that addition gives the total.\n\n"
    "So 3 + 4 = 7.\n\nWait, no, I made a mistake there. Let me double-check that.\n\n"
    "For example, suppose she had 2 apples. I'm not sure that helps, hmm.\n\n"
    "3 + 4 = 7, that's correct.\n\nSo she has 7 apples.\n\n**Final Answer**\n\n\\[ \\boxed{7} \\]"
)
PIECES = some.lists(some.sampled_from(TRACE.split(" ")), max_size=60).map(" ".join)


def kinds(text, **how):
    return {text[each.start : each.end]: each.kind for each in segments(text, **how)}


def test_a_plain_trace_is_named_as_a_person_would():
    named = kinds(TRACE)

    assert named["Okay, so I have this problem about apples."] is Kind.RESTATE
    assert named["I remember that addition gives the total."] is Kind.RECALL
    assert named["Wait, no, I made a mistake there."] is Kind.BACKTRACK
    assert named["For example, suppose she had 2 apples."] is Kind.EXPLORE
    assert named["**Final Answer**"] is Kind.ANSWER
    assert named["\\[ \\boxed{7} \\]"] is Kind.ANSWER


def test_a_text_that_goes_on_has_no_last_statement():
    text = "So x is 3. Therefore, the number is 7."

    assert kinds(text)["Therefore, the number is 7."] is Kind.ANSWER
    assert kinds(text, whole=False)["Therefore, the number is 7."] is not Kind.ANSWER


def test_chinese_is_named_by_its_words():
    text = "题目要求比较两个数。等等，这里算错了。综上，答案是9.9。"

    assert kinds(text)["等等，这里算错了。"] is Kind.BACKTRACK
    assert kinds(text)["综上，答案是9.9。"] is Kind.ANSWER
    assert by_rules("我不确定这是不是对的。") is Kind.UNCERTAIN


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("alternatively, i could square it.", Kind.BACKTRACK),
        ("wait, that's wrong.", Kind.BACKTRACK),
        ("hmm, is that always true?", Kind.UNCERTAIN),
        ("i'm not sure.", Kind.UNCERTAIN),
    ],
)
def test_doubt_that_leaves_the_way_is_told_from_doubt_that_stays(sentence, kind):
    assert doubt_of(sentence) is kind


@given(PIECES, some.booleans())
@settings(deadline=None, max_examples=40)
def test_every_sentence_has_one_name_and_a_probability(text, whole):
    named = segments(text, whole=whole)

    assert [(each.start, each.end) for each in named] == [
        (each.start, each.stop) for each in sentences(text)
    ]
    assert all(0 < each.confidence <= 1 for each in named)
    one = merged(named)
    assert all(a.kind is not b.kind for a, b in pairwise(one))
    assert [each.start for each in one[:1]] == [each.start for each in named[:1]]


@given(PIECES, some.lists(some.integers(1, 40), min_size=1, max_size=20))
@settings(deadline=None, max_examples=40)
def test_names_behind_the_last_paragraph_stay_while_a_text_grows(text, steps):
    growing, at, before = Growing(), 0, []
    for step in steps:
        at += step
        named = growing.grow(text[:at])
        paragraph = text[:at].rfind("\n\n")
        kept = [each for each in before if each.end <= paragraph - 40]
        assert named[: len(kept)] == kept
        before = named


def test_a_text_that_came_in_pieces_is_named_as_the_whole_text():
    growing = Growing()
    for stop in range(0, len(TRACE), 7):
        growing.grow(TRACE[:stop])

    assert growing.finish(TRACE) == segments(TRACE)


def test_people_and_the_model_agree_on_traces_of_qwq(shared):
    """On the traces that were trained from too, so this guards against breaking, no more."""
    folder = shared / "data/traces"
    texts = {each["id"]: each["reasoning"] for each in lines(folder / "traces.jsonl.gz")}
    alike = total = 0
    for span in lines(folder / "segments.jsonl.gz"):
        if span["annot_type"] == "human" and span["annotator"] == "annotator-1":
            for each in segments(texts[span["trace_id"]]):
                if span["start"] <= each.start and each.end <= span["end"]:
                    alike += each.kind.value in span["kinds"]
                    total += 1
    assert alike / total > 0.6


def lines(path):
    with gzip.open(path, "rt") as file:
        return [json.loads(line) for line in file]
