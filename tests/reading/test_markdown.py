"""Traces as Markdown."""

import pytest

from kimidesk.reading.markdown import to_markdown


def test_a_thought_is_quoted_and_an_answer_stands_below():
    assert to_markdown("\nHm.\n\nSo 4.\n", "\n\nIt is 4.") == "> Hm.\n>\n> So 4.\n\nIt is 4."


def test_what_is_empty_is_left_out():
    assert to_markdown("", "4") == "4"
    assert to_markdown("Hm", " ") == "> Hm"
    assert to_markdown("", "") == ""


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"so \( x^2 \) is", "so $x^2$ is"),
        ("\\[\n a \\\\ b\n\\]", "$$a \\\\ b$$"),
        (r"`\(x\)` and \(y\)", r"`\(x\)` and $y$"),
        ("```\n\\(x\\)\n```", "```\n\\(x\\)\n```"),
        ("```\n\\(x\\) never closed", "```\n\\(x\\) never closed"),
        (r"\( not closed", r"\( not closed"),
        ("$x$ 数学", "$x$ 数学"),
    ],
)
def test_formulas_stand_between_dollars_outside_code(written: str, shown: str):
    assert to_markdown("", written) == shown


def test_a_row_of_a_table_is_no_formula():
    table = r"a &= b \\\\[4pt] c. So \[x = 2\]".replace(r"\\\\", "\\\\")

    assert to_markdown("", table) == table.replace("\\[x = 2\\]", "$$x = 2$$")


def test_formulas_that_never_end_take_no_longer_for_being_many():
    assert to_markdown("", "\\(x " * 100_000).count("\\(") == 100_000
