"""Figures of beliefs in words, and as tables."""

import math

from PySide6.QtCore import QCoreApplication

from kimidesk.gui.charts.table import Cell, Table
from kimidesk.reading.belief import Curves, trial_at
from kimidesk.reading.dynamics import Dynamics
from kimidesk.records import Beliefs, Candidate, Judgement

translate = QCoreApplication.translate
SHOWN = 16  # characters of an answer in a table


def probability(low: float, mid: float, high: float) -> str:
    """The mean of the cues with its band; a dash where nothing was rated."""
    if math.isnan(mid):
        return "–"
    half = (high - low) / 2
    return f"{mid:.3f}" if half < 0.0005 else f"{mid:.3f} ± {half:.3f}"


def verdict_of(candidate: Candidate) -> str:
    """Whether it is right, in a sign; empty where nobody knows."""
    return {True: "✓", False: "✗", None: ""}[candidate.right]


def figures(beliefs: Beliefs, told: Dynamics | None) -> dict[str, str]:
    """What the curve amounts to, by names that the tab has texts for; a dash is not known."""
    names = ("knew", "settled", "ratio", "flips", "tail")
    if told is None:
        return dict.fromkeys(names, "–")
    end = beliefs.boundaries[-1]
    left = translate("Belief", "{0}, and left again") if told.left else "{0}"
    return {
        "knew": "–" if told.knew is None else left.format(_of(told.knew, end)),
        "settled": "–" if told.settled is None else _of(told.settled, end),
        "ratio": "–" if told.ratio is None else f"{told.ratio:.2f}",
        "flips": str(told.flips),
        "tail": "–" if told.settled is None else _of(told.tail, end),
    }


def cost(beliefs: Beliefs, tokens: int, seconds: float) -> str:
    """The meter: what the probes took, beside what the trace did."""
    if not beliefs.tokens:
        return ""
    told = translate("Belief", "{0} tokens").format(f"{beliefs.tokens:,}")
    if tokens:
        told += f" ({beliefs.tokens / tokens:.0%})"
    told += " · " + translate("Belief", "{0} s").format(f"{beliefs.seconds:.1f}")
    return told + (f" ({beliefs.seconds / seconds:.0%})" if seconds > 0 else "")


def candidates_table(beliefs: Beliefs, shown: Curves, row: int) -> Table:
    """Each candidate with its belief at one place, the `row`-th."""
    titles = (
        translate("Belief", "Answer"),
        translate("Belief", "Belief"),
        translate("Belief", "Right"),
    )
    rows = []
    for number, candidate in enumerate(beliefs.candidates):
        told = "–"
        if 0 <= row < len(shown.places):
            low, mid, high = (float(one[row, number]) for one in (shown.low, shown.mid, shown.high))
            told = probability(low, mid, high)
        rows.append((_cut(candidate.name), told, verdict_of(candidate)))
    return Table(titles, tuple(rows))


def places_table(beliefs: Beliefs, shown: Curves) -> Table:
    """Each place: what was answered under each cue, how surely, and each candidate's curve."""
    titles = [translate("Belief", "After token")]
    titles += [
        translate("Belief", "Answer {0}").format(number + 1) for number in range(len(beliefs.cues))
    ]
    titles += [translate("Belief", "Confidence")]
    titles += [f"P({candidate.name[:12]})" for candidate in beliefs.candidates]
    return Table(
        tuple(titles), tuple(_row(beliefs, shown, row) for row in range(len(shown.places)))
    )


def _row(beliefs: Beliefs, shown: Curves, row: int) -> tuple[Cell, ...]:
    at = int(shown.places[row])
    trials = [trial_at(beliefs, at, cue) for cue in range(len(beliefs.cues))]
    said: list[Cell] = []
    for trial in trials:
        mark = " ✓" if trial is not None and trial.judgement is Judgement.RIGHT else ""
        said.append(None if trial is None else _cut(trial.text or trial.trouble or "∅") + mark)
    sure = _rounded(float(shown.confidence[row]))
    return (at, *said, sure, *(_rounded(float(p)) for p in shown.mid[row]))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _rounded(p: float) -> float | None:
    return None if math.isnan(p) else round(p, 4)


def _of(count: int, end: int) -> str:
    return f"{count:,} ({count / end:.0%})" if end else f"{count:,}"
