"""Dialects that a person wrote."""

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
