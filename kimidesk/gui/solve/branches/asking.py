"""Asking for branches at the pinned token: by a command, by a rival, or in a small editor."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from kimidesk.errors import KimiDeskError, UsageError
from kimidesk.flows import Solve
from kimidesk.flows.branching import Change, answer_now, keep_thinking, rival
from kimidesk.gui.solve.branches import making
from kimidesk.gui.solve.branches.editor import BranchEditor
from kimidesk.gui.solve.branches.making import Question
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.naming import Naming
from kimidesk.gui.solve.page import SolvePage

translate = QCoreApplication.translate


class Asking(QObject):
    """`wanted` carries a Change, how many branches, and their temperature (None: the trace's);
    `wrong` a KimiDeskError."""

    wanted = Signal(object, int, object)
    wrong = Signal(object)

    def __init__(self, page: SolvePage, driver: Driver, naming: Naming) -> None:
        super().__init__(page)
        self._page, self._driver, self._naming = page, driver, naming
        self._question: Question | None = None
        self.editor = BranchEditor(page.view.viewport())
        self.editor.submitted.connect(self._on_submitted)
        self.editor.closed.connect(page.view.setFocus)
        page.inspector.bars.chosen.connect(self._on_rival)

    @property
    def functions(self) -> dict[str, Callable[[], object]]:
        """Commands at a token."""
        naming = self._naming
        return {
            "rivals": self._go_to_rivals,
            "branch-replace": lambda: self._ask(making.replace_here),
            "branch-sentence": lambda: self._ask(
                lambda solve, at: making.edit_sentence(solve, naming, at)
            ),
            "branch-hint": lambda: self._ask(making.insert_hint),
            "branch-delete": lambda: self._make(
                lambda solve, at: making.leave_out(solve, naming, at)
            ),
            "branch-answer": lambda: self._make(answer_now),
            "branch-think": lambda: self._make(keep_thinking),
            "branch-several": self.ask_several,
        }

    def ask_several(self) -> None:
        """Ask how many branches are to be drawn from here."""
        self._ask(lambda _solve, at: making.several(at))

    def _place(self) -> tuple[Solve, int]:
        """What is shown and the pinned token; raises UsageError where there is none."""
        solve, at = self._driver.solve, self._page.view.scene.pinned
        if solve is None or at < 0:
            raise UsageError(
                translate("Branches", "no token is chosen"),
                hint=translate("Branches", "Click one in the trace, or walk to it with the keys."),
            )
        return solve, at

    def _ask(self, what: Callable[[Solve, int], Question]) -> None:
        try:
            solve, at = self._place()
            asked = self._question = what(solve, at)
        except KimiDeskError as error:
            self.wrong.emit(error)
            return
        view = self._page.view
        view.reveal(at)
        warmth = solve.trace.sampling.temperature
        self.editor.ask(asked.title, view.token_rect(at), asked.text, asked.count, warmth)

    def _make(self, what: Callable[[Solve, int], Change]) -> None:
        try:
            change = what(*self._place())
        except KimiDeskError as error:
            self.wrong.emit(error)
            return
        self.wanted.emit(change, 1, None)

    def _go_to_rivals(self) -> None:
        try:
            self._place()
        except KimiDeskError as error:
            self.wrong.emit(error)
            return
        self._page.side.show_tab("token")
        self._page.inspector.bars.setFocus()

    def _on_rival(self, token: int) -> None:
        at = self._page.inspector.token
        if at >= 0:
            self._page.view.pin(at, reveal=False)
            self._make(lambda solve, at: rival(solve, at, token))

    def _on_submitted(self, text: str, count: int, warmth: float) -> None:
        self._page.view.setFocus()
        if self._question is None:
            return
        try:
            change = self._question.make(text)
        except KimiDeskError as error:
            self.wrong.emit(error)
            return
        self.wanted.emit(change, count, warmth)
