"""The window in little room: nothing makes it larger than a small screen."""

import pytest

pytest.importorskip("PySide6")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimidesk.gui.window import Window
from kimidesk.records import Adapter
from kimidesk.wire.messages import Failed, FailureKind

PATH = "/home/someone/" + "a-very-long-folder-name-without-any-blank/" * 6


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_everything_open_fits_a_small_screen(window: Window, qtbot: QtBot, language: str):
    window.set_language(language)
    window.commands.trigger("landing")  # and the panel that it is a part of
    window.page.cancel_button.show()
    window.page.problem.pictures.show_paths((f"{PATH}a.png", f"{PATH}b.png"))
    window.page.problem.pictures.show_blind("it cannot see")
    window.page.controls.adapters.show_adapters((Adapter(f"{PATH}lora.gguf"),))
    window.page.notice.say(Failed(f"there is no file {PATH}", PATH, FailureKind.MODEL, detail="x"))
    window.page.controls.seed.setText("12345678901234567")
    window.driver.ref = PATH
    QApplication.processEvents()

    least = window.minimumSizeHint()
    assert least.width() <= 880
    assert least.height() <= 560
    window.resize(900, 600)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (900, 600)
    page = window.page
    for widget in (page.solve_button, page.stop_button, page.status.heat, page.side):
        assert page.rect().contains(
            widget.rect().translated(widget.mapTo(page, widget.rect().topLeft()))
        )
    for button in (page.solve_button, page.stop_button):
        assert button.width() >= button.minimumSizeHint().width()
    assert page.controls.width() <= page.left_scroll.viewport().width()


def test_another_language_or_seed_leaves_the_size(window: Window):
    window.resize(900, 600)
    for language in ("zh_CN", "en"):
        window.commands.trigger(f"language-{language}")
        window.page.controls.seed.setText("12345678901234567")
        QApplication.processEvents()
        assert (window.width(), window.height()) == (900, 600)
