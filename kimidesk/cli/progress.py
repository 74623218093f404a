"""How far a run is, on stderr: a live bar on a terminal, plain lines elsewhere."""

import sys
import time
from typing import Protocol, Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from kimidesk.cli.terminal import plain
from kimidesk.flows import Progress

LINE_S = 10.0  # between plain lines


class Shown(Protocol):
    """Something that shows progress."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, progress: Progress) -> None:
        """Show where the run is; called often."""

    def say(self, text: str) -> None:
        """Say something beside it."""

    def warn(self, text: str) -> None:
        """Say what must not be missed, even when quiet."""


class Silent:
    """--quiet: only what must not be missed."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def show(self, progress: Progress) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def warn(self, text: str) -> None:
        """At once."""
        click.echo(plain(f"warning: {text}"), err=True)


class Lines(Silent):
    """A line every ten seconds, and one at the end."""

    def __init__(self) -> None:
        self._last: Progress | None = None
        self._due = 0.0
        self._printed: Progress | None = None

    def __exit__(self, *_: object) -> None:
        if self._last is not None and self._last is not self._printed:
            self._print(self._last)

    def show(self, progress: Progress) -> None:
        """Now and then."""
        self._last = progress
        if time.monotonic() >= self._due:
            self._print(progress)

    def say(self, text: str) -> None:
        """At once."""
        click.echo(plain(text), err=True)

    def _print(self, progress: Progress) -> None:
        self._due = time.monotonic() + LINE_S
        self._printed = progress
        self.say(f"{progress.done}/{progress.total} · {in_words(progress)}")


class Live:
    """A bar that stays in place."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._bar = Bar(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=self._console,
        )
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Redrawn ten times a second."""
        self._bar.update(
            self._task,
            total=progress.total,
            completed=progress.done,
            description=in_words(progress),
        )

    def say(self, text: str) -> None:
        """Above the bar."""
        self._console.print(plain(text), markup=False, highlight=False)

    def warn(self, text: str) -> None:
        """Above the bar."""
        self.say(f"warning: {text}")


def shown(*, quiet: bool) -> Shown:
    """What fits the place where stderr goes."""
    if quiet:
        return Silent()
    return Live() if sys.stderr.isatty() else Lines()


def in_words(progress: Progress) -> str:
    """Accuracy so far, speed, and how long it will take."""
    parts = []
    if progress.accuracy is not None:
        parts.append(f"{100 * progress.accuracy:.1f} % right")
    if progress.failed:
        parts.append(f"{progress.failed} failed")
    parts.append(f"{progress.tokens_per_s:.1f} tokens/s")
    if progress.eta_s is not None and progress.done < progress.total:
        parts.append(f"{_duration(progress.eta_s)} left")
    return " · ".join(parts)


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {seconds:02d} s"
