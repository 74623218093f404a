"""The Answer tab and the belief track: asked beside the trace, kept with it, told in words."""

from collections.abc import Callable

import pytest

pytest.importorskip("PySide6")

from pytestqt.qtbot import QtBot

from kimidesk.gui import theme
from kimidesk.gui.belief.pacing import places_of
from kimidesk.gui.belief.room import BeliefRoom
from kimidesk.gui.belief.words import cost, probability
from kimidesk.gui.window import Window
from kimidesk.records import Beliefs, Judgement, Problem
from tests.gui.test_tracks import contrast

Script = Callable[..., str]
START_MS = 15_000
SAID = "Three and four.\n\nThat is 8.\n\nNo, it is 7.\n\nYes, the answer is 7."
THOUGHT = {"match": "?", "text": f"<think>{SAID}\n</think>\n\nIt is \\boxed{{7}}."}
PROBED = (
    THOUGHT,
    {"match": "four.\n</think>\n\n", "text": "9}"},
    {"match": "is 8.\n</think>\n\n", "text": "8}"},
    {"match": "it is 7.\n</think>\n\n", "text": "7}"},
    {"match": "answer is 7.\n</think>\n\n", "text": "7}"},
    {"match": "</think>\n\n", "text": "9}"},
    {"match": "\\boxed{", "rates": True, "logprob": -2.0},
    {"match": "is 7.\n</think>\n\nThe final answer is \\boxed{7}", "rates": True, "logprob": -0.1},
)


def room_of(window: Window) -> BeliefRoom:
    return next(room for room in window.presenter.rooms if isinstance(room, BeliefRoom))


def solve(window: Window, ref: str, answer: str = "7") -> None:
    window.presenter.open_checkpoint(ref)
    window.page.problem.show_problem(Problem("How many?", answer))
    window.commands.trigger("solve")


def solved(window: Window, qtbot: QtBot, ref: str, answer: str = "7") -> BeliefRoom:
    solve(window, ref, answer)
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=START_MS)
    return room_of(window)


def test_a_trace_is_probed_drawn_told_and_kept(window: Window, script: Script, qtbot: QtBot):
    room = solved(window, qtbot, script(*PROBED))
    assert window.driver.solve is not None
    assert room.track.isHidden()
    before = window.driver.solve.columns.id.tolist()

    with qtbot.waitSignal(window.driver.beside.ended, timeout=START_MS):
        window.commands.trigger("probe")

    assert window.page.side.shown == "answer"
    beliefs = room.beliefs
    assert [each.text for each in beliefs.trials if each.cue == 0] == ["9", "9", "8", "7", "7"]
    assert {each.text: each.judgement for each in beliefs.trials}["7"] is Judgement.RIGHT
    assert beliefs.candidates[0].name == "7"
    assert (room.panel.figures["flips"], room.panel.figures["ratio"]) == ("2", "0.80")
    assert "%" in room.panel.cost.text()
    assert window.driver.solve.columns.id.tolist() == before

    assert not room.track.isHidden()
    assert "knew it after token" in room.track.told
    assert room.track.plot.accessibleDescription() == room.track.told
    assert room.panel.places.model().rowCount() == len(beliefs.places)
    window.page.view.catch_up()
    room.panel.places.selectRow(2)
    assert window.snapshot()["pinned"] == beliefs.places[2] - 1
    room.point(-1, beliefs.places[2])
    assert room.panel.where.text() == f"Belief after token {beliefs.places[2]}"
    window.set_language("zh_CN")
    qtbot.waitUntil(lambda: "已知答案" in room.track.told)
    assert room.panel.button.text() == "探测"

    trace = window.driver.solve.trace.id
    window.commands.trigger("new")
    assert room.track.isHidden()
    room._kept.clear()  # as after a restart
    window.driver.desk.settle()
    window.driver.reopen(trace)
    assert room.beliefs == beliefs
    assert not room.track.isHidden()


def test_probing_is_stopped_and_ends_with_its_trace(window: Window, script: Script, qtbot: QtBot):
    room = solved(window, qtbot, script(*PROBED, tokens_per_s=150))
    window.commands.trigger("probe")
    qtbot.waitUntil(lambda: room.running, timeout=START_MS)
    assert room._flow is not None
    flow = room._flow
    qtbot.waitUntil(lambda: len(flow.beliefs.trials) > 1, timeout=START_MS)

    window.commands.trigger("probe")

    assert not room.running
    assert len(room.beliefs.trials) > 1
    assert room.panel.button.text() == "Probe"
    window.commands.trigger("probe")
    qtbot.waitUntil(lambda: room.running, timeout=START_MS)
    window.commands.trigger("new")
    assert not room.running
    assert window.driver.beside.flows == ()
    assert room.beliefs == Beliefs()


@pytest.mark.slow
def test_a_growing_trace_is_asked_while_it_grows(window: Window, script: Script, qtbot: QtBot):
    room = room_of(window)
    room.panel.live.setChecked(True)
    assert window.settings.probe_live
    long = {**THOUGHT, "text": THOUGHT["text"].replace("\n</think>", "") + " And so on. " * 400}

    solve(window, script(*PROBED[1:], long, tokens_per_s=150))
    qtbot.waitUntil(lambda: len(room.beliefs.places) > 1, timeout=START_MS)

    assert window.driver.solve is not None
    assert window.driver.solve.trace.ended is None, "it is still growing"
    window.commands.trigger("stop")
    qtbot.waitUntil(lambda: window.snapshot()["ended"] is not None, timeout=START_MS)
    qtbot.waitUntil(lambda: len(room.beliefs.places) > 4, timeout=START_MS)
    room.panel.live.setChecked(False)
    window.commands.trigger("new")


def test_a_trace_without_token_ids_says_what_to_do(window: Window, make_solve):
    room = room_of(window)
    window.driver.solve = make_solve("a", "b")
    window.driver.trace_changed.emit()

    assert not room.panel.button.isEnabled()
    assert "replay the trace" in room.panel.progress.text()


def test_figures_are_short():
    assert probability(0.25, 0.5, 0.75) == "0.500 ± 0.250"
    assert probability(0.5, 0.5, 0.5) == "0.500"
    assert probability(*[float("nan")] * 3) == "–"
    assert cost(Beliefs(), 10, 1.0) == ""
    assert cost(Beliefs(tokens=20, seconds=3.0), 10, 2.0) == "20 tokens (200%) · 3.0 s (150%)"
    assert places_of([], whole=True) == []


@pytest.mark.parametrize("shown", [theme.LIGHT, theme.DARK], ids=lambda each: each.name)
def test_curves_stand_out(shown: theme.Theme):
    from kimidesk.gui.belief.colours import colour_of
    from kimidesk.records import Candidate

    inks = [colour_of(Candidate("a", "a", ()), n, shown) for n in range(5)]
    inks.append(colour_of(Candidate("a", "a", (), True), 0, shown))
    for ink in inks:
        assert contrast(ink, shown.surface) >= 3
