"""Binds the Solve page to its driver: what is pressed goes down, what has changed comes up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer, Signal

from kimidesk.errors import KimiDeskError
from kimidesk.gui.opening.dialog import OpenDialog
from kimidesk.gui.opening.wanted import Wanted, adapters_of
from kimidesk.gui.pictures.arriving import Drops
from kimidesk.gui.solve.asked import Asked, cannot_see
from kimidesk.gui.solve.driver import Driver, Open
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.recent import remember
from kimidesk.gui.solve.remembered import kept_of
from kimidesk.gui.solve.walking import to_note, to_surprise
from kimidesk.gui.widgets.gauge import spent_of
from kimidesk.gui.widgets.heat import Heat
from kimidesk.wire.messages import Failed, FailureKind

if TYPE_CHECKING:
    from kimidesk.gui.solve.room import Room
    from kimidesk.gui.widgets.strip import Strip

translate = QCoreApplication.translate
FIGURES_MS = 120  # between two updates of figures while tokens come
DESK_MS = 2_000  # between two looks at whether the desk can still be written


class SolvePresenter(QObject):
    """One page and one driver; `to_keep` carries values for the settings, by their names."""

    to_keep = Signal(object)

    def __init__(self, page: SolvePage, driver: Driver) -> None:
        super().__init__(page)
        self.page = page
        self.driver = driver
        self.strip: Strip | None = None
        self.rooms: list[Room] = []
        self.naming = Naming(self)
        self.naming.changed.connect(lambda: self._each(lambda room: room.named()))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FIGURES_MS)
        self._timer.timeout.connect(self.show_figures)
        self._desk_watch = QTimer(self)
        self._desk_watch.setInterval(DESK_MS)
        self._desk_watch.timeout.connect(self._look_at_desk)
        self._desk_watch.start()
        self._told = ""
        self._connect_page()
        self._connect_driver()
        Drops(page, page.problem.pictures)
        page.history.show_desk(driver.desk)
        self.show_figures()
        page.picker.show_state(driver)

    def close(self) -> None:
        """Let go of the desk and end the processes."""
        self._each(lambda room: room.close())
        self._desk_watch.stop()
        self.page.history.show_desk(None)
        self.page.problem.pictures.close_aside()
        self.driver.close()

    def add_strip(self, strip: Strip) -> None:
        """Join the strip to the text: hover one, see the other."""
        view = self.page.view
        self.strip = strip
        self.page.tracks_column.takeAt(0)
        self.page.tracks_column.insertWidget(0, strip, 1)
        strip.show()
        strip.hovered.connect(view.hover)
        strip.pinned.connect(view.pin)
        view.viewed.connect(strip.set_window)
        strip.set_heat(view.scene.heat)
        self._show_strip(strip)

    def add_rooms(self, rooms: list[Room]) -> None:
        """Let rooms look at what is shown, from now on."""
        self.rooms = rooms
        self._each(lambda room: room.to_keep.connect(self.to_keep))
        self._each(lambda room: room.show_trace())

    def act(self, name: str) -> None:
        """Run a command that a room answers."""
        for room in self.rooms:
            if name in room.functions:
                room.functions[name]()

    def retheme(self) -> None:
        """The colours have changed; pyqtgraph does not follow the palette."""
        if self.strip is not None:
            self.strip.retheme()
        self._each(lambda room: room.retheme())

    def solve(self, *, remember: bool = True) -> None:
        """Put the problem to the checkpoint."""
        page = self.page
        if self.driver.busy or not page.problem.problem.text:
            page.problem.text.setFocus()
            return
        try:
            asked = page.asked()
        except KimiDeskError as error:
            page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))
            return
        page.notice.clear()
        self.driver.start(asked)
        if remember:
            mode, driver = page.mode.choice, self.driver
            self.to_keep.emit(kept_of(asked, mode, driver.ref, driver.settings))

    def retell(self, asked: Asked, ref: str, fingerprint: str) -> None:
        """Hold the checkpoint that `ref` names to what it wrote; it is opened if another one is."""
        if self.driver.busy:
            self.page.notice.say(
                Failed(translate("Solve", "A trace grows: stop it first"), kind=FailureKind.USAGE)
            )
            return
        self.new()
        self.page.problem.show_problem(asked.problem)
        there = self.driver.checkpoint if self.driver.open is Open.OPEN else None
        if there is None or there.fingerprint != fingerprint:
            self.open_checkpoint(ref)
        self.driver.start(asked)

    def stop(self) -> None:
        """Stop what grows, else what is being opened; else let go of the pinned token."""
        if self.driver.busy or self.driver.growing:
            self.driver.stop()
        elif self.driver.open is Open.OPENING:
            self.driver.cancel_opening()
        else:
            self.page.view.pin(-1, reveal=False)

    def new(self) -> None:
        """An empty page."""
        if not self.driver.busy:
            self.driver.new()
            self.page.problem.clear()
            self.page.problem.text.setFocus()

    def open_checkpoint(self, ref: str) -> None:
        """Open another checkpoint, as the settings have it."""
        self.page.notice.clear()
        beside = Wanted.of(self.driver.settings, ref).beside
        self.page.controls.adapters.show_adapters(adapters_of(beside))
        self.driver.open_checkpoint(ref)

    def open_with(self) -> None:
        """Ask how a checkpoint is to be opened, then open it so."""
        known = [ref for _, ref in self.page.picker.refs()]
        dialog = OpenDialog(self.driver.settings, self.driver.ref, known, self.page.window())
        dialog.wanted.connect(self._on_wanted)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def start_again(self) -> None:
        """A fresh worker for the same checkpoint."""
        self.page.notice.clear()
        self.driver.start_again()

    def set_heat(self, heat: Heat) -> None:
        """Colour tokens by another statistic."""
        self.page.view.set_heat(heat)
        self.page.status.show_heat(heat)
        if self.strip is not None:
            self.strip.set_heat(heat)

    def walk_surprises(self, by: int) -> None:
        """Pin the next surprising token, forward or back."""
        to_surprise(self.page.view, by)

    def walk_notes(self, by: int) -> None:
        """Pin the next token with a note, forward or back."""
        if self.driver.solve is not None:
            to_note(self.page.view, self.page.view.scene.notes, by)

    def show_figures(self) -> None:
        """Everything that changes with each token, at most some times a second."""
        page, driver = self.page, self.driver
        page.status.show_state(driver)
        page.inspector.grow()
        page.gauge.show_spent(spent_of(driver.solve))
        page.stop_button.setEnabled(driver.busy or driver.growing)
        page.solve_button.setEnabled(not driver.busy)
        if self.strip is not None:
            self.strip.show_notes(page.view.scene.notes)
            self.strip.grow(growing=driver.growing)
        self.naming.grow()
        self._each(lambda room: room.grow())

    def _connect_page(self) -> None:
        page = self.page
        page.solve_button.clicked.connect(lambda: self.solve())
        page.stop_button.clicked.connect(self.driver.stop)
        page.problem.pictures.changed.connect(self._show_blind)
        page.problem.pictures.refused.connect(
            lambda why: page.notice.say(Failed(why, kind=FailureKind.USAGE))
        )
        page.status.wished.connect(self.driver.steer)
        page.picker.chosen.connect(self.open_checkpoint)
        page.cancel_button.clicked.connect(self.driver.cancel_opening)
        page.notice.again.connect(self.start_again)
        page.notice.another.connect(page.picker.showMenu)
        page.picker.options_wanted.connect(self.open_with)
        page.history.chosen.connect(self._reopen)
        page.view.hovered.connect(self._on_pointed)
        page.view.pinned.connect(self._on_pointed)

    def _connect_driver(self) -> None:
        driver = self.driver
        driver.checkpoint_changed.connect(self._on_checkpoint)
        driver.trace_changed.connect(self._on_trace)
        driver.grew.connect(self._on_grew)
        driver.ended.connect(self._on_ended)
        driver.failed.connect(self.page.notice.say)

    def _on_wanted(self, wanted: Wanted) -> None:
        self.to_keep.emit(wanted.kept_in(self.driver.settings))
        self.open_checkpoint(wanted.ref)

    def _reopen(self, trace: str) -> None:
        self.driver.reopen(trace)
        if self.driver.solve is not None and self.driver.solve.trace.id == trace:
            self.page.show_asked(self.driver)

    def _on_checkpoint(self) -> None:
        self.page.picker.show_state(self.driver)
        self.page.cancel_button.setVisible(self.driver.open is Open.OPENING)
        self._show_blind()
        if self.driver.open is Open.OPEN:
            remember(self.driver.ref)
        self.show_figures()

    def _show_blind(self) -> None:
        """A checkpoint that cannot see says so before anything is asked of it."""
        checkpoint = self.driver.checkpoint
        blind = checkpoint is not None and not checkpoint.vision
        self.page.problem.pictures.show_blind(
            cannot_see(checkpoint) if checkpoint and blind else ""
        )

    def _on_trace(self) -> None:
        self.page.view.show_trace(self.driver.solve)
        self.naming.show_trace(self.driver.solve)
        self.page.picker.show_state(self.driver)
        self.page.inspector.show_token(None, -1)
        if self.strip is not None:
            self._show_strip(self.strip)
        self._each(lambda room: room.show_trace())
        self.show_figures()

    def _show_strip(self, strip: Strip) -> None:
        solve = self.driver.solve
        if solve is None:
            strip.show_columns(None)
            return
        vocabulary = solve.trace.checkpoint.vocabulary
        strip.show_columns(solve.columns, growing=self.driver.growing, vocabulary=vocabulary)

    def _on_grew(self) -> None:
        self.page.view.grow()
        if not self._timer.isActive():
            self._timer.start()

    def _on_ended(self) -> None:
        self.show_figures()
        self.page.history.refresh_soon()

    def _on_pointed(self, _token: int) -> None:
        scene = self.page.view.scene
        token = scene.hovered if scene.hovered >= 0 else scene.pinned
        self.page.inspector.show_token(self.driver.solve, token)
        if self.strip is not None:
            self.strip.point(scene.hovered, scene.pinned)
        self._each(lambda room: room.point(scene.hovered, scene.pinned))

    def _each(self, what: Callable[[Room], object]) -> None:
        for room in self.rooms:
            what(room)

    def _look_at_desk(self) -> None:
        problem = self.driver.desk.problem
        if problem and problem != self._told:
            self.page.notice.say(Failed(problem, kind=FailureKind.USAGE))
        self._told = problem
