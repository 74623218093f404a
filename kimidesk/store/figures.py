"""What of a tally is drawn."""

from collections.abc import Mapping, Sequence

from kimidesk.grading.curves import CurvePoint, RunPoint, forced, posthoc
from kimidesk.grading.gathered import Gathered
from kimidesk.grading.tally import Part, Tally
from kimidesk.store.charts import Bar, Dot, Line, bars, dots, lengths, lines

MOST_BARS = 40  # subjects in a chart; the largest
PARTS = (("By subject", "subjects"), ("By level", "levels"))


def charts(counted: Tally, numbers: Gathered, runs: Sequence[RunPoint] = ()) -> list[str]:
    """SVG of everything there is something to draw of."""
    made = [
        curve_chart(posthoc(numbers), forced(numbers)),
        _lengths(numbers),
        _finish(counted),
        _repeats(counted),
        *(_by(title, getattr(counted, name)) for title, name in PARTS),
        runs_chart(runs) if len(runs) > 1 else "",
    ]
    return [each for each in made if each]


def curve_chart(free: Sequence[CurvePoint], drawn: Sequence[CurvePoint]) -> str:
    """Post-hoc and forced in one picture; "" where nothing was graded."""
    named = [
        _curve("post-hoc: right within B", free, dashed=False),
        _curve("forced: thought ended at B", drawn, dashed=True),
    ]
    return lines("Accuracy against token budget, 95 % bands", named, "budget B in tokens")


def runs_chart(points: Sequence[RunPoint]) -> str:
    """The long2short picture."""
    return dots(
        "Accuracy against mean tokens: top left is best",
        [Dot(p.name, p.mean_tokens, p.accuracy, (p.low, p.high), p.front) for p in points],
    )


def parts(counted: Tally) -> list[tuple[str, dict[str, Part]]]:
    """The tables by subject and by level that have more than one row."""
    told = [(title, getattr(counted, name)) for title, name in PARTS]
    return [(title, each) for title, each in told if len(each) > 1]


def _curve(name: str, points: Sequence[CurvePoint], *, dashed: bool) -> Line:
    bands = [(point.low, point.high) for point in points]
    return Line(name, [(point.budget, point.accuracy) for point in points], bands, dashed)


def _lengths(numbers: Gathered) -> str:
    graded = numbers.where(numbers.graded & numbers.own)
    groups = [
        ("right", graded.tokens[graded.right].tolist()),
        ("wrong", graded.tokens[~graded.right].tolist()),
    ]
    return lengths("Lengths, right against wrong", groups)


def _finish(counted: Tally) -> str:
    if not counted.samples:
        return ""
    rows = [
        Bar(name, count / counted.samples, f"{count:,} ({count / counted.samples:.1%})")
        for name, count in counted.finish.items()
    ]
    return bars("How samples finished", rows)


def _repeats(counted: Tally) -> str:
    drawn = [
        _by_k("pass@k", counted.pass_at, counted.intervals.get("pass_at", {})),
        _by_k("maj@k", counted.maj_at, counted.intervals.get("maj_at", {})),
        _by_k("pass^k", counted.pass_all, counted.intervals.get("pass_all", {})),
    ]
    return lines("Several samples of one problem, 95 % bands", drawn, "k samples", up="share")


def _by_k(name: str, shares: Mapping[int, float], bands: Mapping[int, tuple[float, float]]) -> Line:
    return Line(name, list(shares.items()), [bands[k] for k in shares])


def _by(title: str, named: Mapping[str, Part]) -> str:
    if len(named) < 2:
        return ""
    largest = sorted(named.items(), key=lambda each: -each[1].graded)[:MOST_BARS]
    rows = [
        Bar(name, part.accuracy, f"{part.accuracy:.1%} of {part.graded:,}", part.interval)
        for name, part in sorted(largest)
        if part.accuracy is not None
    ]
    return bars(f"{title}, accuracy", rows)
