"""People name sentences themselves: by single keys, with undo, and beside a second annotator."""

import time
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QFileDialog

from kimidesk.errors import KimiDeskError
from kimidesk.gui.labelling import keys
from kimidesk.gui.labelling.bar import LabelBar
from kimidesk.gui.labelling.book import Book
from kimidesk.gui.labelling.keys import KINDS, Keys
from kimidesk.gui.labelling.panel import LabelPanel
from kimidesk.gui.labelling.selecting import select
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Named, Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.reading.segments.agreed import agreement, kinds_of
from kimidesk.reading.segments.cues import subtype_of
from kimidesk.reading.segments.features import plain
from kimidesk.reading.segments.labelled import Labels, put, split, taken
from kimidesk.records import Kind, Label, Subtype
from kimidesk.store.labelled import Labelled, write
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate
TAB = "labels"
NAMELESS = "annotator-1"  # until a person gives a name
FIGURES_MS = 250  # after the last change, before agreement is reckoned


class LabelRoom(Room):
    """Labels are of the characters of the trace; they lie over the machine's names everywhere."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        settings = driver.settings
        self.book = Book(driver.desk, settings.annotator or NAMELESS)
        self.panel, self.bar = LabelPanel(), LabelBar()
        self.panel.annotator.setText(self.book.annotator)
        self.panel.blind.setChecked(settings.blind)
        page.side.add(TAB, lambda: translate("LabelRoom", "Labels"), self.panel)
        page.middle.insertWidget(page.middle.indexOf(page.find_bar) + 1, self.bar)
        self.keys = Keys(page.view, self._by_keys())
        self._figures = QTimer(self)
        self._figures.setSingleShot(True)
        self._figures.setInterval(FIGURES_MS)
        self._figures.timeout.connect(self.show_figures)
        self._connect()
        self.show_figures()

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        return {
            "label-mode": lambda: self.set_mode(on=not self.keys.on),
            "undo-label": lambda: self._walk(self.book.editing.undo),
            "redo-label": lambda: self._walk(self.book.editing.redo),
            "export-labels": self.ask_export,
        }

    @property
    def pinned(self) -> Named | None:
        """The sentence that holds the pinned token."""
        at = self.naming.at(self.page.view.scene.pinned)
        return self.naming.items[at] if at >= 0 else None

    # ---- what a person does ----------------------------------------------------------------

    def set_mode(self, *, on: bool) -> None:
        """Begin or end labelling: single keys work while it is on."""
        self.keys.on = on
        self.panel.mode.setChecked(on)
        self.bar.setVisible(on)
        view = self.page.view
        if on:
            self.page.side.show_tab(TAB)
            if self.pinned is None and self.naming.items:
                first = next((n for n in self.naming.items if n.last >= view.seen[0]), None)
                view.pin((first or self.naming.items[0]).first)
        else:
            view.scene.selection = None
            view.viewport().update()
        view.setFocus()
        self._show_pinned()

    def name(self, letter: str) -> None:
        """Say what the pinned sentence does, and go on to the next one."""
        kind, subtype = KINDS[letter]
        self._say(kind, subtype)

    def accept(self) -> None:
        """The name that is shown is right."""
        if self.pinned is not None:
            self._say(self.pinned.kind, self.pinned.subtype)

    def split_here(self) -> None:
        """Two sentences, the second from the pinned token on."""
        solve, here, token = self.solve, self.pinned, self.page.view.scene.pinned
        if solve is None or here is None:
            return
        at = solve.transcript.ends[token - 1] if token else 0
        whole = self._label(here, here.kind, here.subtype)
        self._change(split(solve.said, self.book.editing.labels, whole, at))

    def join(self) -> None:
        """One sentence with the next one, of the kind of the pinned one."""
        here = self.pinned
        after = self.naming.at(self.page.view.scene.pinned) + 1
        if here is None or after >= len(self.naming.items):
            return
        label = self._label(here, here.kind, here.subtype, self.naming.items[after].end)
        self._change(put(self.book.editing.labels, label))

    def clear(self) -> None:
        """Take what the annotator says of the pinned sentence away."""
        here = self.pinned
        if here is not None:
            self._change(taken(self.book.editing.labels, here.start, here.end))

    def ask_export(self) -> None:
        """Ask for a file, and write everybody's labels of this trace."""
        solve = self.solve
        if solve is None:
            return
        dialog = QFileDialog(
            self.page.window(), translate("LabelRoom", "Export labels"), f"{solve.trace.id}.jsonl"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("jsonl")
        dialog.setNameFilter(translate("LabelRoom", "JSON lines (*.jsonl)"))
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.open()

    def export(self, path: Path) -> None:
        """Write them; with the others' unless those are hidden."""
        solve = self.solve
        if solve is None:
            return
        labels = {self.book.annotator: self.book.editing.labels}
        if not self.panel.blind.isChecked():
            labels |= self.book.others
        try:
            write(path, [Labelled(solve.trace.id, solve.said, labels)])
        except KimiDeskError as error:
            self._tell(error)

    # ---- what has changed ------------------------------------------------------------------

    def show_trace(self) -> None:
        self.book.show_trace(self.solve.trace.id if self.solve is not None else "")
        if self.book.problem is not None:
            self._tell(self.book.problem)
        self._show_labels()

    def named(self) -> None:
        self._show_pinned()
        if not self._figures.isActive():
            self._figures.start()

    def point(self, hovered: int, pinned: int) -> None:
        if self.keys.on:
            self._show_pinned()

    def retheme(self) -> None:
        self.panel.retheme()

    def show_figures(self) -> None:
        """How far the annotator is, and how far two agree."""
        editing = self.book.editing
        spans = [(each.start, each.end) for each in self.naming.machine]
        done = sum(kind is not None for kind in kinds_of(spans, editing.labels))
        self.panel.show_state(
            labelled=done, sentences=len(spans), undo=editing.can_undo, redo=editing.can_redo
        )
        said = self.solve.said if self.solve is not None else ""
        blind = self.panel.blind.isChecked()
        others = {} if blind or not editing.labels else self.book.others
        self.panel.show_agreement(
            {
                name: agreement([(said, editing.labels, labels)], spans)
                for name, labels in others.items()
            }
        )

    # ---- inside ----------------------------------------------------------------------------

    def _by_keys(self) -> dict[str, Callable[[], object]]:
        letters = {letter: (lambda letter=letter: self.name(letter)) for letter in KINDS}
        return {
            **letters,
            keys.ACCEPT: self.accept,
            keys.SPLIT: self.split_here,
            keys.JOIN: self.join,
            keys.CLEAR: self.clear,
            keys.LEAVE: lambda: self.set_mode(on=False),
        }

    def _connect(self) -> None:
        panel = self.panel
        panel.mode.clicked.connect(lambda checked: self.set_mode(on=checked))
        panel.undo.clicked.connect(self.functions["undo-label"])
        panel.redo.clicked.connect(self.functions["redo-label"])
        panel.export.clicked.connect(self.ask_export)
        panel.kind_chosen.connect(self.name)
        panel.annotator_changed.connect(self._on_annotator)
        panel.blind_changed.connect(self._on_blind)
        self.bar.left.connect(lambda: self.set_mode(on=False))

    def _on_annotator(self, name: str) -> None:
        self.book.annotator = name or NAMELESS
        self.panel.annotator.setText(self.book.annotator)
        self.to_keep.emit({"annotator": name if name != NAMELESS else ""})
        self._show_labels()

    def _on_blind(self, blind: bool) -> None:
        self.to_keep.emit({"blind": blind})
        self._show_labels()

    def _say(self, kind: Kind, subtype: Subtype | None) -> None:
        solve, here = self.solve, self.pinned
        if solve is None or here is None:
            return
        if kind is Kind.BACKTRACK and subtype is None:
            subtype = subtype_of(plain(solve.said[here.start : here.end]))
        self._change(put(self.book.editing.labels, self._label(here, kind, subtype)))
        after = self.naming.at(here.first) + 1
        if self.keys.on and after < len(self.naming.items):
            self.page.view.pin(self.naming.items[after].first)

    def _label(
        self, named: Named, kind: Kind, subtype: Subtype | None, end: int | None = None
    ) -> Label:
        stop = named.end if end is None else end
        return Label(named.start, stop, kind, self.book.annotator, time.time(), subtype)

    def _change(self, labels: Labels) -> None:
        self._step(self.book.editing.change(labels))

    def _walk(self, step: Callable[[], bool]) -> None:
        """Take a change back or make it again, and go where it was."""
        before = set(self.book.editing.labels)
        self._step(step())
        if changed := before ^ set(self.book.editing.labels):
            start = min(each.start for each in changed)
            at = bisect_right(self.naming.items, start, key=lambda each: each.start) - 1
            if at >= 0:
                self.page.view.pin(self.naming.items[at].first)

    def _step(self, changed: bool) -> None:
        if changed:
            self.book.keep()
            self._show_labels()

    def _show_labels(self) -> None:
        self.naming.show_labels(self.book.shown(blind=self.panel.blind.isChecked()))
        self._show_pinned()
        self._figures.start()

    def _show_pinned(self) -> None:
        self.bar.show_named(self.pinned)
        if self.keys.on and self.pinned is not None:
            select(self.page.view, self.pinned.start, self.pinned.end)

    def _tell(self, error: KimiDeskError) -> None:
        self.page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))
