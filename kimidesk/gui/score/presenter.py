"""What the Score page does: looks at folders, never runs anything itself.

A run is a process of its own, begun here or elsewhere; what it writes is looked for once a second.
"""

import getpass
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QListWidgetItem

from kimidesk.errors import KimiDeskError
from kimidesk.grading.paired import Paired
from kimidesk.gui.aside import Aside
from kimidesk.gui.score import figures
from kimidesk.gui.score.counting import Counted, Run, against, count, paces
from kimidesk.gui.score.curve import runs_table, table_of
from kimidesk.gui.score.page import ScorePage
from kimidesk.gui.score.retelling import retell
from kimidesk.gui.score.setup import SetupDialog, log_of
from kimidesk.gui.score.table import Show
from kimidesk.gui.score.telling import said_in, told
from kimidesk.records import Judgement, Problem, Sample
from kimidesk.settings import data_folder
from kimidesk.store import verdicts
from kimidesk.store.watching import (
    Live,
    Row,
    Seen,
    ask_to_stop,
    live_of,
    look,
    sample_at,
    stamp_of,
)
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate
LOOK_MS = 1_000
COUNT_MS = 3_000  # between two counts of a growing run: 100,000 samples take 2 s of another thread
MOST_RUNS = 30  # that are remembered


class ScorePresenter(QObject):
    """`problem_wanted` carries a Problem for the Solve page, `trace_wanted` a Retold, and `to_keep`
    the folders to remember."""

    problem_wanted = Signal(object)
    trace_wanted = Signal(object)
    to_keep = Signal(object)

    def __init__(self, page: ScorePage, folders: list[str]) -> None:
        super().__init__(page)
        self.page, self.run = page, None if not folders else Run(Path(folders[0]))
        self.folders = list(folders)
        self.setup: SetupDialog | None = None
        self._known: dict[Path, Run] = {}
        self._begun: set[Path] = set()  # by this window; they have no run.json for a second
        self._aside, self._counting, self._looking = Aside(self), False, False
        self._counted_stamp: tuple[float, ...] = ()
        self._watch, self._count = QTimer(self), QTimer(self)
        self._watch.setInterval(LOOK_MS)
        self._watch.timeout.connect(self.look)
        self._count.setSingleShot(True)
        self._count.setInterval(COUNT_MS)
        self._count.timeout.connect(self._recount)
        self.functions: dict[str, Callable[[], object]] = {
            "score-new": self.ask,
            "score-open": self.browse,
            "score-right": lambda: self.override(Judgement.RIGHT.value),
            "score-wrong": lambda: self.override(Judgement.WRONG.value),
            "score-undo": lambda: self.override(""),
            "score-solve": self.to_solve,
            "score-trace": self.to_trace,
            "score-find": page.search.setFocus,
            "score-table": page.table.setFocus,
        }
        self._connect()
        self._list_runs()
        self._show_chosen(None)
        self._tell_empty()
        if folders:
            self.open(Path(folders[0]))

    # ---- runs ----------------------------------------------------------------------------

    def open(self, folder: Path) -> None:
        """Look at the run in a folder, from now on."""
        self.run = self._known.setdefault(folder, Run(folder))
        self._counted_stamp = ()
        self._remember(folder)
        self._show_rows()
        self._show_counted()
        self.look(now=True)
        self._watch.start()
        self.page.versus.show_runs([Path(each) for each in self.folders if each != str(folder)])
        self.compare_with(self.page.versus.runs.currentData())

    def compare_with(self, other: Path | None) -> None:
        """Show what another run does otherwise; None for nothing."""
        run = self.run
        if other is None or run is None:
            self.page.versus.show_found(None)
            return

        def told(found: Paired) -> None:
            if self.run is run and self.page.versus.runs.currentData() == other:
                self.page.versus.show_found(found)

        self._aside.run(lambda: against(run, other), told, self._fail)

    def look(self, *, now: bool = False) -> None:
        """See whether the folder has changed, and what has been added."""
        run = self.run
        if run is None or self._looking:
            return
        stamp = stamp_of(run.folder)
        if not now and stamp == run.seen.stamp:
            self._show_live()
            return
        self._looking = True

        def seen(found: Seen) -> None:
            self._looking = False
            grown = found.rows != run.seen.rows
            run.seen = found
            if self.run is not run:
                return
            if grown or now:
                self._show_rows()
                if not self._count.isActive():
                    self._recount()
                    self._count.start()
            self._show_live()

        self._aside.run(lambda: look(run.folder, run.seen), seen, self._fail)

    def browse(self) -> None:
        """Ask for the folder of a run."""
        dialog = QFileDialog(self.page.window(), translate("Score", "Open a run"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setDirectory(str(self._start_folder()))
        dialog.fileSelected.connect(lambda path: self.open(Path(path)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def ask(self) -> None:
        """Ask what to score, and begin it."""
        if self.setup is None:
            self.setup = SetupDialog(self._start_folder(), self.page.window())
            self.setup.begun.connect(self._on_begun)
        self.setup.paces = paces(self.folders)
        self.setup.check()
        self.setup.show()
        self.setup.raise_()

    def stop(self) -> None:
        """Ask the process that works on the run to finish what is in flight."""
        if self.run is not None and ask_to_stop(self.run.folder):
            self.page.doing.setText(
                translate("Score", "Stopping: what is in flight is finished and kept")
            )

    # ---- samples ---------------------------------------------------------------------------

    def override(self, judgement: str) -> None:
        """Judge the chosen sample by hand; "" takes the grader's verdict again."""
        chosen, run = self._chosen(), self.run
        if chosen is None or run is None:
            return
        try:
            sample = sample_at(run.folder, chosen)
            verdicts.override(run.folder, sample, judgement, getpass.getuser())
        except KimiDeskError as error:
            self._fail(error)
            return
        self.look(now=True)

    def to_solve(self) -> None:
        """The problem of the chosen sample, to be solved again with every number."""
        if (sample := self._sample()) is not None:
            problem = Problem(sample.problem, sample.expected)
            self.problem_wanted.emit(problem)

    def to_trace(self) -> None:
        """The chosen sample as a trace of the Solve page, each token with its numbers."""
        sample, run = self._sample(), self.run
        if sample is not None and run is not None:
            self._aside.run(lambda: retell(run.folder, sample), self.trace_wanted.emit, self._fail)

    def settle(self) -> None:
        """Everything asked so far is there; for pictures and tests."""
        self._aside.settle()
        self._recount()
        self._aside.settle()
        self._aside.settle()

    def close(self) -> None:
        """The window closes; runs go on."""
        self._watch.stop()
        self._count.stop()
        self._aside.close()

    def retheme(self) -> None:
        """The colours have changed."""
        for plot in (self.page.curve, self.page.points):
            plot.retheme()

    # ---- what is shown -------------------------------------------------------------------------

    def _connect(self) -> None:
        page = self.page
        page.new.clicked.connect(self.ask)
        page.open.clicked.connect(self.browse)
        page.stop.clicked.connect(self.stop)
        for name in ("right", "wrong", "undo"):
            getattr(page, name).clicked.connect(self.functions[f"score-{name}"])
        page.to_solve.clicked.connect(self.to_solve)
        page.to_trace.clicked.connect(self.to_trace)
        page.runs.currentItemChanged.connect(self._on_run)
        page.show_only.chosen.connect(lambda _: self._narrow())
        page.search.textChanged.connect(lambda _: self._narrow())
        page.subject.currentIndexChanged.connect(lambda _: self._narrow())
        page.versus.wanted.connect(self.compare_with)
        page.versus.chosen.connect(self._choose_problem)
        page.table.selectionModel().currentRowChanged.connect(self._on_row)
        page.table.doubleClicked.connect(lambda _: self.to_trace())

    def _show_rows(self) -> None:
        assert self.run is not None
        seen, chosen = self.run.seen, self._chosen()
        self.page.model.show_rows(seen.own, seen.disputed)
        if chosen is not None:
            self._choose(chosen)
        self._list_subjects(seen.groups)
        self._tell_empty()

    def _choose(self, wanted: Row) -> None:
        for place, row in enumerate(self.page.model.shown):
            if row.key == wanted.key:
                self.page.table.selectRow(place)
                self._show_chosen(row)
                return

    def _choose_problem(self, number: int) -> None:
        """The first sample of a problem, whatever is shown now."""
        if all(row.number != number for row in self.page.model.shown):
            self.page.show_only.choose(Show.ALL.value)
            self.page.search.clear()
            self._narrow()
        for row in self.page.model.shown:
            if row.number == number:
                self._choose(row)
                return

    def _list_subjects(self, names: tuple[str, ...]) -> None:
        box, chosen = self.page.subject, self.page.subject.currentData()
        if box.count() and names == tuple(box.itemData(n) for n in range(1, box.count())):
            return
        box.blockSignals(True)
        box.clear()
        box.addItem(translate("Score", "Every subject"), "")
        for name in names:
            box.addItem(name, name)
        box.setCurrentIndex(max(box.findData(chosen), 0))
        box.setVisible(bool(names))
        box.blockSignals(False)

    def _narrow(self) -> None:
        page = self.page
        page.model.narrow(
            Show(page.show_only.choice), page.search.text(), page.subject.currentData() or ""
        )
        self._tell_empty()

    def _recount(self) -> None:
        run = self.run
        if run is None or self._counting or run.seen.stamp == self._counted_stamp:
            return
        self._counting, self._counted_stamp = True, run.seen.stamp

        others = [other for other in self._known.values() if other is not run]

        def counted(told: Counted) -> None:
            self._counting = False
            run.numbers, run.counted, run.curve = told.numbers, told.tally, told.curve
            self.page.points.show_points(told.points)
            self.page.points_frame.show_table(runs_table(told.points))
            if self.run is run:
                self._show_counted()

        def failed(error: KimiDeskError) -> None:
            self._counting = False
            if run.seen.rows:
                self._fail(error)

        self._aside.run(lambda: count(run, others), counted, failed)

    def _show_counted(self) -> None:
        assert self.run is not None
        page, told = self.page, self.run.counted
        page.facts.setText(figures.facts(told))
        said = figures.alarm(told)
        page.alarm.setText(said)
        page.alarm.setVisible(bool(said))
        page.curve.show_points(self.run.curve)
        page.curve_frame.show_table(table_of(self.run.curve))
        self._show_live()

    def _show_live(self) -> None:
        if self.run is None:
            return
        live: Live | None = self.run.seen.live and live_of(self.run.folder)
        self.page.headline.setText(figures.headline(self.run.counted, live))
        self.page.stop.setEnabled(live is not None)

    def _tell_empty(self) -> None:
        shown, page = len(self.page.model.shown), self.page
        if self.run is None:
            text = translate(
                "Score", "Begin a new run, or open the folder that `kimidesk score --out` made."
            )
            page.headline.setText(text)
            page.stop.setEnabled(False)
            page.doing.setText("")
            return
        every = len(page.model.rows)
        page.doing.setText(
            translate("Score", "{0} of {1} samples shown").format(f"{shown:,}", f"{every:,}")
        )

    def _chosen(self) -> Row | None:
        index = self.page.table.selectionModel().currentIndex()
        shown = self.page.model.shown
        return shown[index.row()] if index.isValid() and index.row() < len(shown) else None

    def _sample(self) -> Sample | None:
        chosen = self._chosen()
        if chosen is None or self.run is None:
            return None
        try:
            return sample_at(self.run.folder, chosen)
        except KimiDeskError as error:
            self._fail(error)
            return None

    def _on_row(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._show_chosen(self._chosen() if now.isValid() else None)

    def _show_chosen(self, row: Row | None) -> None:
        self.page.show_sample_buttons(chosen=row is not None)
        sample = self._sample() if row is not None else None
        self.page.text.setPlainText("" if sample is None or row is None else told(sample, row))

    # ---- which runs there are --------------------------------------------------------------------

    def _remember(self, folder: Path) -> None:
        others = [each for each in self.folders if each != str(folder)]
        if self.folders[:1] != [str(folder)] and str(folder) not in self.folders:
            self.folders = [str(folder), *others][:MOST_RUNS]
            self._list_runs()
        self.to_keep.emit([str(folder), *others][:MOST_RUNS])
        self.page.runs.blockSignals(True)
        self.page.runs.setCurrentRow(self.folders.index(str(folder)))
        self.page.runs.blockSignals(False)

    def _list_runs(self) -> None:
        self.page.runs.blockSignals(True)
        self.page.runs.clear()
        for folder in self.folders:
            item = QListWidgetItem(Path(folder).name or folder)
            item.setData(Qt.ItemDataRole.UserRole, folder)
            item.setToolTip(folder)
            self.page.runs.addItem(item)
        self.page.runs.blockSignals(False)

    def _on_run(self, now: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if now is not None:
            self.open(Path(str(now.data(Qt.ItemDataRole.UserRole))))

    def _on_begun(self, folder: str) -> None:
        self._begun.add(Path(folder))
        self.open(Path(folder))

    def _start_folder(self) -> Path:
        if self.run is not None:
            return self.run.folder.parent
        return data_folder() / "runs"

    def _fail(self, error: KimiDeskError) -> None:
        self._looking = False
        if self.run is not None and self.run.folder in self._begun:
            if not (said := said_in(log_of(self.run.folder))):
                return  # it has just been begun
            self._begun.discard(self.run.folder)
            error = KimiDeskError(said)
        self.page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))
