"""A plot in the colours of the theme, its vertical axis in shares; a subclass draws."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout

from kimidesk.gui import theme
from kimidesk.gui.widgets.panel import Panel


class SharePlot(Panel):
    """`redraw` is called when there is something else to draw, and in other colours or words."""

    def __init__(self, legend: tuple[int, int]) -> None:
        super().__init__()
        self.plot = pg.PlotWidget(self, enableMenu=False)
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.hideButtons()
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the table has the keys
        self.plot.setAntialiasing(True)
        self.legend = self.plot.addLegend(offset=legend, labelTextSize="11px")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._ready = True

    def redraw(self) -> None:
        """Draw everything anew."""

    def clear(self, left: str, bottom: str) -> None:
        """Nothing is drawn but the axes, with these names."""
        self.plot.clear()
        self.legend.clear()
        style = {"color": theme.current().quiet, "font-size": "11px"}
        self.plot.setLabel("left", left, **style)
        self.plot.setLabel("bottom", bottom, **style)
        ticks = [(share / 4, f"{25 * share} %") for share in range(5)]
        self.plot.getAxis("left").setTicks([ticks])
        self.plot.getAxis("bottom").enableAutoSIPrefix(False)

    def retheme(self) -> None:
        """Take the colours of the theme; pyqtgraph does not follow the palette."""
        shown = theme.current()
        self.plot.setBackground(shown.surface)
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(pg.mkPen(shown.edge))
            axis.setTextPen(pg.mkPen(shown.quiet))
            axis.setTickFont(theme.ui_font(11))
        self.plot.showGrid(x=False, y=True, alpha=0.18)
        self.legend.setLabelTextColor(QColor(shown.text))
        self.redraw()

    def retranslate(self) -> None:
        if hasattr(self, "_ready"):
            self.redraw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_ready"):
            self.retheme()
        super().changeEvent(event)
