"""Formulas in the place of their source: every offset stays, and lines end where they may."""

import pytest

pytest.importorskip("PySide6")

from hypothesis import given
from hypothesis import strategies as some

from kimidesk.gui.typeset.sizes import Size
from kimidesk.gui.widgets.insets import Inset, filled, insets_of, outside
from kimidesk.gui.widgets.paragraphs import Paragraphs, utf16
from kimidesk.reading.formulas import Formula, Formulas

BLANK, JOINER, BREAK, LINE = "\u00a0", "\u2060", "\u200b", "\u2028"
WORDS = some.lists(
    some.sampled_from(["$x$", "$𝔽^2$", r"\[ y \]", "word", " ", "数学", "🙂", "。", "("]),
    max_size=12,
)


def paragraph_of(text: str, width: float = 5.0) -> tuple[Paragraphs, list[list[Inset]]]:
    paragraphs, formulas = Paragraphs(), Formulas()
    paragraphs.extend(text, [len(text)])
    formulas.grow(text, len(text), ended=True)

    def size_of(_formula: Formula, _key: tuple[str, bool]) -> Size:
        return Size(width, 1.0, 0.2)

    made = [
        insets_of(
            item,
            formulas.within(item.start, item.start + len(item.text)),
            text,
            size_of,
            line_px=100,
            em=10,
        )
        for item in paragraphs.items
    ]
    return paragraphs, made


def text_of(text: str) -> str:
    paragraphs, insets = paragraph_of(text)
    return filled(paragraphs.items[0], insets[0]).text


@given(WORDS)
def test_the_text_has_as_many_units_as_its_source(words: list[str]):
    paragraphs, insets = paragraph_of("".join(words))
    for item, mine in zip(paragraphs.items, insets, strict=True):
        made = filled(item, mine)

        assert utf16(made.text) == item.length
        assert made.text.count(BLANK) == len(made.holders) == len(mine)
        for inset, unit in zip(mine, made.holders, strict=True):
            assert inset.begin <= unit < inset.end


def test_a_line_may_end_beside_chinese_letters_and_not_beside_words():
    assert text_of("数$x$学") == f"数{BREAK}{BLANK}{BREAK}学"
    assert text_of("数$xy$。") == f"数{BREAK}{BLANK}{JOINER * 2}。"
    assert text_of("（$xy$）") == f"（{BLANK}{JOINER * 3}）"
    assert text_of("non-$xy$s") == f"non-{BLANK}{JOINER * 3}s"


def test_a_display_stands_in_a_line_of_its_own():
    assert text_of(r"so \[x\] and") == f"so {LINE}{BLANK}{JOINER * 2}{LINE} and"
    assert text_of(r"\[x\]") == f"{BLANK}{JOINER * 4}"


def test_further_lines_of_a_formula_take_no_room():
    paragraphs, insets = paragraph_of("\\[\nx\n\\] so")

    assert [[inset.em_px for inset in mine] for mine in insets] == [[10], [0], [0]]
    assert filled(paragraphs.items[1], insets[1]).text == JOINER
    assert filled(paragraphs.items[2], insets[2]).text == f"{JOINER * 2} so"


def test_what_is_too_wide_is_made_smaller_or_stays_source():
    _, [[fitting]] = paragraph_of("$x$", width=12)
    _, [too_wide] = paragraph_of("$x$", width=30)

    assert fitting.em_px == pytest.approx(98 / 12)
    assert too_wide == []


def test_what_is_outside_of_insets_is_told():
    _, [insets] = paragraph_of("ab $x$cd $y$")

    assert list(outside(0, 12, insets)) == [(0, 3), (6, 9)]
    assert list(outside(4, 7, insets)) == [(6, 7)]
    assert list(outside(3, 6, insets)) == []
