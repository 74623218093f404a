"""The Compare page as a person uses it, with true processes."""

import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QItemSelectionModel, QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui.compare.compared import Align
from kimidesk.gui.compare.page import ComparePage
from kimidesk.gui.compare.presenter import ComparePresenter
from kimidesk.gui.solve.history import TRACES
from kimidesk.gui.solve.opened import reopened
from kimidesk.gui.window import Window
from kimidesk.records import (
    Beliefs,
    Candidate,
    Ended,
    Judgement,
    Problem,
    Rating,
    TokenColumns,
    Trial,
    Verdict,
)
from kimidesk.store import Kept

Script = Callable[..., str]
MakeSolve = Callable[..., Solve]
START_MS = 15_000
HEAD = "<think>Let me add the numbers. 3 + 4 is"
ONE = {"match": "3+4", "text": f"{HEAD} 7. So it is 7.</think>The answer is \\boxed{{7}}."}


def one_vocabulary(solve: Solve) -> None:
    """The same piece has the same id in every trace: a number made of its bytes."""
    ids = {id_: zlib.crc32(piece) >> 1 for id_, piece in solve.lexicon.items()}
    told = np.array([ids[id_] for id_ in solve.columns.id.tolist()], np.int32)
    arrays = {**dict(solve.columns.arrays()), "id": told}
    solve.columns = TokenColumns.of(arrays, solve.columns.k)
    solve.lexicon = {ids[id_]: piece for id_, piece in solve.lexicon.items()}


def kept(window: Window, make: MakeSolve, ref: str, answer: str, id_: str) -> str:
    """A trace of the desk, as if it had been solved."""
    end = "So it is 7." if answer == "7" else "Wait, that is wrong."
    words = f"{HEAD} {answer}. {end}</think>The answer is \\boxed{{{answer}}}."
    solve = make(*re.findall(r"\s*\S+", words), thinks=True, ended=Ended.ANSWERED)
    one_vocabulary(solve)
    seed = int(answer == "8")
    checkpoint = replace(solve.trace.checkpoint, ref=ref)
    problem = Problem("What is 3+4?", "7")
    trace = replace(
        solve.trace, id=id_, checkpoint=checkpoint, problem=problem, seed=seed, started_at=seed
    )
    desk = window.driver.desk
    desk.begin(trace)
    desk.append(id_, solve.columns, solve.lexicon)
    desk.finish(trace, solve.said)
    judgement = Judgement.RIGHT if answer == "7" else Judgement.WRONG
    desk.judge(id_, Verdict(judgement, answer, "7"))
    return id_


@pytest.fixture
def solved(window: Window, script: Script, make_solve: MakeSolve) -> list[str]:
    """Two traces of one problem, one right and one wrong."""
    ref = script(ONE, tokens_per_s=0)
    traces = [kept(window, make_solve, ref, answer, f"t{answer}") for answer in ("7", "8")]
    window.driver.desk.settle()
    return traces


@pytest.fixture
def comparing(window: Window, solved: list[str]) -> ComparePresenter:
    window.commands.trigger("page-compare")
    assert window.compare.presenter is not None
    window.compare.presenter.add_traces(solved)
    window.compare.presenter.compared.settle()
    window.compare.presenter.show_figures()
    return window.compare.presenter


def test_the_beliefs_in_the_right_answer_are_drawn_over_each_other(
    window: Window, comparing: ComparePresenter
):
    curves = comparing.page.columns.curves
    assert curves.belief.isHidden()
    candidate = Candidate("7", "7", ("7",), True)
    trials = tuple(Trial(at, 0, "7", "7") for at in (0, 5))
    for trace, chances in (("t7", (0.25, 0.75)), ("t8", (0.5, 0.125))):
        ratings = tuple(
            Rating(at, 0, "7", float(np.log(p))) for at, p in zip((0, 5), chances, strict=True)
        )
        window.driver.desk.keep_beliefs(
            trace, Beliefs((0, 5), ("a",), (candidate,), trials, ratings)
        )
    window.driver.desk.settle()

    comparing.shown()

    assert not curves.belief.isHidden()
    drawn = [item.getData()[1].tolist() for item in curves.belief.listDataItems()]
    assert drawn == [pytest.approx([0.25, 0.75]), pytest.approx([0.5, 0.125])]


def test_a_page_is_built_when_it_is_first_shown(window: Window):
    assert window.compare.presenter is None
    assert not window.commands.actions["compare-force"].isEnabled()
    assert window.rail.solve.isChecked()

    window.rail.compare.click()

    assert window.compare.presenter is not None
    assert window.pages.shown == "compare"
    assert window.commands.actions["compare-force"].isEnabled()
    assert not window.commands.actions["solve"].isEnabled()
    assert window.commands.actions["theme-dark"].isEnabled()
    window.commands.trigger("page-solve")
    assert window.commands.actions["solve"].isEnabled()
    assert window.rail.solve.isChecked()
    assert not window.rail.compare.isChecked()


def test_chosen_traces_stand_side_by_side(comparing: ComparePresenter):
    columns = comparing.page.columns.columns
    tokens = comparing.compared.parting(0)

    assert [column.badge.text() for column in columns] == ["✓  right", "✗  wrong"]
    assert columns[0].view.same == columns[1].view.same == tokens
    solve = columns[1].side.solve
    assert solve.transcript.token_text(tokens).strip() == "8."
    assert "tokens as in A" in columns[1].common.text()
    table = comparing.page.columns.frame.model.table
    assert [row[5] for row in table.rows] == ["7", "8"]

    comparing.functions["compare-parting"]()
    assert [column.view.scene.pinned for column in columns] == [tokens, tokens]
    comparing.stop()
    assert [column.view.scene.pinned for column in columns] == [-1, -1]


def test_what_is_pinned_in_one_is_pinned_where_it_belongs_in_the_others(
    comparing: ComparePresenter,
):
    one, two = (column.view for column in comparing.page.columns.columns)
    comparing.align(Align.TOKENS)

    one.pin(4)
    assert two.scene.pinned == 4
    comparing.align(Align.OFF)
    one.pin(6)
    assert two.scene.pinned == 4


def test_traces_come_by_selection_by_drag_and_by_return(
    window: Window, solved: list[str], qtbot: QtBot
):
    window.commands.trigger("page-compare")
    comparing = window.compare.presenter
    assert comparing is not None
    page = comparing.page
    assert page.columns.empty.isVisible()
    assert [row.id for row in page.history.rows.rows] == solved[::-1]
    page.history.list.selectionModel().select(
        page.history.rows.index(1), QItemSelectionModel.SelectionFlag.Select
    )
    window.commands.trigger("compare-chosen")
    assert [side.solve.trace.id for side in comparing.compared.sides] == solved[:1]

    data = QMimeData()
    data.setData(TRACES, solved[1].encode())
    drop = QDropEvent(
        QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    page.columns.dropEvent(drop)
    assert [side.solve.trace.id for side in comparing.compared.sides] == solved
    window.commands.trigger("compare-remove")
    assert len(page.columns.columns) == 1
    page.history.list.setCurrentIndex(page.history.rows.index(0))
    qtbot.keyClick(page.history.list, Qt.Key.Key_Return)
    assert len(page.columns.columns) == 2
    window.commands.trigger("compare-clear")
    assert page.columns.empty.isVisible()


@pytest.fixture
def other(tmp_path: Path, script: Script) -> Callable[[], str]:
    """Another checkpoint that says the same."""

    def make() -> str:
        text = (tmp_path / "script.json").read_text("utf-8")
        path = tmp_path / "other.json"
        path.write_text(text.replace('"thinks"', '"name": "B", "thinks"'), "utf-8")
        return f"scripted:{path}"

    return make


def test_the_problem_is_put_to_another_checkpoint_beside_the_first(
    window: Window, comparing: ComparePresenter, other: Callable[[], str], qtbot: QtBot
):
    comparing.functions["compare-force"]()
    assert "one checkpoint" in comparing.page.notice.failure.what  # siblings think alike

    comparing.working.solve_with(other())
    assert comparing.page.stop.isEnabled()
    qtbot.waitUntil(lambda: not comparing.working.busy, timeout=START_MS)

    sides = comparing.compared.sides
    assert len(sides) == 3
    assert sides[2].solve.trace.checkpoint.name == "B"
    assert sides[2].solve.trace.problem == sides[0].solve.trace.problem
    assert comparing.page.columns.columns[2].badge.text() == "✓  right"
    assert not comparing.page.stop.isEnabled()
    window.driver.desk.settle()
    assert window.driver.desk.load(sides[2].solve.trace.id).grown.trace.ended is not None


def test_a_checkpoint_that_cannot_read_a_text_says_so(
    comparing: ComparePresenter, other: Callable[[], str], qtbot: QtBot
):
    comparing.working.solve_with(other())
    qtbot.waitUntil(lambda: not comparing.working.busy, timeout=START_MS)
    comparing.functions["compare-force"]()
    qtbot.waitUntil(lambda: not comparing.working.busy, timeout=START_MS)

    assert "no opinion" in comparing.page.notice.failure.what
    assert comparing.compared.sides[2].forced is None


def test_opening_another_checkpoint_can_be_stopped(
    window: Window, comparing: ComparePresenter, other: Callable[[], str]
):
    comparing.working.solve_with(other())
    window.commands.trigger("stop")

    assert not comparing.working.busy
    assert len(comparing.compared.sides) == 2


def test_all_traces_of_a_problem_are_gathered_and_one_is_opened(
    window: Window, comparing: ComparePresenter, solved: list[str]
):
    comparing.functions["compare-samples"]()
    comparing.gathering.settle()
    room = comparing.page.samples
    assert comparing.page.room.choice == "samples"
    assert {each.id for each in room.samples} == set(solved)
    assert len(room.votes.table.rows) == 2
    assert len(room.frame.model.table.rows) == 2

    room.ribbons.choose(room.samples[0])
    room.open_button.click()
    assert window.pages.shown == "solve"
    assert window.snapshot()["trace"] == room.samples[0].id


def test_the_shown_trace_is_compared_by_a_key(window: Window, solved: list[str]):
    window.driver.reopen(solved[1])
    window.commands.trigger("compare-shown")

    assert window.pages.shown == "compare"
    assert window.compare.presenter is not None
    assert [side.solve.trace.id for side in window.compare.presenter.compared.sides] == solved[1:]


def test_what_cannot_be_compared_is_told(window: Window, tmp_path: Path):
    window.commands.trigger("page-compare")
    comparing = window.compare.presenter
    assert comparing is not None
    comparing.add_traces(["nowhere"])
    assert "no trace" in comparing.page.notice.failure.what

    comparing.open_run(tmp_path)
    comparing.gathering.settle()
    assert "no scored run" in comparing.page.notice.failure.what


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_page_fits_a_small_screen_and_every_control_has_a_name(
    window: Window, comparing: ComparePresenter, solved: list[str], language: str
):
    window.set_language(language)
    window.compare.presenter.add_traces(solved)
    page = comparing.page
    for name in ("columns", "samples"):
        comparing.show_room(name)
        QApplication.processEvents()
        assert page.minimumSizeHint().width() <= 880, name
        assert page.minimumSizeHint().height() <= 560, name
    assert nameless(page) == []


def nameless(page: ComparePage) -> list[QWidget]:
    inner = ("QHeaderView", "QTableCornerButton", "QComboBoxListView")  # parts of named ones
    curves = page.columns.curves
    return [
        widget
        for widget in page.findChildren(QWidget)
        if isinstance(widget, (QAbstractButton, QAbstractScrollArea))
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith(("qt_", "_"))
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not isinstance(widget.parent(), QLineEdit)
        and not curves.isAncestorOf(widget)
        and widget.metaObject().className() not in inner
    ]


@pytest.mark.model
@pytest.mark.slow
def test_a_checkpoint_that_reads_its_own_text_finds_nothing_apart(
    window: Window, gguf: Path, qtbot: QtBot
):
    window.presenter.open_checkpoint(str(gguf))
    window.page.problem.show_problem(Problem("What is 2+2?"))
    window.page.controls.answer.setValue(12)
    window.commands.trigger("solve")
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=4 * START_MS)
    first = window.driver.solve
    assert first is not None
    other = reopened(Kept(first.grown))  # as if another checkpoint had written it
    other.trace = replace(
        first.trace, id="other", checkpoint=replace(first.trace.checkpoint, fingerprint="f" * 16)
    )
    window.commands.trigger("page-compare")
    comparing = window.compare.presenter
    comparing.add(first)
    comparing.add(other)

    window.commands.trigger("compare-force")
    qtbot.waitUntil(lambda: not comparing.working.busy, timeout=4 * START_MS)

    forced = comparing.compared.sides[1].forced
    assert forced is not None, comparing.page.notice.failure
    assert forced.by_ids
    assert len(forced.apart) == 12
    assert forced.mean < 1e-3
    assert forced.same_best == 1
    assert len(comparing.page.columns.columns[0].view.apart) == 12
