"""What the window knows of the Compare page: the page is built when it is first shown.

What it draws with is slow to import, and nobody needs it at the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from kimidesk.flows import Solve
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.typeset.typesetter import Typesetter
from kimidesk.gui.widgets.heat import Heat

if TYPE_CHECKING:
    from kimidesk.gui.compare.presenter import ComparePresenter


class CompareDoor(QObject):
    """Until the page is there, what is asked of it does nothing; `presenter` is None.

    `open_wanted` carries a trace's id, `chosen` the name of a command that now holds.
    """

    open_wanted = Signal(str)
    chosen = Signal(str)

    def __init__(self, driver: Driver, typesetter: Typesetter, parent: QObject) -> None:
        super().__init__(parent)
        self.presenter: ComparePresenter | None = None
        self._driver, self._typesetter = driver, typesetter
        self._heat = Heat.ENTROPY

    def build(self) -> QWidget:
        """The page, with its presenter."""
        from kimidesk.gui.compare.page import ComparePage
        from kimidesk.gui.compare.presenter import ComparePresenter

        page = ComparePage(self._typesetter)
        self.presenter = ComparePresenter(page, self._driver)
        self.presenter.set_heat(self._heat)
        self.presenter.open_wanted.connect(self.open_wanted)
        self.presenter.chosen.connect(self.chosen)
        for name in ("align-segments", "room-columns"):
            self.chosen.emit(name)
        return page

    def shown(self) -> None:
        """The page is turned to."""
        if self.presenter is not None:
            self.presenter.shown()

    def act(self, name: str) -> None:
        """Run a command of the page."""
        if self.presenter is not None:
            self.presenter.functions[name]()

    def add(self, solve: Solve | None) -> None:
        """Put a trace beside others."""
        if solve is not None and self.presenter is not None:
            self.presenter.add(solve)

    def set_heat(self, heat: Heat) -> None:
        """Colour tokens by `heat`, also once the page is there."""
        self._heat = heat
        if self.presenter is not None:
            self.presenter.set_heat(heat)

    def resize_text(self, by: int) -> None:
        """Make the texts larger or smaller."""
        if self.presenter is not None:
            self.presenter.resize_text(by)

    def retheme(self) -> None:
        """The colours have changed."""
        if self.presenter is not None:
            self.presenter.retheme()

    def stop(self) -> None:
        """Stop what the page asked for."""
        if self.presenter is not None:
            self.presenter.stop()

    def close(self) -> None:
        """The window closes."""
        if self.presenter is not None:
            self.presenter.close()
