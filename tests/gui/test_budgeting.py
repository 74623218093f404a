"""The budget laboratory: fields and bill, a run, the chart, its table, and traces that open."""

from collections.abc import Callable

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from kimidesk.errors import UsageError
from kimidesk.gui.lab.curve import BudgetCurve, table_of
from kimidesk.gui.lab.dialog import LabDialog
from kimidesk.gui.lab.plan import PlanFields, read_budgets
from kimidesk.gui.solve.budgeting import BudgetRoom
from kimidesk.gui.window import Window
from kimidesk.reading.budgets import Run, Way, curves
from kimidesk.records import Problem

Script = Callable[..., str]
FOUR = {"match": "2+2", "text": "Two and two. So it is four. The answer is \\boxed{4}."}
FIVE = {"match": "2+2", "text": "Two and two. Perhaps it is five. The answer is \\boxed{5}."}
SURE = {"match": "is \\boxed{", "text": "4} and more"}
START_MS = 60_000


def opened(
    window: Window, ref: str, qtbot: QtBot, answer: str = "4"
) -> tuple[BudgetRoom, LabDialog]:
    window.presenter.open_checkpoint(ref)
    window.page.problem.show_problem(Problem("What is 2+2?", answer))
    window.commands.trigger("solve")
    qtbot.waitUntil(lambda: not window.driver.busy, timeout=START_MS)
    window.commands.trigger("budgets")
    room = next(room for room in window.presenter.rooms if isinstance(room, BudgetRoom))
    assert room.dialog is not None
    return room, room.dialog


def tried(room: BudgetRoom, dialog: LabDialog, qtbot: QtBot, budgets: str = "0, 4, 8") -> None:
    dialog.plan.budgets.setText(budgets)
    dialog.plan.ways[Way.WAIT].setChecked(False)
    qtbot.waitUntil(dialog.plan.button.isEnabled, timeout=START_MS)
    with qtbot.waitSignal(room.trying.ended, timeout=START_MS):
        dialog.plan.button.click()


def test_budgets_are_tried_drawn_told_and_opened(window: Window, script: Script, qtbot: QtBot):
    room, dialog = opened(window, script(FOUR, FIVE, SURE, thinks=False), qtbot)
    qtbot.waitUntil(lambda: "to draw: about" in dialog.plan.bill.text(), timeout=START_MS)

    tried(room, dialog, qtbot)

    points = curves(room._runs)
    assert set(points) == {Way.OWN, Way.CUT, Way.NONE, Way.RERUN}
    assert [point.thinking for point in points[Way.CUT]] == [0, 4, 8]
    assert len(dialog.curve.points) == 8
    assert len(dialog.frame.model.table.rows) == 8
    assert "performance 100 %" in dialog.figures.text()
    dialog.curve.chosen.emit(points[Way.CUT][1])
    chosen = dialog.runs.selectedItems()
    assert [item.text(1) for item in chosen] == ["4"] * 3
    window.driver.desk.settle()
    dialog.runs.itemDoubleClicked.emit(chosen[0], 0)
    assert window.driver.solve is not None
    assert window.driver.solve.trace.fork is not None
    assert window.driver.solve.trace.fork.at == 4


def test_more_is_added_to_what_is_there(window: Window, script: Script, qtbot: QtBot):
    room, dialog = opened(window, script(FOUR, FIVE, SURE, thinks=False), qtbot)
    tried(room, dialog, qtbot, "0, 8")
    before = list(room._runs)
    window.driver.desk.settle()

    dialog.plan.budgets.setText("0, 4, 8")

    qtbot.waitUntil(lambda: dialog.plan.bill.text().startswith("6 to draw"), timeout=START_MS)
    with qtbot.waitSignal(room.trying.ended, timeout=START_MS):
        dialog.plan.button.click()
    assert room._runs[: len(before)] == before
    assert len(room._runs) == len(before) + 6
    dialog.close()
    window.commands.trigger("budgets")
    assert len(dialog.curve.points) == 8, "it is shown when it is opened again"


def test_stopping_keeps_what_has_come(window: Window, script: Script, qtbot: QtBot):
    slow = script({"match": "", "text": "Two and two. On it goes."}, thinks=False, tokens_per_s=90)
    room, dialog = opened(window, slow, qtbot, answer="")  # nothing is judged
    dialog.plan.seeds.setValue(100)
    qtbot.waitUntil(lambda: "to draw" in dialog.plan.bill.text(), timeout=START_MS)
    dialog.plan.button.click()
    qtbot.waitUntil(lambda: dialog.plan.progress.value() > 1, timeout=START_MS)

    with qtbot.waitSignal(room.trying.ended, timeout=START_MS):
        dialog.plan.button.click()

    assert len(room._runs) > 1
    assert dialog.plan.button.text() == "&Run"


def test_what_cannot_be_tried_says_why(qtbot: QtBot):
    fields = PlanFields()
    qtbot.addWidget(fields)

    fields.budgets.setText("1, two")
    with pytest.raises(UsageError, match="“two” is no number"):
        _ = fields.plan
    fields.budgets.setText("")
    with pytest.raises(UsageError, match="Name budgets"):
        _ = fields.plan
    for box in fields.ways.values():
        box.setChecked(False)
    with pytest.raises(UsageError, match="Choose a way"):
        _ = fields.plan
    assert read_budgets("64，0 128、256") == (0, 64, 128, 256)


def test_a_point_is_found_where_it_is_drawn(qtbot: QtBot):
    curve = BudgetCurve()
    qtbot.addWidget(curve)
    curve.resize(500, 300)
    curve.show()
    runs = [Run(Way.CUT, 64 * n, 0, "t", thinking=64 * n, right=n > 1) for n in range(4)]
    curve.show_curves(curves(runs), own=False)
    qtbot.wait(50)

    there = curve.box.mapViewToScene(QPointF(128, 1.0))
    assert curve.point_at(there) is curve.points[2]
    assert curve.point_at(curve.box.mapViewToScene(QPointF(96, 0.5))) is None
    assert table_of(curve.points).rows[2][:5] == ("cut", "128", 128, 1, 1)
    assert "cut, budget 128" in curve.accessibleDescription()


def test_without_an_expected_answer_nothing_is_drawn_as_right(qtbot: QtBot):
    curve = BudgetCurve()
    qtbot.addWidget(curve)

    curve.show_curves(curves([Run(Way.CUT, 4, 0, thinking=4)]), own=True)

    assert table_of(curve.points).rows[0][3:] == (None,) * 5
    assert curve.point_at(QPointF(0, 0)) is None
