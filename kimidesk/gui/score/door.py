"""What the window knows of the Score page: the page is built when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from kimidesk.gui.score.presenter import ScorePresenter


class ScoreDoor(QObject):
    """Until the page is there, what is asked of it does nothing; `presenter` is None.

    `problem_wanted` carries a Problem, `trace_wanted` a Retold, `to_keep` the folders of runs.
    """

    problem_wanted = Signal(object)
    trace_wanted = Signal(object)
    to_keep = Signal(object)

    def __init__(self, folders: list[str], parent: QObject) -> None:
        super().__init__(parent)
        self.presenter: ScorePresenter | None = None
        self._folders = folders

    def build(self) -> QWidget:
        """The page, with its presenter."""
        from kimidesk.gui.score.page import ScorePage
        from kimidesk.gui.score.presenter import ScorePresenter

        page = ScorePage()
        self.presenter = ScorePresenter(page, self._folders)
        self.presenter.problem_wanted.connect(self.problem_wanted)
        self.presenter.trace_wanted.connect(self.trace_wanted)
        self.presenter.to_keep.connect(self.to_keep)
        return page

    def act(self, name: str) -> None:
        """Run a command of the page."""
        if self.presenter is not None:
            self.presenter.functions[name]()

    def retheme(self) -> None:
        """The colours have changed."""
        if self.presenter is not None:
            self.presenter.retheme()

    def stop(self) -> None:
        """Stop the run that is shown."""
        if self.presenter is not None:
            self.presenter.stop()

    def close(self) -> None:
        """The window closes; runs go on."""
        if self.presenter is not None:
            self.presenter.close()
