"""Scrolling a scene: what is seen is laid out, and the place that is read never jumps."""

from PySide6.QtWidgets import QAbstractScrollArea

from kimidesk.gui.widgets.scene import Scene

BOTTOM = 26  # pixels below the last line
ROUNDS = 4  # each may bring paragraphs into view that were only estimated

Anchor = tuple[int, float]  # a paragraph, and pixels below its top


class Scroller:
    """Keeps the scroll bar of `area` true to the heights of `scene`."""

    def __init__(self, area: QAbstractScrollArea, scene: Scene) -> None:
        self._area = area
        self._scene = scene
        self.following = True  # stays at the newest token
        self.moving = False  # the scroll bar moves by our own hand

    @property
    def top(self) -> int:
        """The height of the scene at the upper edge."""
        return self._area.verticalScrollBar().value()

    @property
    def at_end(self) -> bool:
        """Whether the last line is seen."""
        bar = self._area.verticalScrollBar()
        return bar.value() >= bar.maximum() - 4

    def visible(self) -> tuple[int, int]:
        """The first and the last visible paragraph; (-1, -1) when there is none."""
        layouts = self._scene.layouts
        height = self._area.viewport().height()
        return layouts.at(self.top), layouts.at(self.top + height - 1)

    def lay_visible(self) -> None:
        """Lay out what is seen; its heights become exact and the place stays."""
        layouts = self._scene.layouts
        for _ in range(ROUNDS):
            anchor = self.anchor()
            self.restore(anchor)
            before = layouts.height
            first, last = self.visible()
            for place in layouts.folds.shown(max(first, 0), last):
                layouts.laid(place)
            if layouts.height == before:
                return
            self.restore(anchor)

    def anchor(self) -> Anchor:
        """The place that is read, in a form that outlives a change of heights."""
        place = self._scene.layouts.at(self.top)
        return place, (self.top - self._scene.layouts.top(place) if place >= 0 else 0.0)

    def restore(self, anchor: Anchor) -> None:
        """Go back to a place, or to the end when following."""
        self.update_range()
        place, offset = anchor
        if self.following:
            self.move_to(self._area.verticalScrollBar().maximum())
        elif 0 <= place < len(self._scene.paragraphs.items):
            self.move_to(self._scene.layouts.top(place) + offset)

    def update_range(self) -> None:
        """Tell the scroll bar how high everything is."""
        height = self._area.viewport().height()
        self.moving = True
        bar = self._area.verticalScrollBar()
        bar.setPageStep(height)
        bar.setSingleStep(int(self._scene.layouts.line_px))
        bar.setRange(0, max(0, int(self._scene.layouts.height) + BOTTOM - height))
        self.moving = False

    def move_to(self, value: float) -> None:
        """Scroll without that being taken for the person's hand."""
        self.moving = True
        self._area.verticalScrollBar().setValue(round(value))
        self.moving = False
