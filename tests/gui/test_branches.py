"""Branches in the window: asked at a token, grown beside the trace, walked in their tree."""

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimidesk.gui.solve.branches.room import BranchRoom
from kimidesk.gui.window import Window
from kimidesk.records import Noted, Problem

Script = Callable[..., str]
START_MS = 15_000
FOUR: dict[str, Any] = {
    "match": "2+2",
    "tokens": [
        {"text": "<think>"},
        {"text": "Two", "rivals": [["Two", -0.1], ["Suppose", -2.4]]},
        {"text": " and two make four."},
    ],
    "text": " It is 4.</think>The answer is \\boxed{4}.",
}
FIVE = {"match": "Suppose", "text": " five it is.</think>The answer is \\boxed{5}."}
HINTED = {"match": "count again", "text": " One, two.</think>The answer is \\boxed{4}."}


@pytest.fixture
def room(window: Window, script: Script, qtbot: QtBot) -> BranchRoom:
    """Of a window that shows a trace of ten tokens, which has ended."""
    window.presenter.open_checkpoint(script(FOUR, FIVE, HINTED))
    window.page.problem.show_problem(Problem("What is 2+2?", "4"))
    window.commands.trigger("solve")
    qtbot.waitUntil(lambda: window.snapshot()["verdict"] != "", timeout=START_MS)
    (found,) = [each for each in window.presenter.rooms if isinstance(each, BranchRoom)]
    return found


def grown(room: BranchRoom, count: int, qtbot: QtBot) -> None:
    """Wait until the family has so many members, all of them judged."""
    qtbot.waitUntil(
        lambda: [node.judgement is not None for node in room.family.nodes] == [True] * count,
        timeout=START_MS,
    )


def shown(room: BranchRoom) -> str:
    assert room.solve is not None
    return room.solve.said


def test_a_rival_that_is_clicked_grows_into_a_branch_and_is_shown_whole(
    room: BranchRoom, window: Window, qtbot: QtBot
):
    root = shown(room)
    window.page.view.pin(1)
    bars = window.page.inspector.bars
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Return)
    grown(room, 2, qtbot)

    first, branch = room.family.nodes
    assert shown(room) == "<think>Suppose five it is.</think>The answer is \\boxed{5}."
    assert (first.answer, branch.answer) == ("4", "5")
    assert branch.fork is not None
    assert (branch.fork.at, branch.fork.instead[:3]) == (1, "Two")
    assert room.solve is not None
    assert room.solve.shared == 1
    assert room.solve.trace.notes[0].what is Noted.LEFT
    assert window.page.view.scene.branched == ()

    room.open(first.id)
    assert shown(room) == root
    assert [(note.at, note.what) for note in window.page.view.scene.branched] == [
        (1, Noted.BRANCHED)
    ]
