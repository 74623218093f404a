"""Chinese sentences, by their words and by what stands before them."""

import pytest

from kimidesk.reading.segments import Growing, segments
from kimidesk.reading.segments.chinese import is_chinese, kind_of
from kimidesk.records import By, Kind, Subtype

TRACE = (
    "嗯，我来看一个关于苹果的问题。小明有3个苹果，又买了4个。\n\n"
    "首先，我需要把两个数加起来。所以3+4=7。\n\n"
    "等等，我是不是算错了什么。另一种方法是从7往回减。\n\n"
    "让我再检查一遍：\n- 3+4=7\n- 7-4=3\n\n"
    "没有问题。因此，一共是7个苹果。\n\n所以答案是7。"
)


def kinds(text, **how):
    return {text[each.start : each.end]: each for each in segments(text, **how)}


def test_a_chinese_thought_is_named_as_a_person_would():
    named = kinds(TRACE)

    assert named["嗯，我来看一个关于苹果的问题。"].kind is Kind.RESTATE
    assert named["首先，我需要把两个数加起来。"].kind is Kind.PLAN
    assert named["所以3+4=7。"].kind is Kind.DERIVE
    assert named["等等，我是不是算错了什么。"].kind is Kind.BACKTRACK
    assert named["等等，我是不是算错了什么。"].subtype is Subtype.ERROR
    assert named["另一种方法是从7往回减。"].subtype is Subtype.SWITCH
    assert named["让我再检查一遍："].kind is Kind.VERIFY
    assert named["因此，一共是7个苹果。"].kind in (Kind.CONCLUDE, Kind.ANSWER)
    assert named["所以答案是7。"].kind is Kind.ANSWER
    assert {each.by for each in named.values()} == {By.RULE}


def test_an_item_of_a_list_does_what_the_list_is_announced_to_do():
    named = kinds(TRACE)

    assert named["- 3+4=7"].kind is named["- 7-4=3"].kind is Kind.VERIFY


def test_names_stay_while_a_chinese_text_grows():
    growing, kept = Growing(), []
    for stop in range(1, len(TRACE) + 1, 3):
        named = growing.grow(TRACE[:stop])
        assert named[: len(kept)] == kept
        kept = named[: growing.done]
    assert growing.finish(TRACE) == segments(TRACE)


@pytest.mark.parametrize(
    ("sentence", "after", "expected"),
    [
        ("我们来算一下。", False, True),
        ("- dorothy: 90 分", False, False),
        ("- dorothy: 90 分", True, True),
        ("9.9 > 9.11", True, True),
        ("so it is 7.", True, False),
        ("\\frac{1}{2}", True, True),
    ],
)
def test_a_formula_is_of_the_language_around_it(sentence, after, expected):
    assert is_chinese(sentence, after=after) is expected


def test_a_question_that_reckons_is_no_doubt():
    before = ("所以3+4=7。", Kind.DERIVE)

    assert kind_of("因为9大于1，所以结果更大？", before, first=False) is Kind.DERIVE
    assert kind_of("这样对吗？", before, first=False) is Kind.UNCERTAIN
