"""The inspector: one token, what it was chosen from, and how sure the choice was."""

import math

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from kimidesk.flows import Solve
from kimidesk.gui import theme
from kimidesk.gui.widgets.notes import explained, notes_at
from kimidesk.gui.widgets.panel import Panel, label
from kimidesk.gui.widgets.rivals import RivalBars, bars_of
from kimidesk.gui.widgets.spelling import percent, visible
from kimidesk.reading.bounds import entropy_bounds, spelled

translate = QCoreApplication.translate


class _Wrapped(QLabel):
    """Wraps, but asks for no height: else its column would never be as low as it can be."""

    def hasHeightForWidth(self) -> bool:
        return False


class Inspector(Panel):
    """Shows one token of a flow; its figures stand in `figures` for tests to read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, card=True)
        self.token = -1
        self.figures: dict[str, str] = {}
        self._solve: Solve | None = None
        self._title, self._text, self._hint = label("title"), _Wrapped(), _Wrapped()
        self._hint.setProperty("tone", "quiet")
        self._hint.setMinimumHeight(84)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text.setFont(theme.mono_font(19))
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setFixedHeight(34)
        self._hint.setWordWrap(True)
        self._note = _Wrapped()
        self._note.setProperty("tone", "warn")
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._names = {name: label("faint") for name in _FACTS}
        self._values = {name: self._value() for name in _FACTS}
        self._rivals_title, self._room = label("title"), QWidget()
        self.bars = RivalBars()
        facts = QFormLayout()
        facts.setHorizontalSpacing(14)
        facts.setVerticalSpacing(4)
        for name in _FACTS:
            facts.addRow(self._names[name], self._values[name])
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._hint)
        column.addWidget(self._text)
        column.addWidget(self._note)
        column.addLayout(facts)
        column.addSpacing(4)
        column.addWidget(self._rivals_title)
        column.addWidget(self.bars, 1)
        column.addWidget(self._room, 1)
        self.setMinimumWidth(200)
        self.retranslate()

    def show_token(self, solve: Solve | None, token: int) -> None:
        """Show `token` of `solve`; -1 shows how to choose one."""
        if solve is None or not 0 <= token < len(solve.columns):
            token = -1
        self._solve, self.token = solve, token
        empty = token < 0
        self._hint.setVisible(empty)
        self._room.setVisible(empty)
        for widget in (self._text, self._rivals_title, self.bars, *self._names.values()):
            widget.setVisible(not empty)
        for value in self._values.values():
            value.setVisible(not empty)
        if solve is None or empty:
            self.figures = {}
            self._note.hide()
            self.bars.show_bars([])
            self.setAccessibleDescription("")
            return
        self._fill(solve, token)

    def grow(self) -> None:
        """The trace has grown: only the total changes."""
        if self._solve is not None and self.token >= 0:
            self.figures["position"] = self._position(self._solve)
            self._values["position"].setText(self.figures["position"])

    def retranslate(self) -> None:
        self._title.setText(translate("Inspector", "TOKEN"))
        self._rivals_title.setText(translate("Inspector", "WHAT COULD HAVE COME"))
        self._hint.setText(
            translate(
                "Inspector",
                "Point at a token to see how sure the checkpoint was. Click to keep it here, "
                "then walk with the arrow keys.",
            )
        )
        self.setAccessibleName(translate("Inspector", "Token inspector"))
        for name, text in _fact_names().items():
            self._names[name].setText(text)
        self.show_token(self._solve, self.token)

    def _fill(self, solve: Solve, token: int) -> None:
        columns = solve.columns
        logprob, rank = float(columns.logprob[token]), int(columns.rank[token])
        bounds = entropy_bounds(columns.cut(token, token + 1), solve.trace.checkpoint.vocabulary)
        entropy = spelled(float(bounds.low[0]), float(bounds.high[0]), 4)
        known = not math.isnan(logprob)
        forced = bool(columns.forced[token])
        piece = solve.lexicon.get(int(columns.id[token]), b"")
        nats = translate("Inspector", "nats")
        self.figures = {
            "text": visible(piece),
            "p": percent(math.exp(logprob)) if known else "–",
            "logprob": f"{logprob:.4f} {nats}" if known else "–",
            "entropy": f"{entropy} {nats}" if entropy != "–" else entropy,
            "rank": f"{rank:,}" if rank else "–",
            "drawn": translate("Inspector", "no, it was forced")
            if forced
            else translate("Inspector", "yes"),
            "position": self._position(solve),
            "time": f"{float(columns.time_ms[token]) / 1000:.2f} s",
        }
        self._text.setText(self.figures["text"])
        if notes := notes_at(solve.trace.notes, token):
            self.figures["note"] = "\n".join(explained(note.what) for note in notes)
            self._note.setText(self.figures["note"])
        self._note.setVisible(bool(notes))
        for name in _FACTS:
            self._values[name].setText(self.figures[name])
        self._values["drawn"].setProperty("tone", "wrong" if forced else "")
        self.bars.show_bars(bars_of(solve, token))
        told = [f"{self._names[name].text()} {self.figures[name]}" for name in _FACTS]
        self.setAccessibleDescription(", ".join([*told, self.figures.get("note", "")]).strip(", "))

    def _position(self, solve: Solve) -> str:
        return f"{self.token + 1:,} / {len(solve.columns):,}"

    def _value(self) -> QLabel:
        made = label()
        made.setFont(theme.mono_font())
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return made


_FACTS = ("p", "logprob", "entropy", "rank", "position", "time", "drawn")


def _fact_names() -> dict[str, str]:
    return {
        "p": translate("Inspector", "Probability"),
        "logprob": translate("Inspector", "Log-probability"),
        "entropy": translate("Inspector", "Entropy"),
        "rank": translate("Inspector", "Rank"),
        "position": translate("Inspector", "Position"),
        "time": translate("Inspector", "Time"),
        "drawn": translate("Inspector", "Drawn"),
    }
