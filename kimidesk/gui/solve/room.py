"""A room of the Solve page: something that looks at the shown trace, and may ask for more of it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from kimidesk.flows import Solve
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage


class Room(QObject):
    """Rooms come after the first paint; each builds its widgets and puts them into their places.

    A subclass overrides what concerns it. `functions` are the commands of the action table that it
    answers, by their names. `to_keep` carries values for the settings, by their names.
    """

    to_keep = Signal(object)  # values for the settings, by their names

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page)
        self.page, self.driver, self.naming = page, driver, naming

    @property
    def solve(self) -> Solve | None:
        """What is shown."""
        return self.driver.solve

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        """Commands that it answers."""
        return {}

    def show_trace(self) -> None:
        """Another trace is shown, or none."""

    def grow(self) -> None:
        """The trace has grown, or ended; told a few times a second."""

    def named(self) -> None:
        """The names of its segments have changed; told a few times a second."""

    def point(self, hovered: int, pinned: int) -> None:
        """Other tokens are pointed at; -1 for none."""

    def retheme(self) -> None:
        """The colours have changed."""

    def settle(self) -> None:
        """Draw now what would be drawn soon; for pictures of the window."""

    def close(self) -> None:
        """The window closes."""
