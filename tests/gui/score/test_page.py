"""The Score page looks at folders: rows, filters, verdicts by hand, charts, a run that is begun."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimidesk.gui.score.presenter import ScorePresenter
from kimidesk.gui.score.setup import SetupDialog
from kimidesk.gui.score.table import COLUMNS, Column, Show
from kimidesk.gui.window import Window
from kimidesk.records import Ended, Judgement
from tests.store.test_watching import add, sample

START_MS = 60_000


def presented(window: Window, folder: Path | None = None) -> ScorePresenter:
    window.commands.trigger("page-score")
    presenter = window.score.presenter
    assert presenter is not None
    if folder is not None:
        presenter.open(folder)
        presenter.settle()
    return presenter


def test_a_run_is_shown_narrowed_sorted_and_read(window: Window, tmp_path: Path):
    wrong = sample(1, judgement=Judgement.WRONG)
    add(tmp_path / "run", sample(0), wrong, sample(1, 1), sample(2))
    presenter = presented(window, tmp_path / "run")
    page, model = presenter.page, presenter.page.model

    assert page.headline.text().startswith("75.0 % right (3 of 4)")
    assert [row.number for row in model.shown] == [0, 1, 1, 2]
    page.show_only.chosen.emit(Show.ALL.value)
    page.show_only.choose(Show.DISPUTED.value)
    presenter.functions["score-find"]()
    page.search.setText("1 + 1")
    assert [row.key for row in model.shown] == [(1, 0, -1), (1, 1, -1)]
    assert page.doing.text() == "2 of 4 samples shown"

    page.search.clear()
    page.show_only.choose(Show.ALL.value)
    page.search.setText(" ")
    page.table.sortByColumn(COLUMNS.index(Column.NUMBER), Qt.SortOrder.DescendingOrder)
    assert [row.number for row in model.shown] == [2, 1, 1, 0]
    page.table.selectRow(0)
    assert "What is 2 + 1?" in page.text.toPlainText()
    assert len(page.curve_frame.model.table.rows) > 0
    assert [point.name for point in page.points.points] == ["run"]


def test_a_verdict_is_changed_by_hand_and_taken_back(window: Window, tmp_path: Path):
    add(tmp_path / "run", sample(0, judgement=Judgement.WRONG))
    presenter = presented(window, tmp_path / "run")
    presenter.page.table.selectRow(0)

    window.commands.trigger("score-right")
    presenter.settle()

    assert presenter.page.model.shown[0].by_hand
    assert presenter.page.headline.text().startswith("100.0 % right")
    assert "by hand" in presenter.page.text.toPlainText()
    window.commands.trigger("score-undo")
    presenter.settle()
    assert presenter.page.headline.text().startswith("0.0 % right")


def test_what_is_added_appears_and_a_problem_goes_to_the_solve_page(window: Window, tmp_path: Path):
    add(tmp_path / "run", sample(0))
    presenter = presented(window, tmp_path / "run")
    add(tmp_path / "run", sample(1))

    presenter.look()
    presenter.settle()

    assert len(presenter.page.model.shown) == 2
    presenter.page.table.selectRow(1)
    window.commands.trigger("score-solve")
    assert window.pages.shown == "solve"
    assert window.page.problem.text.toPlainText() == "What is 1 + 1?"
    assert window.settings.runs == [str(tmp_path / "run")]


@pytest.mark.model
def test_a_sample_is_shown_as_a_trace_by_the_checkpoint_of_its_run(
    window: Window, qtbot: QtBot, tmp_path: Path, gguf: Path
):
    run = tmp_path / "run"
    add(run, replace(sample(0), thinking="", answer="It is 2."))
    (run / "options.json").write_text(json.dumps({"model": str(gguf)}))
    presenter = presented(window, run)
    presenter.page.table.selectRow(0)

    window.commands.trigger("score-trace")

    def replayed() -> bool:
        solve = window.driver.solve
        return solve is not None and solve.trace.ended is Ended.REPLAYED

    qtbot.waitUntil(replayed, timeout=START_MS)
    assert window.pages.shown == "solve"
    solve = window.driver.solve
    assert solve is not None
    assert solve.said == "It is 2."
    assert solve.columns.logprob.max() < 0
    assert window.page.problem.text.toPlainText() == "What is 0 + 1?"


def test_a_sample_of_an_old_run_says_why_it_cannot_be_shown(window: Window, tmp_path: Path):
    add(tmp_path / "run", replace(sample(0), answer="It is 2."))
    presenter = presented(window, tmp_path / "run")
    presenter.page.table.selectRow(0)
    window.commands.trigger("score-trace")
    presenter.settle()
    failure = presenter.page.notice.failure
    assert failure is not None
    assert "does not tell which checkpoint" in failure.what


def test_a_new_run_is_estimated_by_what_earlier_runs_took(window: Window, tmp_path: Path):
    add(tmp_path / "run", sample(0))
    session = {"tokens": 6_000, "seconds": 60.0}
    (tmp_path / "run/run.json").write_text(json.dumps({"identity": {}, "sessions": [session]}))
    (tmp_path / "run/options.json").write_text(json.dumps({"model": "smollm2-135m"}))
    presenter = presented(window, tmp_path / "run")

    window.commands.trigger("score-new")

    setup = presenter.setup
    assert setup is not None
    setup.limit.setText("10")
    setup.answer.setText("600")
    assert "At most about 60 s" in setup.bill.text()
    setup.model.setText("another")
    assert "At most about" not in setup.bill.text()
    setup.reject()


def test_two_runs_are_compared_by_the_problems_that_changed(window: Window, tmp_path: Path):
    add(tmp_path / "one", *(sample(n) for n in range(5)))
    worse = [sample(n, judgement=Judgement.WRONG) for n in (1, 3)]
    add(tmp_path / "other", sample(0), *worse, sample(2))
    presented(window, tmp_path / "other")
    presenter = presented(window, tmp_path / "one")
    versus = presenter.page.versus
    assert [versus.runs.itemText(n) for n in range(versus.runs.count())] == [
        "Choose a run",
        "other",
    ]

    versus.runs.setCurrentIndex(1)
    presenter.settle()

    assert "100.0 % here, 50.0 % there, on 4 problems" in versus.said.text()
    assert "Right here alone: 2; there alone: 0" in versus.said.text()
    assert [row[3] for row in versus.model.table.rows] == ["What is 1 + 1?", "What is 3 + 1?"]
    presenter.page.search.setText("nothing like it")
    versus.table.selectRow(1)
    assert "What is 3 + 1?" in presenter.page.text.toPlainText()
    versus.runs.setCurrentIndex(0)
    assert not versus.said.text()


def test_a_folder_that_is_no_run_says_so(window: Window, tmp_path: Path):
    presenter = presented(window, tmp_path)

    failure = presenter.page.notice.failure
    assert failure is not None
    assert "no run.json" in failure.what


def test_wrong_fields_are_told_and_the_command_is_shown(qtbot: QtBot, tmp_path: Path):
    dialog = SetupDialog(tmp_path)
    qtbot.addWidget(dialog)
    dialog.out.show_path(str(tmp_path / "run"))
    assert "--data first-steps" in dialog.command.toPlainText()
    assert dialog.begin.isEnabled()

    dialog.data.setEditText("first-step")
    assert "Did you mean first-steps?" in dialog.said.text()
    dialog.data.setEditText("first-steps")
    dialog.repeats.setText("0")
    dialog.budgets.setText("a few")
    assert not dialog.begin.isEnabled()
    dialog.repeats.setText("2")
    dialog.budgets.setText("256, 1k")
    dialog.model.setText("one, two")
    assert [folder for folder, _ in dialog.commands()] == [
        str(tmp_path / "run-1"), str(tmp_path / "run-2"),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_run_that_is_begun_is_watched_to_its_end(window: Window, tmp_path: Path, qtbot: QtBot):
    (tmp_path / "script.json").write_text('{"recitations": [{"text": "It is 4."}]}')
    presenter = presented(window)
    presenter.ask()
    dialog = presenter.setup
    assert dialog is not None
    dialog.model.setText(f"scripted:{tmp_path / 'script.json'}")
    dialog.limit.setText("3")
    dialog.out.show_path(str(tmp_path / "run"))

    dialog.start()

    qtbot.waitUntil(lambda: len(presenter.page.model.rows) == 3, timeout=START_MS)
    qtbot.waitUntil(lambda: "of 3)" in presenter.page.headline.text(), timeout=START_MS)
    qtbot.waitUntil(lambda: not presenter.page.stop.isEnabled(), timeout=START_MS)
