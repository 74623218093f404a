"""Views that are read together: one is scrolled or pinned, and the others go where that belongs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from kimidesk.gui.compare.column import Column
from kimidesk.gui.compare.compared import Align, Compared


class Following:
    """Joins columns; a view that is made to follow does not lead in turn."""

    def __init__(self, compared: Compared) -> None:
        self._compared = compared
        self._columns: Sequence[Column] = ()
        self._leading = False

    def join(self, columns: Sequence[Column]) -> None:
        """Read these together, from now on."""
        known = set(self._columns)
        self._columns = tuple(columns)
        for column in columns:
            if column not in known:
                column.view.scrolled.connect(lambda column=column: self._on_scrolled(column))
                column.view.pinned.connect(lambda token, column=column: self._on_pinned(column))

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Within it each view is moved for itself."""
        self._leading = True
        yield
        self._leading = False

    def _on_scrolled(self, column: Column) -> None:
        if self._leading or self._compared.align is Align.OFF or column not in self._columns:
            return
        at = self._columns.index(column)
        bar = column.view.verticalScrollBar()
        self._leading = True
        for to, other in enumerate(self._columns):
            if to == at:
                continue
            if bar.value() == bar.minimum():
                place = 0.0
            elif bar.value() == bar.maximum():
                place = float(other.view.scene.tokens)
            else:
                place = self._compared.moved(column.view.place, at, to)
            other.view.show_place(place)
        self._leading = False

    def _on_pinned(self, column: Column) -> None:
        token = column.view.scene.pinned
        if self._leading or token < 0 or self._compared.align is Align.OFF:
            return
        if column not in self._columns:
            return
        at = self._columns.index(column)
        self._leading = True
        for to, other in enumerate(self._columns):
            if to != at:
                other.view.pin(int(self._compared.moved(token + 0.5, at, to)))
        self._leading = False
