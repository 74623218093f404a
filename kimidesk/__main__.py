"""Chooses a face: so far the command line alone."""

import sys
from pathlib import Path

from kimidesk.cli.main import run
from kimidesk.errors import MissingExtra


def open_window(*, sample: bool, model: str | None, trace: str | None) -> int:
    """There is no window yet."""
    raise MissingExtra("there is no window yet", hint="See `kimidesk --headless --help`.")


def save_picture(trace: str, path: Path, *, theme: str, language: str) -> None:
    """There is no window yet, so there is nothing to draw."""
    raise MissingExtra("there is no window yet", hint="See `kimidesk --headless --help`.")


def main() -> None:
    """Run, and exit with the status that the README lists."""
    sys.exit(run(sys.argv[1:], window=open_window, picture=save_picture))


if __name__ == "__main__":
    main()
