"""What the table and the vocabulary add to what was derived."""

import pytest

from kimidesk.reading.dialects import Source, sheet_of
from kimidesk.reading.dialects.families import TABLE
from kimidesk.reading.template import ChatTemplate

PLAIN = ChatTemplate("{% for m in messages %}{{ m.content }}{% endfor %}")
CLOSED = ChatTemplate(
    "{% for m in messages %}{{ m.content }}{% endfor %}<think>"
    "{% if not enable_thinking %}</think>{% endif %}"
)


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("Kimi-VL-A3B-Thinking-2506.Q4_K_M", "◁/think▷"),
        ("Kimi-Dev-72B", "◁/think▷"),
        ("Magistral-Small-2506", "</think>"),
        ("Magistral-Small-2509", "[/THINK]"),
        ("EXAONE-Deep-7.8B", "</thought>"),
        ("Phi-4-mini-reasoning", "</think>"),
        ("Marco-o1", "</Thought>"),
        ("gemma-4-31B-it", "<channel|>"),
        ("granite-3.2-8b-instruct", "Here is my response:"),
    ],
)
def test_a_family_is_known_by_its_name(name, end):
    sheet = sheet_of(PLAIN, name)

    assert (sheet.ends[0], sheet.on, sheet.source) == (end, True, Source.TABLE)


@pytest.mark.parametrize(
    "name",
    ["Qwen3-4B-Instruct-2507", "granite-vision-3.2-2b", "Kimi-VL-A3B-Instruct", "Llama-3.3", ""],
)
def test_who_does_not_think_stays_without_a_thought(name):
    assert not sheet_of(PLAIN, name).thinks


def test_who_always_thinks_does_so_whatever_the_template_leaves_out():
    assert sheet_of(CLOSED, "QwQ-32B").on
    assert not sheet_of(CLOSED, "Somebody-32B").on


def test_the_vocabulary_tells_the_marks_of_a_name_that_promises_a_thought():
    words = ["a", "<|ponder|>", "<muse-think>", "</muse-think>", "b"]

    sheet = sheet_of(PLAIN, "Muse-7B-Thinking", vocabulary=lambda: words)

    assert (sheet.starts, sheet.ends) == (("<muse-think>",), ("</muse-think>",))
    assert not sheet_of(PLAIN, "Muse-7B", vocabulary=lambda: words).thinks


def test_who_took_over_the_template_of_a_thinker_does_not_think():
    assert sheet_of(CLOSED, "Qwen3-4B").thinks
    sheet = sheet_of(CLOSED, "Qwen3-4B-Instruct-2507")

    assert (sheet.thinks, sheet.source) == (False, Source.TABLE)


def test_who_has_no_marks_may_think_all_the_same():
    sheet = sheet_of(PLAIN, "QVQ-72B-Preview")

    assert (sheet.thinks, sheet.on, sheet.source) == (False, True, Source.TABLE)


def test_who_thinks_only_when_asked_is_asked_in_words():
    sheet = sheet_of(PLAIN, "DeepHermes-3-Llama-3-8B-Preview")

    assert sheet.switch is not None
    assert (sheet.on, sheet.switch.kind, sheet.switch.off) == (False, "text", None)


def test_a_family_is_found_only_where_a_word_of_the_name_begins():
    assert sheet_of(PLAIN, "Ring-flash").thinks
    assert not sheet_of(PLAIN, "String-flash").thinks


def test_every_row_says_who_told_it():
    assert all(row.source for row in TABLE)
