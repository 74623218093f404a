"""The rail: the pages on top, what is true of all of them below."""

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from kimidesk.gui import theme
from kimidesk.gui.icons import SIZE, icon
from kimidesk.gui.widgets.panel import Panel

translate = QCoreApplication.translate
PAGES = ("solve", "compare", "score")


class Rail(Panel):
    """Buttons; `actions` are those of the menu, so that both always agree.

    `page_chosen` carries the name of a page.
    """

    page_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.solve, self.compare, self.score = QToolButton(), QToolButton(), QToolButton()
        self.history, self.settings, self.theme = QToolButton(), QToolButton(), QToolButton()
        self._names = {
            "solve": self.solve,
            "compare": self.compare,
            "score": self.score,
            "history": self.history,
            "settings": self.settings,
            "theme": self.theme,
        }
        column = QVBoxLayout(self)
        column.setContentsMargins(7, 8, 0, 10)
        column.setSpacing(6)
        for name, button in self._names.items():
            button.setProperty("kind", "rail")
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setIconSize(QSize(SIZE, SIZE))
            button.setFixedSize(58, 52)
            column.addWidget(button)
            if name == PAGES[-1]:
                column.addStretch(1)
        for name in PAGES:
            self._names[name].setCheckable(True)
            self._names[name].clicked.connect(lambda _=False, name=name: self._on_page(name))
        self.show_page(PAGES[0])
        self.retranslate()
        self.retheme()

    def bind(self, history: QAction, settings: QAction) -> None:
        """Two of the buttons are checkable commands of the menu."""
        for button, action in ((self.history, history), (self.settings, settings)):
            button.setCheckable(True)
            button.setChecked(action.isChecked())
            button.clicked.connect(action.trigger)
            action.toggled.connect(button.setChecked)

    def show_page(self, shown: str) -> None:
        """Mark the page that is shown."""
        for name in PAGES:
            self._names[name].setChecked(name == shown)

    def _on_page(self, name: str) -> None:
        self._names[name].setChecked(True)  # a press on the shown page leaves it shown
        self.page_chosen.emit(name)

    def retheme(self) -> None:
        """Draw the icons in the colours of the theme."""
        for name, button in self._names.items():
            button.setIcon(icon(name, theme.current().quiet))

    def retranslate(self) -> None:
        for name, text in (
            ("solve", translate("Rail", "Solve")),
            ("compare", translate("Rail", "Compare")),
            ("score", translate("Rail", "Score")),
            ("history", translate("Rail", "History")),
            ("settings", translate("Rail", "Sampling")),
            ("theme", translate("Rail", "Theme")),
        ):
            self._names[name].setText(text)
            self._names[name].setAccessibleName(text)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_names"):
            self.retheme()
        super().changeEvent(event)
