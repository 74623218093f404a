"""Flows beside the shown trace, in the same worker: they see their events and end with it."""

import os
import signal
from collections.abc import Callable

import pytest

pytest.importorskip("PySide6")

from pytestqt.qtbot import QtBot

from kimidesk.errors import UsageError
from kimidesk.flows import Probe
from kimidesk.gui.window import Window
from kimidesk.records import Problem

Script = Callable[..., str]
TWO = {
    "match": "What is 2+2?",
    "text": "<think>Two and two make four.</think>The answer is \\boxed{4}.",
}
CUE = "So the answer is \\boxed{"  # longer than the question: it wins
SURE = {"match": CUE, "text": "4}"}
START_MS = 15_000


def solved(window: Window, ref: str, qtbot: QtBot) -> Probe:
    window.presenter.open_checkpoint(ref)
    window.page.problem.show_problem(Problem("What is 2+2?"))
    window.commands.trigger("solve")
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=START_MS)
    assert window.driver.solve is not None
    return Probe(window.driver.solve.grown, [1, 2], cue=CUE)


def test_a_probe_runs_beside_the_trace(window: Window, script: Script, qtbot: QtBot):
    flow = solved(window, script(TWO, SURE), qtbot)
    assert window.driver.solve is not None
    before = window.driver.solve.columns.id.tolist()

    with qtbot.waitSignal(window.driver.beside.ended, timeout=START_MS):
        window.driver.run_beside(flow, window.driver.solve.trace.checkpoint)

    assert flow.done
    assert [result.trouble for result in flow.results] == ["", ""]
    assert window.driver.solve.columns.id.tolist() == before


def test_a_flow_ends_when_its_worker_dies(window: Window, script: Script, qtbot: QtBot):
    flow = solved(window, script(TWO, SURE, tokens_per_s=4), qtbot)
    assert window.driver.solve is not None

    with qtbot.waitSignal(window.driver.beside.ended, timeout=START_MS):
        window.driver.run_beside(flow, window.driver.solve.trace.checkpoint)
        os.kill(window.driver.worker_pid, signal.SIGKILL)

    assert flow.done
    assert window.driver.beside.flows == ()


def test_a_flow_that_is_stopped_ends(window: Window, script: Script, qtbot: QtBot):
    flow = solved(window, script(TWO, SURE, tokens_per_s=4), qtbot)
    assert window.driver.solve is not None
    window.driver.run_beside(flow, window.driver.solve.trace.checkpoint)

    window.driver.beside.stop(flow)

    assert flow.done
    assert {result.trouble for result in flow.results} == {"stopped"}


def test_the_checkpoint_of_a_trace_is_opened_for_it(
    window: Window, script: Script, qtbot: QtBot, tmp_path
):
    flow = solved(window, script(TWO, SURE), qtbot)
    assert window.driver.solve is not None
    checkpoint = window.driver.solve.trace.checkpoint
    other = tmp_path / "other.json"
    other.write_text('{"recitations": [{"match": "", "text": "no"}]}', "utf-8")
    window.presenter.open_checkpoint(f"scripted:{other}")
    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)

    with qtbot.waitSignal(window.driver.beside.ended, timeout=START_MS):
        window.driver.run_beside(flow, checkpoint)

    assert window.driver.checkpoint is not None
    assert window.driver.checkpoint.fingerprint == checkpoint.fingerprint
    assert [result.trouble for result in flow.results] == ["", ""]


def test_a_checkpoint_whose_file_holds_another_one_is_refused(
    window: Window, script: Script, qtbot: QtBot
):
    flow = solved(window, script(TWO, SURE), qtbot)
    assert window.driver.solve is not None
    checkpoint = window.driver.solve.trace.checkpoint
    window.presenter.open_checkpoint(script({"match": "", "text": "another"}))
    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)

    with pytest.raises(UsageError, match="another checkpoint"):
        window.driver.run_beside(flow, checkpoint)
