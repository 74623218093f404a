"""Naming sentences by hand: single keys, undo, a second annotator, and what is kept."""

from dataclasses import replace

import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from kimidesk import settings
from kimidesk.gui.labelling.bar import described
from kimidesk.gui.solve.labelling import LabelRoom
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.window import Window
from kimidesk.records import By, Ended, Kind, Label, Subtype
from kimidesk.store.labelled import read
from tests.gui.conftest import MakeSolve

PIECES = ["<think>", "So I", " have 3.", " Let me", " try.", " Wait,", " no", ".", "</think>", "3"]
SAID = "".join(PIECES)


@pytest.fixture
def room(window: Window, make_solve: MakeSolve, qtbot: QtBot) -> LabelRoom:
    """Labels of a trace that the desk keeps and the window shows."""
    solve = make_solve(*PIECES, thinks=True)
    window.driver.desk.begin(solve.trace)
    solve.trace = replace(solve.trace, ended=Ended.ANSWERED)
    window.driver.solve = solve
    window.driver.trace_changed.emit()
    window.presenter.naming.settle()
    window.page.view.catch_up()
    [found] = [each for each in window.presenter.rooms if isinstance(each, LabelRoom)]
    return found


def press(room: LabelRoom, qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(room.page.view, key)


def shown(room: LabelRoom) -> list[tuple[str, Kind, By]]:
    return [(SAID[each.start : each.end], each.kind, each.by) for each in room.naming.items]


def test_a_letter_names_the_sentence_and_goes_on_to_the_next(room: LabelRoom, qtbot: QtBot):
    room.set_mode(on=True)
    assert room.page.view.scene.pinned == 1
    assert room.bar.isVisibleTo(room.page)
    assert room.page.view.scene.selected_text == "So I have 3."

    press(room, qtbot, Qt.Key.Key_K, Qt.Key.Key_E, Qt.Key.Key_X)

    assert shown(room) == [
        ("So I have 3.", Kind.RECALL, By.PERSON),
        ("Let me try.", Kind.EXPLORE, By.PERSON),
        ("Wait, no.", Kind.BACKTRACK, By.PERSON),
    ]
    assert room.naming.items[2].subtype is Subtype.ERROR
    room.driver.desk.settle()
    kept = room.driver.desk.labels("t1")["annotator-1"]
    assert [(each.kind, each.subtype) for each in kept] == [
        (Kind.RECALL, None),
        (Kind.EXPLORE, None),
        (Kind.BACKTRACK, Subtype.ERROR),
    ]
    room.show_figures()
    assert room.panel.progress.text() == "3 of 3 sentences labelled"


def test_outside_the_mode_letters_and_esc_mean_what_they_meant(room: LabelRoom, qtbot: QtBot):
    machine = shown(room)
    room.page.view.pin(1)
    press(room, qtbot, Qt.Key.Key_K)
    assert shown(room) == machine

    room.set_mode(on=True)
    press(room, qtbot, Qt.Key.Key_Escape)

    assert not room.keys.on
    assert not room.bar.isVisibleTo(room.page)
    assert room.page.view.scene.pinned == 1
    press(room, qtbot, Qt.Key.Key_K)
    assert shown(room) == machine


def test_the_machine_is_confirmed_and_a_turn_told_by_its_words(room: LabelRoom, qtbot: QtBot):
    machine = [each.kind for each in room.naming.items]
    room.set_mode(on=True)

    press(room, qtbot, Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_B)

    assert [each.kind for each in room.naming.items] == [*machine[:2], Kind.BACKTRACK]
    assert {each.by for each in room.naming.items} == {By.PERSON}
    assert room.naming.items[2].subtype is Subtype.ERROR  # "Wait, no"


def test_changes_are_taken_back_and_made_again(room: LabelRoom, window: Window, qtbot: QtBot):
    machine = shown(room)
    room.set_mode(on=True)
    press(room, qtbot, Qt.Key.Key_K, Qt.Key.Key_P)

    window.commands.trigger("undo-label")
    assert [by for _, _, by in shown(room)][:2] == [By.PERSON, By.MODEL]
    window.commands.trigger("undo-label")
    window.commands.trigger("undo-label")
    assert shown(room) == machine
    window.commands.trigger("redo-label")
    assert shown(room)[0] == ("So I have 3.", Kind.RECALL, By.PERSON)
    room.driver.desk.settle()
    assert len(room.driver.desk.labels("t1")["annotator-1"]) == 1


def test_sentences_are_split_and_joined(room: LabelRoom, qtbot: QtBot):
    machine = shown(room)
    room.set_mode(on=True)
    room.page.view.pin(2)
    press(room, qtbot, Qt.Key.Key_S)
    assert [text for text, _, _ in shown(room)][:3] == ["So I", "have 3.", "Let me try."]
    room.page.view.pin(1)
    press(room, qtbot, Qt.Key.Key_S)  # before its first token there is nothing
    assert len(shown(room)) == 4

    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_J)

    assert [text for text, _, _ in shown(room)] == ["So I have 3. Let me try.", "Wait, no."]
    press(room, qtbot, Qt.Key.Key_Backspace)
    assert shown(room) == machine


def test_a_second_annotator_is_blind_to_the_first(room: LabelRoom, qtbot: QtBot):
    machine = shown(room)
    room.set_mode(on=True)
    press(room, qtbot, Qt.Key.Key_K, Qt.Key.Key_P, Qt.Key.Key_B)

    room.panel.blind.setChecked(True)
    room.panel.annotator.setText("Ben")
    room.panel.annotator.editingFinished.emit()

    assert shown(room) == machine
    room.page.view.setFocus()
    room.page.view.pin(1)
    press(room, qtbot, Qt.Key.Key_K, Qt.Key.Key_D)
    room.show_figures()
    assert "κ" not in room.panel.agreement.text()
    room.panel.blind.setChecked(False)
    room.show_figures()
    assert "annotator-1\n2 sentences: κ 0.33" in room.panel.agreement.text()
    assert [kind for _, kind, _ in shown(room)] == [Kind.RECALL, Kind.DERIVE, Kind.BACKTRACK]
    kept = settings.load()
    assert (kept.annotator, kept.blind) == ("Ben", False)


def test_labels_come_back_with_the_trace_and_go_into_a_file(
    room: LabelRoom, window: Window, qtbot: QtBot, tmp_path
):
    room.set_mode(on=True)
    press(room, qtbot, Qt.Key.Key_K)
    solve = window.driver.solve
    window.driver.new()
    assert room.naming.items == []
    assert room.pinned is None

    window.driver.solve = solve
    window.driver.trace_changed.emit()
    window.presenter.naming.settle()
    assert shown(room)[0] == ("So I have 3.", Kind.RECALL, By.PERSON)

    room.export(tmp_path / "labels.jsonl")
    [line] = read(tmp_path / "labels.jsonl")
    assert (line.id, line.text) == ("t1", SAID)
    assert line.labels["annotator-1"][0].kind is Kind.RECALL
    room.export(tmp_path / "no" / "labels.jsonl")
    assert "cannot be written" in window.snapshot()["error"]


def test_labels_lie_over_a_trace_that_grows(make_solve: MakeSolve):
    solve = make_solve(*PIECES, thinks=True)
    naming = Naming()
    naming.show_trace(solve)
    naming.show_labels((Label(7, 12, Kind.PLAN, "ann"),))
    naming.settle()

    first = naming.items[0]
    assert (SAID[first.start : first.end], first.kind) == ("So I ", Kind.PLAN)
    assert all(a.last < b.first for a, b in zip(naming.items, naming.items[1:], strict=False))
    assert naming.machine[0].by is By.MODEL
    assert "person" in described(first)


def test_a_label_that_ends_within_a_token_shares_it_with_nobody(make_solve: MakeSolve):
    solve = make_solve("So it is.", " Then we", " go. Done", " now.", ended=Ended.ANSWERED)
    naming = Naming()
    naming.show_trace(solve)
    naming.settle()

    naming.show_labels((Label(10, 21, Kind.PLAN, "ann"),))

    spans = [(each.first, each.last) for each in naming.items]
    assert spans == [(0, 0), (1, 2), (3, 3)]
    assert [each.kind for each in naming.items][1] is Kind.PLAN
