"""How a thought ends is set in the window, asked of the engine, and remembered."""

from collections.abc import Callable

import pytest

pytest.importorskip("PySide6")

from pytestqt.qtbot import QtBot

from kimidesk import settings as settings_file
from kimidesk.errors import UsageError
from kimidesk.gui.solve.controls import Controls
from kimidesk.gui.solve.remembered import budget_of, sampling_of, values_of
from kimidesk.gui.window import Window
from kimidesk.records import Budget, Noted, OnLoop, Problem, Sampling
from kimidesk.settings import BadSettings, Settings
from kimidesk.store import Desk

Script = Callable[..., str]
BUDGET = Budget(64, None, 16, 8, "That is enough.", "Hold on,", OnLoop.STOP)
START_MS = 15_000


@pytest.fixture
def controls(qtbot: QtBot) -> Controls:
    made = Controls()
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_part_of_a_budget_stands_in_its_field(controls: Controls):
    controls.show_values(Sampling(), BUDGET, 0)

    assert controls.budget == BUDGET
    assert controls.landing.soft.value() == 16
    assert controls.landing.closing.text() == "That is enough."
    assert controls.landing.on_loop.choice == "stop"


def test_a_wrong_margin_is_named(controls: Controls, qtbot: QtBot):
    controls.landing.more.click()
    controls.landing.soft.lineEdit().selectAll()
    qtbot.keyClicks(controls.landing.soft, "ten")

    with pytest.raises(UsageError, match="Soft landing: “ten”"):
        controls.check()


def test_a_least_above_the_budget_is_refused_before_anything_is_asked(window: Window):
    window.page.problem.show_problem(Problem("2+2?"))
    window.page.controls.thinking.setValue(4)
    window.page.controls.landing.least.setValue(5)

    window.commands.trigger("solve")

    assert "must take 5 tokens and may take 4" in str(window.snapshot()["error"])
    assert not window.driver.busy


def test_the_seldom_fields_are_folded_and_have_a_key(window: Window):
    landing = window.page.controls.landing
    assert not landing.soft.isVisible()

    window.commands.trigger("landing")
    assert landing.soft.isVisible()
    landing.more.click()
    assert not landing.soft.isVisible()
    assert not window.commands.actions["landing"].isChecked()


@pytest.mark.parametrize("budget", [BUDGET, Budget(), Budget(None, None), Budget(0, 1)])
def test_a_budget_survives_the_settings_file(budget: Budget):
    settings_file.save(Settings(budget=values_of(budget), sampling=values_of(Sampling(0, 1))))

    kept = settings_file.load()

    assert budget_of(kept) == budget
    assert sampling_of(kept) == Sampling(0, 1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"softness": 3}, "budget has no 'softness'"),
        ({"soft": "much"}, "budget: Expected `int`"),
        ({"on_loop": "sing"}, "budget: Invalid enum value 'sing'"),
        ({"soft": -2}, "soft landing is -2"),
    ],
)
def test_a_wrong_kept_value_is_named(values: dict[str, float | int | str], words: str):
    with pytest.raises((BadSettings, UsageError)) as caught:
        budget_of(Settings(budget=values))

    assert words in caught.value.what


def test_a_soft_landing_is_asked_noted_and_remembered(
    window: Window, script: Script, qtbot: QtBot, desk_again: Callable[[], Window]
):
    endless = {"match": "", "text": "<think>One more step. And", "repeat": 200, "then": "silent"}
    window.presenter.open_checkpoint(script(endless))
    window.page.problem.show_problem(Problem("2+2?"))
    window.page.controls.show_values(Sampling(), BUDGET, 3)
    window.page.mode.choose("long")

    window.commands.trigger("solve")

    qtbot.waitUntil(lambda: window.driver.solve is not None, timeout=START_MS)
    solve = window.driver.solve
    assert solve is not None
    qtbot.waitUntil(lambda: bool(solve.trace.notes), timeout=START_MS)
    assert solve.trace.notes[0].what is Noted.LANDED
    qtbot.waitUntil(lambda: "That is enough." in solve.parts.thinking, timeout=START_MS)
    window.commands.trigger("stop")
    again = desk_again()
    assert again.page.controls.budget == BUDGET
    assert again.page.mode.choice == "long"


@pytest.fixture
def desk_again(qtbot: QtBot, window: Window) -> Callable[[], Window]:
    """Makes the window that the next start would make."""

    def make() -> Window:
        desk = Desk.open()
        made = Window(desk, settings_file.load(), window.themes, window.languages)
        made.closed.connect(desk.close)
        qtbot.addWidget(made, before_close_func=lambda each: each.close())
        return made

    return make
