"""What the Score page says of samples, in the language of the window."""

from PySide6.QtCore import QCoreApplication

from kimidesk.records import Finish, Judgement
from kimidesk.store.watching import Row

translate = QCoreApplication.translate
SIGNS = {
    Judgement.RIGHT: "✓",
    Judgement.WRONG: "✗",
    Judgement.UNPARSED: "?",
    Judgement.ERROR: "!",
}


def judgement_word(judgement: Judgement | None) -> str:
    """As a person says it."""
    match judgement:
        case Judgement.RIGHT:
            return translate("Score", "right")
        case Judgement.WRONG:
            return translate("Score", "wrong")
        case Judgement.UNPARSED:
            return translate("Score", "no answer")
        case Judgement.ERROR:
            return translate("Score", "grader failed")
        case None:
            return translate("Score", "not judged")


def finish_word(finish: Finish) -> str:
    """How a sample ended."""
    match finish:
        case Finish.STOP:
            return translate("Score", "finished")
        case Finish.LENGTH:
            return translate("Score", "cut off in its answer")
        case Finish.UNFINISHED_THOUGHT:
            return translate("Score", "cut off in its thought")
        case Finish.NO_ANSWER:
            return translate("Score", "without an answer")
        case Finish.ERROR:
            return translate("Score", "failed")
        case Finish.REFUSED:
            return translate("Score", "refused")
        case Finish.LOOP:
            return translate("Score", "repeated itself")


def verdict_word(row: Row) -> str:
    """The verdict of a row, with its sign, and who gave it where a person did."""
    sign = SIGNS.get(row.judgement, "–") if row.judgement is not None else "–"
    word = f"{sign} {judgement_word(row.judgement)}"
    return f"{word} · {translate('Score', 'by hand')}" if row.by_hand else word


def duration_word(seconds: float) -> str:
    """About how long: 40 s, 12 min, 3.5 h."""
    if seconds < 90:
        return translate("Score", "{0} s").format(round(seconds))
    if seconds < 5400:
        return translate("Score", "{0} min").format(round(seconds / 60))
    return translate("Score", "{0} h").format(f"{seconds / 3600:.1f}")
