"""Marks of thought that stand in a text itself."""

import pytest

from kimidesk.reading import split
from kimidesk.reading.dialects.marks import written


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<think>", "</think>"),
        ("[THINK]", "[/THINK]"),
        ("◁think▷", "◁/think▷"),
        ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ],
)
def test_a_text_tells_how_it_marks_its_thought(start: str, end: str):
    text = f"\n{start}\nTwo and two.\n{end}\n\nIt is 4."

    parts = split(text, written(text))

    assert (parts.thinking, parts.answer) == ("Two and two.", "It is 4.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It is 4.",
        "<think>It never ends.",
        "People write <think>so</think>.",
        "</think>It is 4.",
        "[4] is the answer. [/4]",
        "<b>thinking</b>",
    ],
)
def test_a_text_that_marks_no_thought_is_plain(text: str):
    assert not written(text).thinks
