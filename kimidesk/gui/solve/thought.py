"""The room of named thought: gutter and folds of the text, the outline, the minimap."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from kimidesk.gui import kinds
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.thought.outline import Outline
from kimidesk.gui.widgets.announcing import announce
from kimidesk.gui.widgets.fold_lines import counts

translate = QCoreApplication.translate
TAB = "thought"


class ThoughtRoom(Room):
    """Gives the view the names of what it shows, and answers what is asked of segments."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.outline = Outline()
        page.side.add(TAB, lambda: translate("Outline", "Outline"), self.outline)
        page.view.named.connect(self.outline.rows.follow)
        self.outline.chosen.connect(page.view.pin)
        self.outline.fold_all.connect(lambda folded: self._fold_all(folded=folded))

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        folder = self.page.view.folder
        return {
            "fold": folder.fold,
            "unfold": lambda: folder.fold(folded=False),
            "fold-kind": folder.fold_kind,
            "fold-all": lambda: self._fold_all(folded=True),
            "unfold-all": lambda: self._fold_all(folded=False),
            "fold-thought": self._fold_thought,
            "next-segment": lambda: self.walk(1),
            "last-segment": lambda: self.walk(-1),
            "select-segment": self._select,
            "outline": lambda: self.page.side.show_tab(TAB),
        }

    def show_trace(self) -> None:
        scene = self.page.view.scene
        if scene.source is not None:
            self.outline.rows.show(scene.passages, scene.source.transcript)
        self.named()

    def named(self) -> None:
        self.page.view.name(self.naming.items)

    def point(self, hovered: int, pinned: int) -> None:
        if pinned >= 0:
            self.outline.follow(pinned)

    def walk(self, by: int) -> None:
        """Pin the next segment's first token, forward or back; what is folded stays so."""
        view, passages = self.page.view, self.page.view.scene.passages
        here = view.scene.pinned
        if here < 0:
            here = max(view.seen[0], 0) - (by > 0)
        place = passages.beside(here, by)
        if place < 0:
            return
        passage = passages.items[place]
        view.pin(passage.first, unfold=False)
        told = translate("Outline", "{0}, segment {1} of {2}, {3}, confidence {4}")
        words = told.format(
            kinds.name(passage.kind),
            f"{place + 1:,}",
            f"{len(passages.items):,}",
            counts(passage.sentences, passage.tokens),
            f"{passage.confidence:.0%}",
        )
        announce(view, words)

    def _fold_all(self, *, folded: bool) -> None:
        self.page.view.folder.fold_all(folded=folded)

    def _fold_thought(self) -> None:
        view = self.page.view
        view.folder.fold_whole(folded=not view.scene.folding.whole)

    def _select(self) -> None:
        folder = self.page.view.folder
        if folder.current >= 0:
            folder.select(folder.current)
