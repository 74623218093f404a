"""Chooses a face: the window, or a verb of the command line. Only here are both known."""

import sys
from pathlib import Path

from kimidesk.cli.main import run
from kimidesk.errors import MissingExtra


def open_window(*, sample: bool, model: str | None, trace: str | None) -> int:
    """Open the window; raises MissingExtra when Qt is not installed."""
    _need_qt()
    from kimidesk.gui import app

    return app.main(sample=sample, model=model, trace=trace)


def save_picture(trace: str, path: Path, *, theme: str, language: str) -> None:
    """Draw the Solve page with a kept trace into a PNG, without a display."""
    _need_qt()
    from kimidesk.gui import picture
    from kimidesk.store import Desk

    desk = Desk.open()
    try:
        picture.save(desk, desk.load(trace), path, theme=theme, language=language)
    finally:
        desk.close()


def main() -> None:
    """Run, and exit with the status that the README lists."""
    sys.exit(run(sys.argv[1:], window=open_window, picture=save_picture))


def _need_qt() -> None:
    try:
        import PySide6  # noqa: F401 — only to know that it is there
    except ImportError as error:
        raise MissingExtra(
            "the window needs PySide6, which is not installed",
            hint="pip install 'kimidesk[gui]', or use `kimidesk --headless --help`.",
        ) from error


if __name__ == "__main__":
    main()
