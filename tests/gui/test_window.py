"""The whole journey with true processes: solve, keep, reopen, crash, start again, close."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimidesk.gui import app
from kimidesk.gui.solve.picker import described, short
from kimidesk.gui.window import Window
from kimidesk.records import CLOSING, CheckpointInfo, Ended, Noted, Problem, Wish
from kimidesk.wire.messages import Failed, FailureKind

Script = Callable[..., str]
TWO = {"match": "2+2", "text": "<think>Two and two 🙂 make</think>The answer is \\boxed{4}."}
LONG = {"match": "long", "text": "word after word\n\n", "then": "silent"}
START_MS = 15_000  # a worker imports for a second, more on a busy machine


def ask(window: Window, text: str, answer: str = "") -> None:
    window.page.problem.show_problem(Problem(text, answer))
    window.commands.trigger("solve")


def test_a_problem_is_solved_graded_kept_and_reopened(window: Window, script: Script, qtbot: QtBot):
    window.presenter.open_checkpoint(script(TWO))
    ask(window, "What is 2+2?", "4")
    qtbot.waitUntil(lambda: window.snapshot()["verdict"] != "", timeout=START_MS)
    qtbot.waitUntil(lambda: window.snapshot()["shown_tokens"] != 0)
    seen = window.snapshot()
    assert seen["verdict"] == "✓  right"
    assert seen["ended"] is Ended.ANSWERED
    assert seen["shown_tokens"] == seen["tokens"]
    assert seen["picker"] == "Scripted · CPU"
    assert "exact" in window.page.status.badge.toolTip()

    trace = str(seen["trace"])
    first = window.driver.first_token_s
    assert first is not None
    assert first < 1.0  # the worker alone takes longer to come up
    window.driver.desk.settle()
    window.commands.trigger("new")
    assert window.snapshot()["trace"] is None
    window.page.history.search.setText("boxed")
    window.page.history.refresh()
    assert window.snapshot()["history"] == [trace]
    window.page.history.chosen.emit(trace)
    window.page.view.catch_up()
    window.page.view.pin(2)

    again = window.snapshot()
    assert (again["trace"], again["tokens"]) == (trace, seen["tokens"])
    assert again["verdict"] == "✓  right"
    assert window.driver.first_token_s == pytest.approx(first)
    assert window.page.problem.answer.text() == "4"
    assert again["inspected"]["text"] == "␣two"  # type: ignore[index]


def test_hovering_the_strip_points_into_the_text(window: Window, script: Script, qtbot: QtBot):
    window.presenter.open_checkpoint(script(TWO))
    ask(window, "2+2")
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=START_MS)
    window.page.view.catch_up()
    assert window.presenter.strip is not None

    window.presenter.strip.hovered.emit(3)
    assert window.snapshot()["hovered"] == 3
    assert window.snapshot()["inspected"] != {}
    window.presenter.strip.pinned.emit(1)
    window.presenter.strip.hovered.emit(-1)
    assert window.page.inspector.token == 1


def test_a_name_that_holds_the_quantization_is_not_followed_by_it():
    assert described(CheckpointInfo("A Q4_1", "", "", quantization="Q4_1")) == "A Q4_1 · CPU"
    assert described(CheckpointInfo("A", "", "", quantization="Q4_1")) == "A · Q4_1 · CPU"


def test_stop_keeps_what_has_come(window: Window, script: Script, qtbot: QtBot):
    window.presenter.open_checkpoint(script(LONG, tokens_per_s=100))
    ask(window, "a long one")
    qtbot.waitUntil(lambda: int(str(window.snapshot()["tokens"])) > 5, timeout=START_MS)
    assert window.page.stop_button.isEnabled()

    qtbot.mouseClick(window.page.stop_button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: not window.snapshot()["busy"], timeout=3000)
    assert window.snapshot()["ended"] is Ended.STOPPED
    assert window.page.solve_button.isEnabled()


def test_a_trace_whose_worker_is_killed_goes_on_in_another(
    window: Window, script: Script, qtbot: QtBot
):
    spoken = "one two three four five six seven eight"
    window.presenter.open_checkpoint(
        script({"match": "", "text": spoken, "repeat": 5}, tokens_per_s=30)
    )
    ask(window, "a long one")
    qtbot.waitUntil(lambda: int(str(window.snapshot()["tokens"])) > 9, timeout=START_MS)
    first = window.driver.worker_pid

    os.kill(first, signal.SIGKILL)

    qtbot.waitUntil(lambda: window.page.notice.isVisible(), timeout=3000)
    assert "killed" in str(window.snapshot()["error"])
    assert not window.page.notice.start_again.isVisible()  # it is done already
    assert window.driver.busy
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=START_MS)
    assert window.snapshot()["ended"] is Ended.ANSWERED
    assert window.driver.worker_pid not in (0, first)
    assert window.driver.solve is not None
    assert window.driver.solve.said == spoken * 5
    window.driver.desk.settle()
    kept = window.driver.desk.load(window.driver.solve.trace.id)
    assert kept.grown.columns.id.tolist() == window.driver.solve.columns.id.tolist()


def test_a_trace_that_is_stopped_while_its_next_worker_starts_is_kept(
    window: Window, script: Script, qtbot: QtBot
):
    window.presenter.open_checkpoint(script(LONG, tokens_per_s=100))
    ask(window, "a long one")
    qtbot.waitUntil(lambda: int(str(window.snapshot()["tokens"])) > 3, timeout=START_MS)
    os.kill(window.driver.worker_pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "opening", timeout=3000)

    window.driver.stop()

    assert window.snapshot()["ended"] is Ended.STOPPED
    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)
    assert not window.driver.busy


def test_a_trace_that_ends_every_worker_is_told_and_another_can_be_started(
    window: Window, script: Script, qtbot: QtBot
):
    crash = {"match": "long", "text": "one two three four five", "then": "crash"}
    window.presenter.open_checkpoint(script(TWO, crash, tokens_per_s=100))
    ask(window, "a long one")
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=2 * START_MS)
    first = window.driver.worker_pid
    seen = window.snapshot()
    assert "crashed (SIGSEGV)" in str(seen["error"])
    assert seen["ended"] is Ended.FAILED
    assert seen["checkpoint"] == "lost"
    assert int(str(seen["tokens"])) > 0
    qtbot.mouseClick(window.page.notice.start_again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.snapshot()["checkpoint"] == "open", timeout=START_MS)
    assert window.driver.worker_pid != first
    assert not window.page.notice.isVisible()
    ask(window, "2+2")
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is Ended.ANSWERED, timeout=START_MS)


def test_a_missing_file_says_so(window: Window):
    window.presenter.open_checkpoint("/nowhere/model.gguf")

    assert "there is no file" in str(window.snapshot()["error"])
    assert window.snapshot()["checkpoint"] == "lost"


def test_a_failure_shows_hint_and_details(window: Window):
    window.page.notice.say(Failed("it broke", "mend it", FailureKind.WORKER, detail="last words"))
    notice = window.page.notice

    assert notice.start_again.isVisible()
    assert not notice.detail.isVisible()
    notice.more.click()
    assert notice.detail.isVisible()
    assert notice.detail.toPlainText() == "last words"


def test_a_trace_that_is_gone_and_a_desk_that_cannot_be_read_are_told(window: Window):
    window.driver.reopen("gone")
    assert "there is no trace 'gone'" in str(window.snapshot()["error"])

    with sqlite3.connect(window.driver.desk.path) as desk:
        desk.execute("ALTER TABLE trace RENAME TO elsewhere")
    window.page.history.refresh()
    assert "cannot be read" in window.page.history.nothing.text()


def test_an_empty_problem_is_not_asked(window: Window):
    window.commands.trigger("solve")

    assert not window.driver.busy


def test_closing_the_window_ends_its_processes_within_two_seconds(
    window: Window, script: Script, qtbot: QtBot
):
    window.presenter.open_checkpoint(script(LONG, tokens_per_s=50))
    ask(window, "a long one", "4")
    qtbot.waitUntil(lambda: int(str(window.snapshot()["tokens"])) > 1, timeout=START_MS)
    pids = [window.driver.worker_pid, window.driver.grader.pid]
    assert all(pids)
    begun = time.monotonic()

    with qtbot.waitSignal(window.closed, timeout=3000):
        window.close()

    assert time.monotonic() - begun < 2
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert window.driver.solve is not None
    assert window.driver.solve.trace.ended is Ended.STOPPED


def test_a_hung_worker_is_ended_too(window: Window, script: Script, qtbot: QtBot):
    window.presenter.open_checkpoint(script(LONG, tokens_per_s=50))
    ask(window, "a long one")
    qtbot.waitUntil(lambda: int(str(window.snapshot()["tokens"])) > 1, timeout=START_MS)
    pid = window.driver.worker_pid
    os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()

    with qtbot.waitSignal(window.closed, timeout=3000):
        window.close()

    assert time.monotonic() - begun < 2
    assert not psutil.pid_exists(pid)


def test_the_first_paint_needs_no_charts():
    code = (
        "import sys; from kimidesk.gui import app; "
        "print(sorted({'pyqtgraph', 'torch', 'llama_cpp', 'sympy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_display_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch):
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")

    with pytest.raises(app.NoDisplay, match="no display"):
        app.check_display()


def test_missing_system_packages_are_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None if name == "EGL" else name)

    with pytest.raises(app.MissingExtra, match="libegl1"):
        app.check_display()


def test_a_binding_that_loses_references_is_refused(monkeypatch: pytest.MonkeyPatch):
    counts = iter((50_000, 48_900))
    monkeypatch.setattr("sys.getrefcount", lambda _: next(counts))

    class Probe:
        def update(self) -> None: ...

    with pytest.raises(app.MissingExtra, match="drops a reference"):
        app.check_binding(Probe())  # type: ignore[arg-type]


def test_a_growing_thought_can_be_asked_to_answer_now(window: Window, script: Script, qtbot: QtBot):
    endless = {"match": "", "text": "<think>I wonder about", "then": "silent"}
    window.presenter.open_checkpoint(script(endless, tokens_per_s=60))
    ask(window, "2+2?")
    wishes = window.page.status.wishes
    qtbot.waitUntil(lambda: wishes[Wish.ANSWER_NOW].isVisible(), timeout=START_MS)

    qtbot.mouseClick(wishes[Wish.ANSWER_NOW], Qt.MouseButton.LeftButton)

    solve = window.driver.solve
    assert solve is not None
    qtbot.waitUntil(lambda: bool(solve.trace.notes), timeout=START_MS)
    qtbot.waitUntil(lambda: not wishes[Wish.ANSWER_NOW].isVisible(), timeout=START_MS)
    assert solve.trace.notes[0].what is Noted.ANSWER_NOW
    assert CLOSING in solve.parts.thinking
    window.commands.trigger("stop")
    qtbot.waitUntil(lambda: not window.snapshot()["busy"], timeout=START_MS)


def test_a_server_is_called_by_its_model_and_its_host():
    assert short("https://api.example.com/v1#vendor/model-7b") == "model-7b · api.example.com"
    assert short("http://127.0.0.1:8080/v1") == "127.0.0.1:8080"
