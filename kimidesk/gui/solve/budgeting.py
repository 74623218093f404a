"""The room that tries the shown trace's problem at several budgets of thought."""

import secrets
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer

from kimidesk.client.keeping import keep_whole
from kimidesk.errors import KimiDeskError
from kimidesk.flows import Solve
from kimidesk.flows.budgets import Laboratory, Plan
from kimidesk.flows.continuing import Expected, expected_of
from kimidesk.gui.aside import Aside
from kimidesk.gui.lab.dialog import LabDialog
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.solve.trying import Trying, cannot
from kimidesk.reading import tokens_per_s
from kimidesk.reading.budgets import Run
from kimidesk.records import Grown
from kimidesk.store.experiments import base_of, keep_runs, runs_of
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate
SOON_MS = 250  # after the last change of a field, before the bill is made


class BudgetRoom(Room):
    """One laboratory at a time; it stays with its trace while others are shown."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.dialog: LabDialog | None = None
        self._solve: Solve | None = None  # that is tried
        self._expected = Expected("", own=False)
        self._runs: list[Run] = []
        self._flow: Laboratory | None = None  # while it runs
        self._number = 0  # of the newest bill asked for
        self._written = -1  # how many runs the desk was given
        self._kept: dict[str, Grown] = {}
        self._wanted: list[str] = []  # kept traces to be loaded before it can run
        self._aside = Aside(self)
        self.trying = Trying(driver, self)
        self.trying.progressed.connect(self._on_progress)
        self.trying.ended.connect(self._on_ended)
        self.trying.failed.connect(self._on_failed)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._bill)
        self._loading = QTimer(self)
        self._loading.setInterval(0)
        self._loading.timeout.connect(self._load_one)

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        return {"budgets": self.open}

    def open(self) -> None:
        """Show the laboratory of the shown trace, or of the one that it is at work on."""
        if self.dialog is None:
            self.dialog = LabDialog(self.page.window())
            self.dialog.plan.changed.connect(self._soon.start)
            self.dialog.plan.run_wanted.connect(self.run)
            self.dialog.plan.stop_wanted.connect(self.trying.stop)
            self.dialog.opened.connect(self.driver.reopen)
        if self._flow is None and self.solve is not None and self.solve is not self._solve:
            self._take(self.solve)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self.dialog.plan.budgets.setFocus()
        self._bill()

    def grow(self) -> None:
        if self.dialog is not None and self.dialog.isVisible() and self._flow is None:
            ended = self._solve is not None and self._solve.trace.ended is not None
            if self._solve is self.solve and ended and not self._expected.answer:
                self._take(self.solve)
                self._soon.start()

    def close(self) -> None:
        self._keep()
        self._loading.stop()
        self._soon.stop()
        self._aside.close()
        if self.dialog is not None:
            self.dialog.close()

    def run(self) -> None:
        """Run what is missing; first the kept traces that are gone on from are loaded."""
        if self._flow is not None or self._plan() is None or cannot(self._solve):
            return
        wanted = {base for run in self._runs if (base := base_of(run))}
        self._wanted = sorted(wanted - set(self._kept))
        self._loading.start()

    # ---- what is shown ---------------------------------------------------------------------

    def _take(self, solve: Solve | None) -> None:
        self._solve, self._kept, self._runs = solve, {}, []
        self._expected = Expected("", own=False)
        if solve is None or self.dialog is None:
            return
        if solve.trace.ended is not None:
            self._expected = expected_of(solve.grown)
            try:
                self._runs = runs_of(self.driver.desk, solve.trace.id, self._expected.answer)
            except KimiDeskError as error:
                self._on_failed(Failed(error.what, error.hint, FailureKind.USAGE))
        self.dialog.show_trace(solve.trace.problem.text, self._expected)
        self.dialog.show_runs(self._runs)

    def _plan(self) -> Plan | None:
        """As the fields stand; None, and told why, where they cannot."""
        if self.dialog is None:
            return None
        try:
            return self.dialog.plan.plan
        except KimiDeskError as error:
            self.dialog.plan.show_wrong(str(error))
            return None

    def _bill(self) -> None:
        """Made aside: it looks through the whole trace."""
        plan = self._plan()
        if plan is None or self.dialog is None or self._flow is not None:
            return
        if why := cannot(self._solve):
            self.dialog.plan.show_wrong(why)
            return
        self._number += 1
        number, making = self._number, self._making(plan)

        def show(flow: Laboratory) -> None:
            if number == self._number and self.dialog is not None and self._flow is None:
                rate = tokens_per_s(flow.grown.columns)
                bill = flow.bill()
                seconds = bill.tokens / rate if rate else None
                self.dialog.plan.show_bill(bill, seconds, flow.beyond, pending=flow.pending)

        self._aside.run(making, show, self._on_error)

    def _making(self, plan: Plan) -> Callable[[], Laboratory]:
        assert self._solve is not None
        return partial(
            Laboratory,
            self._solve.grown,
            plan,
            name=partial(secrets.token_hex, 8),
            width=self.trying.width,
            done=list(self._runs),
            kept=dict(self._kept),
        )

    # ---- what comes ------------------------------------------------------------------------

    def _load_one(self) -> None:
        """One kept trace between two frames; then it begins."""
        if self._wanted:
            id_ = self._wanted.pop()
            try:
                self._kept[id_] = self.driver.desk.load(id_).grown
            except KimiDeskError:
                return  # it is not there any more, or damaged: it is run again
            return
        self._loading.stop()
        plan = self._plan()
        if plan is not None and not cannot(self._solve):
            self._aside.run(self._making(plan), self._begin, self._on_error)

    def _begin(self, flow: Laboratory) -> None:
        solve = self._solve
        if solve is None or self._flow is not None:
            return
        self._flow = flow
        if not self.trying.run(flow, solve.trace.checkpoint):
            self._flow = None
            return
        self._on_progress()

    def _on_progress(self) -> None:
        flow = self._flow
        if flow is None:
            return
        self._keep()
        if self.dialog is not None:
            running = self.trying.flow is not None
            self.dialog.plan.show_progress(flow.finished, flow.total, flow.tokens, running=running)
            if len(flow.runs) != len(self._runs):
                self._runs = list(flow.runs)
                self.dialog.show_runs(self._runs)

    def _on_ended(self) -> None:
        flow = self._flow
        if flow is None:
            return
        self._on_progress()
        self._runs = [run for run in flow.runs if not run.trouble]
        self._flow = None
        troubles = sorted({run.trouble for run in flow.runs if run.trouble})
        if troubles or flow.trouble:
            self._on_failed(Failed(flow.trouble or troubles[0], kind=FailureKind.ATTEMPT))
        self.page.history.refresh_soon()
        self._bill()

    def _keep(self) -> None:
        """What has landed is written down; each once."""
        flow, solve = self._flow, self._solve
        if flow is None or solve is None:
            return
        for landed in flow.collect():
            keep_whole(self.driver.desk, *landed)
            self._kept[landed.grown.trace.id] = landed.grown
        whole = [run for run in flow.runs if not run.trouble]
        if len(whole) != self._written:
            self._written = len(whole)
            keep_runs(self.driver.desk, solve.trace.id, flow.expected.answer, whole)

    def _on_error(self, error: KimiDeskError) -> None:
        self._on_failed(Failed(error.what, error.hint, FailureKind.USAGE))

    def _on_failed(self, failed: Failed) -> None:
        self.page.notice.say(failed)
        if self.dialog is not None:
            self.dialog.plan.show_wrong("\n".join(filter(None, (failed.what, failed.hint))))
