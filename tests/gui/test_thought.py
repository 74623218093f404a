"""Named thought in the window: outline, minimap, walking, and the keys for them."""

from collections.abc import Callable
from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui import kinds
from kimidesk.gui.solve.thought import ThoughtRoom
from kimidesk.gui.thought.bands import KINDS, NONE, kind_rows
from kimidesk.gui.thought.rows import OutlineRows
from kimidesk.gui.widgets.passages import Passages
from kimidesk.gui.widgets.spoken import spoken
from kimidesk.gui.window import Window
from kimidesk.reading.segments.stages import Stage
from kimidesk.records import Ended, Kind, Note, Noted
from tests.gui.conftest import MakeSolve
from tests.gui.test_folding import THOUGHT, pieces

START_MS = 15_000


@pytest.fixture
def room(window: Window) -> ThoughtRoom:
    return next(each for each in window.presenter.rooms if isinstance(each, ThoughtRoom))


@pytest.fixture
def solved(window: Window, make_solve: MakeSolve) -> Window:
    """A thought of many segments is shown, and named."""
    solve = make_solve(
        "<think>", *pieces(THOUGHT * 3), "</think>", "It is 7.", thinks=True, ended=Ended.ANSWERED
    )
    show(window, solve)
    return window


def show(window: Window, solve: Solve) -> None:
    window.driver.solve = solve
    window.driver.trace_changed.emit()
    window.presenter.naming.settle()
    window.page.view.catch_up()


def test_the_outline_lists_every_segment_in_order(solved: Window, room: ThoughtRoom):
    rows, passages = room.outline.rows, solved.page.view.scene.passages.items

    assert [rows.passage(row) for row in range(rows.rowCount())] == passages
    told = str(rows.data(rows.index(0)))
    assert told.startswith(kinds.LETTERS[passages[0].kind])
    assert "Okay, so I need" in told
    assert str(passages[0].tokens) in told


def test_choosing_a_row_goes_to_its_segment(solved: Window, room: ThoughtRoom, qtbot: QtBot):
    solved.commands.trigger("outline")
    row = room.outline.rows.index(room.outline.rows.rowCount() - 1)
    room.outline.list.scrollTo(row)
    place = room.outline.list.visualRect(row).center()

    qtbot.mouseClick(room.outline.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    last = solved.page.view.scene.passages.items[-1]
    assert solved.page.view.scene.pinned == last.first
    assert solved.page.view.token_rect(last.first).bottom() < solved.page.view.viewport().height()


def test_the_outline_follows_the_pinned_token(solved: Window, room: ThoughtRoom):
    passage = solved.page.view.scene.passages.items[5]

    solved.page.view.pin(passage.last)

    assert room.outline.list.currentIndex().row() == 5
    assert solved.page.view.scene.pinned == passage.last


def test_kinds_that_are_chosen_are_listed_alone(solved: Window, room: ThoughtRoom):
    room.outline.filter.buttons[Kind.VERIFY].click()
    room.outline.filter.buttons[Kind.RESTATE].click()
    rows = room.outline.rows

    shown = [rows.passage(row) for row in range(rows.rowCount())]
    chosen = {Kind.VERIFY, Kind.RESTATE}
    assert shown == [p for p in solved.page.view.scene.passages.items if p.kind in chosen]
    for button in room.outline.filter.buttons.values():
        button.setChecked(False)
    assert rows.rowCount() == len(solved.page.view.scene.passages.items)


@pytest.mark.parametrize("chosen", [frozenset[Kind](), frozenset({Kind.DERIVE, Kind.VERIFY})])
def test_rows_follow_every_change_of_names(solved: Window, chosen: frozenset[Kind], qtmodeltester):  # type: ignore[no-untyped-def]
    naming, source = solved.presenter.naming, solved.page.view.scene.source
    assert source is not None
    rows, passages = OutlineRows(), Passages()
    rows.show(passages, source.transcript)
    rows.filter(chosen)
    qtmodeltester.check(rows)
    named = list(naming.items)
    steps = [named[:n] for n in range(0, len(named), 3)] + [named]
    for place, kind in ((4, Kind.VERIFY), (0, Kind.ANSWER), (len(named) - 1, Kind.DERIVE)):
        named = [replace(one, kind=kind) if n == place else one for n, one in enumerate(named)]
        steps.append(named)
    for step in [*steps, named[:2], []]:
        rows.follow(passages.follow(step, source.transcript))
        fresh = Passages()
        fresh.follow(step, source.transcript)
        wanted = [one for one in fresh.items if not chosen or one.kind in chosen]
        assert [rows.passage(row) for row in range(rows.rowCount())] == wanted
        assert passages.items == fresh.items


def test_segments_are_walked_and_told(solved: Window):
    view, passages = solved.page.view, solved.page.view.scene.passages.items
    view.pin(passages[2].last)

    solved.commands.trigger("next-segment")
    assert view.scene.pinned == passages[3].first
    assert kinds.name(passages[3].kind) in spoken(view)
    solved.commands.trigger("last-segment")
    assert view.scene.pinned == passages[2].first
    for _ in passages:
        solved.commands.trigger("last-segment")
    assert view.scene.pinned == passages[0].first


def test_walking_by_segments_leaves_them_folded(solved: Window):
    view = solved.page.view
    solved.commands.trigger("fold-all")
    view.pin(view.scene.passages.items[0].first, unfold=False)

    solved.commands.trigger("next-segment")

    assert view.scene.fold_hiding(view.scene.pinned) is not None
    assert "collapsed" in spoken(view)


@pytest.mark.parametrize(
    "reach",
    [
        lambda window: window.page.find_bar.walk(1),
        lambda window: window.page.find_bar.walk(-1),
        lambda window: window.commands.trigger("next-surprise"),
        lambda window: window.commands.trigger("last-token"),
    ],
)
def test_what_is_gone_to_unfolds(solved: Window, reach: Callable[[Window], object]):
    view, bar = solved.page.view, solved.page.find_bar
    view.scene.bins[40] = 30
    solved.commands.trigger("fold-thought")
    bar.ask()
    bar.field.setText("alternatively")
    assert view.scene.layouts.folds

    reach(solved)

    assert view.scene.pinned >= 0
    assert view.scene.fold_hiding(view.scene.pinned) is None


def test_every_command_of_segments_does_what_it_says(solved: Window):
    view, scene = solved.page.view, solved.page.view.scene
    view.pin(scene.passages.items[1].first)

    def folds(command: str) -> int:
        solved.commands.trigger(command)
        while scene.folding.settle(1.0):
            pass
        return len(scene.layouts.folds)

    assert folds("fold") == 1
    assert folds("unfold") == 0
    assert folds("fold-kind") == sum(
        each.kind is scene.passages.items[1].kind for each in scene.passages.items
    )
    assert folds("fold-kind") == 0
    assert folds("fold-all") == len(scene.passages.items)
    assert folds("fold-thought") == 1
    assert folds("fold-thought") == len(scene.passages.items)
    assert folds("unfold-all") == 0
    solved.commands.trigger("select-segment")
    solved.commands.trigger("copy")
    assert QGuiApplication.clipboard().text() == scene.selected_text != ""


def test_the_minimap_goes_to_what_is_pressed(solved: Window, room: ThoughtRoom, qtbot: QtBot):
    view, minimap = solved.page.view, room.minimap
    for share in (0.9, 0.1, 0.5):
        at = QPoint(5, int(share * minimap.height()))
        qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=at)
        bar = view.verticalScrollBar()
        token = minimap.token_at(at.y())
        assert view.seen[0] <= token <= view.seen[1] or bar.value() in (0, bar.maximum())


def test_the_minimap_tells_segments_stages_and_notes(solved: Window, room: ThoughtRoom):
    minimap, scene = room.minimap, solved.page.view.scene
    source = solved.driver.solve
    assert source is not None
    passage = max(scene.passages.items, key=lambda each: each.tokens)
    middle = minimap.row_of((passage.first + passage.last) // 2)
    assert minimap.told(4, middle).startswith(kinds.name(passage.kind))
    stretch = minimap._stretches[0]
    told = minimap.told(minimap.width() - 3, minimap.row_of(stretch.first) + 1)
    assert {Stage.SETUP: "Setup", Stage.FIRST_PASS: "First pass"}[stretch.stage] in told

    source.trace = replace(source.trace, notes=(Note(passage.first, Noted.CUT),))
    assert "budget was spent" in minimap.told(4, minimap.row_of(passage.first))


def test_hits_of_a_search_are_marked_on_the_map(solved: Window, room: ThoughtRoom, qtbot: QtBot):
    solved.page.find_bar.ask()
    solved.page.find_bar.field.setText("alternatively")
    qtbot.waitUntil(lambda: bool(room.minimap._hits), timeout=2000)

    assert len(room.minimap._hits) == 3
    image = room.minimap.grab().toImage()
    assert not image.isNull()


def test_rows_of_the_map_show_what_most_of_their_tokens_are(solved: Window):
    passages = solved.page.view.scene.passages.items
    tokens = passages[-1].last + 40

    rows = kind_rows(passages, tokens, 7)
    fine = kind_rows(passages, tokens, 4 * tokens)

    assert len(rows) == 7
    assert fine[0] == NONE
    assert fine[-1] == NONE
    for passage in passages:
        middle = 4 * ((passage.first + passage.last) // 2) + 2
        assert KINDS[fine[middle]] is passage.kind


def test_the_map_and_outline_of_nothing_are_empty(window: Window, room: ThoughtRoom):
    window.commands.trigger("outline")
    for name in ("fold", "unfold", "fold-all", "fold-kind", "fold-thought", "next-segment"):
        window.commands.trigger(name)

    assert room.outline.rows.rowCount() == 0
    assert room.outline.nothing.isVisible()
    assert room.minimap.told(4, 4) == ""
    assert not room.minimap.grab().isNull()


def test_segments_are_named_while_a_trace_grows(
    window: Window, room: ThoughtRoom, script: Callable[..., str], qtbot: QtBot
):
    text = "<think>" + THOUGHT * 3 + "</think>7."
    window.presenter.open_checkpoint(script({"match": "sum", "text": text, "then": "silent"}))
    window.page.problem.show_problem(window.page.problem.problem.__class__("The sum?", ""))
    window.commands.trigger("solve")

    qtbot.waitUntil(lambda: room.outline.rows.rowCount() > 10, timeout=START_MS)
    window.commands.trigger("fold-all")
    qtbot.waitUntil(lambda: window.page.view.scene.folding.settled, timeout=2000)
    assert window.page.view.scene.layouts.folds
    window.commands.trigger("stop")


def test_nothing_is_left_untranslated_in_the_other_language(solved: Window, room: ThoughtRoom):
    english = [room.outline.count.text(), room.minimap.accessibleName(), kinds.name(Kind.PLAN)]

    solved.set_language("zh_CN")
    QApplication.processEvents()

    chinese = [room.outline.count.text(), room.minimap.accessibleName(), kinds.name(Kind.PLAN)]
    assert not set(english) & set(chinese)
