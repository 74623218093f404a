"""Everything can be reached and named without a mouse."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from kimidesk.gui.language import Languages
from kimidesk.gui.opening.dialog import OpenDialog
from kimidesk.gui.window import Window
from kimidesk.settings import Beside, Settings

SERVER = "http://box.lan:8000/v1#m"
CONTROLS = (
    QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QListView, QPlainTextEdit,
)  # fmt: skip


@pytest.fixture
def dialog(qtbot: QtBot) -> Callable[[str], OpenDialog]:
    def make(ref: str) -> OpenDialog:
        beside = Beside(adapters=(("a.gguf", 1.0),))
        made = OpenDialog(Settings(beside={ref: beside}, gpu_layers=3), ref, [])
        qtbot.addWidget(made)
        made.show()
        return made

    return make


def usable(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled()


def tab_stops(first: QWidget) -> list[QWidget]:
    """Every widget that Tab stops at, in its order."""
    found, widget = [first], first.nextInFocusChain()
    while widget is not first:
        stops = usable(widget) and widget.focusProxy() is None
        if stops and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(widget)
        widget = widget.nextInFocusChain()
    return found


def controls_of(window: QWidget) -> list[QWidget]:
    """What a person can use; not the parts that Qt makes its own controls of."""
    return [
        each
        for kind in CONTROLS
        for each in window.findChildren(kind)
        if usable(each)
        and not each.objectName().startswith("qt_")
        and not isinstance(each.parent(), QAbstractSpinBox | QLineEdit)
    ]


def named(widgets: Sequence[QWidget]) -> list[str]:
    return [f"{type(each).__name__} {each.accessibleName()!r}" for each in widgets]


@pytest.mark.parametrize("ref", ["x.gguf", "torch:x.gguf", SERVER, "scripted:x.json"])
def test_tab_walks_the_dialog_from_top_to_bottom_and_leaves_nothing_out(
    ref: str, dialog: Callable[[str], OpenDialog]
):
    made = dialog(ref)
    stops = tab_stops(made.where.line)

    middles = [each.mapTo(made, each.rect().center()).y() for each in stops]
    assert all(later > earlier - 12 for earlier, later in pairwise(middles)), named(stops)
    assert named([each for each in controls_of(made) if each not in stops]) == []
    assert all(each.accessibleName() or getattr(each, "text", str)() for each in stops)


def test_tab_reaches_every_control_of_the_window_and_each_has_a_name(window: Window):
    for name in ("settings", "landing", "history"):
        if not window.commands.actions[name].isChecked():
            window.commands.trigger(name)

    stops = tab_stops(window.page.problem.text)

    assert len(stops) > 30
    assert named([each for each in controls_of(window) if each not in stops]) == []
    assert all(each.accessibleName() or getattr(each, "text", str)() for each in stops)


@pytest.mark.parametrize("ref", ["x.gguf", SERVER])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_every_key_of_the_dialog_means_one_thing(
    ref: str, language: str, dialog: Callable[[str], OpenDialog], qapp: QApplication
):
    Languages(qapp, language)
    made = dialog(ref)
    texts = [
        each.text()
        for kind in (QAbstractButton, QLabel)
        for each in made.findChildren(kind)
        if each.isVisible()
    ]
    keys = [key for text in texts if not (key := QKeySequence.mnemonic(text)).isEmpty()]

    assert len(keys) == len({key.toString() for key in keys})
    fields = made.server.findChildren(QLabel)
    if made.server.isVisible():
        assert all("&" in each.text() and each.buddy() is not None for each in fields)
