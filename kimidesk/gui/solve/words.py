"""What phases, ends and judgements are called, in the language of the window."""

from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Phase, Solve
from kimidesk.gui.solve.driver import Driver, Open
from kimidesk.records import Ended, Judgement, Noted, Verdict

translate = QCoreApplication.translate
SIGNS = {
    Judgement.RIGHT: "✓",
    Judgement.WRONG: "✗",
    Judgement.UNPARSED: "?",
    Judgement.ERROR: "!",
}


def judgement_word(judgement: Judgement) -> str:
    """One word."""
    return {
        Judgement.RIGHT: translate("Words", "right"),
        Judgement.WRONG: translate("Words", "wrong"),
        Judgement.UNPARSED: translate("Words", "unparsed"),
        Judgement.ERROR: translate("Words", "error"),
    }[judgement]


def ended_word(ended: Ended | None) -> str:
    """Why a trace stopped growing."""
    if ended is None:
        return translate("Words", "growing")
    return {
        Ended.ANSWERED: translate("Words", "answered"),
        Ended.BUDGET: translate("Words", "budget spent"),
        Ended.LOOP: translate("Words", "caught in a loop"),
        Ended.STOPPED: translate("Words", "stopped"),
        Ended.CONTEXT_FULL: translate("Words", "context full"),
        Ended.FAILED: translate("Words", "failed"),
        Ended.INTERRUPTED: translate("Words", "interrupted"),
        Ended.REPLAYED: translate("Words", "replayed"),
    }[ended]


def note_word(noted: Noted) -> str:
    """What was done to a trace, or noticed about it."""
    return {
        Noted.CUT: translate("Words", "thought closed at its budget"),
        Noted.LANDED: translate("Words", "thought landed softly"),
        Noted.ANSWER_NOW: translate("Words", "asked to answer"),
        Noted.KEPT_THINKING: translate("Words", "kept thinking"),
        Noted.LOOP: translate("Words", "repeats itself"),
        Noted.LEFT_TO_SERVER: translate("Words", "budget left to the server"),
        Noted.SERVER_DRAW: translate("Words", "drawn as the server wills"),
    }[noted]


def phase_word(driver: Driver) -> str:
    """What is going on, in one or two words."""
    solve = driver.solve
    if driver.waiting is not None and driver.open is Open.OPENING:
        return translate("Words", "waiting for the checkpoint")
    if solve is None:
        return translate("Words", "ready") if driver.open is Open.OPEN else ""
    if solve.phase is Phase.DONE:
        return ended_word(solve.trace.ended)
    if solve.phase is Phase.GRADING:
        return translate("Words", "grading")
    if solve.phase is Phase.WRITING:
        return translate("Words", "thinking") if _inside(solve) else translate("Words", "answering")
    if len(solve.columns):
        return translate("Words", "thinking") if _inside(solve) else translate("Words", "answering")
    return translate("Words", "reading the problem")


def verdict_tip(verdict: Verdict) -> str:
    """How a verdict was reached."""
    lines = [
        translate("Words", "found: {0}").format(verdict.extracted or "–"),
        translate("Words", "expected: {0}").format(verdict.expected),
        translate("Words", "method: {0}").format(verdict.method or "–"),
        verdict.reason,
    ]
    return "\n".join(line for line in lines if line)


def _inside(solve: Solve) -> bool:
    return solve.parts.answer is None
