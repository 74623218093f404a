"""Fields: a comma is a point, and what cannot be taken never becomes another value."""

from typing import Any

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from kimidesk.errors import UsageError
from kimidesk.gui.solve.controls import Controls
from kimidesk.gui.widgets.fields import SEED_LIMIT, read_real, read_whole
from kimidesk.records import Budget, Sampling


@pytest.fixture
def controls(qtbot: QtBot) -> Controls:
    made = Controls()
    qtbot.addWidget(made)
    made.show()
    return made


def retype(qtbot: QtBot, field: QWidget, text: str) -> None:
    line = field if isinstance(field, QLineEdit) else field.findChild(QLineEdit)
    line.selectAll()
    qtbot.keyClicks(field, text)


def leave(qtbot: QtBot, field: QWidget) -> None:
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0,7", 0.7),
        ("0.7", 0.7),
        ("，5", 0.5),
        ("1.", 1.0),
        ("-0.5", -0.5),
        ("−2", -2.0),
        ("1-2", None),
        ("1,2,3", None),
        ("", None),
        (".", None),
    ],
)
def test_reals_are_read_with_point_and_comma(text: str, value: float | None):
    assert read_real(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("1024", 1024), ("1,024", 1024), ("0,5", None), ("-1", None), ("", None)]
)
def test_wholes_are_read_in_groups(text: str, value: int | None):
    assert read_whole(text) == value


def test_a_comma_is_taken_as_a_point(controls: Controls, qtbot: QtBot):
    retype(qtbot, controls.temperature, "0,7")

    assert controls.sampling.temperature == 0.7
    leave(qtbot, controls.temperature)
    assert controls.temperature.text() == "0.7"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("top_p", "0.7x"),
        ("temperature", "1000"),
        ("min_p", "abc"),
        ("top_p", "7"),
        ("answer", "0"),
        ("top_k", "0,5"),
        ("thinking", "-1"),
    ],
)
def test_what_cannot_be_taken_is_marked_and_the_last_value_stays(
    controls: Controls, qtbot: QtBot, name: str, text: str
):
    field: Any = getattr(controls, name)
    before = field.value()

    retype(qtbot, field, text)

    assert field.text() == text
    assert field.property("wrong")
    with pytest.raises(UsageError, match="no value"):
        controls.check()
    leave(qtbot, field)
    assert field.value() == before
    assert not field.property("wrong")
    controls.check()


def test_no_limit_is_chosen_below_the_least(controls: Controls, qtbot: QtBot):
    controls.answer.setValue(1)
    assert controls.budget.answer == 1

    controls.answer.stepDown()

    assert controls.answer.text() == "∞"
    assert controls.budget.answer is None
    retype(qtbot, controls.thinking, "0")
    assert controls.budget.thinking == 0


def test_values_of_a_trace_stand_in_the_fields_as_they_are(controls: Controls):
    sampling, budget = Sampling(7.125, 0.9875, 40, 0.0125, 1.05), Budget(None, None)

    controls.show_values(sampling, budget, SEED_LIMIT)

    assert (controls.sampling, controls.budget) == (sampling, budget)
    assert controls.seed_value == SEED_LIMIT
    assert controls.seed.text() in controls.seed.toolTip()


def test_a_wrong_seed_keeps_the_last_one(controls: Controls, qtbot: QtBot):
    retype(qtbot, controls.seed, "42")
    leave(qtbot, controls.seed)
    retype(qtbot, controls.seed, "4x")

    assert controls.seed.property("wrong")
    leave(qtbot, controls.seed)
    assert (controls.seed.text(), controls.seed_value) == ("42", 42)
    assert not controls.seed.property("wrong")
