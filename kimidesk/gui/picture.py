"""A picture of the Solve page with a kept trace, drawn without a display."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kimidesk.errors import StoreError
from kimidesk.settings import Settings
from kimidesk.store import Desk, Kept

if TYPE_CHECKING:
    from kimidesk.gui.window import Window


def save(
    desk: Desk,
    trace: Kept,
    path: Path,
    *,
    theme: str,
    language: str,
    size: tuple[int, int] = (1440, 900),
) -> None:
    """Write a PNG of `trace`, beside the history of `desk`.

    Raises StoreError when the file cannot be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import qInstallMessageHandler

    from kimidesk.gui import app

    qInstallMessageHandler(_pass_on)
    made = app.application()
    window = app.build(desk, Settings(theme=theme, language=language))
    window.resize(*size)
    window.show()
    app.add_tracks(window)
    window.driver.show(trace)
    window.page.show_asked(window.driver)
    _settle(window)
    made.sendPostedEvents()  # layouts follow the texts
    saved = window.grab().save(str(path))
    window.close()
    window.deleteLater()
    made.sendPostedEvents()
    if not saved:
        raise StoreError(f"{path} cannot be written", hint="Choose another file.")


def _pass_on(_kind: object, _context: object, text: str) -> None:
    """Qt's messages to stderr, but for one of the offscreen platform that nobody can act on."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def _settle(window: "Window") -> None:
    """Everything taken and laid out, and the most open choice in sight explained."""
    view = window.page.view
    view.catch_up()
    window.page.problem.pictures.settle()
    window.presenter.naming.settle()
    for room in window.presenter.rooms:
        room.settle()
    bins = view.scene.bins
    if len(bins):
        first, last = view.seen
        view.pin(first + int(bins[first : last + 1].argmax()), reveal=False)
    window.presenter.show_figures()
    if window.presenter.strip is not None:
        window.presenter.strip.redraw()
