"""Finding formulas in a growing text."""

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kimidesk.reading.formulas import LONGEST, Formula, Formulas


def found_in(text: str) -> list[Formula]:
    made = Formulas()
    made.grow(text, len(text), ended=True)
    return made.found


def sources(text: str) -> list[str]:
    return [text[each.start : each.stop] for each in found_in(text)]


@pytest.mark.parametrize(
    ("text", "formulas"),
    [
        (r"so \( x^2 \) is", [r"\( x^2 \)"]),
        ("so\n\\[\n a \\\\[2pt] b\n\\]\nand", ["\\[\n a \\\\[2pt] b\n\\]"]),
        ("$$x$$, $y$ and $ z = 1 $", ["$$x$$", "$y$", "$ z = 1 $"]),
        (r"\begin{align*} a &= b \end{align*}", [r"\begin{align*} a &= b \end{align*}"]),
        (r"\[\begin{aligned} a \end{aligned}\]", [r"\[\begin{aligned} a \end{aligned}\]"]),
        (r"It is \boxed{\frac{1}{2}}.", [r"\boxed{\frac{1}{2}}"]),
        ("当$x$时，$y=3$。", ["$x$", "$y=3$"]),
        (r"$\$5$ left", [r"$\$5$"]),
        ("$5$ of $n$th", ["$5$", "$n$"]),
        ("$ x^2 + 6 = 0$ now", ["$ x^2 + 6 = 0$"]),
        ("by $3, 4,$ and $\\pi $", ["$3, 4,$", "$\\pi $"]),
    ],
)
def test_every_delimiter_that_models_write_is_known(text: str, formulas: list[str]):
    assert sources(text) == formulas


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "He has $10. She has $20.",
        "Between $5 and 6$.",
        "US$5 to US$6$",
        "$10+$5=$15",
        "（$5，又花了3$）",
        "pays $3 for a and $4 for b, total $7",
        "`$x$` and ``\\(y`\\)``",
        "```\n$x$\n```",
        "```\n$x$ never closed",
        "~~~python\n\\(x\\)\n~~~",
        r"a \\[3pt] b \\(c\\)",
        "\\( broken\n\nby a blank line \\)",
        r"\begin{itemize} a \end{itemize}",
        "$$ $$ and \\(\\)",
        r"\( never closed",
    ],
)
def test_prices_code_and_what_is_not_closed_are_no_formulas(text: str):
    assert sources(text) == []


def test_the_tex_is_one_line_without_its_delimiters():
    text = "\\[\n  a\n\\ne b\n\\]"
    (formula,) = found_in(text)

    assert formula.display
    assert formula.tex(text) == "a \\ne b"


def test_environments_keep_their_names():
    text = r"\begin{cases} 1 \end{cases}"

    assert found_in(text)[0].tex(text) == text


FRAGMENTS = [
    "$", "$$", r"\(", r"\)", r"\[", r"\]", "`", "```", "~~~", "\\", "{", "}", "\n", "\n\n", " ",
    "x", "5", "=", "and", "数学", "𝔽", r"\boxed{", r"\begin{align}", r"\end{align}", r"\$", ".",
]  # fmt: skip
TEXTS = some.lists(some.sampled_from(FRAGMENTS), max_size=40).map("".join)


@given(TEXTS)
def test_formulas_are_disjoint_and_in_order(text: str):
    found = found_in(text)

    assert all(0 <= each.start < each.begin + 1 <= each.end <= each.stop for each in found)
    assert all(each.stop <= after.start for each, after in pairwise(found))


@given(TEXTS, some.lists(some.integers(1, 9), min_size=1))
def test_a_text_that_grows_in_steps_comes_to_the_same(text: str, steps: list[int]):
    growing = Formulas()
    at = step = 0
    while at < len(text):
        before = list(growing.found)
        at = min(at + steps[step % len(steps)], len(text))
        step += 1
        growing.grow(text[:at], at)
        assert growing.found[: len(before)] == before
    growing.grow(text, len(text), ended=True)

    assert growing.found == found_in(text)


def test_one_that_is_open_stays_source_until_its_end_comes():
    text, growing = r"so \( x \) is", Formulas()

    assert growing.grow(text, 8) == []
    assert [each.stop for each in growing.grow(text, len(text))] == [10]


def test_what_reaches_into_a_span_is_found():
    growing = Formulas()
    growing.grow("a $x$ b $y$ c", 13, ended=True)

    assert [each.start for each in growing.within(4, 9)] == [2, 8]
    assert growing.within(5, 8) == []


@pytest.mark.parametrize(
    "hostile",
    [
        r"\( " * 20_000,
        "$" * 20_000,
        "$ " * 20_000,
        r"\boxed{" * 20_000,
        r"\begin{align}" * 20_000,
        "`" * 9_000 + " ` `` ```" * 3_000,
        r"\[" + "{" * 60_000,
    ],
)
def test_hostile_text_costs_little(hostile: str):
    growing = Formulas()
    begun = process_time()
    for at in range(0, len(hostile), 4_000):
        growing.grow(hostile, min(at + 4_000, len(hostile)))
    growing.grow(hostile, len(hostile), ended=True)

    assert process_time() - begun < 3
    assert all(each.stop - each.start <= LONGEST + 20 for each in growing.found)
