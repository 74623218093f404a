"""The column beside the trace: tabs, each with something that is told of the trace."""

from collections.abc import Callable

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from kimidesk.gui.widgets.panel import Panel, Scrolled

LEAST_PX = 246


class Side(Panel):
    """Tabs by name; `title` gives a tab's text in the language of the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setExpanding(False)
        self.tabs.setUsesScrollButtons(True)
        self._titles: dict[str, Callable[[], str]] = {}
        self._insides: dict[str, QWidget] = {}
        self._scrolls: dict[str, Scrolled] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)

    def add(self, name: str, title: Callable[[], str], inside: QWidget) -> None:
        """Put a tab behind the others."""
        self._titles[name], self._insides[name] = title, inside
        self._scrolls[name] = Scrolled(inside, LEAST_PX)
        self.tabs.addTab(self._scrolls[name], "")
        self.tabs.tabBar().setVisible(self.tabs.count() > 1)
        self.retranslate()

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front, and the keys to what is in it."""
        self.tabs.setCurrentIndex(list(self._titles).index(name))
        self._insides[name].setFocus()

    @property
    def shown(self) -> str:
        """The name of the tab in front."""
        return list(self._titles)[self.tabs.currentIndex()]

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.tabs.tabBar().setAccessibleName(name)

    def retranslate(self) -> None:
        for at, (name, title) in enumerate(self._titles.items()):
            self.tabs.setTabText(at, title())
            self._scrolls[name].setAccessibleName(title())
