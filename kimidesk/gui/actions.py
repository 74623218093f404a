"""Every command of the window in one table; menus, keys, help and tests read it."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for lupdate, which knows it by this name; it is translated when shown."""
    return text


class Menu(StrEnum):
    """Where a command is listed."""

    FILE = "file"
    TRACE = "trace"
    BRANCH = "branch"
    VIEW = "view"
    COMPARE = "compare"
    SCORE = "score"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Action:
    """One command; `keys` is Qt's portable spelling."""

    name: str
    text: str  # English; see `title`
    keys: str
    menu: Menu
    within: str = ""  # the keys work while this part of the page has the focus, nowhere else
    group: str = ""  # of those with the same one, exactly one is chosen
    checkable: bool = False
    checked: bool = False  # a checkable one, at first
    page: str = "solve"  # "" for all pages
    room: bool = False  # a room of the page answers it
    offered: bool = False  # in the menu that its part of the page opens

    @property
    def title(self) -> str:
        """In the language of the window."""
        return QCoreApplication.translate("Actions", self.text)


ACTIONS = (
    Action("new", QT_TRANSLATE_NOOP("Actions", "New problem"), "Ctrl+N", Menu.FILE),
    Action("open-file", QT_TRANSLATE_NOOP("Actions", "Open checkpoint file…"), "Ctrl+O", Menu.FILE),
    Action(
        "open-folder",
        QT_TRANSLATE_NOOP("Actions", "Open checkpoint folder…"),
        "Ctrl+Shift+O",
        Menu.FILE,
    ),
    Action(
        "open-with", QT_TRANSLATE_NOOP("Actions", "Open with options…"), "Ctrl+Alt+O", Menu.FILE
    ),
    Action("checkpoints", QT_TRANSLATE_NOOP("Actions", "Choose a checkpoint"), "Ctrl+K", Menu.FILE),
    Action("add-picture", QT_TRANSLATE_NOOP("Actions", "Add pictures…"), "Ctrl+I", Menu.FILE),
    Action(
        "paste-picture", QT_TRANSLATE_NOOP("Actions", "Paste a picture"), "Ctrl+Shift+V", Menu.FILE
    ),
    Action(
        "view-picture",
        QT_TRANSLATE_NOOP("Actions", "Show the picture large"),
        "Ctrl+Shift+Return",
        Menu.FILE,
    ),
    Action(
        "remove-picture",
        QT_TRANSLATE_NOOP("Actions", "Remove the picture"),
        "Del",
        Menu.FILE,
        within="pictures",
    ),
    Action("quit", QT_TRANSLATE_NOOP("Actions", "Quit"), "Ctrl+Q", Menu.FILE, page=""),
    Action("solve", QT_TRANSLATE_NOOP("Actions", "Solve"), "Ctrl+Return", Menu.TRACE),
    Action("stop", QT_TRANSLATE_NOOP("Actions", "Stop"), "Esc", Menu.TRACE, page=""),
    Action("answer-now", QT_TRANSLATE_NOOP("Actions", "Answer now"), "Ctrl+J", Menu.TRACE),
    Action(
        "keep-thinking",
        QT_TRANSLATE_NOOP("Actions", "Keep thinking"),
        "Ctrl+Shift+J",
        Menu.TRACE,
    ),
    Action(
        "start-again",
        QT_TRANSLATE_NOOP("Actions", "Start the checkpoint again"),
        "Ctrl+R",
        Menu.TRACE,
    ),
    Action(
        "probe",
        QT_TRANSLATE_NOOP("Actions", "Probe the answer"),
        "Ctrl+Shift+P",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "probe-live",
        QT_TRANSLATE_NOOP("Actions", "Probe while it thinks"),
        "Ctrl+Alt+P",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "copy",
        QT_TRANSLATE_NOOP("Actions", "Copy"),
        "Ctrl+C",
        Menu.TRACE,
        within="trace",
        offered=True,
    ),
    Action(
        "copy-markdown",
        QT_TRANSLATE_NOOP("Actions", "Copy as Markdown"),
        "Ctrl+Shift+C",
        Menu.TRACE,
        within="trace",
        offered=True,
    ),
    Action(
        "copy-latex",
        QT_TRANSLATE_NOOP("Actions", "Copy as LaTeX"),
        "Ctrl+Alt+C",
        Menu.TRACE,
        within="trace",
    ),
    Action(
        "select-all",
        QT_TRANSLATE_NOOP("Actions", "Select all"),
        "Ctrl+A",
        Menu.TRACE,
        within="trace",
    ),
    Action(
        "previous-token",
        QT_TRANSLATE_NOOP("Actions", "Previous token"),
        "Left",
        Menu.TRACE,
        within="trace",
    ),
    Action(
        "next-token",
        QT_TRANSLATE_NOOP("Actions", "Next token"),
        "Right",
        Menu.TRACE,
        within="trace",
    ),
    Action(
        "first-token",
        QT_TRANSLATE_NOOP("Actions", "First token"),
        "Home",
        Menu.TRACE,
        within="trace",
    ),
    Action(
        "last-token", QT_TRANSLATE_NOOP("Actions", "Last token"), "End", Menu.TRACE, within="trace"
    ),
    Action("find", QT_TRANSLATE_NOOP("Actions", "Find in the trace"), "Ctrl+Shift+F", Menu.TRACE),
    Action("next-hit", QT_TRANSLATE_NOOP("Actions", "Next hit"), "Ctrl+G", Menu.TRACE),
    Action("last-hit", QT_TRANSLATE_NOOP("Actions", "Previous hit"), "Ctrl+Shift+G", Menu.TRACE),
    Action("go-token", QT_TRANSLATE_NOOP("Actions", "Go to token…"), "Ctrl+Alt+G", Menu.TRACE),
    Action(
        "next-surprise", QT_TRANSLATE_NOOP("Actions", "Next surprising token"), "F3", Menu.TRACE
    ),
    Action(
        "last-surprise",
        QT_TRANSLATE_NOOP("Actions", "Previous surprising token"),
        "Shift+F3",
        Menu.TRACE,
    ),
    Action(
        "next-fork",
        QT_TRANSLATE_NOOP("Actions", "Next forking token"),
        "F6",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "last-fork",
        QT_TRANSLATE_NOOP("Actions", "Previous forking token"),
        "Shift+F6",
        Menu.TRACE,
        room=True,
    ),
    Action("next-note", QT_TRANSLATE_NOOP("Actions", "Next note"), "F4", Menu.TRACE),
    Action("last-note", QT_TRANSLATE_NOOP("Actions", "Previous note"), "Shift+F4", Menu.TRACE),
    Action(
        "weigh",
        QT_TRANSLATE_NOOP("Actions", "How much this sentence decides"),
        "Ctrl+Alt+W",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "budgets",
        QT_TRANSLATE_NOOP("Actions", "Budget laboratory…"),
        "Ctrl+Alt+Y",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "next-segment",
        QT_TRANSLATE_NOOP("Actions", "Next segment"),
        "Alt+Down",
        Menu.TRACE,
        within="trace",
        room=True,
    ),
    Action(
        "last-segment",
        QT_TRANSLATE_NOOP("Actions", "Previous segment"),
        "Alt+Up",
        Menu.TRACE,
        within="trace",
        room=True,
    ),
    Action(
        "select-segment",
        QT_TRANSLATE_NOOP("Actions", "Select the segment"),
        "Ctrl+Shift+A",
        Menu.TRACE,
        within="trace",
        room=True,
    ),
    Action(
        "follow",
        QT_TRANSLATE_NOOP("Actions", "Jump to live"),
        "Ctrl+End",
        Menu.TRACE,
        within="trace",
    ),
    Action(
        "branches",
        QT_TRANSLATE_NOOP("Actions", "Tree of branches"),
        "Ctrl+Alt+B",
        Menu.BRANCH,
        room=True,
    ),
    Action(
        "rivals",
        QT_TRANSLATE_NOOP("Actions", "Another token here…"),
        "Ctrl+Alt+V",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "branch-replace",
        QT_TRANSLATE_NOOP("Actions", "Another text from here…"),
        "Ctrl+Alt+E",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "branch-sentence",
        QT_TRANSLATE_NOOP("Actions", "Change this sentence…"),
        "Ctrl+Alt+S",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "branch-hint",
        QT_TRANSLATE_NOOP("Actions", "Insert a hint here…"),
        "Ctrl+Alt+H",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "branch-delete",
        QT_TRANSLATE_NOOP("Actions", "Leave this sentence out"),
        "Ctrl+Alt+D",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "branch-answer",
        QT_TRANSLATE_NOOP("Actions", "Answer now, from here"),
        "Ctrl+Alt+J",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "branch-think",
        QT_TRANSLATE_NOOP("Actions", "Keep thinking, from here"),
        "Ctrl+Alt+U",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "branch-several",
        QT_TRANSLATE_NOOP("Actions", "Several branches from here…"),
        "Ctrl+Alt+N",
        Menu.BRANCH,
        within="trace",
        offered=True,
        room=True,
    ),
    Action(
        "stop-branches",
        QT_TRANSLATE_NOOP("Actions", "Stop all branches"),
        "Ctrl+Alt+X",
        Menu.BRANCH,
        room=True,
    ),
    Action(
        "compare-shown",
        QT_TRANSLATE_NOOP("Actions", "Compare this trace"),
        "F7",
        Menu.COMPARE,
    ),
    Action(
        "compare-chosen",
        QT_TRANSLATE_NOOP("Actions", "Compare the chosen traces"),
        "Ctrl+F7",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-samples",
        QT_TRANSLATE_NOOP("Actions", "All traces of this problem"),
        "F8",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-run",
        QT_TRANSLATE_NOOP("Actions", "Open a scored run…"),
        "Ctrl+F8",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-with",
        QT_TRANSLATE_NOOP("Actions", "Solve with another checkpoint…"),
        "F9",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-force",
        QT_TRANSLATE_NOOP("Actions", "Force the first text on the others"),
        "Ctrl+F9",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-parting",
        QT_TRANSLATE_NOOP("Actions", "Go to where they part"),
        "F12",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-remove",
        QT_TRANSLATE_NOOP("Actions", "Remove the trace"),
        "Shift+F7",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-clear",
        QT_TRANSLATE_NOOP("Actions", "Remove all traces"),
        "Ctrl+Shift+F7",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-export",
        QT_TRANSLATE_NOOP("Actions", "Export what is compared…"),
        "Shift+F9",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "compare-find",
        QT_TRANSLATE_NOOP("Actions", "Search traces to compare"),
        "Shift+F8",
        Menu.COMPARE,
        page="compare",
    ),
    Action(
        "align-segments",
        QT_TRANSLATE_NOOP("Actions", "Align: segments"),
        "Alt+6",
        Menu.COMPARE,
        page="compare",
        group="align",
    ),
    Action(
        "align-share",
        QT_TRANSLATE_NOOP("Actions", "Align: share of the length"),
        "Alt+7",
        Menu.COMPARE,
        page="compare",
        group="align",
    ),
    Action(
        "align-tokens",
        QT_TRANSLATE_NOOP("Actions", "Align: tokens spent"),
        "Alt+8",
        Menu.COMPARE,
        page="compare",
        group="align",
    ),
    Action(
        "align-off",
        QT_TRANSLATE_NOOP("Actions", "Align: off"),
        "Alt+9",
        Menu.COMPARE,
        page="compare",
        group="align",
    ),
    Action(
        "room-columns",
        QT_TRANSLATE_NOOP("Actions", "Show: side by side"),
        "F5",
        Menu.COMPARE,
        page="compare",
        group="room",
    ),
    Action(
        "room-samples",
        QT_TRANSLATE_NOOP("Actions", "Show: many samples"),
        "Shift+F5",
        Menu.COMPARE,
        page="compare",
        group="room",
    ),
    Action(
        "page-solve",
        QT_TRANSLATE_NOOP("Actions", "Solve page"),
        "Ctrl+Shift+1",
        Menu.VIEW,
        page="",
    ),
    Action(
        "page-compare",
        QT_TRANSLATE_NOOP("Actions", "Compare page"),
        "Ctrl+Shift+2",
        Menu.VIEW,
        page="",
    ),
    Action(
        "page-score",
        QT_TRANSLATE_NOOP("Actions", "Score page"),
        "Ctrl+Shift+3",
        Menu.VIEW,
        page="",
    ),
    Action(
        "score-new",
        QT_TRANSLATE_NOOP("Actions", "New run…"),
        "Ctrl+Shift+N",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-open",
        QT_TRANSLATE_NOOP("Actions", "Open a run…"),
        "Ctrl+Shift+R",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-right",
        QT_TRANSLATE_NOOP("Actions", "Judge as right"),
        "Ctrl+F2",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-wrong",
        QT_TRANSLATE_NOOP("Actions", "Judge as wrong"),
        "Ctrl+F3",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-undo",
        QT_TRANSLATE_NOOP("Actions", "Judge as the grader did"),
        "Ctrl+F5",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-trace",
        QT_TRANSLATE_NOOP("Actions", "Show the sample as a trace"),
        "Ctrl+Alt+M",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-solve",
        QT_TRANSLATE_NOOP("Actions", "Solve its problem once more"),
        "Ctrl+Shift+S",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-find",
        QT_TRANSLATE_NOOP("Actions", "Search samples"),
        "Ctrl+Alt+F",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "score-table",
        QT_TRANSLATE_NOOP("Actions", "Go to the samples"),
        "Ctrl+Shift+T",
        Menu.SCORE,
        page="score",
    ),
    Action(
        "label-mode",
        QT_TRANSLATE_NOOP("Actions", "Label sentences"),
        "Ctrl+Alt+L",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "undo-label",
        QT_TRANSLATE_NOOP("Actions", "Undo the label"),
        "Ctrl+Z",
        Menu.TRACE,
        within="trace",
        room=True,
    ),
    Action(
        "redo-label",
        QT_TRANSLATE_NOOP("Actions", "Redo the label"),
        "Ctrl+Shift+Z",
        Menu.TRACE,
        within="trace",
        room=True,
    ),
    Action(
        "export-labels",
        QT_TRANSLATE_NOOP("Actions", "Export labels…"),
        "Ctrl+Shift+L",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "heat-entropy",
        QT_TRANSLATE_NOOP("Actions", "Heat: entropy"),
        "Ctrl+1",
        Menu.VIEW,
        group="heat",
        page="",
    ),
    Action(
        "heat-probability",
        QT_TRANSLATE_NOOP("Actions", "Heat: probability"),
        "Ctrl+2",
        Menu.VIEW,
        group="heat",
        page="",
    ),
    Action(
        "heat-off",
        QT_TRANSLATE_NOOP("Actions", "Heat: off"),
        "Ctrl+3",
        Menu.VIEW,
        group="heat",
        page="",
    ),
    Action(
        "raw",
        QT_TRANSLATE_NOOP("Actions", "Formulas as source"),
        "Ctrl+Alt+R",
        Menu.VIEW,
        checkable=True,
    ),
    Action(
        "settings",
        QT_TRANSLATE_NOOP("Actions", "Sampling and budget"),
        "Ctrl+B",
        Menu.VIEW,
        checkable=True,
    ),
    Action(
        "landing",
        QT_TRANSLATE_NOOP("Actions", "How a thought ends"),
        "Ctrl+Shift+B",
        Menu.VIEW,
        checkable=True,
    ),
    Action("history", QT_TRANSLATE_NOOP("Actions", "History"), "Ctrl+H", Menu.VIEW, checkable=True),
    Action(
        "show-ribbon",
        QT_TRANSLATE_NOOP("Actions", "Track: kinds of thought"),
        "Ctrl+Alt+1",
        Menu.VIEW,
        checkable=True,
        checked=True,
        room=True,
    ),
    Action(
        "show-entropy",
        QT_TRANSLATE_NOOP("Actions", "Track: entropy"),
        "Ctrl+Alt+2",
        Menu.VIEW,
        checkable=True,
        checked=True,
        room=True,
    ),
    Action(
        "show-belief",
        QT_TRANSLATE_NOOP("Actions", "Track: belief in each answer"),
        "Ctrl+Alt+3",
        Menu.VIEW,
        checkable=True,
        checked=True,
        room=True,
    ),
    Action(
        "show-spending",
        QT_TRANSLATE_NOOP("Actions", "Track: budget and speed"),
        "Ctrl+Alt+4",
        Menu.VIEW,
        checkable=True,
        checked=True,
        room=True,
    ),
    Action(
        "show-forks",
        QT_TRANSLATE_NOOP("Actions", "Forking tokens"),
        "Ctrl+F6",
        Menu.VIEW,
        checkable=True,
        checked=True,
        room=True,
    ),
    Action(
        "export-tracks",
        QT_TRANSLATE_NOOP("Actions", "Export the tracks…"),
        "Ctrl+Shift+X",
        Menu.TRACE,
        room=True,
    ),
    Action(
        "figures",
        QT_TRANSLATE_NOOP("Actions", "Figures of the trace"),
        "Ctrl+Shift+I",
        Menu.VIEW,
        room=True,
    ),
    Action(
        "fold", QT_TRANSLATE_NOOP("Actions", "Collapse the segment"), "Ctrl+[", Menu.VIEW, room=True
    ),
    Action(
        "unfold", QT_TRANSLATE_NOOP("Actions", "Expand the segment"), "Ctrl+]", Menu.VIEW, room=True
    ),
    Action(
        "fold-kind",
        QT_TRANSLATE_NOOP("Actions", "Collapse or expand every segment of its kind"),
        "Ctrl+Alt+K",
        Menu.VIEW,
        room=True,
    ),
    Action(
        "fold-all",
        QT_TRANSLATE_NOOP("Actions", "Collapse every segment"),
        "Ctrl+Alt+-",
        Menu.VIEW,
        room=True,
    ),
    Action(
        "unfold-all",
        QT_TRANSLATE_NOOP("Actions", "Expand every segment"),
        "Ctrl+Alt+=",
        Menu.VIEW,
        room=True,
    ),
    Action(
        "fold-thought",
        QT_TRANSLATE_NOOP("Actions", "Collapse or expand the whole thought"),
        "Ctrl+Alt+[",
        Menu.VIEW,
        room=True,
    ),
    Action("outline", QT_TRANSLATE_NOOP("Actions", "Outline"), "Ctrl+Alt+T", Menu.VIEW, room=True),
    Action("larger", QT_TRANSLATE_NOOP("Actions", "Larger text"), "Ctrl+=", Menu.VIEW, page=""),
    Action("smaller", QT_TRANSLATE_NOOP("Actions", "Smaller text"), "Ctrl+-", Menu.VIEW, page=""),
    Action(
        "theme-system",
        QT_TRANSLATE_NOOP("Actions", "Theme: as the system"),
        "Alt+1",
        Menu.VIEW,
        "",
        "theme",
        page="",
    ),
    Action(
        "theme-light",
        QT_TRANSLATE_NOOP("Actions", "Theme: light"),
        "Alt+2",
        Menu.VIEW,
        "",
        "theme",
        page="",
    ),
    Action(
        "theme-dark",
        QT_TRANSLATE_NOOP("Actions", "Theme: dark"),
        "Alt+3",
        Menu.VIEW,
        "",
        "theme",
        page="",
    ),
    Action(
        "language-en",
        QT_TRANSLATE_NOOP("Actions", "Language: English"),
        "Alt+4",
        Menu.VIEW,
        "",
        "language",
        page="",
    ),
    Action(
        "language-zh_CN",
        QT_TRANSLATE_NOOP("Actions", "Language: Chinese"),
        "Alt+5",
        Menu.VIEW,
        "",
        "language",
        page="",
    ),
    Action("go-problem", QT_TRANSLATE_NOOP("Actions", "Go to the problem"), "Ctrl+L", Menu.VIEW),
    Action("go-trace", QT_TRANSLATE_NOOP("Actions", "Go to the trace"), "Ctrl+T", Menu.VIEW),
    Action("go-history", QT_TRANSLATE_NOOP("Actions", "Search the history"), "Ctrl+F", Menu.VIEW),
    Action("keys", QT_TRANSLATE_NOOP("Actions", "Keys"), "F1", Menu.HELP, page=""),
    Action("about", QT_TRANSLATE_NOOP("Actions", "About KimiDesk"), "Shift+F1", Menu.HELP, page=""),
)
BY_NAME = {action.name: action for action in ACTIONS}
