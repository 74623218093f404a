"""The action table as Qt actions: menus, keys, and the list of keys that F1 shows."""

from collections.abc import Callable, Mapping
from html import escape

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from kimidesk.gui.actions import ACTIONS, BY_NAME, Menu

translate = QCoreApplication.translate


class Commands:
    """Qt's side of the table; every command must have its function."""

    def __init__(
        self,
        window: QMainWindow,
        places: Mapping[str, QWidget],
        functions: Mapping[str, Callable[[], object]],
    ) -> None:
        self.actions: dict[str, QAction] = {}
        self._menus: dict[Menu, QMenu] = {menu: window.menuBar().addMenu("") for menu in Menu}
        self._groups: dict[str, QActionGroup] = {}
        self._away: dict[str, bool] = {}  # of other pages: whether they could be given there
        before = ""
        for row in ACTIONS:
            action = QAction(window)
            action.setObjectName(row.name)
            action.setShortcut(QKeySequence(row.keys))
            action.setProperty("offered", row.offered)
            action.setCheckable(row.checkable or bool(row.group))
            action.setChecked(row.checked)
            if row.group:
                group = self._groups.setdefault(row.group, QActionGroup(window))
                group.addAction(action)
            if row.within:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                places[row.within].addAction(action)
            function = functions[row.name]
            action.triggered.connect(lambda _checked=False, function=function: function())
            if row.group != before and (row.group or before):
                self._menus[row.menu].addSeparator()
            before = row.group
            self._menus[row.menu].addAction(action)
            self.actions[row.name] = action
        self.retranslate()

    def trigger(self, name: str) -> None:
        """Run a command as its key would."""
        self.actions[name].trigger()

    def check(self, name: str, *, checked: bool = True) -> None:
        """Show a command as chosen, without running it."""
        self.actions[name].setChecked(checked)

    def show_page(self, name: str) -> None:
        """Commands of other pages cannot be given; those of this one are as they were left."""
        for row in ACTIONS:
            action = self.actions[row.name]
            away = row.page not in ("", name)
            if away and row.name not in self._away:
                self._away[row.name] = action.isEnabled()
                action.setEnabled(False)
            elif not away and row.name in self._away:
                action.setEnabled(self._away.pop(row.name))

    def retranslate(self) -> None:
        """Set every title."""
        titles = {
            Menu.FILE: translate("Menus", "&File"),
            Menu.TRACE: translate("Menus", "&Trace"),
            Menu.BRANCH: translate("Menus", "&Branch"),
            Menu.COMPARE: translate("Menus", "&Compare"),
            Menu.SCORE: translate("Menus", "&Score"),
            Menu.VIEW: translate("Menus", "&View"),
            Menu.HELP: translate("Menus", "&Help"),
        }
        for menu, title in titles.items():
            self._menus[menu].setTitle(title)
        for name, action in self.actions.items():
            action.setText(BY_NAME[name].title)


def keys_table() -> str:
    """Every command with its keys, as rich text."""
    native = QKeySequence.SequenceFormat.NativeText
    rows = "".join(
        f"<tr><td style='padding-right:28px'>{escape(row.title)}</td>"
        f"<td><code>{escape(QKeySequence(row.keys).toString(native))}</code></td></tr>"
        for row in ACTIONS
    )
    return f"<table cellspacing='3'>{rows}</table>"
