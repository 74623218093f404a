"""The Solve page: the problem on the left, the trace in the middle, one token on the right.

The page shows what its driver holds; it keeps no state of a trace itself.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from kimidesk.errors import UsageError
from kimidesk.gui.solve.asked import Asked
from kimidesk.gui.solve.controls import Controls
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.history import History
from kimidesk.gui.solve.notice import Notice
from kimidesk.gui.solve.picker import Picker
from kimidesk.gui.solve.problem import ProblemEditor
from kimidesk.gui.solve.remembered import budget_of, sampling_of
from kimidesk.gui.solve.status import Status
from kimidesk.gui.widgets.elided import ElidedButton
from kimidesk.gui.widgets.find_bar import FindBar
from kimidesk.gui.widgets.gauge import Gauge
from kimidesk.gui.widgets.inspector import Inspector
from kimidesk.gui.widgets.panel import Panel, Scrolled, Segments
from kimidesk.gui.widgets.side import Side
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.settings import Settings

translate = QCoreApplication.translate
THINKING: dict[str, bool | None] = {"auto": None, "long": True, "short": False}

NARROW_PX = 1180  # below it the columns beside the trace are at their narrowest
LOW_PX = 640
TRACKS_PX, LOW_TRACKS_PX = 152, 136  # of the strip and the row below it
ROW_PX = 44  # of that row alone


class SolvePage(Panel):
    """Widgets and their places; what they do is in `presenter`."""

    low_changed = Signal(bool)  # whether there is little room for tracks

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picker = Picker()
        self.mode = Segments(tuple(THINKING))
        self.fold = ElidedButton()
        self.fold.setCheckable(True)
        self.solve_button, self.stop_button = QPushButton(), QPushButton()
        self.cancel_button = QPushButton()  # of opening a checkpoint
        self.cancel_button.hide()
        self.solve_button.setProperty("kind", "primary")
        self.stop_button.setEnabled(False)
        self.problem, self.controls, self.history = ProblemEditor(), Controls(), History()
        self.notice, self.status = Notice(), Status()
        self.view, self.inspector, self.gauge = TraceView(), Inspector(), Gauge()
        self.find_bar = FindBar(self.view)
        self.side = Side()  # the inspector; rooms join it after the first paint
        self.tracks = Panel(card=True)  # the strip joins it after the first paint
        self.tracks_column = QVBoxLayout(self.tracks)
        self._added_tracks: list[QWidget] = []
        self._narrow = self._low = False
        self._strip_shown = True
        self._build()
        self.controls.changed.connect(self._show_summary)
        self.retranslate()

    def asked(self) -> Asked:
        """What pressing Solve asks for now; raises UsageError for a value out of range."""
        self.controls.check()
        if self.problem.pictures.coming:
            raise UsageError(translate("SolvePage", "the pasted picture is still being saved"))
        sampling = self.controls.sampling
        return Asked(
            self.problem.problem,
            sampling.check(),
            self.controls.budget.check(),
            self.controls.seed_value,
            THINKING[self.mode.choice],
            self.controls.adapters.adapters,
        )

    def show_settings(self, settings: Settings) -> None:
        """Put what was asked the last time into the fields; raises UsageError for wrong values."""
        self.controls.show_values(sampling_of(settings), budget_of(settings), 0)
        self.mode.choose(settings.thinking)

    def show_asked(self, driver: Driver) -> None:
        """Put the shown trace's problem and values into the fields."""
        if driver.solve is None:
            return
        trace = driver.solve.trace
        kept = driver.desk.pictures(trace.id) if trace.problem.images else ()
        self.problem.show_problem(trace.problem, kept)
        self.controls.show_values(trace.sampling, trace.budget, trace.seed)
        self.controls.adapters.show_adapters(trace.adapters)
        names = {value: name for name, value in THINKING.items()}
        self.mode.choose(names[trace.thinking])

    def retranslate(self) -> None:
        self.mode.set_texts(
            translate("SolvePage", "Thinking"),
            {
                "auto": translate("SolvePage", "Auto"),
                "long": translate("SolvePage", "Long"),
                "short": translate("SolvePage", "Short"),
            },
        )
        self.mode.setToolTip(
            translate("SolvePage", "Whether the checkpoint is asked to think before it answers")
        )
        self._show_summary()
        self.fold.setAccessibleName(translate("SolvePage", "Sampling and budget"))
        self.solve_button.setText(translate("SolvePage", "Solve"))
        self.stop_button.setText(translate("SolvePage", "Stop"))
        self.cancel_button.setText(translate("SolvePage", "Cancel"))
        self.cancel_button.setAccessibleName(translate("SolvePage", "Cancel opening"))
        self.cancel_button.setToolTip(translate("SolvePage", "Cancel opening") + "  (Esc)")
        self.solve_button.setToolTip("Ctrl+Return")
        self.stop_button.setToolTip("Esc")
        self.solve_button.setAccessibleName(translate("SolvePage", "Solve"))
        self.stop_button.setAccessibleName(translate("SolvePage", "Stop"))
        self.left_scroll.setAccessibleName(translate("SolvePage", "Problem and history"))
        for each in (self.side, self.side.tabs.tabBar()):
            each.setAccessibleName(translate("SolvePage", "Beside the trace"))
        self.view.empty_text = translate("SolvePage", "The trace will appear here, token by token.")
        self.view.setAccessibleName(translate("SolvePage", "Trace"))
        self.view.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "status"):
            self.status.retheme()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(event.size())
        super().resizeEvent(event)

    def _fit(self, room: QSize) -> None:
        """A small window takes from the sides and the tracks before the trace."""
        narrow = room.width() < NARROW_PX
        if narrow is not self._narrow:
            self._narrow = narrow
            sides = (232, 250) if narrow else (320, 290)
            self.columns.setSizes([sides[0], max(room.width() - sum(sides) - 36, 1), sides[1]])
        low = room.height() < LOW_PX
        if low is not self._low:
            self._low = low
            self.low_changed.emit(low)
        self._fit_tracks()

    def add_track(self, track: QWidget, at: int) -> None:
        """Put a track of fixed height into the column: 0 is above all others."""
        self.tracks_column.insertWidget(at, track)
        self._added_tracks.append(track)
        track.installEventFilter(self)
        self._fit_tracks()

    def show_strip(self, strip: QWidget, shown: bool) -> None:
        """Show the strip, or leave its room to the text."""
        self._strip_shown = shown
        strip.setVisible(shown)
        self._fit_tracks()

    @property
    def low(self) -> bool:
        """Whether there is little room for tracks."""
        return self._low

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._fit_tracks()
        return False

    def _fit_tracks(self) -> None:
        """As high as the tracks that are shown; the strip takes what is left."""
        space = self.tracks_column.spacing()
        beyond = sum(
            each.minimumHeight() + space for each in self._added_tracks if not each.isHidden()
        )
        strip = LOW_TRACKS_PX if self._low else TRACKS_PX
        self.tracks.setFixedHeight((strip if self._strip_shown else ROW_PX) + beyond)

    def _show_summary(self) -> None:
        self.fold.setText(self.controls.summary)
        self.fold.setToolTip(self.controls.summary)

    def _build(self) -> None:
        self.left = QSplitter(Qt.Orientation.Vertical)
        self.left.addWidget(self.problem)
        self.left.addWidget(self.controls)
        self.left.addWidget(self.history)
        self.left.setChildrenCollapsible(False)
        self.left.setStretchFactor(0, 2)
        self.left.setStretchFactor(1, 0)
        self.left.setStretchFactor(2, 3)
        self.columns = QSplitter(Qt.Orientation.Horizontal)
        self.left_scroll = Scrolled(self.left, 220)
        self.side.add("token", lambda: translate("SolvePage", "Token"), self.inspector)
        for widget in (self.left_scroll, self._middle(), self.side):
            self.columns.addWidget(widget)
        self.columns.setChildrenCollapsible(False)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes([320, 760, 290])
        for splitter in (self.left, self.columns):
            splitter.setHandleWidth(8)
        self.tracks_column.setContentsMargins(8, 6, 12, 7)
        self.tracks_column.setSpacing(3)
        self.tracks_column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.gauge, 1)
        row.addWidget(self.status.legend)
        row.addWidget(self.status.heat)
        self.tracks_column.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(8)
        column.addWidget(self._bar())
        column.addWidget(self.notice)
        column.addWidget(self.columns, 1)
        column.addWidget(self.tracks)

    def _bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(9)
        row.addWidget(self.picker)
        row.addWidget(self.cancel_button)
        row.addWidget(self.mode)
        row.addWidget(self.fold)
        row.addStretch(1)
        row.addWidget(self.stop_button)
        row.addWidget(self.solve_button)
        return bar

    def _middle(self) -> QWidget:
        card = QFrame()
        card.setProperty("card", True)
        self.middle = column = QVBoxLayout(card)  # rooms may put a bar above the trace
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.status)
        column.addWidget(self.find_bar)
        self.text_row = QHBoxLayout()  # rooms may put something beside the text
        self.text_row.setSpacing(0)
        self.text_row.addWidget(self.view, 1)
        column.addLayout(self.text_row, 1)
        return card
