"""A track: a plot on the strip's axis, so that it and the text speak of the same tokens."""

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from kimidesk.gui import theme
from kimidesk.gui.widgets.panel import Panel
from kimidesk.gui.widgets.strip import LEFT_AXIS_PX, Strip


class Track(Panel):
    """Subclasses draw into `plot`. Signals carry token numbers, -1 for none."""

    hovered = Signal(int)
    pinned = Signal(int)
    whole_wanted = Signal()  # a double click: show all tokens again

    def __init__(self, height: int, low: int | None = None) -> None:
        super().__init__()
        self.tokens = 0  # of the trace shown; places behind them are none
        self._heights = (height, height if low is None else low)
        self._wanted, self._filled = True, False
        self.plot = pg.PlotWidget(self, enableMenu=False)
        self.plot.setMouseEnabled(x=True, y=False)
        self.plot.hideButtons()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setFrameShape(self.plot.Shape.NoFrame)
        self.plot.getAxis("left").setWidth(LEFT_AXIS_PX)
        self.plot.hideAxis("bottom")
        self.box = self.plot.getPlotItem().getViewBox()
        self.box.setDefaultPadding(0)
        self.hover_line, self.pin_line = pg.InfiniteLine(angle=90), pg.InfiniteLine(angle=90)
        for line in (self.hover_line, self.pin_line):
            line.setZValue(10)
            line.hide()
            self.plot.addItem(line, ignoreBounds=True)
        self.plot.scene().sigMouseMoved.connect(lambda at: self.hovered.emit(self.token_at(at)))
        self.plot.scene().sigMouseClicked.connect(self._on_clicked)
        self.plot.viewport().installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.setFixedHeight(height)
        self.retheme()

    def link(self, strip: Strip) -> None:
        """Show what the strip shows, from its first token to its last."""
        self.plot.setXLink(strip.plot)
        self.whole_wanted.connect(strip.show_whole)

    def want(self, wanted: bool) -> None:
        """Whether a person wants to see the track."""
        self._wanted = wanted
        self.setVisible(self._wanted and self._filled)

    def fill(self, filled: bool) -> None:
        """Whether there is anything to show; else the track takes no room."""
        self._filled = filled
        self.setVisible(self._wanted and self._filled)

    def set_low(self, low: bool) -> None:
        """Whether the window has little room for tracks."""
        self.setFixedHeight(self._heights[low])

    def point(self, hovered: int, pinned: int) -> None:
        """Mark the two tokens that the inspector speaks of; -1 marks none."""
        for line, token in ((self.hover_line, hovered), (self.pin_line, pinned)):
            line.setVisible(token >= 0)
            if token >= 0:
                line.setPos(token + 0.5)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.plot.setAccessibleName(name)

    def retheme(self) -> None:
        """Take the colours of the theme; pyqtgraph does not follow the palette."""
        shown = theme.current()
        self.plot.setBackground(shown.surface)
        axis = self.plot.getAxis("left")
        axis.setPen(pg.mkPen(shown.line))
        axis.setTextPen(pg.mkPen(shown.faint))
        axis.setTickFont(theme.ui_font(10))
        self.hover_line.setPen(pg.mkPen(shown.faint, width=1))
        self.pin_line.setPen(pg.mkPen(shown.accent, width=2))

    def token_at(self, point: QPointF) -> int:
        """The token under a point of the plot's scene; -1 where there is none."""
        if not self.box.sceneBoundingRect().contains(point):
            return -1
        token = int(self.box.mapSceneToView(point).x())
        return token if 0 <= token < self.tokens else -1

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "pin_line"):
            self.retheme()
        super().changeEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Leave:
            self.hovered.emit(-1)
        return False

    def _on_clicked(self, event: object) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            return
        if event.double():  # type: ignore[attr-defined]
            self.whole_wanted.emit()
            return
        token = self.token_at(event.scenePos())  # type: ignore[attr-defined]
        if token >= 0:
            self.pinned.emit(token)
