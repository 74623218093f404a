"""Folded segments: what is hidden, what stays, and what unfolds it."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.widgets.gutter import BAR_X, marks_of, passage_at
from kimidesk.gui.widgets.paragraphs import Paragraph
from kimidesk.gui.widgets.scene import Place
from kimidesk.gui.widgets.trace_view import LEFT, TraceView
from kimidesk.records import Ended, Kind
from tests.gui.conftest import MakeSolve, grow

THOUGHT = (
    "Okay, so I need to find the sum of 3 and 4. I know that a sum is what you get by adding. "
    "So 3 + 4 = 7.\n\nWait, let me double check that. 4 + 3 = 7, that's correct 🙂.\n"
    "Hmm, I'm not sure. 例如，如果 x = 3，那么 x + 4 = 7。\n\n"
    "Alternatively, I can count: 4, 5, 6, 7. So the sum is 7. Therefore, the answer is 7.\n"
)


def pieces(text: str) -> list[str]:
    return re.findall(r" ?[A-Za-z]+|\n+| ?[^\sA-Za-z]|\s", text)


def named(view: TraceView, solve: Solve) -> Naming:
    naming = Naming()
    naming.changed.connect(lambda: view.name(naming.items))
    view.show_trace(solve)
    naming.show_trace(solve)
    naming.settle()
    view.catch_up()
    return naming


@pytest.fixture
def shown(view: TraceView, make_solve: MakeSolve) -> TraceView:
    spoken = [*pieces(THOUGHT * 3), "\nHmm", *pieces(", 7." + THOUGHT)]  # a break within a token
    solve = make_solve(
        "<think>", *spoken, "</think>", "It is 7.", thinks=True, ended=Ended.ANSWERED
    )
    view.naming = named(view, solve)  # type: ignore[attr-defined]
    return view


def settle(view: TraceView) -> None:
    while view.scene.folding.settle(1.0):
        pass
    view.settle()


def hidden(view: TraceView) -> set[int]:
    """The tokens that are folded away."""
    return {token for token in range(view.scene.tokens) if view.scene.fold_hiding(token)}


def as_they_are(items: list[Paragraph]) -> list[tuple[object, ...]]:
    return [(i.start, i.first, i.text, i.length, tuple(i.ends), i.hard, i.unsaid) for i in items]


def places(view: TraceView) -> Iterator[int]:
    return iter(range(len(view.scene.passages.items)))


def test_a_fold_hides_its_segment_and_nothing_else(shown: TraceView):
    scene = shown.scene
    for place in range(12):
        passage = scene.passages.items[place]
        shown.pin(passage.first)
        shown.folder.fold()

        behind = scene.passages.items[place + 1 :]
        until = behind[0].first if behind else passage.last + 1
        assert hidden(shown) == set(range(passage.first, until))
        shown.folder.fold(folded=False)


def test_what_was_folded_and_unfolded_is_as_it_was(shown: TraceView):
    scene, chance = shown.scene, random.Random(4)
    before = as_they_are(scene.paragraphs.items)
    shown.select_all()
    said = scene.selected_text

    for _ in range(60):
        place = chance.randrange(len(scene.passages.items))
        chance.choice(
            [
                lambda place=place: scene.folding.fold(place),
                lambda place=place: scene.folding.fold(place, folded=False),
                lambda place=place: scene.folding.fold_kind(scene.passages.items[place].kind),
                lambda: scene.folding.settle(0),
            ]
        )()
        shown.select_all()
        assert scene.selected_text == said
    shown.folder.fold_all(folded=False)
    settle(shown)

    assert as_they_are(scene.paragraphs.items) == before
    assert len(scene.layouts.folds) == 0


def test_every_segment_of_a_kind_is_folded_and_those_that_come(
    view: TraceView, make_solve: MakeSolve
):
    solve = make_solve("<think>", *pieces(THOUGHT), thinks=True)
    naming = named(view, solve)
    view.scene.folding.fold_kind(Kind.DERIVE)
    settle(view)

    grow(solve, [piece.encode() for piece in pieces(THOUGHT)])
    while view.scene.behind:
        view.scene.take()
    naming.grow()
    naming.settle()
    settle(view)

    passages = view.scene.passages
    derived = [each for each in passages.items[:-1] if each.kind is Kind.DERIVE]
    assert len(derived) > 1
    assert all(each.first in hidden(view) for each in derived)
    others = [each for each in passages.items if each.kind is not Kind.DERIVE]
    assert not any(each.first in hidden(view) for each in others)


def test_the_whole_thought_is_one_line_while_it_grows(view: TraceView, make_solve: MakeSolve):
    solve = make_solve("<think>", *pieces(THOUGHT), thinks=True)
    named(view, solve)
    view.folder.fold_whole(folded=True)

    grow(solve, [piece.encode() for piece in [*pieces(THOUGHT), "</think>", "It is", " 7."]])
    view.catch_up()

    scene = view.scene
    (fold,) = scene.layouts.folds
    assert fold.last + 1 == scene.paragraphs.paragraph_at(scene.paragraphs.cut)
    assert scene.layouts.height < 200
    view.folder.fold_whole(folded=False)
    assert len(scene.layouts.folds) == 0


def test_what_is_pinned_unfolds_what_hides_it(shown: TraceView):
    shown.folder.fold_all()
    settle(shown)
    last = shown.scene.passages.items[-1]

    shown.pin(last.last)

    assert last.last not in hidden(shown)
    assert shown.scene.passages.items[0].first in hidden(shown)
    assert shown.token_rect(last.last).bottom() < shown.viewport().height()


def test_a_fold_that_is_pinned_is_copied_whole(shown: TraceView):
    passage = shown.scene.passages.items[2]
    shown.pin(passage.last)
    shown.folder.fold()

    shown.copy()

    text = shown.scene.source.transcript.text  # type: ignore[union-attr]
    assert QGuiApplication.clipboard().text().strip() == text[passage.start : passage.end].strip()


def test_a_selection_is_kept_when_the_text_before_it_is_folded(shown: TraceView):
    scene = shown.scene
    shown.folder.select(6)
    said = scene.selected_text

    for place in (1, 3, 6):
        shown.pin(scene.passages.items[place].first)
        shown.folder.fold()

    assert scene.selected_text == said


def test_a_click_on_a_fold_unfolds_and_one_in_the_gutter_selects(shown: TraceView, qtbot: QtBot):
    scene, left = shown.scene, Qt.MouseButton.LeftButton
    shown.pin(scene.passages.items[1].first)
    shown.folder.fold()
    (fold,) = scene.layouts.folds
    rect = scene.fold_rect(fold)

    qtbot.mouseClick(shown.viewport(), left, pos=QPoint(LEFT + 60, int(rect.center().y())))
    assert len(scene.layouts.folds) == 0

    lines = [(n, line) for n in range(3) for line in marks_of(scene, n).lines]
    paragraph, line = next(each for each in lines if each[1].stop - each[1].first > 1)
    y = scene.layouts.text_top(paragraph) + line.top + line.height - 2
    point = QPoint(LEFT + BAR_X + 1, int(y))
    qtbot.mouseClick(shown.viewport(), left, pos=point)
    passage = scene.passages.items[line.stop - 1]
    text = scene.source.transcript.text  # type: ignore[union-attr]
    assert scene.selected_text == text[passage.start : passage.end]
    qtbot.mouseDClick(shown.viewport(), left, pos=point)
    assert passage.first in hidden(shown)


def test_the_gutter_tells_every_segment_once_at_its_first_line(shown: TraceView):
    scene = shown.scene
    begun = [
        place
        for paragraph in range(len(scene.paragraphs.items))
        for line in marks_of(scene, paragraph).lines
        for place in range(line.starts, line.stop)
    ]

    assert begun == list(places(shown))


def test_the_bar_of_a_segment_points_at_it(shown: TraceView):
    scene = shown.scene
    for paragraph in range(len(scene.paragraphs.items)):
        for line in marks_of(scene, paragraph).lines:
            for place, top, height in line.bars():
                y = scene.layouts.text_top(paragraph) + top + height / 2
                assert passage_at(scene, QPointF(BAR_X + 1, y)) == place


def test_folds_outlive_other_names(shown: TraceView):
    scene = shown.scene
    shown.folder.fold_all()
    settle(shown)
    naming = shown.naming  # type: ignore[attr-defined]
    changed = list(naming.items)
    changed[3] = replace(changed[3], kind=Kind.BACKTRACK)
    shown.name(changed)
    settle(shown)

    assert {each.first for each in scene.passages.items} <= hidden(shown)
    assert len(scene.layouts.folds) == len(scene.passages.items)


def test_the_view_keeps_its_place_when_text_above_is_folded(shown: TraceView):
    scene = shown.scene
    shown.pin(scene.passages.items[-3].first)
    bar = shown.verticalScrollBar()
    bar.setValue(int(scene.layouts.top(shown.visible_paragraphs()[0])))
    item = scene.paragraphs.items[shown.visible_paragraphs()[0]]

    scene.selection = (Place(0, 0), Place(0, 0))
    shown.folder._keeping(lambda: scene.folding.fold(0))

    assert scene.paragraphs.items[shown.visible_paragraphs()[0]].start == item.start
