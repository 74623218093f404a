"""The frame of a chart: its title, the drawing, the same as a table, and how it is saved."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kimidesk.gui.charts.exporting import KINDS, export
from kimidesk.gui.charts.table import Table, TableModel
from kimidesk.gui.widgets.panel import Panel, label

translate = QCoreApplication.translate
EXPORT_KEYS, TABLE_KEYS = "Ctrl+E", "Ctrl+Alt+T"  # while the keys are in the frame
MOST_ROWS = 12  # of a table; what is more is scrolled to


class ChartFrame(Panel):
    """`title` gives its text in the language of the window; `name` that of a file."""

    def __init__(
        self, drawn: QWidget, title: Callable[[], str], name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.drawn, self._title_of, self._name = drawn, title, name
        self.title = label("title")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.model = TableModel(self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.verticalHeader().hide()
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.view.setTabKeyNavigation(False)
        self.view.hide()
        self.as_table, self.export = QToolButton(), QToolButton()
        for button in (self.as_table, self.export):
            button.setProperty("kind", "plain")
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.as_table.setCheckable(True)
        self.as_table.toggled.connect(self._show_as)
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.export)
        self.saves = {kind: self.menu.addAction("") for kind in KINDS}
        for kind, action in self.saves.items():
            action.triggered.connect(lambda _=False, kind=kind: self.save_as(kind))
        self.copying = self.menu.addAction("")
        self.copying.triggered.connect(self.copy)
        self.export.setMenu(self.menu)
        for keys, function in ((EXPORT_KEYS, self.export.showMenu), (TABLE_KEYS, self._toggle)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(function)
        self._lay_out()
        self.retranslate()

    def show_table(self, table: Table) -> None:
        """What the drawing shows now."""
        self.model.show_table(table)
        self._fit()

    def save_as(self, kind: str) -> None:
        """Ask where to save a "png", "svg" or "csv"."""
        export(self.drawn, self.model.table, self, self._name, kind)

    def copy(self) -> None:
        """The table to the clipboard, as a spreadsheet takes it."""
        table = self.model.table
        lines = (table.titles, *table.rows)
        text = "\n".join("\t".join("" if c is None else str(c) for c in line) for line in lines)
        QGuiApplication.clipboard().setText(text)

    def retranslate(self) -> None:
        title = self._title_of()
        self.title.setText(title)
        self.drawn.setAccessibleName(title)
        for each in (self.view, self.view.horizontalHeader(), self.view.verticalHeader()):
            each.setAccessibleName(title)
        self.as_table.setText(translate("Charts", "Table"))
        self.as_table.setAccessibleName(f"{title}: {translate('Charts', 'Table')}")
        self.as_table.setToolTip(translate("Charts", "Show as a table") + f"  ({TABLE_KEYS})")
        self.export.setText(translate("Charts", "Export…"))
        self.export.setAccessibleName(f"{title}: {translate('Charts', 'Export…')}")
        self.export.setToolTip(
            translate("Charts", "Save or copy this chart") + f"  ({EXPORT_KEYS})"
        )
        self.saves["png"].setText(translate("Charts", "Picture, PNG") + "…")
        self.saves["svg"].setText(translate("Charts", "Drawing, SVG") + "…")
        self.saves["csv"].setText(translate("Charts", "Table, CSV") + "…")
        self.copying.setText(translate("Charts", "Copy the table"))

    def _toggle(self) -> None:
        self.as_table.toggle()

    def _show_as(self, table: bool) -> None:
        self.drawn.setVisible(not table)
        self.view.setVisible(table)
        if table:
            self._fit()
            self.view.setFocus()

    def _fit(self) -> None:
        """As high as its rows, so that a column of frames is scrolled as one."""
        rows = min(self.model.rowCount(), MOST_ROWS)
        row = self.view.verticalHeader().defaultSectionSize()
        head, bar = self.view.horizontalHeader().sizeHint().height(), 14
        self.view.setFixedHeight(rows * row + head + bar)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title, 1)
        head.addWidget(self.as_table)
        head.addWidget(self.export)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.column.addLayout(head)
        self.column.addWidget(self.drawn)
        self.column.addWidget(self.view)
