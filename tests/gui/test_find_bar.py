"""Finding words in a trace, with counts, and going to a token by its number."""

from collections.abc import Callable
from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.widgets.copying import markdown
from kimidesk.gui.widgets.find_bar import search
from kimidesk.gui.widgets.hits import Hits
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.gui.window import Window
from kimidesk.records import Ended
from tests.gui.conftest import grow

Make = Callable[..., Solve]
PIECES = ["Wait", ",", " the", " 🙂", " 数学", " wait", ".\n", "No", " WAIT", "."]


def test_hits_are_those_of_the_whole_text_however_it_grows():
    text = "wait, Wait! aWAITed 数学wai"
    grown, whole = Hits("wait"), Hits("wait")
    for stop in range(len(text) + 1):
        grown.grow(text, stop)
    whole.grow(text, len(text))

    assert grown.starts == whole.starts == [0, 6, 13]


def test_signs_of_patterns_are_found_as_they_stand():
    hits = Hits("(a.b")
    hits.grow("(axb) (a.b)", 11)

    assert hits.starts == [6]


def test_hits_that_reach_into_a_span_are_told():
    hits = Hits("aa")
    hits.grow("aa_aaaa", 7)
    hits.walk(-1, 7)

    assert hits.within(1, 4) == [(0, 2, False), (3, 5, False)]
    assert hits.within(6, 9) == [(5, 7, True)]
    assert Hits("").within(0, 9) == []


def test_hits_of_a_growing_trace_are_counted(view: TraceView, make_solve: Make):
    solve = make_solve(*PIECES)
    view.show_trace(solve)
    search(view, "wait")
    assert len(view.scene.hits.starts) == 3

    grow(solve, [b" wa", b"it"])
    view.catch_up()

    assert len(view.scene.hits.starts) == 4


def test_another_trace_is_searched_for_the_same_words(view: TraceView, make_solve: Make):
    view.show_trace(make_solve(*PIECES))
    search(view, "数学")
    view.show_trace(make_solve("数学", "数学"))

    assert view.scene.hits.starts == [0, 2]


def test_the_end_mark_of_the_checkpoint_is_not_found(view: TraceView, make_solve: Make):
    solve = make_solve("an", " end", "<|im_end|>", ended=Ended.ANSWERED)
    solve.trace = replace(solve.trace, closing=1)
    view.show_trace(solve)
    search(view, "end")

    assert view.scene.hits.starts == [3]


def test_a_hit_is_painted(view: TraceView, make_solve: Make):
    view.show_trace(make_solve(*PIECES, ended=Ended.ANSWERED))
    view.catch_up()
    before = view.grab().toImage()

    search(view, "数学")
    marked = view.grab().toImage()
    search(view, "")

    assert marked != before
    assert view.grab().toImage() == before


def test_keys_walk_from_hit_to_hit_and_round_the_end(
    window: Window, make_solve: Make, qtbot: QtBot
):
    shown(window, make_solve(*PIECES, ended=Ended.ANSWERED))
    bar, scene = window.page.find_bar, window.page.view.scene
    assert bar.isHidden()
    window.commands.trigger("find")
    bar.field.setText("wait")
    assert bar.count.text() == "3 found"

    pins = []
    for _ in range(4):
        window.commands.trigger("next-hit")
        pins.append(scene.pinned)
    assert pins == [0, 5, 8, 0]
    assert bar.count.text() == "1 of 3"
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (scene.pinned, bar.count.text()) == (8, "3 of 3")

    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert scene.hits.starts == []
    assert scene.pinned == 8  # Esc closed the search and nothing else


def test_a_token_is_gone_to_by_its_number(window: Window, make_solve: Make, qtbot: QtBot):
    shown(window, make_solve(*PIECES, ended=Ended.ANSWERED))
    bar, scene = window.page.find_bar, window.page.view.scene
    window.commands.trigger("go-token")
    assert bar.field.text() == "#"
    assert bar.count.text() == "1 … 10"

    bar.field.setText("#7")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert scene.pinned == 6
    for wrong in ("#0", "#11", "#x"):
        bar.field.setText(wrong)
        qtbot.keyClick(bar.field, Qt.Key.Key_Return)
        assert scene.pinned == 6


def test_every_control_of_the_bar_has_a_name_in_both_languages(window: Window, qtbot: QtBot):
    bar = window.page.find_bar
    controls = (bar.field, bar.back, bar.on, bar.dismiss)
    english = [control.accessibleName() for control in controls]
    window.set_language("zh_CN")

    assert all(english)
    qtbot.waitUntil(lambda: bar.on.accessibleName() == "下一处")
    assert not set(english) & {control.accessibleName() for control in controls}


def shown(window: Window, solve: Solve) -> None:
    window.driver.solve = solve
    window.driver.trace_changed.emit()
    window.page.view.catch_up()


def test_the_count_follows_what_is_shown(window: Window, make_solve: Make):
    view, bar = window.page.view, window.page.find_bar
    long = make_solve(*["wait", " \n"] * 10_000, ended=Ended.ANSWERED)
    shown(window, long)
    window.commands.trigger("find")
    bar.field.setText("wait")
    view.catch_up()
    assert bar.count.text() == "10,000 found"

    view.show_trace(make_solve("no", "no"))
    assert bar.count.text() == "0 found"
    bar.field.setText("#" + "9" * 5000)
    bar.walk(1)  # no such token, and no error


def test_everything_is_copied_before_all_of_it_is_placed(view: TraceView, make_solve: Make):
    view.show_trace(make_solve(*["wait", " \n"] * 10_000, ended=Ended.ANSWERED))

    assert view.scene.behind
    assert markdown(view.scene).count("wait") == 10_000
