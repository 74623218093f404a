"""The room of named thought: gutter and folds of the text, the outline, the minimap."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage
from kimidesk.gui.solve.room import Room
from kimidesk.gui.thought.minimap import Minimap
from kimidesk.gui.thought.outline import Outline
from kimidesk.gui.widgets.announcing import announce
from kimidesk.gui.widgets.spoken import spoken_segment

translate = QCoreApplication.translate
TAB = "thought"


class ThoughtRoom(Room):
    """Gives the view the names of what it shows, and answers what is asked of segments."""

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page, driver, naming)
        self.outline = Outline()
        page.side.add(TAB, lambda: translate("Outline", "Outline"), self.outline)
        self.minimap = Minimap(page.view)
        page.text_row.addWidget(self.minimap)
        page.view.named.connect(self.outline.rows.follow)
        self.outline.chosen.connect(page.view.pin)
        self.outline.fold_all.connect(lambda folded: self._fold_all(folded=folded))

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        folder = self.page.view.folder
        return {
            "fold": lambda: self._fold(folded=True),
            "unfold": lambda: self._fold(folded=False),
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
        self.minimap.name(self.naming.items)

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
        token = passages.items[place].first
        view.pin(token, unfold=False)
        announce(view, spoken_segment(view.scene, token))

    def _fold(self, *, folded: bool) -> None:
        """What is current then has no other sign for someone who does not see the text."""
        view, place = self.page.view, self.page.view.folder.current
        view.folder.fold(folded=folded)
        if place >= 0:
            announce(view, spoken_segment(view.scene, view.scene.passages.items[place].first))

    def _fold_all(self, *, folded: bool) -> None:
        self.page.view.folder.fold_all(folded=folded)

    def _fold_thought(self) -> None:
        view = self.page.view
        view.folder.fold_whole(folded=not view.scene.folding.whole)

    def _select(self) -> None:
        folder = self.page.view.folder
        if folder.current >= 0:
            folder.select(folder.current)
