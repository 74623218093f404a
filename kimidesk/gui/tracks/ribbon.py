"""The ribbon: what every stretch of the trace does, along its tokens.

Three rows: kinds as lettered blocks, the coarse stages, and forking tokens. Zoomed out, a pixel
shows the kind that most of its tokens have; what is drawn depends on the pixels, not on the trace.
"""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from kimidesk.flows import Solve
from kimidesk.gui import kinds, theme
from kimidesk.gui.solve.naming import Named
from kimidesk.gui.thought import stages
from kimidesk.gui.tracks.ink import ink_on
from kimidesk.gui.tracks.painted import Axis, Painted
from kimidesk.gui.tracks.pooling import density, majority
from kimidesk.gui.tracks.spans import Spans
from kimidesk.gui.tracks.track import Track
from kimidesk.reading.forking import forking
from kimidesk.reading.segments.counting import KINDS

translate = QCoreApplication.translate
HEIGHT, LOW_HEIGHT = 46, 36
STAGE_PX, FORK_PX, GAP_PX = 5, 7, 3
MOST_BLOCKS = 400  # in sight; beyond it a pixel shows what most of its tokens do
LETTER_PX = 11  # a block of so many pixels has room for its letter
UPDATE_MS = 160


class Ribbon(Track):
    """Hidden while nothing is named."""

    def __init__(self) -> None:
        super().__init__(HEIGHT, LOW_HEIGHT)
        self.spans = Spans()
        self.stages: list[stages.Stretch] = []
        self.forks = np.zeros(0, np.bool_)
        self.with_forks = True
        self._solve: Solve | None = None
        self._named: Sequence[Named] = ()
        self._codes = np.zeros(0, np.uint8)  # of every token
        self.plot.getAxis("left").setTicks([[]])
        self.plot.setYRange(0, 1, padding=0)
        self.painted = Painted(self._draw)
        self.plot.addItem(self.painted, ignoreBounds=True)
        self.hovered.connect(self._tell)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UPDATE_MS)
        self._timer.timeout.connect(self.refresh)
        self.fill(False)
        self.retranslate()

    def show_trace(self, solve: Solve | None) -> None:
        """Another trace, whose names are still to come."""
        self._solve, self._named = solve, ()
        self.refresh()

    def show_named(self, items: Sequence[Named]) -> None:
        """Draw these names soon."""
        self._named = items
        self.soon()

    def soon(self) -> None:
        """The trace has grown: draw it anew a few times a second."""
        if not self._timer.isActive():
            self._timer.start()

    def show_forks(self, shown: bool) -> None:
        """Mark forking tokens, or leave them out."""
        self.with_forks = shown
        self.painted.update()

    def refresh(self) -> None:
        """Take what there is now, and draw it."""
        self._timer.stop()
        solve = self._solve
        self.tokens = len(solve.columns) if solve is not None else 0
        self.spans.show(self._named)
        self._codes = self.spans.per_token(self.tokens)
        self.stages = stages.stretches(self._named)
        if solve is not None and self.with_forks:
            self.forks = forking(solve.columns.entropy, solve.columns.forced)
        self.fill(len(self.spans) > 0)
        self.painted.update()

    def told(self, token: int) -> str:
        """What a token belongs to, for people; empty where nothing is named."""
        at = int(np.searchsorted(self.spans.first, token, "right")) - 1
        if at < 0 or token > self.spans.last[at]:
            return ""
        item = self.spans.items[at]
        lines = [
            translate("Ribbon", "{0}, {1} tokens, confidence {2}").format(
                kinds.name(item.kind),
                f"{item.last - item.first + 1:,}",
                f"{item.confidence:.0%}",
            ),
            *(stages.name(each.stage) for each in self.stages if each.first <= token <= each.last),
        ]
        if self.with_forks and token < len(self.forks) and self.forks[token]:
            lines.append(translate("Ribbon", "forking token: among the 20 % of highest entropy"))
        return "\n".join(lines)

    def retranslate(self) -> None:
        self.setAccessibleName(translate("Ribbon", "Ribbon of kinds"))
        self.setAccessibleDescription(
            translate("Ribbon", "Kinds, stages and forking tokens along the trace")
        )

    def _tell(self, token: int) -> None:
        self.plot.setToolTip(self.told(token) if token >= 0 else "")

    # ---- drawing ---------------------------------------------------------------------------

    def _draw(self, painter: QPainter, axis: Axis) -> None:
        area = axis.area
        forks = FORK_PX + GAP_PX if self.with_forks else 0
        below = STAGE_PX + GAP_PX + forks
        band = QRectF(area.left(), area.top() + 2, area.width(), area.height() - below - 2)
        self._draw_kinds(painter, axis, band)
        row = QRectF(area.left(), band.bottom() + GAP_PX, area.width(), STAGE_PX)
        self._draw_stages(painter, axis, row)
        if self.with_forks:
            at = QRectF(area.left(), row.bottom() + GAP_PX, area.width(), FORK_PX)
            self._draw_forks(painter, axis, at)

    def _draw_kinds(self, painter: QPainter, axis: Axis, band: QRectF) -> None:
        seen = self.spans.within(axis.left, axis.right)
        if seen.stop - seen.start > MOST_BLOCKS:
            self._draw_majority(painter, axis, band)
            return
        font = theme.ui_font(10)
        font.setBold(True)
        for first, last, code in merged(self.spans, seen):
            left, right = axis.x(first), axis.x(last + 1)
            width = max(right - left - (1 if right - left > 3 else 0), 1.0)
            block = QRectF(left, band.top(), width, band.height())
            self._draw_block(painter, block.intersected(band), code, font)  # its letter in sight

    def _draw_block(self, painter: QPainter, block: QRectF, code: int, font: QFont) -> None:
        kind = KINDS[code]
        colour = kinds.colour(kind)
        painter.fillRect(block, colour)
        if block.width() >= LETTER_PX:
            painter.setFont(font)
            painter.setPen(ink_on(colour))
            painter.drawText(block, Qt.AlignmentFlag.AlignCenter, kinds.LETTERS[kind])

    def _draw_majority(self, painter: QPainter, axis: Axis, band: QRectF) -> None:
        codes = majority(self._codes, axis.left, axis.right, max(int(band.width()), 1))
        colours = [*(kinds.colour(kind).rgb() for kind in KINDS), QColor(0, 0, 0, 0).rgba()]
        row = np.array(colours, np.uint32)[codes]
        image = QImage(row.data, len(row), 1, 4 * len(row), QImage.Format.Format_ARGB32)
        painter.drawImage(band, image)

    def _draw_stages(self, painter: QPainter, axis: Axis, row: QRectF) -> None:
        for stage, first, last in self.stages:
            left, right = axis.x(first), axis.x(last + 1)
            painter.fillRect(
                QRectF(left, row.top(), max(right - left - 1, 1.0), row.height()),
                stages.colour(stage),
            )

    def _draw_forks(self, painter: QPainter, axis: Axis, row: QRectF) -> None:
        first, last = max(int(axis.left), 0), min(int(axis.right) + 1, len(self.forks))
        ink = QColor(theme.current().warn)
        if axis.pixels >= 2:
            for token in np.flatnonzero(self.forks[first:last]) + first:
                width = max(axis.pixels - 1, 1.0)
                painter.fillRect(QRectF(axis.x(int(token)), row.top(), width, row.height()), ink)
            return
        shares = density(self.forks, axis.left, axis.right, max(int(row.width()), 1))
        pixels = np.zeros((len(shares), 4), np.uint8)  # premultiplied, as BGRA
        strength = np.clip(shares * 2, 0, 1)  # half forking tokens is as dense as it gets
        for channel, value in enumerate((ink.blue(), ink.green(), ink.red(), 255)):
            pixels[:, channel] = (strength * value).astype(np.uint8)
        image = QImage(
            pixels.data,
            len(pixels),
            1,
            4 * len(pixels),
            QImage.Format.Format_ARGB32_Premultiplied,
        )
        painter.drawImage(row, image)


def merged(spans: Spans, seen: slice) -> list[tuple[int, int, int]]:
    """First and last token and kind of what is in sight, neighbours of one kind joined."""
    made: list[tuple[int, int, int]] = []
    for first, last, code in zip(
        spans.first[seen].tolist(),
        spans.last[seen].tolist(),
        spans.kind[seen].tolist(),
        strict=True,
    ):
        if made and made[-1][2] == code and made[-1][1] + 1 == first:
            made[-1] = (made[-1][0], last, code)
        else:
            made.append((first, last, code))
    return made
