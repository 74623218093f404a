"""One table of commands; every control can be reached by key and has a name."""

import pytest

pytest.importorskip("PySide6")

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kimidesk import settings
from kimidesk.gui.actions import ACTIONS, BY_NAME
from kimidesk.gui.commands import keys_table
from kimidesk.gui.widgets.heat import Heat
from kimidesk.gui.window import Window


def test_every_command_has_a_name_and_keys_of_its_own():
    assert len(BY_NAME) == len(ACTIONS)
    keys = [QKeySequence(action.keys).toString() for action in ACTIONS]

    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_menus_and_the_list_of_keys_read_the_table(window: Window):
    assert list(window.commands.actions) == [action.name for action in ACTIONS]
    for action in ACTIONS:
        assert window.commands.actions[action.name].text() == action.title
        assert action.title in keys_table()


def test_every_control_has_an_accessible_name(window: Window):
    kinds = (QAbstractButton, QAbstractScrollArea, QLineEdit, QAbstractSpinBox)
    nameless = [
        widget
        for widget in window.page.findChildren(QWidget)
        if isinstance(widget, kinds)
        and not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith(("qt_", "_"))
        and not isinstance(widget.parent(), (QAbstractSpinBox, QLineEdit))
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and window.presenter.strip is not None
        and not window.presenter.strip.isAncestorOf(widget)
    ]

    assert nameless == []


def test_theme_heat_and_language_change_and_are_kept(window: Window, qtbot: QtBot):
    window.commands.trigger("theme-light")
    window.commands.trigger("heat-probability")
    window.commands.trigger("language-zh_CN")

    seen = window.snapshot()
    assert (seen["theme"], seen["heat"], seen["language"]) == ("light", "probability", "zh_CN")
    qtbot.waitUntil(lambda: window.page.solve_button.text() == "求解")
    assert window.commands.actions["quit"].text() == "退出"
    assert window.page.view.scene.heat is Heat.PROBABILITY
    kept = settings.load()
    assert (kept.theme, kept.heat, kept.language) == ("light", "probability", "zh_CN")
    window.commands.trigger("language-en")
    qtbot.waitUntil(lambda: window.page.solve_button.text() == "Solve")


def test_panels_fold(window: Window):
    assert not window.page.controls.isVisible()

    window.commands.trigger("settings")
    window.commands.trigger("history")

    assert window.page.controls.isVisible()
    assert not window.page.history.isVisible()
    assert window.rail.settings.isChecked()


def test_the_page_asks_what_its_fields_say(window: Window):
    page = window.page
    page.problem.text.setPlainText("What is 2+2?")
    page.problem.answer.setText("4")
    page.mode.choose("short")
    page.controls.temperature.setValue(0)
    page.controls.thinking.setValue(-1)
    page.controls.answer.setValue(99)
    page.controls.seed.setText("7")

    asked = page.asked()

    assert (asked.problem.text, asked.problem.answer) == ("What is 2+2?", "4")
    assert (asked.thinking, asked.seed) == (False, 7)
    assert asked.sampling.temperature == 0
    assert (asked.budget.thinking, asked.budget.answer) == (None, 99)


def test_the_tab_key_walks_from_the_problem_to_its_answer_and_on(window: Window, qtbot: QtBot):
    window.commands.trigger("landing")
    page = window.page
    page.problem.pictures.show_paths(("/nowhere/a.png",))
    page.problem.text.setFocus()
    wanted = [
        page.problem.pictures.list,
        page.problem.answer,
        page.controls.temperature,
        page.controls.landing.more,
        page.controls.landing.soft,
        page.controls.landing.closing,
        page.controls.adapters.add,
    ]

    met = []
    for _ in range(40):
        QApplication.focusWidget().focusNextChild()
        met.append(QApplication.focusWidget())

    assert [widget for widget in met if widget in wanted][: len(wanted)] == wanted
