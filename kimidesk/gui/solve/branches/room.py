"""The room of branches: their tab, what is asked at a token, and marks where branches left."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from kimidesk.errors import KimiDeskError, UsageError
from kimidesk.flows import Branch, Solve, Story
from kimidesk.flows.branching import Change
from kimidesk.flows.story import line_of, starts_of
from kimidesk.gui.solve.branches.asking import Asking
from kimidesk.gui.solve.branches.family import Family
from kimidesk.gui.solve.branches.growing import Growing
from kimidesk.gui.solve.branches.panel import BranchPanel
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.records import Note, Noted
from kimidesk.wire.messages import Failed, FailureKind

translate = QCoreApplication.translate


class BranchRoom(Room):
    """Shows the family of the shown trace; opening one of it leaves what grows as it is."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.family, self.growing = Family(driver.desk, self), Growing(driver, self)
        self.asking, self.panel = Asking(page, driver, naming), BranchPanel()
        self._left: Solve | None = None  # what was shown before the branch that is shown
        self._reveal = -1  # a token that is to be seen once it is placed
        page.side.add("branches", lambda: translate("Branches", "Branches"), self.panel)
        page.view.settled.connect(self._on_settled)
        self.panel.tree.opened.connect(self.open)
        self.panel.again.clicked.connect(self.asking.ask_several)
        self.panel.stop.clicked.connect(self.growing.stop)
        self.asking.wanted.connect(self.branch)
        self.asking.wrong.connect(self._say)
        self.growing.changed.connect(self._on_growing)
        self.growing.gone.connect(self._on_gone)
        self.growing.refused.connect(page.notice.say)
        self.family.changed.connect(self._show)

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        return {
            "branches": lambda: self.page.side.show_tab("branches"),
            "stop-branches": self.growing.stop,
            **self.asking.functions,
        }

    def branch(self, change: Change, count: int = 1, warmth: float | None = None) -> None:
        """Begin branches of what is shown; the first is shown while it grows."""
        solve = self.solve
        if solve is None:
            return
        taken = {node.seed for node in self.family.nodes}
        try:
            members = self.growing.begin(solve, change, count, warmth, taken)
        except KimiDeskError as error:
            self._say(error)
            return
        self.page.notice.clear()
        self.family.add(*members)
        if not self.driver.busy:
            self._left = solve
            self.driver.present(Story(members[0]))
        self.page.side.show_tab("branches")

    def open(self, trace: str) -> None:
        """Show a trace of the family, from where it left its parent."""
        if self.solve is not None and self.solve.trace.id == trace:
            return
        if self.driver.busy:
            what = translate("Branches", "the first trace still grows")
            hint = translate("Branches", "Stop it, or wait until it has ended.")
            self._say(UsageError(what, hint=hint))
            return
        live = self.family.live(trace)
        if live is None:
            self.driver.reopen(trace)
        else:
            self.driver.present(Story(live) if isinstance(live, Branch) else live)
        if self.solve is not None and self.solve.trace.ended is not None:
            self._reveal = self.solve.shared
            self._on_settled()

    def show_trace(self) -> None:
        self.asking.editor.hide()
        self._reveal = -1
        self.family.show_trace(self.solve)
        self._show()

    def grow(self) -> None:
        self.family.grow()

    def retheme(self) -> None:
        self.panel.tree.viewport().update()

    def close(self) -> None:
        self.family.close()

    def _on_growing(self) -> None:
        self.family.grow()
        self._show()
        self.page.history.refresh_soon()

    def _on_gone(self, member: Branch) -> None:
        shown = self.solve is not None and self.solve.trace.id == member.trace.id
        if shown and self._left is not None:
            self.driver.present(self._left)
        self.family.drop(member.trace.id)

    def _on_settled(self) -> None:
        scene = self.page.view.scene
        if 0 < self._reveal < scene.tokens:
            token, self._reveal = self._reveal, -1
            self.page.view.reveal(token)

    def _show(self) -> None:
        solve = self.solve
        shown = solve.trace.id if solve is not None else ""
        self.panel.show_nodes(self.family.nodes, shown, growing=bool(self.growing.flows))
        self.page.view.scene.branched = self._marks(solve)
        self.page.view.viewport().update()
        if self.family.trouble:
            trouble, self.family.trouble = self.family.trouble, ""
            self._say(UsageError(trouble))

    def _marks(self, solve: Solve | None) -> tuple[Note, ...]:
        """Where branches left the line that is shown, and how many."""
        if solve is None:
            return ()
        line = line_of(solve)
        starts = dict(zip((each.trace.id for each in line), starts_of(line), strict=True))
        left = [each.fork for each in self.family.nodes if each.fork and each.id not in starts]
        places = Counter(starts[each.parent] + each.at for each in left if each.parent in starts)
        return tuple(
            Note(at, Noted.BRANCHED, f"{count:,}")
            for at, count in sorted(places.items())
            if at < len(solve.columns) and at not in starts.values()
        )

    def _say(self, error: KimiDeskError) -> None:
        self.page.notice.say(Failed(error.what, error.hint, FailureKind.USAGE))
