"""The tab that weighs a sentence: bill, run, stop, result with interval, alternatives."""

from collections.abc import Callable

import pytest

pytest.importorskip("PySide6")

from pytestqt.qtbot import QtBot

from kimidesk.gui.lab.weight import WeightPanel
from kimidesk.gui.solve.weighing import WeightRoom
from kimidesk.gui.window import Window
from kimidesk.reading.importance import Price
from kimidesk.records import Problem

Script = Callable[..., str]
FOUR = {"match": "2+2", "text": "Two and two. So it is four. The answer is \\boxed{4}."}
FIVE = {"match": "2+2", "text": "Two and two. Perhaps it is five. The answer is \\boxed{5}."}
SURE = {"match": "is \\boxed{", "text": "4} and more"}
START_MS = 60_000


def room_of(window: Window) -> WeightRoom:
    return next(room for room in window.presenter.rooms if isinstance(room, WeightRoom))


def solved(window: Window, ref: str, qtbot: QtBot, answer: str = "4") -> WeightRoom:
    """The window with a trace of seed 0, which says four; its second sentence is pinned."""
    window.presenter.open_checkpoint(ref)
    window.page.problem.show_problem(Problem("What is 2+2?", answer))
    window.commands.trigger("solve")
    qtbot.waitUntil(lambda: not window.driver.busy, timeout=START_MS)
    qtbot.waitUntil(lambda: window.presenter.naming.whole, timeout=START_MS)
    qtbot.waitUntil(lambda: window.page.view.scene.tokens > 4, timeout=START_MS)
    window.commands.trigger("weigh")
    window.page.view.pin(4)
    return room_of(window)


def weighed(room: WeightRoom, price: Price, count: int, qtbot: QtBot) -> WeightPanel:
    panel = room.panel
    panel.price.buttons[price.value].click()
    panel.rollouts.setValue(count)
    with qtbot.waitSignal(room.trying.ended, timeout=START_MS):
        panel.button.click()
    qtbot.waitUntil(lambda: bool(panel.whiskers.rows), timeout=START_MS)
    return panel


def test_a_sentence_is_weighed_and_what_was_said_instead_is_read(
    window: Window, script: Script, qtbot: QtBot
):
    room = solved(window, script(FOUR, FIVE, SURE, thinks=False), qtbot)
    assert window.page.side.shown == "weight"
    assert room.panel.sentence.text() == "So it is four."
    assert "20 to draw: about 320 tokens" in room.panel.bill.text()

    panel = weighed(room, Price.FULL, 4, qtbot)

    told = {row.title: row.words for row in panel.whiskers.rows}
    assert told["Importance"].startswith("+1.00")
    assert told["Before"].startswith("0/4")
    instead, after = (panel.tree.topLevelItem(at) for at in (0, 1))
    assert (instead.text(0), instead.text(1)) == ("Perhaps it is five.", "4")
    assert after.text(0) == "after the sentence"
    panel.tree.setCurrentItem(instead)
    assert panel.text.toPlainText() == "Perhaps it is five. The answer is \\boxed{5}."
    assert "already" in panel.bill.text()


def test_it_is_kept_and_shown_when_the_sentence_is_pinned_again(
    window: Window, script: Script, qtbot: QtBot
):
    room = solved(window, script(FOUR, FIVE, SURE, thinks=False), qtbot)
    panel = weighed(room, Price.FORCED, 2, qtbot)
    assert not panel.tree.isVisible(), "nothing was drawn that could be read"
    window.driver.desk.settle()

    window.page.view.pin(0)
    assert not panel.whiskers.isVisible()
    window.page.view.pin(4)
    qtbot.waitUntil(panel.whiskers.isVisible, timeout=START_MS)
    panel.rollouts.setValue(3)
    assert panel.bill.text().startswith("2 to draw"), "four are there"


def test_stopping_keeps_what_has_come(window: Window, script: Script, qtbot: QtBot):
    slow = script({"match": "", "text": "Two and two. On it goes."}, thinks=False, tokens_per_s=90)
    room = solved(window, slow, qtbot, answer="")  # nothing is judged
    panel = room.panel
    panel.rollouts.setValue(500)
    panel.button.click()
    assert panel.button.text() == "Stop"
    qtbot.waitUntil(lambda: panel.progress.value() > 1, timeout=START_MS)

    with qtbot.waitSignal(room.trying.ended, timeout=START_MS):
        panel.button.click()

    qtbot.waitUntil(panel.answers.isVisible, timeout=START_MS)
    assert panel.button.text() == "&Weigh"
    assert panel.measure.text().startswith("No answer is expected")
    assert window.driver.beside.flows == ()


def test_nothing_is_weighed_where_nothing_is_pinned(window: Window, script: Script, qtbot: QtBot):
    room = solved(window, script(FOUR, FIVE, SURE, thinks=False), qtbot)

    window.page.view.pin(-1, reveal=False)
    assert not room.panel.button.isEnabled()
    assert "Click a token" in room.panel.bill.text()
    window.page.view.pin(4)
    room.panel.rollouts.lineEdit().setText("many")
    assert not room.panel.button.isEnabled()
    assert "“many” is no value" in room.panel.bill.text()


def test_without_an_expected_answer_it_says_what_right_means(
    window: Window, script: Script, qtbot: QtBot
):
    room = solved(window, script(FOUR, FIVE, SURE, thinks=False), qtbot, answer="")

    panel = weighed(room, Price.FULL, 2, qtbot)

    assert panel.measure.text() == "Right means 4, as the trace answered: none is expected."


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_control_has_a_name(window: Window, qtbot: QtBot, language: str):
    window.set_language(language)
    panel = room_of(window).panel

    for widget in (panel.price, panel.rollouts, panel.horizon, panel.button, panel.tree):
        assert widget.accessibleName()
    assert panel.minimumSizeHint().width() <= 290
