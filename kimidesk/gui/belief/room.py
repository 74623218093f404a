"""The room of beliefs: asks what the shown trace would have answered, and shows what came."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QTimer

from kimidesk.errors import KimiDeskError
from kimidesk.flows import Belief, Solve
from kimidesk.gui.belief.pacing import Pace, places_of, why_not
from kimidesk.gui.belief.panel import BeliefPanel
from kimidesk.gui.belief.track import BeliefTrack
from kimidesk.gui.belief.words import cost, places_table
from kimidesk.gui.charts.exporting import export
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.widgets.strip import Strip
from kimidesk.reading.belief import curves
from kimidesk.records import Beliefs
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate
TAB = "answer"
SHOW_MS = 200  # between two drawings while answers come


class BeliefRoom(Room):
    """One flow at a time: of a growing trace the newest boundary, of an ended one all."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.panel, self.track = BeliefPanel(), BeliefTrack()
        self._track_wanted = True
        self.beliefs = Beliefs()
        self._flow: Belief | None = None
        self._of = ""  # the trace that the flow asks
        self._began = 0.0  # monotonic seconds of the flow's first event
        self._wanted = False  # as soon as all sentences are named
        self._trouble = ""
        self._grew = ""  # the trace that grew here, until it is asked whole after its end
        self._kept: dict[str, Beliefs] = {}  # written behind our back: the desk may not have them
        self._pace = Pace()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOW_MS)
        self._timer.timeout.connect(self._show)
        page.side.add(TAB, lambda: translate("Belief", "Answer"), self.panel)
        self._join_track()
        self.panel.show_live(checked=driver.settings.probe_live)
        self.panel.asked.connect(self.toggle)
        self.panel.live_changed.connect(self._on_live)
        self.panel.chosen.connect(lambda at: page.view.pin(max(at - 1, 0)))
        self.panel.exported.connect(self._export)
        driver.beside.moved.connect(self._on_moved)
        driver.beside.ended.connect(self._on_ended)
        driver.checkpoint_changed.connect(self._soon)

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        return {
            "probe": self._probe_shown,
            "probe-live": self.panel.live.toggle,
            "show-belief": self._toggle_track,
        }

    @property
    def running(self) -> bool:
        """Whether anything is asked now."""
        return self._flow is not None

    def toggle(self) -> None:
        """Probe the shown trace, or stop."""
        if self._flow is not None or self._wanted:
            self._wanted = False
            self._stop()
            if self.solve is not None and self.solve.trace.ended is None:
                self.panel.live.setChecked(False)  # else the next sentence would be asked for
            self._show()
            return
        self._trouble = ""
        self._wanted = True
        self._start_wanted()
        self._show()

    def show_trace(self) -> None:
        solve = self.solve
        shown = solve.trace.id if solve is not None else ""
        if self._of != shown:
            self._stop()
        self._wanted, self._trouble = False, ""
        self.beliefs = self._known(shown) if shown else Beliefs()
        self._show()

    def grow(self) -> None:
        self._ask_live()
        self._soon()

    def named(self) -> None:
        self._start_wanted()
        self._ask_live()

    def point(self, hovered: int, pinned: int) -> None:
        self.track.point(hovered, pinned)
        self.panel.point(hovered if hovered >= 0 else pinned)

    def retheme(self) -> None:
        self.track.retheme()

    def close(self) -> None:
        self._stop()

    # ---- asking ----------------------------------------------------------------------------

    def _probe_shown(self) -> None:
        self.page.side.show_tab(TAB)
        self.toggle()

    def _start_wanted(self) -> None:
        solve = self.solve
        if not self._wanted or self._flow is not None or solve is None:
            return
        ended = solve.trace.ended is not None
        if ended and not self.naming.whole:
            return  # `named` comes again
        places = places_of(self.naming.items, whole=ended)
        self._wanted = False
        if not places:
            self._trouble = translate("Belief", "There is nothing yet that could be probed.")
            return
        self._run(solve, places, None)

    def _ask_live(self) -> None:
        """The newest boundary of a growing trace; once it has ended, all of them."""
        solve = self.solve
        if solve is None or not self.driver.settings.probe_live or self._flow is not None:
            return
        if self.driver.beside.flows or not self._local(solve):
            return
        if solve.trace.ended is not None:
            if self._grew == solve.trace.id and self.naming.whole:
                self._grew, self._wanted = "", True
                self._start_wanted()
            return
        self._grew = solve.trace.id
        if self._pace.slow(solve) is not False or why_not(self.driver, solve, self._pace):
            return
        places = places_of(self.naming.items, whole=False)
        new = [at for at in places if at > max(self.beliefs.places, default=-1)]
        if new:
            self._run(solve, places, [new[-1]])

    def _run(self, solve: Solve, places: list[int], at: list[int] | None) -> None:
        growing = solve.trace.ended is None
        flow = Belief(
            solve.grown,
            places,
            gold=solve.trace.problem.answer,
            known=self.beliefs,
            at=at,
            apart=growing,  # one at a time: in the other slot the trace is held as it was drawn
        )
        self._flow, self._of, self._began = flow, solve.trace.id, 0.0
        try:
            self.driver.run_beside(flow, solve.trace.checkpoint)
        except KimiDeskError as error:
            self._flow = None
            self._trouble = f"{error.what}. {error.hint}".strip()
            self.page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))

    def _stop(self) -> None:
        if self._flow is not None:
            self.driver.beside.stop(self._flow)

    # ---- what comes ------------------------------------------------------------------------

    def _on_moved(self, flow: object, event: object) -> None:
        if flow is not self._flow or self._flow is None:
            return
        now = time.monotonic()
        self._began = self._began or now
        self._flow.seconds = now - self._began
        self._soon()

    def _on_ended(self, flow: object) -> None:
        if flow is not self._flow or self._flow is None:
            return
        ended, self._flow = self._flow, None
        beliefs = ended.beliefs
        stopped = ended.trouble == "stopped"
        troubles = [each.trouble for each in beliefs.trials if each.trouble]
        self._trouble = "" if stopped else ended.trouble or (troubles[0] if troubles else "")
        if beliefs.trials:
            self._kept[self._of] = beliefs
            self.driver.desk.keep_beliefs(self._of, beliefs)
        if self.solve is not None and self.solve.trace.id == self._of:
            self.beliefs = beliefs
        self._show()
        if not stopped:
            self._ask_live()  # the trace may have ended meanwhile, and nothing else would tell

    def _known(self, trace: str) -> Beliefs:
        try:
            return self._kept.get(trace) or self.driver.desk.beliefs(trace) or Beliefs()
        except KimiDeskError as error:
            self.page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))
            return Beliefs()

    # ---- showing ---------------------------------------------------------------------------

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        solve = self.solve
        beliefs = self._flow.beliefs if self._flow is not None else self.beliefs
        tokens = len(solve.columns) if solve is not None else 0
        seconds = float(solve.columns.time_ms[-1]) / 1000 if solve is not None and tokens else 0.0
        self.track.show_beliefs(beliefs, tokens)
        self.panel.show_beliefs(beliefs, cost(beliefs, tokens, seconds))
        told = self._state()
        self.panel.show_state(
            running=self._flow is not None or self._wanted,
            possible=solve is not None and tokens > 0 and self._local(solve),
            told=self._trouble or told,
            wrong=bool(self._trouble),
        )

    def _state(self) -> str:
        solve, flow = self.solve, self._flow
        if solve is None:
            return ""
        if not self._local(solve):
            return translate(
                "Belief",
                "Its server told no token ids of the prompt: replay the trace with a local "
                "checkpoint to probe it.",
            )
        if flow is not None:
            count = len(flow.beliefs.places)
            stages = {
                "trials": translate("Belief", "Asking for answers: {0} places"),
                "judging": translate("Belief", "Judging the answers of {0} places"),
                "ratings": translate("Belief", "Rating candidates: {0} places, {1} of this round"),
            }
            return stages.get(flow.stage.value, "").format(count, f"{flow.progress:.0%}")
        if solve.trace.ended is None and self.driver.settings.probe_live:
            return why_not(self.driver, solve, self._pace)
        return ""

    @staticmethod
    def _local(solve: Solve) -> bool:
        """Whether its prompt is known as token ids."""
        return bool(solve.trace.prompt)

    def _on_live(self, checked: bool) -> None:
        self.to_keep.emit({"probe_live": checked})
        self._ask_live()
        self._show()

    def _toggle_track(self) -> None:
        self._track_wanted = not self._track_wanted
        self.track.want(self._track_wanted)

    def _export(self) -> None:
        table = places_table(self.beliefs, curves(self.beliefs))
        export(self.track, table, self.panel, "belief")

    def _join_track(self) -> None:
        column = self.page.tracks_column
        for place in range(column.count()):
            item = column.itemAt(place)
            strip = item.widget() if item is not None else None
            if isinstance(strip, Strip):
                self.track.link(strip)
                self.page.add_track(self.track, place + 1)
                break
        self.track.set_low(self.page.low)
        self.page.low_changed.connect(self.track.set_low)
        self.track.hovered.connect(self.page.view.hover)
        self.track.pinned.connect(self.page.view.pin)
