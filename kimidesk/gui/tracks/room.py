"""The tracks of kinds and of the budget, beside the strip on one axis; and what walks by them."""

from collections.abc import Callable

import numpy as np

from kimidesk.gui.charts.exporting import export
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.solve.walking import walk
from kimidesk.gui.tracks.ribbon import Ribbon
from kimidesk.gui.tracks.sentences import sentence_table
from kimidesk.gui.tracks.spending import Spending
from kimidesk.gui.widgets.strip import Strip
from kimidesk.reading.forking import forking


class Tracks(Room):
    """Each track can be hidden; which of them are is the menu's to show."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.ribbon, self.spending = Ribbon(), Spending()
        [self.strip] = page.tracks.findChildren(Strip)
        self._shown = {"ribbon": True, "entropy": True, "spending": True, "forks": True}
        for track, at in ((self.ribbon, 0), (self.spending, 2)):
            track.link(self.strip)
            track.hovered.connect(page.view.hover)
            track.pinned.connect(page.view.pin)
            track.set_low(page.low)
            page.low_changed.connect(track.set_low)
            page.add_track(track, at)

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        return {
            "show-ribbon": lambda: self.ribbon.want(self._toggled("ribbon")),
            "show-entropy": lambda: self.page.show_strip(self.strip, self._toggled("entropy")),
            "show-spending": lambda: self.spending.want(self._toggled("spending")),
            "show-forks": self._toggle_forks,
            "next-fork": lambda: self._walk(1),
            "last-fork": lambda: self._walk(-1),
            "export-tracks": self._export,
        }

    def show_trace(self) -> None:
        for track in (self.ribbon, self.spending):
            track.show_trace(self.solve)

    def grow(self) -> None:
        for track in (self.ribbon, self.spending):
            track.soon()

    def named(self) -> None:
        self.ribbon.show_named(self.naming.items)

    def point(self, hovered: int, pinned: int) -> None:
        for track in (self.ribbon, self.spending):
            track.point(hovered, pinned)

    def settle(self) -> None:
        self.ribbon.show_named(self.naming.items)
        for track in (self.ribbon, self.spending):
            track.refresh()

    def _export(self) -> None:
        """As a picture all tracks that are shown, as a table the sentences of the ribbon."""
        if self.solve is not None:
            table = sentence_table(self.ribbon, self.solve)
            export(self.page.tracks, table, self.page, f"tracks {self.solve.trace.id[:8]}")

    def _toggled(self, name: str) -> bool:
        self._shown[name] = not self._shown[name]
        return self._shown[name]

    def _toggle_forks(self) -> None:
        self.ribbon.show_forks(self._toggled("forks"))
        self.ribbon.soon()

    def _walk(self, by: int) -> None:
        """Pin the next forking token, forward or back."""
        if self.solve is not None:
            columns = self.solve.columns
            walk(self.page.view, np.flatnonzero(forking(columns.entropy, columns.forced)), by)
