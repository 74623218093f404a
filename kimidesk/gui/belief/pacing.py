"""When a growing trace is asked what it would answer, and where."""

from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Solve
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Named
from kimidesk.reading import tokens_per_s

translate = QCoreApplication.translate
SLOW = 8.0  # tokens a second; of a trace that comes no faster none is taken away
ENOUGH = 24  # tokens after which the speed is known


def places_of(items: list[Named], *, whole: bool) -> list[int]:
    """Before the first sentence and behind each; the last one of a growing trace is not over."""
    ended = items if whole else items[:-1]
    return sorted({items[0].first, *(each.last + 1 for each in ended)}) if items else []


class Pace:
    """The speed at which a trace came before anything was asked beside it."""

    def __init__(self) -> None:
        self._trace = ""
        self._speed: float | None = None

    def slow(self, solve: Solve) -> bool | None:
        """Whether this machine is too slow for it; None while that is not known."""
        if solve.trace.id != self._trace:
            self._trace, self._speed = solve.trace.id, None
        if self._speed is None and len(solve.columns) >= ENOUGH:
            self._speed = tokens_per_s(solve.columns)
        return None if self._speed is None else self._speed < SLOW

    @property
    def speed(self) -> float:
        """Tokens a second; 0 where it is not known."""
        return self._speed or 0.0


def why_not(driver: Driver, solve: Solve, pace: Pace) -> str:
    """Why a growing trace is not asked now; empty where it may be, or nothing need be said."""
    if driver.checkpoint is not None and driver.checkpoint.slots < 2:
        return translate(
            "Belief",
            "{0} grows one trace at once: it is probed when the trace has ended.",
        ).format(driver.checkpoint.name)
    if pace.slow(solve):
        return translate(
            "Belief",
            "{0} tokens/s are slow: it is probed when the trace has ended.",
        ).format(f"{pace.speed:.1f}")
    return ""
