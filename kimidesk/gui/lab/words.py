"""Shares, differences, bills and ways in the language of the window."""

from PySide6.QtCore import QCoreApplication

from kimidesk.reading.bill import Bill
from kimidesk.reading.budgets import Way
from kimidesk.records import Difference, Share

translate = QCoreApplication.translate


def share_words(share: Share | None) -> str:
    """ "3/4  75 % (30 … 95 %)"."""
    if share is None:
        return "–"
    low, high = (f"{100 * each:.0f}" for each in share.interval)
    return f"{share.right}/{share.total}  {100 * share.share:.0f} % ({low} … {high} %)"


def difference_words(told: Difference | None) -> str:
    """ "+0.25 (−0.31 … +0.66)"."""
    if told is None:
        return "–"
    return f"{_signed(told.value)} ({_signed(told.low)} … {_signed(told.high)})"


def bill_words(bill: Bill, seconds: float | None) -> str:
    """What is to be drawn, before it is."""
    if not bill.rollouts:
        return translate("Lab", "All of this is there already.")
    told = translate("Lab", "{0} to draw: about {1} tokens ({2} to {3})").format(
        *(f"{each:,}" for each in (bill.rollouts, bill.tokens, bill.least, bill.most))
    )
    if seconds is None:
        return told
    pace = translate("Lab", "about {0} at this trace's pace").format(_time(seconds))
    return f"{told}\n{pace}"


def answers_words(answers: list[tuple[str, int]], most: int = 4) -> str:
    """ "4 ×3, 5 ×1"."""
    none = translate("Lab", "(none)")
    told = [f"{' '.join(answer.split())[:24] or none} ×{count}" for answer, count in answers[:most]]
    return ", ".join([*told, "…"] if len(answers) > most else told)


def way_word(way: Way) -> str:
    """One or two words."""
    return {
        Way.OWN: translate("Lab", "the trace itself"),
        Way.CUT: translate("Lab", "cut"),
        Way.WAIT: translate("Lab", "“Wait”"),
        Way.NONE: translate("Lab", "no thinking"),
        Way.RERUN: translate("Lab", "afresh"),
    }[way]


def way_help(way: Way) -> str:
    """A sentence."""
    return {
        Way.OWN: translate("Lab", "The trace as it is."),
        Way.CUT: translate(
            "Lab", "The thought of this trace is ended after so many tokens, and the answer drawn."
        ),
        Way.WAIT: translate(
            "Lab", "The end of the thought is replaced by “Wait”, so that it goes on (s1)."
        ),
        Way.NONE: translate(
            "Lab",
            "A thought that says it has ended is put there (NoThinking), and the answer drawn.",
        ),
        Way.RERUN: translate(
            "Lab", "The problem is thought through afresh once a seed, and cut at each budget."
        ),
    }[way]


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _time(seconds: float) -> str:
    if seconds < 90:
        return translate("Lab", "{0} s").format(f"{seconds:.0f}")
    return translate("Lab", "{0} min").format(f"{seconds / 60:.0f}")
