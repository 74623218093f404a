"""The colours of candidates: told apart by colour-blind eyes, and by how their lines are drawn."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from kimidesk.gui.theme import Theme
from kimidesk.records import Candidate

# Okabe and Ito (2008), "Color Universal Design"; those that 3 : 1 contrast needs darker or lighter.
_LIGHT = ("#b35900", "#0072b2", "#a3487c", "#6b6b00", "#3f7f9f")
_DARK = ("#e69f00", "#56b4e9", "#cc79a7", "#d6cf4b", "#9fc6dd")
DASHES = (
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
    Qt.PenStyle.SolidLine,
)


def colour_of(candidate: Candidate, number: int, shown: Theme) -> QColor:
    """The right answer has the colour of what is right; `number` counts all candidates."""
    if candidate.right:
        return QColor(shown.right)
    inks = _DARK if shown.name == "dark" else _LIGHT
    return QColor(inks[number % len(inks)])


def dash_of(candidate: Candidate, number: int) -> Qt.PenStyle:
    """The right answer is drawn through."""
    return Qt.PenStyle.SolidLine if candidate.right else DASHES[number % len(DASHES)]
