"""Dialects that a person wrote."""

import time

import pytest

from kimidesk.errors import BadSettings
from kimidesk.reading.dialects import Source, Switch, opens_in, sheet_of
from kimidesk.reading.template import ChatTemplate

WHOLE = """
name = "my-.*model"
start = ["<reason>"]
ends = ["</reason>", "<|stop|>"]
prefilled = true
default = "off"
answer = "<say>"
[switch]
kwarg = "mull"
on = "yes"
off = "no"
"""
PLAIN = ChatTemplate("{{ messages[0].content }}")


def test_a_file_wins_over_what_is_derived(tmp_path):
    (tmp_path / "mine.toml").write_text(WHOLE)

    sheet = sheet_of(PLAIN, "My-Big-Model-Q4", tmp_path)

    assert (sheet.starts, sheet.ends) == (("<reason>",), ("</reason>", "<|stop|>"))
    assert (sheet.prefilled, sheet.on, sheet.answer) == (True, False, "<say>")
    assert sheet.switch == Switch("kwarg", "mull", "yes", "no")
    assert sheet.source is Source.USER
    assert opens_in("anything", sheet)


def test_a_file_for_another_checkpoint_is_passed_over(tmp_path):
    (tmp_path / "mine.toml").write_text(WHOLE)

    assert not sheet_of(PLAIN, "yours", tmp_path).thinks


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name =", "cannot be read"),
        ("name = 'a'", "ends"),
        ("name = '('\nends = ['x']", "no dialect"),
        ("name = 'a'\nends = ['']", "a mark is empty"),
        ("name = 'a'\nends = ['x']\nwhat = 1", "what"),
        ("name = 'a'\nends = ['x']\ndefault = 'maybe'", "maybe"),
        ("name = 'a'\nends = ['x']\n[switch]\non = true", "either kwarg or text"),
    ],
)
def test_a_file_that_cannot_be_understood_says_why(tmp_path, text, why):
    (tmp_path / "mine.toml").write_text(text)

    with pytest.raises(BadSettings, match=why):
        sheet_of(PLAIN, "a", tmp_path)


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|a)*b",
        "a?" * 30 + "a" * 30,
        "(a|aa)" * 20,
        ".*a.*b.*c",
        r"(a)\1",
        "a" * 500,
    ],
)
def test_an_expression_that_might_search_without_end_is_refused(tmp_path, pattern):
    (tmp_path / "a.toml").write_text(f"name = '{pattern}'\nends = ['</x>']")

    with pytest.raises(BadSettings, match=r"a\.toml is no dialect"):
        sheet_of(PLAIN, "a" * 60, tmp_path)


def test_the_hardest_expression_that_is_taken_ends_soon(tmp_path):
    (tmp_path / "a.toml").write_text("name = '" + "a?" * 2 + "a*a*b'\nends = ['</x>']")
    began = time.process_time()

    assert not sheet_of(ChatTemplate(""), "a" * 1_000_000, tmp_path).thinks
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 20_000,
        'name = "a"\nends = ["' + "x" * 300 + '"]',
        'name = "a"\nends = [' + '"x",' * 20 + "]",
        "#" * 70_000,
    ],
)
def test_a_file_that_holds_too_much_is_refused(tmp_path, text):
    (tmp_path / "a.toml").write_text(text)

    with pytest.raises(BadSettings, match=r"a\.toml"):
        sheet_of(PLAIN, "a", tmp_path)
