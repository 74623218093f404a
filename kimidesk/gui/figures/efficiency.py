"""The efficiency panel: each figure of the shown trace, between those of its problem's others.

Right traces are a bar above the line, wrong ones a dashed bar below it, each with its median; the
diamond is the shown trace.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from kimidesk.flows import Analysis
from kimidesk.gui import theme
from kimidesk.gui.charts.table import Table
from kimidesk.gui.figures.cells import Cells
from kimidesk.gui.figures.measures import MEASURES, Measure, Spread, meaning, spread, title

translate = QCoreApplication.translate
ROW_PX = 38


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure of the shown trace, and of the others by their verdicts."""

    measure: Measure
    own: float | None
    right: Spread | None
    wrong: Spread | None

    @property
    def top(self) -> float:
        """Where its scale ends."""
        most = [self.own or 0.0, *(each.high for each in (self.right, self.wrong) if each)]
        return 1.0 if not self.measure.rate else max(*most, 0.5)


class Efficiency(Cells):
    """One row a measure."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Compared] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_analyses(None, ())

    def show_analyses(self, own: Analysis | None, others: Sequence[Analysis]) -> None:
        """Show the figures of one trace, and what others of its problem have."""
        right = [each for each in others if each.right]
        wrong = [each for each in others if each.right is False]
        self.rows = [
            Compared(
                measure,
                measure.value(own) if own is not None else None,
                spread([measure.value(each) for each in right]),
                spread([measure.value(each) for each in wrong]),
            )
            for measure in MEASURES
        ]
        self.count = len(self.rows)
        self.go(self.current)
        self.update()

    def table(self) -> Table:
        """All figures, the others' with their range and number."""
        sides = (translate("Efficiency", "right"), translate("Efficiency", "wrong"))
        parts = (
            translate("Efficiency", "median"),
            translate("Efficiency", "least"),
            translate("Efficiency", "most"),
            translate("Efficiency", "traces"),
        )
        titles = [translate("Efficiency", "figure"), translate("Efficiency", "this trace")]
        titles += [f"{side}, {part}" for side in sides for part in parts]
        rows = [
            (title(row.measure.name), row.own, *_cells(row.right), *_cells(row.wrong))
            for row in self.rows
        ]
        return Table(tuple(titles), tuple(rows))

    def told(self, cell: int) -> str:
        row = self.rows[cell]
        spelled = row.measure.spelled
        lines = [f"{title(row.measure.name)}: {spelled(row.own)}"]
        for side, name in (
            (row.right, translate("Efficiency", "right others")),
            (row.wrong, translate("Efficiency", "wrong others")),
        ):
            if side is not None:
                lines.append(
                    translate("Efficiency", "{0}: median {1}, {2} … {3}, of {4}").format(
                        name, spelled(side.median), spelled(side.low), spelled(side.high), side.of
                    )
                )
        lines.append(_wrapped(meaning(row.measure.name)))
        return "\n".join(lines)

    def rect_of(self, cell: int) -> QRectF:
        return QRectF(0, cell * ROW_PX, self.width(), ROW_PX)

    def sizeHint(self) -> QSize:
        return QSize(220, ROW_PX * len(MEASURES))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, ROW_PX * len(MEASURES))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for cell, row in enumerate(self.rows):
            self._draw(painter, self.rect_of(cell), row)
        self.draw_current(painter)

    def _draw(self, painter: QPainter, at: QRectF, row: Compared) -> None:
        shown = theme.current()
        head = QRectF(at.left() + 4, at.top() + 2, at.width() - 8, 18)
        painter.setFont(theme.ui_font())
        painter.setPen(QColor(shown.text))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignLeft, title(row.measure.name))
        painter.setFont(theme.mono_font())
        value = row.measure.spelled(row.own)
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignRight, value)
        line = QRectF(head.left() + 4, head.bottom() + 7, head.width() - 8, 1)
        painter.fillRect(line, QColor(shown.line))
        for side, colour, y, dashed in (
            (row.right, shown.right, line.top() - 3, False),
            (row.wrong, shown.wrong, line.top() + 4, True),
        ):
            if side is not None:
                self._draw_spread(painter, line, row, side, QColor(colour), y, dashed=dashed)
        if row.own is not None:
            self._draw_own(painter, _x(line, row, row.own), line.top() + 0.5)

    def _draw_spread(
        self,
        painter: QPainter,
        line: QRectF,
        row: Compared,
        side: Spread,
        colour: QColor,
        y: float,
        *,
        dashed: bool,
    ) -> None:
        pen = QPen(colour, 2)
        if dashed:
            pen.setDashPattern([2, 1.5])
        painter.setPen(pen)
        low, high = _x(line, row, side.low), _x(line, row, side.high)
        painter.drawLine(QPointF(low, y), QPointF(max(high, low + 1), y))
        painter.setPen(QPen(colour, 2))
        median = _x(line, row, side.median)
        painter.drawLine(QPointF(median, y - 3), QPointF(median, y + 3))

    def _draw_own(self, painter: QPainter, x: float, y: float) -> None:
        shown = theme.current()
        painter.setPen(QPen(QColor(shown.surface), 1))
        painter.setBrush(QColor(shown.text))
        corners = [QPointF(x + dx, y + dy) for dx, dy in ((0, -5), (5, 0), (0, 5), (-5, 0))]
        painter.drawPolygon(QPolygonF(corners))


def _x(line: QRectF, row: Compared, value: float) -> float:
    return line.left() + line.width() * min(max(value / row.top, 0.0), 1.0)


def _cells(side: Spread | None) -> tuple[float | int | None, ...]:
    return (None,) * 4 if side is None else (side.median, side.low, side.high, side.of)


def _wrapped(text: str, width: int = 64) -> str:
    """Lines of a tooltip; Chinese has no blanks to break at."""
    lines, line = [], ""
    for part in text.split(" "):
        while len(part) > width:
            lines.append(part[:width])
            part = part[width:]
        if len(line) + len(part) >= width:
            lines.append(line)
            line = ""
        line = f"{line} {part}".strip()
    return "\n".join([*lines, line]).strip()
