"""The trace view under pointer, keys and a growing trace."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.widgets.copying import copy_markdown
from kimidesk.gui.widgets.heat import Heat
from kimidesk.gui.widgets.layouts import KEPT
from kimidesk.gui.widgets.scene import Place, Section
from kimidesk.gui.widgets.spoken import spoken
from kimidesk.gui.widgets.trace_view import LEFT, TraceView
from kimidesk.gui.window import Window
from kimidesk.records import Ended
from tests.gui.conftest import grow

Make = Callable[..., Solve]
MIXED = ["Let", " me", " 🙂", " 数学", "推理", " see", ".", "\n\n", "𝔽", " x", " =", " 3"]


def many(lines: int) -> list[str]:
    return [word for line in range(lines) for word in (f"Line {line}", " of", " text", ".\n")]


def show(view: TraceView, solve: Solve) -> None:
    view.show_trace(solve)
    view.catch_up()


@pytest.mark.parametrize("width", [140, 260, 700])
def test_the_middle_of_every_token_points_at_it(view: TraceView, make_solve: Make, width: int):
    view.resize(width, 300)
    show(view, make_solve(*(MIXED * 5), ended=Ended.ANSWERED))

    for token in range(view.scene.tokens):
        for rect in view.scene.rects_of(token):
            assert view.scene.token_at(rect.center()) == token


def test_a_character_split_between_tokens_shows_at_the_last_one(view: TraceView, make_solve: Make):
    show(view, make_solve("a", b"\xe4\xbd", b"\xa0", "b"))

    assert view.scene.paragraphs.items[0].text == "a你b"
    (rect,) = view.scene.rects_of(2)
    assert view.scene.token_at(rect.center()) == 2
    assert view.scene.rects_of(1)[0].width() <= 2


def test_hovering_tells_the_token_once(view: TraceView, make_solve: Make, qtbot: QtBot):
    show(view, make_solve(*MIXED))
    told: list[int] = []
    view.hovered.connect(told.append)
    rect = view.token_rect(4)

    for x in (1, 2, 3):
        qtbot.mouseMove(view.viewport(), rect.topLeft() + QPoint(x, 5))

    assert told == [4]


def test_a_click_pins_and_a_drag_selects(view: TraceView, make_solve: Make, qtbot: QtBot):
    show(view, make_solve(*MIXED))
    left = Qt.MouseButton.LeftButton
    start, stop = view.token_rect(1), view.token_rect(4)

    qtbot.mouseClick(view.viewport(), left, pos=view.token_rect(3).center())
    assert view.scene.pinned == 3

    qtbot.mousePress(view.viewport(), left, pos=QPoint(start.left() + 1, start.center().y()))
    qtbot.mouseMove(view.viewport(), QPoint(stop.right(), stop.center().y()))
    view.pointer.move(_moved(QPointF(stop.right(), stop.center().y())))
    qtbot.mouseRelease(view.viewport(), left, pos=QPoint(stop.right(), stop.center().y()))
    view.copy()

    assert QGuiApplication.clipboard().text() == " me 🙂 数学推理"


def test_all_that_was_written_is_copied(view: TraceView, make_solve: Make):
    solve = make_solve("<think>", "Hm 🙂", "\n", "</think>", "It is", " 4", thinks=True)
    show(view, solve)

    view.select_all()

    assert view.scene.selected_text == solve.transcript.text


def test_a_trace_and_a_selection_are_copied_as_markdown(view: TraceView, make_solve: Make):
    pieces = ("<think>", "Hm 🙂", "\n", "\\(x\\)", "</think>", "It is", " 4", "<|im_end|>")
    solve = make_solve(*pieces, thinks=True, ended=Ended.ANSWERED)
    solve.trace = replace(solve.trace, closing=1)
    show(view, solve)

    copy_markdown(view.scene)
    assert QGuiApplication.clipboard().text() == "> Hm 🙂\n> $x$\n\nIt is 4"

    last = len(view.scene.paragraphs.items) - 1
    view.scene.selection = (Place(1, 0), Place(last, 5))
    copy_markdown(view.scene)
    assert QGuiApplication.clipboard().text() == "> $x$\n\nIt is"


def test_arrows_walk_from_token_to_token(view: TraceView, make_solve: Make, qtbot: QtBot):
    show(view, make_solve(*MIXED))
    view.pin(0)

    view.step(1)
    view.step(1)
    assert view.scene.pinned == 2
    view.step(-5)
    assert view.scene.pinned == 0
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.scene.pinned > 7  # on the second line of text
    assert "token" in spoken(view)


def test_thought_and_answer_are_two_sections(view: TraceView, make_solve: Make):
    show(view, make_solve("<think>", "Two", ".", "</think>", "\n\n", "Four", ".", thinks=True))
    scene = view.scene
    sections = [scene.section(item) for item in scene.paragraphs.items]

    assert sections == [Section.THINKING, *[Section.ANSWER] * (len(sections) - 1)]
    assert scene.layouts.heads == {0, 1}
    thought = scene.paragraphs.items[0]
    assert [thought.text[a:b] for a, b in scene.marks(thought)] == ["<think>", "</think>"]


def test_an_unfinished_thought_has_no_answer(view: TraceView, make_solve: Make):
    show(view, make_solve("<think>", "Two", thinks=True))

    assert view.scene.section(view.scene.paragraphs.items[0]) is Section.THINKING
    assert view.scene.layouts.heads == {0}


def test_another_heat_lays_nothing_out_again(view: TraceView, make_solve: Make):
    show(view, make_solve(*MIXED))
    before = view.scene.layouts.laid(0)
    bins = view.scene.bins.copy()

    view.set_heat(Heat.PROBABILITY)

    assert view.scene.layouts.laid(0) is before
    assert (view.scene.bins != bins).any()


def test_resizing_keeps_the_place_that_is_read(view: TraceView, make_solve: Make):
    show(view, make_solve(*many(400), ended=Ended.ANSWERED))
    view.pin(800)
    view.verticalScrollBar().setValue(int(view.scene.layouts.top(200)))
    assert view.visible_paragraphs()[0] == 200

    view.resize(230, 300)

    assert view.visible_paragraphs()[0] == 200


def test_only_what_is_seen_is_laid_out(view: TraceView, make_solve: Make):
    view.show_trace(make_solve(*many(400), ended=Ended.ANSWERED))
    view.scene.take()
    view.settle()

    assert len(view.scene.layouts._laid) < 40
    view.catch_up()
    assert len(view.scene.layouts._laid) <= KEPT


def test_the_view_follows_until_the_person_scrolls(view: TraceView, make_solve: Make, qtbot: QtBot):
    solve = make_solve(*many(100))
    show(view, solve)
    bar = view.verticalScrollBar()
    assert view.following
    assert bar.value() == bar.maximum()

    bar.setValue(100)
    assert not view.following
    assert view.live_button.isVisible()
    qtbot.mouseClick(view.live_button, Qt.MouseButton.LeftButton)
    assert view.following
    assert bar.value() == bar.maximum()


def test_a_growing_trace_is_looked_at_once_a_frame(view: TraceView, make_solve: Make, qtbot: QtBot):
    solve = make_solve("a")
    show(view, solve)
    for _ in range(50):
        view.grow()

    assert view._frame.isActive()
    qtbot.waitUntil(lambda: not view._frame.isActive(), timeout=500)
    assert view.scene.tokens == 1


def test_a_long_trace_shows_its_first_page_at_once_and_its_end_soon(
    view: TraceView, make_solve: Make, qtbot: QtBot
):
    solve = make_solve(*many(2_000), ended=Ended.ANSWERED)

    view.show_trace(solve)

    assert 0 < view.scene.tokens < len(solve.columns)
    assert view.seen[0] == 0
    qtbot.waitUntil(lambda: view.scene.tokens == len(solve.columns), timeout=5000)
    qtbot.waitUntil(lambda: view.scene.layouts.exact, timeout=5000)
    bar = view.verticalScrollBar()
    assert bar.value() == 0
    assert bar.maximum() + view.viewport().height() >= view.scene.layouts.height


@pytest.mark.parametrize("follows", [True, False])
def test_nothing_repaints_more_than_thirty_times_a_second(
    view: TraceView, make_solve: Make, qtbot: QtBot, follows: bool
):
    solve = make_solve(*many(2_000))
    paints = Paints(view.viewport())
    view.show_trace(solve)  # the end, and rough heights above it, come while tokens do
    if not follows:
        view.verticalScrollBar().setValue(0)
    more = QTimer(view, interval=5)
    more.timeout.connect(lambda: (grow(solve, [b" more"]), view.grow()))
    more.start()
    qtbot.wait(200)
    paints.times.clear()
    qtbot.wait(1000)
    more.stop()

    assert view.following is follows
    assert 1 < len(paints.times) <= 32


class Paints(QObject):
    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.times: list[float] = []
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self.times.append(perf_counter())
        return False


def test_points_beside_the_text_are_no_token(view: TraceView, make_solve: Make):
    show(view, make_solve("a", " b"))

    assert view.scene.token_at(QPointF(-LEFT, 50)) == -1
    assert view.scene.token_at(QPointF(10, 5000)) == -1
    assert view.scene.token_at(QPointF(400, 50)) == -1


def _moved(point: QPointF):  # type: ignore[no-untyped-def]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QMouseEvent(QEvent.Type.MouseMove, point, point, left, left, none)


def test_keys_and_clicks_win_over_a_mouse_that_rests(
    window: Window, make_solve: Make, qtbot: QtBot
):
    view, inspector = window.page.view, window.page.inspector
    window.driver.solve = make_solve(*MIXED, ended=Ended.ANSWERED)
    window.driver.trace_changed.emit()
    view.catch_up()
    rect = view.token_rect(3)
    qtbot.mouseMove(view.viewport(), rect.center())
    assert inspector.token == 3

    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    window.commands.trigger("next-token")
    assert inspector.token == 4
    QCursor.setPos(view.viewport().mapToGlobal(rect.center()))
    view.pointer.hold()
    view.pointer.move(_moved_to(view, rect.center()))  # Qt repeats the place
    assert inspector.token == 4
    view.pointer.move(_moved_to(view, view.token_rect(1).center()))
    assert inspector.token == 1

    window.commands.trigger("last-token")
    assert inspector.token == view.scene.tokens - 1
    window.commands.trigger("first-token")
    assert inspector.token == 0
    window.commands.trigger("stop")  # Esc, and nothing grows
    assert (view.scene.pinned, inspector.token) == (-1, -1)


def _moved_to(view: TraceView, point: QPoint) -> QMouseEvent:
    none = Qt.KeyboardModifier.NoModifier
    there = QPointF(view.viewport().mapToGlobal(point))
    button = Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(point), there, button, button, none)
