"""Where tokens stand in display paragraphs, whatever they hold."""

import pytest

pytest.importorskip("PySide6")

from hypothesis import given
from hypothesis import strategies as st

from kimidesk.gui.widgets.paragraphs import END_MARK, HARD_LIMIT, Paragraphs, utf16


def placed(*tokens: str, cut: int = -1, end_token: int = -1) -> Paragraphs:
    made = Paragraphs()
    made.extend("".join(tokens), ends_of(tokens), cut=cut, end_token=end_token)
    return made


def ends_of(tokens: tuple[str, ...] | list[str]) -> list[int]:
    ends, end = [], 0
    for token in tokens:
        end += len(token)
        ends.append(end)
    return ends


def all_of(made: Paragraphs) -> str:
    last = len(made.items) - 1
    copied = made.copied((0, 0), (last, made.items[last].length))
    return copied + ("\n" if made.items[last].hard else "")


def test_ends_count_utf16_units_so_that_emoji_shift_nothing():
    (item,) = placed("a", "🙂", "数", "𝔽x").items

    assert item.ends == [1, 3, 4, 7]
    assert item.length == utf16("a🙂数𝔽x") == 7
    assert [item.token_at(unit) for unit in range(7)] == [0, 1, 1, 2, 3, 3, 3]


def test_a_token_without_text_keeps_its_place():
    (item,) = placed("a", "", "你", "b").items

    assert item.ends == [1, 1, 2, 3]
    assert item.token_at(1) == 2


def test_a_line_break_inside_a_token_puts_it_into_both_paragraphs():
    first, second = placed("So", ".\nNext", " word").items

    assert (first.text, first.first, first.last, first.hard) == ("So.", 0, 1, True)
    assert (second.text, second.first, second.last) == ("Next word", 1, 2)


def test_empty_lines_are_paragraphs_and_their_breaks_belong_to_their_token():
    made = placed("a", "\n\n\n", "b")

    assert [item.text for item in made.items] == ["a", "", "", "b"]
    assert [item.last for item in made.items] == [1, 1, 1, 2]


def test_a_wall_of_text_is_cut_and_copied_as_one_line():
    words = ["word"] + [" word"] * 1000

    made = placed(*words)

    assert len(made.items) > 2
    assert all(item.length <= HARD_LIMIT + 5 for item in made.items)
    assert all_of(made) == "".join(words)


def test_the_answer_begins_a_paragraph_even_when_its_start_is_learnt_late():
    tokens = ["Let me", " see.</think>", "So", " 4"]
    text, ends = "".join(tokens), ends_of(tokens)
    made = Paragraphs()
    made.extend(text, ends)

    changed = made.extend(text, ends, cut=text.index("So"))

    assert changed == 0
    assert [item.text for item in made.items] == ["Let me see.</think>", "So 4"]
    assert made.items[1].first == 2


def test_the_end_mark_is_shown_and_never_copied():
    made = placed("It is 4", "\n", "<|end|>", end_token=2)

    assert [item.text for item in made.items] == ["It is 4" + END_MARK]
    assert all_of(made).rstrip("\n") == "It is 4"
    assert made.paragraph_of(2) == 0


def test_control_characters_are_made_visible_without_moving_anything():
    (item,) = placed("a\x1b", "\u2028", "b").items

    assert item.text == "a␛␤b"
    assert item.ends == [2, 3, 4]


TOKENS = st.lists(st.text("ab \n🙂数", max_size=6), min_size=1, max_size=60)


@given(TOKENS, st.data())
def test_growing_by_pieces_gives_the_same_as_all_at_once(tokens: list[str], data: st.DataObject):
    text, ends = "".join(tokens), ends_of(tokens)
    cut = data.draw(st.integers(0, len(text)))
    once = placed(*tokens, cut=cut)
    grown = Paragraphs()
    for stop in sorted(data.draw(st.lists(st.integers(1, len(tokens))))):
        grown.extend(text[: ends[stop - 1]], ends[:stop])
    grown.extend(text, ends, cut=cut)

    assert [(i.text, i.first, i.ends, i.hard) for i in grown.items] == [
        (i.text, i.first, i.ends, i.hard) for i in once.items
    ]
    assert all_of(once) == text


@given(TOKENS)
def test_every_token_is_found_in_the_paragraph_that_it_begins_in(tokens: list[str]):
    made = placed(*tokens)

    for token in range(len(tokens)):
        place = made.paragraph_of(token)
        item = made.items[place]
        assert item.first <= token <= item.last
        assert not any(other.first <= token <= other.last for other in made.items[:place])
