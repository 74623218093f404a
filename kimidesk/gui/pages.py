"""The pages of the window; one is built when it is first shown, so that none delays the start."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget


class Pages(QStackedWidget):
    """`turned` carries the name of the page that is shown now."""

    turned = Signal(str)

    def __init__(self, makers: Mapping[str, Callable[[], QWidget]]) -> None:
        super().__init__()
        self._makers = dict(makers)
        self._made: dict[str, QWidget] = {}
        self.show_page(next(iter(self._makers)))

    @property
    def shown(self) -> str:
        """The name of the page that is shown."""
        return next(name for name, page in self._made.items() if page is self.currentWidget())

    def show_page(self, name: str) -> None:
        """Turn to a page."""
        if name not in self._made:
            self._made[name] = self._makers[name]()
            self.addWidget(self._made[name])
        if self.currentWidget() is not self._made[name] or self.count() == 1:
            self.setCurrentWidget(self._made[name])
            self.turned.emit(name)
