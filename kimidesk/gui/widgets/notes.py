"""What was done to a trace while it grew, or noticed about it: signs, words, and a badge."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from kimidesk.gui import theme
from kimidesk.records import Note, Noted

translate = QCoreApplication.translate
SIGNS = {
    Noted.CUT: "✂",
    Noted.LANDED: "⤓",
    Noted.ANSWER_NOW: "!",
    Noted.KEPT_THINKING: "↻",
    Noted.LOOP: "∞",
    Noted.LEFT_TO_SERVER: "⇄",
    Noted.SERVER_DRAW: "⚄",
    Noted.RESUMED: "⟳",
    Noted.THOUGHTS_LEFT_OUT: "⊘",
    Noted.SENT: "↗",
    Noted.LEFT: "⎇",
    Noted.BRANCHED: "⋔",
}


def short_word(noted: Noted) -> str:
    """One word, for a badge."""
    return {
        Noted.CUT: translate("Notes", "cut"),
        Noted.LANDED: translate("Notes", "landed"),
        Noted.ANSWER_NOW: translate("Notes", "asked"),
        Noted.KEPT_THINKING: translate("Notes", "kept on"),
        Noted.LOOP: translate("Notes", "loop"),
        Noted.LEFT_TO_SERVER: translate("Notes", "server's budget"),
        Noted.SERVER_DRAW: translate("Notes", "server's draw"),
        Noted.RESUMED: translate("Notes", "resumed"),
        Noted.THOUGHTS_LEFT_OUT: translate("Notes", "thoughts left out"),
        Noted.SENT: translate("Notes", "sent"),
        Noted.LEFT: translate("Notes", "branch"),
        Noted.BRANCHED: translate("Notes", "branched"),
    }[noted]


def explained(noted: Noted) -> str:
    """What happened, in a sentence."""
    return {
        Noted.CUT: translate("Notes", "The thought was closed by force: its budget was spent."),
        Noted.LANDED: translate(
            "Notes",
            "The thought was closed by force at the end of a sentence, within its budget.",
        ),
        Noted.ANSWER_NOW: translate("Notes", "The thought was closed because you asked for it."),
        Noted.KEPT_THINKING: translate(
            "Notes", "The thought would have ended here, and was made to go on."
        ),
        Noted.LOOP: translate("Notes", "The trace repeats itself here."),
        Noted.LEFT_TO_SERVER: translate("Notes", "The thought's budget was left to the server."),
        Noted.SERVER_DRAW: translate("Notes", "The server draws tokens by rules of its own."),
        Noted.RESUMED: translate(
            "Notes", "The server was lost here; it was asked again, and went on from this token."
        ),
        Noted.THOUGHTS_LEFT_OUT: translate(
            "Notes", "The server has no field for thoughts of earlier turns; they were left out."
        ),
        Noted.SENT: translate("Notes", "This is how the server was asked."),
        Noted.LEFT: translate("Notes", "A branch: here its parent went on otherwise:"),
        Noted.BRANCHED: translate("Notes", "Branches that left here:"),
    }[noted]


def sentence(note: Note) -> str:
    """Sign, token and what happened, with its particulars."""
    told = translate("Notes", "{0}  token {1}: {2}")
    words = told.format(SIGNS[note.what], f"{note.at + 1:,}", explained(note.what))
    return f"{words} {note.told}" if note.told else words


def notes_at(notes: Sequence[Note], token: int) -> list[Note]:
    """Those that concern a token."""
    return [note for note in notes if note.at == token]


class NotesBadge(QLabel):
    """The last note and how many more there are; the tooltip explains all of them."""

    LISTED = 12  # in the tooltip

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notes: tuple[Note, ...] = ()
        self.hide()

    def show_notes(self, notes: tuple[Note, ...]) -> None:
        """Show the notes of a trace; hidden where there is none."""
        self.notes = notes
        self.setVisible(bool(notes))
        if not notes:
            self.clear()
            return
        last = notes[-1]
        more = f"  +{len(notes) - 1}" if len(notes) > 1 else ""
        self.setText(f"{SIGNS[last.what]} {short_word(last.what)} {last.at + 1:,}{more}")
        colour = theme.current().warn
        tint = QColor(colour)
        wash = f"rgba({tint.red()}, {tint.green()}, {tint.blue()}, 30)"
        self.setStyleSheet(
            f"color: {colour}; background: {wash}; border: 1px solid {colour}; "
            "border-radius: 9px; padding: 1px 9px;"
        )
        lines = [sentence(note) for note in notes[-self.LISTED :]]
        self.setToolTip("\n".join(lines))
        self.setAccessibleName(lines[-1])
        self.setAccessibleDescription("\n".join(lines))
