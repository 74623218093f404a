"""The line above the trace: what is going on, how fast, and the verdict; and the heat switch."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from kimidesk.gui import theme
from kimidesk.gui.solve.driver import Driver
from kimidesk.gui.solve.words import SIGNS, judgement_word, phase_word, verdict_tip
from kimidesk.gui.widgets.elided import ElidedLabel
from kimidesk.gui.widgets.heat import Heat, Legend
from kimidesk.gui.widgets.notes import NotesBadge
from kimidesk.gui.widgets.panel import Panel, Segments
from kimidesk.reading import tokens_per_s
from kimidesk.records import Judgement, PictureBlock, Verdict, Wish

translate = QCoreApplication.translate


class Badge(QLabel):
    """A verdict as a sign and a word; the tooltip says how it was reached."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict: Verdict | None = None
        self.hide()

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Show a verdict, or none."""
        self.verdict = verdict
        self.setVisible(verdict is not None)
        if verdict is None:
            self.clear()
            return
        shown = theme.current()
        colour = {Judgement.RIGHT: shown.right, Judgement.WRONG: shown.wrong}.get(
            verdict.judgement, shown.warn
        )
        self.setText(f"{SIGNS[verdict.judgement]}  {judgement_word(verdict.judgement)}")
        tint = QColor(colour)
        wash = f"rgba({tint.red()}, {tint.green()}, {tint.blue()}, 36)"
        self.setStyleSheet(
            f"color: {colour}; background: {wash}; border: 1px solid {colour}; "
            "border-radius: 9px; padding: 1px 10px; font-weight: bold;"
        )
        self.setToolTip(verdict_tip(verdict))
        self.setAccessibleName(f"{self.text()} {verdict.reason}")


class Status(Panel):
    """Shows the driver's state; `heat_chosen` carries the name of a Heat."""

    heat_chosen = Signal(str)
    wished = Signal(Wish)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._driver: Driver | None = None
        self.phase, self.pace, self.badge = ElidedLabel(least=120), ElidedLabel("quiet"), Badge()
        self.notes = NotesBadge()
        self.heat = Segments(tuple(heat.value for heat in Heat))
        self.heat.chosen.connect(self.heat_chosen)
        self.legend = Legend()
        self.wishes = {wish: QToolButton() for wish in Wish}
        for wish, button in self.wishes.items():
            button.setProperty("kind", "small")
            button.clicked.connect(lambda _checked=False, wish=wish: self.wished.emit(wish))
            button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 7, 10, 7)
        row.setSpacing(12)
        for widget in (self.phase, self.pace, self.badge, self.notes):
            row.addWidget(widget)
        row.addStretch(1)
        for button in self.wishes.values():
            row.addWidget(button)
        self.legend.show_heat(Heat.ENTROPY)
        self.retranslate()

    def show_state(self, driver: Driver) -> None:
        """Show where the driver stands."""
        self._driver = driver
        self.phase.setText(phase_word(driver))
        self.pace.setText("   ".join(self.figures(driver)))
        for button in self.wishes.values():
            button.setVisible(driver.thinking)
        notes = driver.solve.trace.notes if driver.solve else ()
        if notes != self.notes.notes:
            self.notes.show_notes(notes)
        verdict = driver.solve.verdict if driver.solve else None
        if verdict != self.badge.verdict:
            self.badge.show_verdict(verdict)

    def figures(self, driver: Driver) -> list[str]:
        """Speed, time to the first token and what was seen, as far as they are known."""
        solve = driver.solve
        if solve is None:
            return []
        shown: list[str] = []
        own = solve.columns.cut(solve.shared, len(solve.columns)) if solve.shared else solve.columns
        rate = tokens_per_s(own, growing=solve.trace.ended is None)
        if rate is not None:
            shown.append(translate("Status", "{0} tokens/s").format(f"{rate:.1f}"))
        if driver.first_token_s is not None:
            seconds = f"{driver.first_token_s:.2f}"
            shown.append(translate("Status", "first token after {0} s").format(seconds))
        return [*shown, *map(_picture, solve.trace.pictures)]

    def show_heat(self, heat: Heat) -> None:
        """Show which statistic colours the tokens."""
        self.heat.choose(heat.value)
        self.legend.show_heat(heat)

    def retheme(self) -> None:
        """Take the colours of the theme."""
        self.notes.show_notes(self.notes.notes)
        self.badge.show_verdict(self.badge.verdict)

    def retranslate(self) -> None:
        keys = {Wish.ANSWER_NOW: "Ctrl+J", Wish.KEEP_THINKING: "Ctrl+Shift+J"}
        texts = {
            Wish.ANSWER_NOW: translate("Status", "Answer now"),
            Wish.KEEP_THINKING: translate("Status", "Keep thinking"),
        }
        for wish, button in self.wishes.items():
            button.setText(texts[wish])
            button.setAccessibleName(texts[wish])
            button.setToolTip(keys[wish])
        self.heat.set_texts(
            translate("Status", "Heat"),
            {
                "entropy": translate("Status", "Entropy"),
                "probability": translate("Status", "Probability"),
                "off": translate("Status", "Off"),
            },
        )
        self.badge.show_verdict(self.badge.verdict)
        self.notes.show_notes(self.notes.notes)
        if self._driver is not None:
            self.show_state(self._driver)


def _picture(block: PictureBlock) -> str:
    """What was given, what the checkpoint was shown of it, and what it cost."""
    told = translate("Status", "picture {0} × {1}, shown at {2} × {3}: {4} tokens")
    sizes = (block.width, block.height, block.seen_width, block.seen_height, block.tokens)
    return told.format(*(f"{size:,}" for size in sizes))
