"""The room of figures: keeps its tab in step with the shown trace, and goes where it is clicked."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication, QTimer

from kimidesk.flows import Solve
from kimidesk.gui import kinds
from kimidesk.gui.charts.table import Table
from kimidesk.gui.figures.analysing import Analysing, in_trace
from kimidesk.gui.figures.bars import Row
from kimidesk.gui.figures.measures import MEASURES
from kimidesk.gui.figures.panel import FiguresPanel
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.thought import stages
from kimidesk.gui.tracks.spans import Spans
from kimidesk.reading.segments.counting import KINDS, OfKind, by_kind, follows
from kimidesk.reading.segments.stages import Stage
from kimidesk.records import Noted, Verdict

translate = QCoreApplication.translate
UPDATE_MS = 500
LATER_MS = 30  # counting all in one go would take more than a slice of a long trace


class Figures(Room):
    """Nothing is counted while the tab is not in sight."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.panel, self.spans = FiguresPanel(), Spans()
        self.analysing = Analysing(driver.desk, driver.grader, self)
        self.analysing.changed.connect(self._show_efficiency)
        self._analysed: tuple[str, Verdict | None] | None = None
        self._of_kinds: list[OfKind] = []
        self._stages: list[stages.Stretch] = []
        self._walked = ("", -1)  # the figure that was chosen last, and how far it was walked
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(UPDATE_MS)
        self._timer.timeout.connect(self.refresh)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER_MS)
        self._later.timeout.connect(self._refresh_budget)
        page.side.add("figures", lambda: translate("Figures", "Figures"), self.panel)
        page.side.tabs.currentChanged.connect(lambda _: self._soon())
        self.panel.side.chosen.connect(lambda _: self._show_kinds())
        self.panel.kinds.chosen.connect(self._to_kind)
        self.panel.stages.chosen.connect(self._to_stage)
        self.panel.matrix.chosen.connect(self._to_pair)
        self.panel.efficiency.chosen.connect(self._to_reason)

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        return {"figures": lambda: self.page.side.show_tab("figures")}

    def show_trace(self) -> None:
        self._analysed = None
        self._walked = ("", -1)
        self.analysing.show(None)
        self.refresh()

    def grow(self) -> None:
        self._soon()

    def named(self) -> None:
        self._soon()

    def retheme(self) -> None:
        self.panel.budget.retheme()
        self.refresh()

    def close(self) -> None:
        self._timer.stop()
        self._later.stop()
        self.analysing.close()

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def refresh(self) -> None:
        """Count and draw, if anybody sees it."""
        self._timer.stop()
        solve = self.solve
        self.panel.show_empty(solve is None)
        if solve is None or self.page.side.shown != "figures":
            return
        self.spans.show(self.naming.items)
        last = int(self.spans.last[-1]) + 1 if len(self.spans) else 0
        codes = self.spans.per_token(min(last, len(solve.columns)))
        self._of_kinds = by_kind(codes, self.spans.kind, solve.columns)
        self._stages = stages.stretches(self.naming.items)
        self._show_kinds()
        self._show_stages()
        self.panel.matrix.show_counts(follows(self.spans.kind))
        self.panel.frames["matrix"].show_table(self.panel.matrix.table())
        self._later.start()

    def _refresh_budget(self) -> None:
        """The other half of it."""
        solve = self.solve
        if solve is not None:
            self.panel.budget.show_solve(solve)
            self.panel.frames["budget"].show_table(self.panel.budget.table())
            self._analyse(solve)

    def _analyse(self, solve: Solve) -> None:
        """Once for a trace that has ended, and again when its verdict changes."""
        key = (solve.trace.id, solve.verdict)
        if solve.done and key != self._analysed:
            self._analysed = key
            self.analysing.show(solve)
        else:
            self._show_efficiency()

    def _show_efficiency(self) -> None:
        growing = self.solve is not None and not self.solve.done
        self.panel.show_efficiency(self.analysing, growing)

    def _show_kinds(self) -> None:
        side = self.panel.side.choice
        rows = [each for each in self._of_kinds if each.tokens]
        values = [float(getattr(each, side)) for each in rows]
        top = max((value for value in values if not math.isnan(value)), default=0.0) or 1.0
        self.panel.kinds.show_rows(
            [
                Row(
                    kinds.LETTERS[each.kind],
                    kinds.name(each.kind),
                    kinds.colour(each.kind),
                    0.0 if math.isnan(value) else value / top,
                    _spelled(side, value, each),
                    self._told(each),
                )
                for each, value in zip(rows, values, strict=True)
            ]
        )
        self.panel.frames["kinds"].show_table(_table(self._of_kinds))

    def _told(self, each: OfKind) -> str:
        return "\n".join(
            [
                f"{kinds.name(each.kind)}: {kinds.meaning(each.kind)}",
                translate("Figures", "{0} sentences, {1} tokens ({2}), {3} s").format(
                    f"{each.sentences:,}",
                    f"{each.tokens:,}",
                    _percent(each.share),
                    f"{each.seconds:.2f}",
                ),
                translate("Figures", "mean entropy {0} nats, {1} of its tokens fork").format(
                    "–" if math.isnan(each.entropy) else f"{each.entropy:.3f}",
                    _percent(each.forks),
                ),
            ]
        )

    def _show_stages(self) -> None:
        whole = sum(last - first + 1 for _, first, last in self._stages) or 1
        rows, cells = [], []
        for stage, first, last in self._stages:
            tokens = last - first + 1
            name, share = stages.name(stage), tokens / whole
            told = f"{name}: {stages.meaning(stage)}\n" + translate(
                "Figures", "tokens {0} … {1}, {2} of the thought"
            ).format(f"{first + 1:,}", f"{last + 1:,}", f"{share:.0%}")
            rows.append(
                Row(
                    str(list(Stage).index(stage) + 1),
                    name,
                    stages.colour(stage),
                    share,
                    f"{share:.0%}",
                    told,
                )
            )
            cells.append((name, first + 1, last + 1, tokens, share))
        titles = (
            translate("Figures", "stage"),
            translate("Figures", "first token"),
            translate("Figures", "last token"),
            translate("Figures", "tokens"),
            translate("Figures", "share"),
        )
        self.panel.stages.show_rows(rows)
        self.panel.frames["stages"].show_table(Table(titles, tuple(cells)))

    # ---- going there -----------------------------------------------------------------------

    def _to_kind(self, row: int) -> None:
        kind = [each.kind for each in self._of_kinds if each.tokens][row]
        code = KINDS.index(kind)
        self._walk(f"kind {kind}", self.spans.first[self.spans.kind == code].tolist())

    def _to_stage(self, row: int) -> None:
        self._walk(f"stage {row}", [self._stages[row].first])

    def _to_pair(self, cell: int) -> None:
        before, after = divmod(cell, len(KINDS))
        found = (self.spans.kind[:-1] == before) & (self.spans.kind[1:] == after)
        self._walk(f"pair {cell}", self.spans.first[1:][found].tolist())

    def _to_reason(self, row: int) -> None:
        name = MEASURES[row].name
        solve = self.solve
        if solve is None:
            return
        if name == "loops":
            self._walk(name, [note.at for note in solve.trace.notes if note.what is Noted.LOOP])
            return
        places = [in_trace(solve, place) for place in self.analysing.places.get(name, [])]
        self._walk(name, [bisect_right(solve.transcript.ends, place) for place in places])

    def _walk(self, name: str, tokens: Sequence[int]) -> None:
        """Pin the first of some tokens, and the next each time that the same is chosen again."""
        if not tokens:
            return
        before, at = self._walked
        at = (at + 1) % len(tokens) if before == name else 0
        self._walked = (name, at)
        self.page.view.pin(int(np.clip(tokens[at], 0, self.page.view.scene.tokens - 1)))


def _spelled(side: str, value: float, each: OfKind) -> str:
    if math.isnan(value):
        return "–"
    if side == "tokens":
        return f"{each.tokens:,}"
    if side == "forks":
        return f"{value:.0%}"
    return f"{value:.2f}" if side == "entropy" else f"{value:.1f} s"


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0%}"


def _table(rows: Sequence[OfKind]) -> Table:
    titles = (
        translate("Figures", "kind"),
        translate("Figures", "sentences"),
        translate("Figures", "tokens"),
        translate("Figures", "share"),
        translate("Figures", "seconds"),
        translate("Figures", "mean entropy, nats"),
        translate("Figures", "share that forks"),
    )
    return Table(
        titles,
        tuple(
            (
                kinds.name(each.kind),
                each.sentences,
                each.tokens,
                each.share,
                each.seconds,
                each.entropy,
                each.forks,
            )
            for each in rows
        ),
    )
