"""Work aside never holds the window up, and neither its results nor its faults are lost."""

import threading

import pytest

pytest.importorskip("PySide6")

from pytestqt.qtbot import QtBot

from kimidesk.errors import UsageError
from kimidesk.gui.aside import Aside


def fail(error: Exception) -> int:
    raise error


def test_results_come_in_order_on_the_windows_thread(qtbot: QtBot):
    aside, come = Aside(), list[tuple[int, bool]]()
    gate = threading.Event()
    here = threading.get_ident()

    def wait() -> int:
        gate.wait(5)
        return 1

    def take(result: int) -> None:
        come.append((result, threading.get_ident() == here))

    aside.run(wait, take, pytest.fail)
    aside.run(lambda: 2, take, pytest.fail)
    assert come == []  # nobody waited
    gate.set()

    qtbot.waitUntil(lambda: len(come) == 2)
    assert come == [(1, True), (2, True)]
    aside.close()


def test_an_error_that_a_person_can_meet_is_told(qtbot: QtBot):
    aside, told = Aside(), list[str]()

    aside.run(lambda: fail(UsageError("no such thing")), pytest.fail, lambda e: told.append(e.what))

    aside.settle()
    assert told == ["no such thing"]
    aside.close()


def test_a_fault_of_ours_is_raised_where_it_is_seen(qtbot: QtBot):
    aside = Aside()
    with qtbot.captureExceptions() as raised:
        aside.run(lambda: fail(ZeroDivisionError("ours")), pytest.fail, pytest.fail)
        aside.settle()

    assert [str(each[1]) for each in raised] == ["ours"]
    aside.close()


def test_what_comes_after_the_end_is_forgotten(qtbot: QtBot):
    aside, come = Aside(), list[int]()
    aside.run(lambda: 1, come.append, pytest.fail)

    aside.close()
    aside.run(lambda: 2, come.append, pytest.fail)

    qtbot.wait(50)
    assert come == []
