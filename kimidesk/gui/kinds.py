"""The ten kinds of thought as they are shown everywhere: a letter, a colour and a name.

The colours were searched for, not chosen: within a hue for each kind they keep the largest least
distance in OKLab, for full colour vision and for the three kinds of dichromacy (Machado et al.
2009), and 3 : 1 on every ground of their theme. Ten colours are too many for some eyes, so wherever
there is room a kind is lettered too.
"""

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from kimidesk.gui import theme
from kimidesk.records import Kind

translate = QCoreApplication.translate

LETTERS: dict[Kind, str] = {
    Kind.RESTATE: "R",
    Kind.PLAN: "P",
    Kind.RECALL: "K",  # knowledge from outside
    Kind.DERIVE: "D",
    Kind.EXPLORE: "E",
    Kind.VERIFY: "V",
    Kind.BACKTRACK: "B",
    Kind.UNCERTAIN: "U",
    Kind.CONCLUDE: "C",
    Kind.ANSWER: "A",
}
COLOURS: dict[str, dict[Kind, str]] = {
    theme.LIGHT.name: {
        Kind.RESTATE: "#827ea7",
        Kind.PLAN: "#56008a",
        Kind.RECALL: "#05596e",
        Kind.DERIVE: "#1862be",
        Kind.EXPLORE: "#ac8000",
        Kind.VERIFY: "#214b05",
        Kind.BACKTRACK: "#cd5568",
        Kind.UNCERTAIN: "#9c004c",
        Kind.CONCLUDE: "#71651f",
        Kind.ANSWER: "#3986fe",
    },
    theme.DARK.name: {
        Kind.RESTATE: "#b2c5d2",
        Kind.PLAN: "#a678c2",
        Kind.RECALL: "#4cffed",
        Kind.DERIVE: "#1281fe",
        Kind.EXPLORE: "#dec151",
        Kind.VERIFY: "#659317",
        Kind.BACKTRACK: "#ee908b",
        Kind.UNCERTAIN: "#f43d83",
        Kind.CONCLUDE: "#b7ff69",
        Kind.ANSWER: "#4ab1f8",
    },
}


def colour(kind: Kind) -> QColor:
    """Of the theme that is shown; for bars and bold letters, and for what is filled."""
    return QColor(COLOURS[theme.current().name][kind])


def name(kind: Kind) -> str:
    """In the language of the window."""
    return {
        Kind.RESTATE: translate("Kinds", "Restate"),
        Kind.PLAN: translate("Kinds", "Plan"),
        Kind.RECALL: translate("Kinds", "Recall"),
        Kind.DERIVE: translate("Kinds", "Derive"),
        Kind.EXPLORE: translate("Kinds", "Explore"),
        Kind.VERIFY: translate("Kinds", "Verify"),
        Kind.BACKTRACK: translate("Kinds", "Backtrack"),
        Kind.UNCERTAIN: translate("Kinds", "Uncertain"),
        Kind.CONCLUDE: translate("Kinds", "Conclude"),
        Kind.ANSWER: translate("Kinds", "Answer"),
    }[kind]


def meaning(kind: Kind) -> str:
    """What a sentence of this kind does, in the language of the window."""
    return {
        Kind.RESTATE: translate("Kinds", "Reads the question again, or lists what is given"),
        Kind.PLAN: translate("Kinds", "Says what will be done next; no result"),
        Kind.RECALL: translate("Kinds", "Brings knowledge from outside: a theorem, a formula"),
        Kind.DERIVE: translate("Kinds", "Infers or computes from what is there already"),
        Kind.EXPLORE: translate("Kinds", "Assumes, tries a case or an example"),
        Kind.VERIFY: translate("Kinds", "Checks an earlier step or answer"),
        Kind.BACKTRACK: translate("Kinds", "Admits an error, or takes another way"),
        Kind.UNCERTAIN: translate("Kinds", "Doubts, without a check that has begun"),
        Kind.CONCLUDE: translate("Kinds", "Gathers: a result on the way, a summary"),
        Kind.ANSWER: translate("Kinds", "Gives the final answer"),
    }[kind]
