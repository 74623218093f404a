"""A trace made of given pieces, and a window on an empty desk, closed with its processes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kimidesk.flows import Solve
from kimidesk.gui import app
from kimidesk.gui.language import Languages
from kimidesk.gui.theme import Themes
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.gui.window import Window
from kimidesk.records import (
    Attempt,
    Budget,
    CheckpointInfo,
    Dialect,
    Ended,
    Problem,
    Sampling,
    Token,
    Trace,
)
from kimidesk.settings import Settings
from kimidesk.store import Desk

THINK = Dialect("think", "<think>", ("</think>",))
CHECKPOINT = CheckpointInfo("Recital", "scripted:x", "0" * 16, context=4096)
MakeSolve = Callable[..., Solve]


def grow(solve: Solve, pieces: list[bytes], entropy: float = 0.5) -> None:
    """Append pieces as an engine would, one id for each different piece."""
    known = {piece: id_ for id_, piece in solve.lexicon.items()}
    ids = []
    for piece in pieces:
        id_ = known.setdefault(piece, len(known))
        solve.lexicon[id_] = piece
        rivals = np.array([id_], np.int32)
        solve.columns.append(Token(id_, -0.25, entropy, 1, rivals, np.array([-0.25], np.float32)))
        ids.append(id_)
    solve.transcript.append(ids, solve.lexicon)


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> Iterator[None]:
    """A test that spoke Chinese leaves the next one English."""
    yield
    Languages(qapp, "en")


@pytest.fixture
def make_solve() -> MakeSolve:
    def make(*pieces: str | bytes, thinks: bool = False, ended: Ended | None = None) -> Solve:
        trace = Trace(
            "t1",
            Problem("What is 2+2?", "4"),
            CHECKPOINT,
            Sampling(),
            Budget(),
            0,
            dialect=THINK if thinks else Dialect(),
            ended=ended,
        )
        solve = Solve(trace, Attempt("t1", ()))
        grow(solve, [piece.encode() if isinstance(piece, str) else piece for piece in pieces])
        return solve

    return make


@pytest.fixture
def view(qtbot: QtBot) -> TraceView:
    made = TraceView()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    return made


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    """English and dark; its processes are gone when the test ends."""
    made = app.application()
    desk = Desk.open()
    window = Window(desk, Settings(), Themes(made, "dark"), Languages(made, "en"))
    app.add_tracks(window)
    window.show()
    yield window
    if window.isVisible():
        with qtbot.waitSignal(window.closed, timeout=5000):
            window.close()
    window.deleteLater()
    # No loop runs that deletes it, and themes polish every widget that lives: 5 s a window at last.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    desk.close()


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., str]:
    """Writes a script and returns its ref."""

    def write(*recitations: dict[str, Any], **values: Any) -> str:
        path = tmp_path / "script.json"
        content = {"thinks": True, "recitations": list(recitations), **values}
        path.write_text(json.dumps(content), "utf-8")
        return f"scripted:{path}"

    return write
