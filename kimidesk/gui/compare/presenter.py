"""Binds the Compare page to the desk: what is chosen is compared, forced or solved again."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QFileDialog

from kimidesk.errors import KimiDeskError, StoreError
from kimidesk.flows import Solve
from kimidesk.gui.compare.compared import LETTERS, MOST, Align, Compared
from kimidesk.gui.compare.following import Following
from kimidesk.gui.compare.gathering import Gathering
from kimidesk.gui.compare.kept import kept
from kimidesk.gui.compare.page import ROOMS, ComparePage
from kimidesk.gui.compare.working import Working
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.widgets.heat import Heat
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate
FIGURES_MS = 200  # between two updates of figures while something grows


class ComparePresenter(QObject):
    """`open_wanted` carries a trace's id, `chosen` the name of a command that now holds."""

    open_wanted = Signal(str)
    chosen = Signal(str)

    def __init__(self, page: ComparePage, driver: Driver) -> None:
        super().__init__(page)
        self.page, self.driver = page, driver
        self.compared = Compared(self)
        self.gathering = Gathering(driver.desk, self)
        self.working = Working(driver, self.compared, self)
        self.following = Following(self.compared)
        self._heat = Heat.ENTROPY
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(FIGURES_MS)
        self._soon.timeout.connect(self.show_figures)
        self._connect()
        page.show_room("columns")
        self._on_changed()

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        """The commands of this page."""
        aligns = {f"align-{a.value}": (lambda a=a: self.align(a)) for a in Align}
        rooms = {f"room-{name}": (lambda name=name: self.show_room(name)) for name in ROOMS}
        return {
            **aligns,
            **rooms,
            "compare-chosen": self.add_chosen,
            "compare-samples": self.gather,
            "compare-run": self.choose_run,
            "compare-with": self.page.with_other.showMenu,
            "compare-force": self.working.force,
            "compare-parting": self.go_to_parting,
            "compare-remove": self.remove_current,
            "compare-clear": self.compared.clear,
            "compare-export": self.export,
            "compare-find": self.page.history.search.setFocus,
        }

    def shown(self) -> None:
        """The page is turned to: what was solved meanwhile can be chosen."""
        self.page.history.show_desk(self.driver.desk)
        self.page.history.search.setFocus()
        self._read_beliefs()
        self.show_figures()

    def add(self, solve: Solve) -> None:
        """Compare a trace with those that are there."""
        if len(self.compared.sides) >= MOST:
            self._say(
                Failed(
                    translate("Compare", "four traces are compared already"),
                    translate("Compare", "Remove one of them first."),
                    FailureKind.USAGE,
                )
            )
            return
        self.compared.add(solve)
        self.show_room("columns")

    def add_traces(self, traces: Sequence[str]) -> None:
        """Compare traces of the desk with those that are there."""
        self.page.notice.clear()
        for trace in traces:
            try:
                self.add(kept(self.driver.desk, trace))
            except KimiDeskError as error:
                self._say(Failed(error.what, error.hint, FailureKind.USAGE))

    def add_chosen(self) -> None:
        """Compare what is chosen in the list."""
        if chosen := self.page.history.selected:
            self.add_traces(chosen)
        else:
            self.page.history.list.setFocus()

    def gather(self) -> None:
        """Every trace of the problem of the chosen one, or else of the first compared."""
        chosen = self.page.history.selected
        if not chosen and self.compared.sides:
            chosen = [self.compared.sides[0].solve.trace.id]
        if not chosen:
            self.page.history.list.setFocus()
            return
        self.page.notice.clear()
        try:
            rows = self.driver.desk.siblings(chosen[0])
        except StoreError as error:
            self._say(Failed(error.what, error.hint, FailureKind.USAGE))
            return
        self.page.samples.show_problems({})
        self.gathering.read_desk([row.id for row in rows])
        self.show_room("samples")

    def choose_run(self) -> None:
        """Ask for the folder of a scored run."""
        title = translate("Compare", "Open a scored run")
        dialog = QFileDialog(self.page.window(), title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda path: self.open_run(Path(path)))
        dialog.open()

    def open_run(self, folder: Path) -> None:
        """Show the samples of a scored run, one problem at a time."""
        self.page.notice.clear()
        self.gathering.read_run(folder, self._on_run)

    def show_room(self, name: str) -> None:
        """Show the columns or the many samples."""
        self.page.show_room(name)
        self.chosen.emit(f"room-{name}")

    def align(self, align: Align) -> None:
        """Let other places belong together."""
        self.compared.align = align
        self.page.align.choose(align.value)
        self.chosen.emit(f"align-{align.value}")
        self.show_figures()

    def go_to_parting(self) -> None:
        """Pin the token at which each trace parts from the others."""
        with self.following.apart():
            for at, column in enumerate(self.page.columns.columns):
                column.view.pin(self.compared.parting(at))

    def remove_current(self) -> None:
        """Take out the trace that has the focus, else the last one."""
        columns = self.page.columns.columns
        if columns:
            focused = [at for at, each in enumerate(columns) if each.view.hasFocus()]
            self.compared.remove(focused[0] if focused else len(columns) - 1)

    def export(self) -> None:
        """Save what is shown as a picture, a drawing or a table."""
        columns = self.page.room.choice == "columns"
        (self.page.columns if columns else self.page.samples).frame.export.showMenu()

    def set_heat(self, heat: Heat) -> None:
        """Colour tokens by another statistic."""
        self._heat = heat
        for column in self.page.columns.columns:
            column.view.set_heat(heat)

    def resize_text(self, by: int) -> None:
        """Make the texts larger or smaller."""
        for column in self.page.columns.columns:
            column.view.resize_text(by)

    def stop(self) -> None:
        """Stop what is under way; else let go of what is pinned."""
        if self.working.busy:
            self.working.stop()
            return
        for column in self.page.columns.columns:
            column.view.pin(-1, reveal=False)

    def retheme(self) -> None:
        """The colours have changed."""
        self.page.columns.retheme()
        self.page.samples.retheme()

    def close(self) -> None:
        """Let go of the desk and end what runs."""
        self.page.history.show_desk(None)
        self.working.close()
        self.gathering.close()
        self.compared.close()

    def show_figures(self) -> None:
        """Everything that changes while something grows."""
        self.compared.grow()
        self.page.columns.show_figures(self.compared)
        self.page.force.setEnabled(len(self.compared.sides) > 1 and not self.working.busy)
        self.page.with_other.setEnabled(bool(self.compared.sides) and not self.working.busy)
        self._mark()

    def _connect(self) -> None:
        page = self.page
        page.compare.clicked.connect(self.add_chosen)
        page.siblings.clicked.connect(self.gather)
        page.run.clicked.connect(self.choose_run)
        page.force.clicked.connect(self.working.force)
        page.stop.clicked.connect(self.stop)
        page.with_chosen.connect(self.working.solve_with)
        page.align.chosen.connect(lambda name: self.align(Align(name)))
        page.room.chosen.connect(self.show_room)
        page.history.chosen.connect(lambda trace: self.add_traces([trace]))
        page.columns.dropped.connect(self.add_traces)
        page.columns.removed.connect(self.compared.remove)
        page.columns.curves.pointed.connect(self._on_pointed)
        page.samples.opened.connect(self.open_wanted)
        page.samples.beside.connect(lambda trace: self.add_traces([trace]))
        page.samples.problem_chosen.connect(self.gathering.show_problem)
        page.notice.again.connect(page.notice.clear)
        self.compared.changed.connect(self._on_changed)
        self.compared.aligned.connect(self.show_figures)
        self.gathering.came.connect(self._on_came)
        self.gathering.named.connect(
            lambda sample: self.page.samples.show_named(sample, self.gathering.left)
        )
        self.gathering.failed.connect(
            lambda error: self._say(Failed(error.what, error.hint, FailureKind.USAGE))
        )
        self.driver.grew.connect(self._on_grew)
        self.working.grew.connect(self._on_grew)
        self.working.came.connect(self.add)
        self.working.told.connect(self._on_told)
        self.working.failed.connect(self._say)

    def _say(self, failure: Failed) -> None:
        self.page.notice.say(failure)
        self.page.notice.start_again.hide()  # nothing here is started anew from a message
        self.page.notice.choose.hide()

    def _read_beliefs(self) -> None:
        for side in self.compared.sides:
            try:
                side.beliefs = self.driver.desk.beliefs(side.solve.trace.id)
            except StoreError as error:
                self._say(Failed(error.what, error.hint, FailureKind.USAGE))

    def _on_changed(self) -> None:
        self._read_beliefs()
        self.page.columns.show_compared(self.compared)
        columns = self.page.columns.columns
        self.following.join(columns)
        for column in columns:
            column.view.set_heat(self._heat)
            column.view.pinned.connect(self._mark)
        self.show_figures()

    def _on_grew(self) -> None:
        """Of the traces that are compared one may be growing, here or on the Solve page."""
        for column in self.page.columns.columns:
            column.grow()
        if self.page.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _on_told(self, text: str) -> None:
        self.page.show_doing(text, busy=self.working.busy)
        if not self.working.busy:
            self.show_figures()
            for column in self.page.columns.columns:
                column.view.show_apart(self.working.apart_of(column.at))

    def _on_came(self) -> None:
        self.page.samples.show_samples(self.gathering.samples, self.gathering.left)

    def _on_run(self) -> None:
        problems = {n: each[0].problem for n, each in self.gathering.problems.items()}
        if not problems:
            what = translate("Compare", "the run holds no finished sample yet")
            self._say(Failed(what, kind=FailureKind.USAGE))
            return
        self.page.samples.show_problems(problems)
        self.gathering.show_problem(next(iter(problems)))
        self.show_room("samples")

    def _on_pointed(self, place: float) -> None:
        """A place of the curves: the first trace is taken there, and the others with it."""
        columns = self.page.columns.columns
        if not columns:
            return
        if self.compared.align is Align.SHARE:
            place = place / 100 * len(columns[0].side.solve.columns)
        columns[0].view.pin(max(int(place), 0))

    def _mark(self) -> None:
        """Where each trace is pinned, on the axis of the curves."""
        curves = self.page.columns.curves
        places = [
            curves.axis_place(self.compared, column.at, column.view.scene.pinned + 0.5)
            if column.view.scene.pinned >= 0 and column.at < len(self.compared.sides)
            else float("nan")
            for column in self.page.columns.columns
        ]
        curves.mark(places[: len(LETTERS)])
