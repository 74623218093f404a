"""Branches in the window: asked at a token, grown beside the trace, walked in their tree.

Starting a worker takes longer than all else here, so a test is a journey.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimidesk.flows import Story
from kimidesk.flows.branching import Change
from kimidesk.gui.solve.branches.nodes import differing
from kimidesk.gui.solve.branches.room import BranchRoom
from kimidesk.gui.window import Window
from kimidesk.records import Ended, Noted, Problem

Script = Callable[..., str]
START_MS = 30_000
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
ENDLESS = {"match": "Hmmm", "text": " well", "then": "silent"}
HINTED = {"match": "count again", "text": " One, two.</think>The answer is \\boxed{4}."}


@pytest.mark.parametrize(
    ("parent", "branch", "told"),
    [
        ("two and three", "two and four", ("… three", "… four")),
        ("apples and pears", "apples. Then", ("…  and pears", "… . Then")),
        ("more apples", "more a day", ("… apples", "… a day")),
        ("no", "yes", ("no", "yes")),
        ("the same", "the same", ("… ", "… ")),
    ],
)
def test_a_branch_is_told_from_the_word_in_which_it_differs(
    parent: str, branch: str, told: tuple[str, str]
):
    assert differing(parent, branch) == told


def solved(window: Window, ref: str, qtbot: QtBot, answer: str = "") -> BranchRoom:
    """The room of a window that shows a trace of ten tokens, which has ended."""
    window.presenter.open_checkpoint(ref)
    window.page.problem.show_problem(Problem("What is 2+2?", answer))
    window.commands.trigger("solve")
    (room,) = [each for each in window.presenter.rooms if isinstance(each, BranchRoom)]
    grown(room, 1, qtbot, judged=bool(answer))
    qtbot.waitUntil(lambda: window.page.view.scene.tokens == window.snapshot()["tokens"])
    return room


def grown(room: BranchRoom, count: int, qtbot: QtBot, *, judged: bool = False) -> None:
    """Wait until the family has so many members, and all are whole."""

    def whole() -> bool:
        nodes = room.family.nodes
        ended = [each.judgement if judged else each.ended for each in nodes]
        return len(nodes) == count and None not in ended and not room.growing.flows

    qtbot.waitUntil(whole, timeout=START_MS)


def shown(room: BranchRoom) -> str:
    assert room.solve is not None
    return room.solve.said


def test_a_chosen_rival_grows_and_is_judged_and_several_branches_are_counted(
    window: Window, script: Script, qtbot: QtBot
):
    room = solved(window, script(FOUR, FIVE), qtbot, "4")
    root, view = shown(room), window.page.view
    view.pin(1)
    window.commands.trigger("rivals")
    qtbot.keyClick(window.page.inspector.bars, Qt.Key.Key_Return)
    grown(room, 2, qtbot, judged=True)

    first, branch = room.family.nodes
    assert shown(room) == "<think>Suppose five it is.</think>The answer is \\boxed{5}."
    assert (first.answer, branch.answer, branch.sign) == ("4", "5", "✗")
    assert branch.fork is not None
    assert (branch.fork.at, branch.fork.instead[:3]) == (1, "Two")
    assert isinstance(room.solve, Story)
    assert room.solve.shared == 1
    assert room.solve.trace.notes[0].what is Noted.LEFT
    assert not np.isnan(room.solve.columns.logprob).any()
    assert view.scene.branched == ()

    room.open(first.id)
    assert shown(room) == root
    (mark,) = view.scene.branched
    assert (mark.at, mark.what) == (1, Noted.BRANCHED)

    view.pin(4)
    window.commands.trigger("branch-several")
    room.asking.editor.count.setValue(3)
    room.asking.editor.begin.click()
    grown(room, 5, qtbot, judged=True)
    assert [node.seed for node in room.family.nodes] == [0, 0, 1, 2, 3]
    assert room.panel.outcomes.isVisibleTo(room.panel)
    assert room.panel.outcomes.summary.startswith("3 of 3 right: 100 %")
    assert room.panel.outcomes.bars.accessibleName() == "4: 3"


def test_what_is_typed_or_commanded_at_a_token_begins_a_branch(
    window: Window, script: Script, qtbot: QtBot
):
    room = solved(window, script(FOUR, HINTED), qtbot)
    root, view, editor = room.family.nodes[0].id, window.page.view, room.asking.editor
    room.asking.functions["branch-answer"]()
    assert window.snapshot()["error"] == "no token is chosen"
    view.pin(9)
    room.asking.functions["branch-answer"]()
    assert "no thought is open" in str(window.snapshot()["error"])
    assert len(room.family.nodes) == 1

    view.pin(3)
    window.commands.trigger("branch-hint")
    assert editor.isVisible()
    qtbot.keyClicks(editor.text, "count again")
    qtbot.keyClick(editor.text, Qt.Key.Key_Return)
    grown(room, 2, qtbot)
    assert not editor.isVisible()
    assert room.solve is not None
    assert room.solve.columns.forced.tolist()[3:6] == [True, True, False]
    assert " make four. count again" in shown(room)

    room.open(root)
    room.naming.settle()
    view.pin(4)
    window.commands.trigger("branch-sentence")
    editor.text.setPlainText(editor.text.toPlainText().replace("4", "six"))
    qtbot.keyClick(editor.text, Qt.Key.Key_Return)
    grown(room, 3, qtbot)
    assert isinstance(room.solve, Story)
    assert room.solve.shared == 5, "all before the first change is kept"
    assert "It is six." in shown(room)

    room.open(root)
    view.pin(3)
    window.commands.trigger("branch-answer")
    grown(room, 4, qtbot)
    assert Noted.ANSWER_NOW in [note.what for note in room.solve.trace.notes]
    assert "I have to answer now" in shown(room)


def test_the_tree_is_walked_and_a_family_is_whole_when_one_of_it_is_opened_again(
    window: Window, script: Script, qtbot: QtBot
):
    room = solved(window, script(FOUR), qtbot)
    tree = room.panel.tree
    room.branch(Change(2, text=" Hm."))
    grown(room, 2, qtbot)
    room.branch(Change(4, text=" So."))
    grown(room, 3, qtbot)
    root, child, grandchild = room.family.nodes
    story = shown(room)
    assert grandchild.fork is not None
    assert (grandchild.fork.parent, grandchild.fork.at) == (child.id, 2)

    tree.point_at(root.id)
    for _ in range(2):
        qtbot.keyClick(tree, Qt.Key.Key_Down)
    assert tree.current == grandchild.id
    qtbot.keyClick(tree, Qt.Key.Key_Left)
    assert tree.current == child.id
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert room.solve is not None
    assert room.solve.trace.id == child.id

    window.driver.desk.settle()
    window.commands.trigger("new")
    assert room.family.nodes == []
    window.driver.reopen(grandchild.id)
    assert shown(room) == story
    qtbot.waitUntil(lambda: all(node.answer for node in room.family.nodes), timeout=START_MS)
    assert [node.id for node in room.family.nodes] == [root.id, child.id, grandchild.id]
    room.branch(Change(1, text=" Again."))
    grown(room, 4, qtbot)
    fork = room.family.nodes[-1].fork
    assert fork is not None
    assert (fork.parent, fork.at) == (root.id, 1), "it leaves whoever wrote the token"


def test_branches_that_are_stopped_are_kept_and_those_that_waited_are_none(
    window: Window, script: Script, qtbot: QtBot
):
    room = solved(window, script(FOUR, ENDLESS, tokens_per_s=50), qtbot)
    room.branch(Change(2, text=" Hmmm"), 4)
    qtbot.waitUntil(lambda: room.family.nodes[1].tokens > 0, timeout=START_MS)
    qtbot.waitUntil(lambda: room.family.nodes[2].tokens > 0, timeout=START_MS)  # two slots
    assert room.family.nodes[3].waiting
    qtbot.waitUntil(lambda: room.solve is not None and bool(room.solve.trace.fork))
    window.commands.trigger("stop")  # the one that is shown
    qtbot.waitUntil(lambda: room.family.nodes[3].tokens > 0, timeout=START_MS)
    assert room.family.nodes[1].ended is Ended.STOPPED
    assert room.family.nodes[4].waiting

    window.commands.trigger("stop-branches")
    qtbot.waitUntil(lambda: not room.growing.flows, timeout=START_MS)
    assert [node.ended for node in room.family.nodes[1:]] == [Ended.STOPPED] * 3

    room.branch(Change(2, text=" Hmmm"), 2)
    qtbot.waitUntil(lambda: room.family.nodes[5].tokens > 0, timeout=START_MS)
    window.presenter.open_checkpoint(window.driver.ref)
    assert not room.growing.flows
    assert [node.ended for node in room.family.nodes[1:]] == [Ended.STOPPED] * 5
    window.driver.desk.settle()
    assert len(window.driver.desk.family(room.family.nodes[0].id)) == 6


def test_a_trace_of_the_history_opens_its_checkpoint_and_one_that_is_gone_leaves_nothing(
    window: Window, script: Script, qtbot: QtBot
):
    ref = script(FOUR)
    room = solved(window, ref, qtbot)
    root = room.family.nodes[0].id
    window.driver.desk.settle()
    other = Path(ref.removeprefix("scripted:")).with_name("other.json")
    other.write_text('{"recitations": [{"match": "", "text": "no"}]}', "utf-8")
    window.presenter.open_checkpoint(f"scripted:{other}")
    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)
    window.driver.reopen(root)

    room.branch(Change(2, text=" Hm."))
    assert window.snapshot()["phase"] == "waiting for the checkpoint"
    grown(room, 2, qtbot)
    assert window.driver.ref == ref
    assert shown(room).startswith("<think>Two Hm.")

    window.presenter.open_checkpoint(f"scripted:{other}")
    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)
    Path(ref.removeprefix("scripted:")).unlink()
    room.open(root)
    room.branch(Change(3, text=" Hm."))
    qtbot.waitUntil(lambda: not room.growing.flows, timeout=START_MS)
    assert "script.json" in str(window.snapshot()["error"])
    assert len(room.family.nodes) == 2
    assert room.solve is not None
    assert room.solve.trace.id == root
