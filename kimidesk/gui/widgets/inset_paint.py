"""Painting the formulas of a scene: ink in the colour of the text, and below it their tokens' heat.

A formula is one box of many tokens, so their heat stands in a strip under it, one cell a token in
the order in which they were written. Where cells are narrower than a pixel the hottest is seen.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from kimidesk.gui.theme import Theme, mono_font
from kimidesk.gui.typeset.sizes import EDGE, pixels
from kimidesk.gui.widgets.heat import Heat, colours
from kimidesk.gui.widgets.insets import Placed
from kimidesk.gui.widgets.scene import Scene, Section

MARGIN = 6  # pixels beside the source of a pinned token


class InsetPainter:
    """Paints the insets of one paragraph at a time; the painter's origin is the scene's."""

    def __init__(self, scene: Scene, theme: Theme, painter: QPainter) -> None:
        self.scene, self.theme, self.painter = scene, theme, painter
        self._heat = colours(theme.heat)
        self._moved = painter.worldTransform()
        ratio = painter.device().devicePixelRatioF()
        self._ratio = ratio
        self._seen = self._moved.inverted()[0].mapRect(QRectF(painter.viewport()))

    def paint_strips(self, place: int, forced: QPen) -> None:
        """The heat of the tokens of each formula, and which of them were not drawn."""
        scene = self.scene
        columns = scene.source.columns if scene.source else None
        for placed in self._visible(place):
            tokens = scene.formulas.tokens_of(placed.inset.formula)
            if columns is None or not tokens:
                continue
            if scene.heat is not Heat.OFF:
                bins = scene.bins[tokens.start : tokens.stop].tolist()
                for at in sorted(range(len(bins)), key=bins.__getitem__):
                    if bins[at]:
                        cell = placed.cell(at, len(tokens))
                        cell.setWidth(max(cell.width(), 1))
                        self.painter.fillRect(cell, self._heat[bins[at]])
            if columns.forced[tokens.start : tokens.stop].any():
                self.painter.setPen(forced)
                room = placed.room
                self.painter.drawLine(room.bottomLeft(), room.bottomRight())

    def paint_formulas(self, place: int, selected: tuple[int, int] | None) -> None:
        """The formulas themselves, on the ground of a hit or of the selection."""
        scene, theme = self.scene, self.theme
        item = scene.paragraphs.items[place]
        thinking = scene.section(item) is Section.THINKING
        for placed in self._visible(place):
            ink = theme.quiet if thinking else theme.text
            if ground := self._ground(placed, selected):
                self.painter.fillRect(placed.rect.adjusted(-1, -1, 1, 1), QColor(ground))
                ink = theme.on_accent
            self._draw(placed, scene.layouts.text_top(place), QColor(ink))

    def paint_outline(self, whole: QRectF) -> None:
        """Around the formula of a token that is pointed at: its cell alone is easily missed."""
        painter = self.painter
        painter.save()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.theme.edge), 1))
        painter.drawRoundedRect(whole.adjusted(-2.5, -1.5, 2.5, 3.5), 4, 4)
        painter.restore()

    def paint_source(self, token: int) -> None:
        """What a pinned token is in the source of its formula, in a line over what is below it.

        The formula itself stays: if it gave way to its source, the text would jump with each step
        of the arrow keys.
        """
        scene, painter, theme = self.scene, self.painter, self.theme
        whole, parts = scene.formula_rect(token), scene.formulas.split_at(token)
        if whole is None or parts is None:
            return
        font = mono_font(12)
        metrics = QFontMetricsF(font)
        widths = [metrics.horizontalAdvance(part) for part in parts]
        left = max(min(whole.left(), scene.layouts.width - sum(widths) - 2 * MARGIN), 0)
        box = QRectF(left, whole.bottom() + 6, sum(widths) + 2 * MARGIN, metrics.height() + 6)
        if box.bottom() > self._seen.bottom():
            box.moveBottom(whole.top() - 4)
        painter.setPen(QPen(QColor(theme.edge), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(font)
        x = box.left() + MARGIN
        for part, width, ink in zip(
            parts, widths, (theme.quiet, theme.on_accent, theme.quiet), strict=True
        ):
            here = QRectF(x, box.top() + 2, width, box.height() - 4)
            if ink == theme.on_accent:
                painter.fillRect(here, QColor(theme.accent))
            painter.setPen(QColor(ink))
            painter.drawText(here, Qt.AlignmentFlag.AlignVCenter, part)
            x += width

    def _visible(self, place: int) -> list[Placed]:
        laid = self.scene.layouts.laid(place)
        if not laid.placed:
            return []
        top = self.scene.layouts.text_top(place)
        return [
            each._replace(rect=each.rect.translated(0, top))
            for each in laid.placed
            if each.rect.translated(0, top).intersects(self._seen)
        ]

    def _ground(self, placed: Placed, selected: tuple[int, int] | None) -> str:
        inset = placed.inset
        if selected is not None and selected[0] < inset.end and selected[1] > inset.begin:
            return self.theme.accent
        hits = self.scene.hits.within(inset.formula.start, inset.formula.stop)
        if not hits:
            return ""
        return self.theme.accent if any(current for *_, current in hits) else self.theme.warn

    def _draw(self, placed: Placed, top: float, ink: QColor) -> None:
        typesetter = self.scene.typesetter
        if typesetter is None:
            return
        inset, ratio = placed.inset, self._ratio
        em_px = round(inset.em_px * ratio, 2)
        image = typesetter.image(inset.key, em_px, ratio, ink)
        if image is None:  # it comes within some milliseconds, and its room is there
            return
        # On whole pixels of the screen, or every line of it would be blurred.
        corner = self._moved.map(QPointF(placed.rect.left(), top + placed.baseline)) * ratio
        x = round(corner.x()) - EDGE
        y = round(corner.y()) - pixels(inset.size, em_px).baseline
        to_scene = self._moved.inverted()[0]
        self.painter.drawImage(to_scene.map(QPointF(x / ratio, y / ratio)), image)
