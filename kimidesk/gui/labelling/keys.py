"""Single keys while sentences are labelled: they work on the trace view, and nowhere else."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from kimidesk.gui.kinds import LETTERS
from kimidesk.gui.widgets.trace_view import TraceView
from kimidesk.records import Kind, Subtype

SUBTYPES = {Subtype.ERROR: "X", Subtype.SWITCH: "W"}
KINDS: dict[str, tuple[Kind, Subtype | None]] = {
    **{letter: (kind, None) for kind, letter in LETTERS.items()},
    **{letter: (Kind.BACKTRACK, subtype) for subtype, letter in SUBTYPES.items()},
}
ACCEPT, SPLIT, JOIN, CLEAR, LEAVE = "Return", "S", "J", "Backspace", "Esc"
_SAME = {Qt.Key.Key_Enter: Qt.Key.Key_Return, Qt.Key.Key_Delete: Qt.Key.Key_Backspace}
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class Keys(QObject):
    """`functions` are called by the names of their keys, while it is on."""

    def __init__(self, view: TraceView, functions: Mapping[str, Callable[[], object]]) -> None:
        super().__init__(view)
        self.on = False
        self._functions = functions
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not self.on or not isinstance(event, QKeyEvent):
            return False
        function = self._functions.get(_name(event))
        if function is None:
            return False
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()  # Esc stops the trace everywhere else
            return True
        if event.type() is QEvent.Type.KeyPress:
            function()
            return True
        return False


def _name(event: QKeyEvent) -> str:
    if event.modifiers() not in _PLAIN:
        return ""
    key = Qt.Key(event.key())
    return QKeySequence(_SAME.get(key, key)).toString()
