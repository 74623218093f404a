"""What phases, ends and judgements are called, in the language of the window."""

from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Phase, Solve, Story
from kimidesk.gui.solve.driver import Driver, Open
from kimidesk.records import Ended, Judgement, Verdict

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


def phase_word(driver: Driver) -> str:
    """What is going on, in one or two words."""
    solve = driver.solve
    branch = solve if isinstance(solve, Story) else None
    waits = branch is not None and branch.phase is Phase.WAITING
    if driver.open is Open.OPENING and (waits or driver.waiting is not None):
        return translate("Words", "waiting for the checkpoint")
    if waits:
        return translate("Words", "waiting for its turn")
    if solve is None:
        return translate("Words", "ready") if driver.open is Open.OPEN else ""
    if solve.phase is Phase.DONE:
        return ended_word(solve.trace.ended)
    if solve.phase is Phase.GRADING:
        return translate("Words", "grading")
    if solve.drawn_again < 1:
        told = translate("Words", "drawing {0} tokens again, {1} %")
        return told.format(f"{len(solve.columns):,}", f"{100 * solve.drawn_again:.0f}")
    if solve.phase is Phase.WRITING:
        return translate("Words", "thinking") if _inside(solve) else translate("Words", "answering")
    if len(solve.columns) > solve.shared:
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
