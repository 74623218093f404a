"""What was done to a trace is seen at its token: in the text, on the tracks, in words."""

from collections.abc import Callable
from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui import theme
from kimidesk.gui.widgets.notes import NotesBadge
from kimidesk.gui.widgets.spoken import spoken
from kimidesk.gui.widgets.trace_view import LEFT, TraceView
from kimidesk.gui.window import Window
from kimidesk.records import Ended, Note, Noted
from kimidesk.store import Kept

Make = Callable[..., Solve]
WORDS = ("<think>", "one", " two", " three", "</think>", " four")
NOTES = (Note(1, Noted.KEPT_THINKING), Note(3, Noted.LANDED))


@pytest.fixture
def noted(make_solve: Make) -> Solve:
    solve = make_solve(*WORDS, thinks=True, ended=Ended.ANSWERED)
    solve.trace = replace(solve.trace, notes=NOTES)
    return solve


def margin(view: TraceView) -> int:
    """How many pixels left of the text have the colour of notes, more or less."""
    image: QImage = view.viewport().grab().toImage()
    ink = QColor(theme.current().warn)
    strip = [image.pixelColor(x, y) for x in range(LEFT - 17) for y in range(image.height())]
    return sum(abs(each.red() - ink.red()) + abs(each.green() - ink.green()) < 60 for each in strip)


def test_a_note_has_its_sign_beside_the_text(view: TraceView, noted: Solve):
    bare = replace(noted.trace, notes=())
    with_notes, noted.trace = noted.trace, bare
    view.show_trace(noted)
    view.catch_up()
    assert margin(view) == 0

    noted.trace = with_notes

    assert margin(view) > 5


def test_the_badge_names_the_last_and_explains_all(qtbot: QtBot):
    badge = NotesBadge()
    qtbot.addWidget(badge)

    badge.show_notes(NOTES)

    assert badge.text() == "⤓ landed 4  +1"
    first, last = badge.toolTip().splitlines()
    assert first.startswith("↻  token 2: The thought would have ended here")
    assert last.startswith("⤓  token 4: The thought was closed by force at the end of a sentence")
    badge.show_notes(())
    assert badge.isHidden()


def test_a_kept_trace_shows_its_notes_everywhere(window: Window, noted: Solve):
    window.driver.show(Kept(noted.grown))
    window.page.view.catch_up()
    window.presenter.show_figures()

    assert window.page.status.notes.notes == NOTES
    strip = window.presenter.strip
    assert strip is not None
    assert strip._note_marks.getData()[0].tolist() == [1.5, 3.5]
    window.commands.trigger("next-note")
    assert window.page.view.scene.pinned == 1
    window.commands.trigger("next-note")
    assert "end of a sentence" in window.page.inspector.figures["note"]
    assert "end of a sentence" in spoken(window.page.view)
    window.commands.trigger("next-note")  # there is none behind it
    assert window.page.view.scene.pinned == 3
    window.commands.trigger("last-note")
    assert window.page.view.scene.pinned == 1
    window.page.view.pin(2)
    assert "note" not in window.page.inspector.figures


def test_a_note_shows_while_the_trace_grows(
    window: Window, script: Callable[..., str], qtbot: QtBot
):
    hasty = {"match": "", "text": "<think>Seven. </think> It is seven.", "then": "silent"}
    window.presenter.open_checkpoint(script(hasty, tokens_per_s=60))
    window.page.problem.text.setPlainText("3+4?")
    window.page.controls.landing.least.setValue(50)
    window.commands.trigger("solve")

    badge = window.page.status.notes
    qtbot.waitUntil(lambda: badge.isVisible(), timeout=15_000)
    assert "made to go on" in badge.toolTip()
    assert window.driver.busy
    window.commands.trigger("stop")
    qtbot.waitUntil(lambda: not window.driver.busy, timeout=15_000)
