"""What the samples of a run amount to, in lines for people."""

from PySide6.QtCore import QCoreApplication

from kimidesk.grading.tally import Tally
from kimidesk.gui.score.words import duration_word, finish_word
from kimidesk.records import Finish
from kimidesk.store.watching import Live

translate = QCoreApplication.translate
WATCH = 0.02  # share that was cut off from which the page warns


def headline(told: Tally, live: Live | None) -> str:
    """The accuracy with its interval, and how far the run is."""
    if told.accuracy is None or told.interval is None:
        first = translate("Score", "Nothing is graded yet")
    else:
        first = translate("Score", "{0} right ({1} of {2}), 95 % interval {3} to {4}").format(
            _percent(told.accuracy),
            f"{told.right:,}",
            f"{told.graded:,}",
            *map(_percent, told.interval),
        )
    if live is None:
        return first
    parts = [
        first,
        translate("Score", "{0} of {1} samples").format(f"{told.samples:,}", f"{live.planned:,}"),
        translate("Score", "{0} tokens/s").format(f"{live.tokens_per_s:.0f}"),
    ]
    if live.eta_s is not None:
        parts.append(translate("Score", "about {0} left").format(duration_word(live.eta_s)))
    return " · ".join(parts)


def facts(told: Tally) -> str:
    """How samples ended, what they cost, and what repeats tell."""
    lines = []
    if told.accuracy_finished is not None and told.truncated:
        lines.append(
            translate("Score", "Of the finished ones {0} are right").format(
                _percent(told.accuracy_finished)
            )
        )
    ended = [
        f"{count:,} {finish_word(Finish(name))}" for name, count in told.finish.items() if count
    ]
    if ended:
        lines.append(", ".join(ended))
    if told.thinking_tokens.get("mean"):
        lines.append(
            translate("Score", "Thinking: {0} tokens on average, median {1}").format(
                f"{told.thinking_tokens['mean']:,.0f}", f"{told.thinking_tokens['median']:,.0f}"
            )
        )
    if told.answer_tokens:
        lines.append(
            translate("Score", "Answer: {0} tokens on average, median {1}").format(
                f"{told.answer_tokens['mean']:,.0f}", f"{told.answer_tokens['median']:,.0f}"
            )
        )
    if told.pass_at:
        last = max(told.pass_at)
        lines.append(f"pass@{last} {_percent(told.pass_at[last])}" + _majority(told, last))
    return "\n".join(lines)


def alarm(told: Tally) -> str:
    """Where the budget cut off many samples."""
    if told.truncated is None or told.truncated <= WATCH:
        return ""
    said = translate("Score", "▲ {0} were cut off: a larger budget may change the result")
    return said.format(_percent(told.truncated))


def _majority(told: Tally, k: int) -> str:
    return f", maj@{k} {_percent(told.maj_at[k])}" if k in told.maj_at else ""


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
