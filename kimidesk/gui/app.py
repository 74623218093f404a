"""The window program: the only place that builds the graph of its objects."""

import ctypes.util
import gc
import os
import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication, QWidget

from kimidesk import settings as settings_file
from kimidesk.checkpoints import catalog
from kimidesk.errors import KimiDeskError, MissingExtra, NoDisplay
from kimidesk.gui.language import Languages
from kimidesk.gui.theme import Themes
from kimidesk.gui.widgets.spoken import install
from kimidesk.gui.window import Window
from kimidesk.records import Problem
from kimidesk.settings import Settings, assets_folder
from kimidesk.store import Desk

PROBE_CALLS = 1_000
LIBRARIES = {  # what Qt's xcb plugin loads, and the Debian package that has it
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "EGL": "libegl1",
    "GL": "libgl1",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
}
SAMPLE = Problem("Tom has 3 apples. He buys 4 more apples. How many apples does Tom have now?", "7")


def check_display() -> None:
    """Raise NoDisplay or MissingExtra where Qt would abort the process."""
    if os.environ.get("QT_QPA_PLATFORM") or not sys.platform.startswith("linux"):
        return
    if os.environ.get("WAYLAND_DISPLAY"):
        return
    if not os.environ.get("DISPLAY"):
        raise NoDisplay(
            "there is no display to open a window on",
            hint="Use `kimidesk --headless --help`, or set DISPLAY.",
        )
    missing = [package for name, package in LIBRARIES.items() if not ctypes.util.find_library(name)]
    if missing:
        raise MissingExtra(
            f"Qt cannot open a window: {', '.join(missing)} missing",
            hint=f"On Debian or Ubuntu: apt-get install {' '.join(missing)}",
        )


def check_binding(widget: QWidget) -> None:
    """Raise MissingExtra for a PySide6 that drops a reference to None at every call (6.12.0).

    Python before 3.12 then aborts within seconds of painting.
    """
    before = sys.getrefcount(None)
    for _ in range(PROBE_CALLS):
        widget.update()
    if sys.getrefcount(None) < before - PROBE_CALLS // 2:
        raise MissingExtra(
            "this PySide6 crashes Python before 3.12: it drops a reference to None at every call",
            hint="pip install 'PySide6_Essentials>=6.8,<6.12'",
        )


def application() -> QApplication:
    """The one QApplication, made at the first call."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    check_display()
    QGuiApplication.setDesktopFileName("kimidesk")
    made = QApplication(["kimidesk"])
    install()
    made.setApplicationName("KimiDesk")
    made.setWindowIcon(QIcon(str(assets_folder() / "kimidesk.svg")))
    return made


def build(
    desk: Desk,
    settings: Settings,
    *,
    themes: Themes | None = None,
    languages: Languages | None = None,
) -> Window:
    """A window on a desk; nothing is opened or started yet."""
    app = application()
    window = Window(
        desk,
        settings,
        themes or Themes(app, settings.theme),
        languages or Languages(app, settings.language),
    )
    check_binding(window)
    return window


def add_tracks(window: Window) -> None:
    """Bring in tracks and rooms; pyqtgraph costs as much as everything before the first paint."""
    from kimidesk.gui.rooms import rooms_of
    from kimidesk.gui.widgets.strip import Strip

    presenter = window.presenter
    presenter.add_strip(Strip(window))
    presenter.add_rooms(rooms_of(presenter.page, presenter.driver, presenter.naming))


def freeze() -> None:
    """What stands now stays: a full collection otherwise walks through Qt's whole binding."""
    gc.collect()
    gc.freeze()


def main(*, sample: bool = False, model: str | None = None, trace: str | None = None) -> int:
    """Run the window until it is closed; returns the exit status.

    `sample` solves a problem of ours at once, `model` names the checkpoint to open, `trace` the
    kept trace to show.
    """
    app = application()
    settings = settings_file.load()
    catalog.entries()  # what is wrong with a person's own file is told before a window is there
    desk = Desk.open()
    try:
        window = build(desk, settings)
    except KimiDeskError:
        desk.close()
        raise
    app.setQuitOnLastWindowClosed(False)
    window.closed.connect(app.quit)

    def begin() -> None:
        add_tracks(window)
        freeze()
        window.presenter.open_checkpoint(model or settings.checkpoint)
        if trace is not None:
            window.driver.reopen(trace)
            window.page.show_asked(window.driver)
        elif sample:
            window.page.problem.show_problem(SAMPLE)
            window.page.controls.temperature.setValue(0)
            window.presenter.solve(remember=False)

    window.painted.connect(begin, Qt.ConnectionType.QueuedConnection)
    window.show()
    status = app.exec()
    desk.close()
    return status
