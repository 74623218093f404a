"""What the analyses of a run amount to: for analysis.json, and as tables."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from rich.table import Table

from kimidesk.flows import Analysis
from kimidesk.reading.segments.course import Course
from kimidesk.reading.segments.stages import Stage
from kimidesk.records import Kind

Value = Callable[[Analysis], float | None]


def _of_course(name: str) -> Value:
    return lambda each: None if each.course is None else float(getattr(each.course, name))


METRICS: dict[str, Value] = {
    "characters": _of_course("characters"),
    "sentences": _of_course("sentences"),
    "thinking_tokens": lambda each: each.thinking_tokens,
    "answer_tokens": lambda each: each.answer_tokens,
    "solutions": lambda each: len(each.solutions) if each.course is not None else None,
    "outcome_efficiency": lambda each: each.outcome_efficiency,
    "process_efficiency": lambda each: each.process_efficiency,
    "underthinking": lambda each: each.underthinking,
    "failed_steps": _of_course("failed_steps"),
    "review": _of_course("review"),
    "repeated": _of_course("repeated"),
    "loops": lambda each: float(each.loop),
    "waits": _of_course("waits"),
    "errors": _of_course("errors"),
}
SHOWN = ("outcome_efficiency", "process_efficiency", "underthinking", "failed_steps", "review",
         "repeated", "loops", "waits", "errors", "characters")  # fmt: skip


def summary(found: Sequence[Analysis], samples: int) -> dict[str, Any]:
    """From the analyses alone: the same however often it was begun."""
    groups = {
        "all": list(found),
        "right": [each for each in found if each.right],
        "wrong": [each for each in found if each.right is False],
    }
    courses = [each.course for each in found if each.course is not None]
    return {
        "samples": samples,
        "analysed": len(found),
        "without_text": len(found) - len(courses),
        "without_solution": sum(bool(each.course and not each.solutions) for each in found),
        "metrics": {
            name: {group: _spread(map(value, members)) for group, members in groups.items()}
            for name, value in METRICS.items()
        },
        "within_problem": {name: _within(found, value) for name, value in METRICS.items()},
        "kinds": {kind.value: _share(courses, "kinds", kind.value) for kind in Kind},
        "stages": {stage.value: _share(courses, "stages", stage.value) for stage in Stage},
        "follows": _follows(courses),
    }


def _spread(values: Iterable[float | None]) -> dict[str, float]:
    known = [value for value in values if value is not None]
    if not known:
        return {"of": 0}
    return {
        "of": len(known),
        "mean": statistics.fmean(known),
        "median": float(statistics.median(known)),
    }


def _within(found: Sequence[Analysis], value: Value) -> dict[str, float]:
    """Wrong less right traces of the same problem: what makes problems hard is taken out."""
    sides: dict[int, dict[bool, list[float]]] = defaultdict(lambda: {True: [], False: []})
    for each in found:
        told = value(each)
        if each.right is not None and told is not None:
            sides[each.number][each.right].append(told)
    differences = [
        statistics.fmean(side[False]) - statistics.fmean(side[True])
        for side in sides.values()
        if side[False] and side[True]
    ]
    return _spread(differences)


def _share(courses: Sequence[Course], of: str, name: str) -> dict[str, float]:
    """Of the characters of each trace, and in how many characters of them all."""
    told = _spread(getattr(course, of)[name] / course.characters for course in courses)
    return {**told, "characters": sum(getattr(course, of)[name] for course in courses)}


def _follows(courses: Sequence[Course]) -> dict[str, dict[str, float]]:
    """P(kind of the next sentence | kind), over all traces."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for course in courses:
        for kind, after in course.follows.items():
            counted[kind].update(after)
    return {
        kind: {after: count / row.total() for after, count in sorted(row.items())}
        for kind, row in sorted(counted.items())
    }


def tables(told: dict[str, Any]) -> Iterator[Table]:
    """The metrics by right and wrong, and the shares of kinds and stages."""
    title = f"{told['analysed']:,} of {told['samples']:,} samples analysed"
    if told["without_text"]:
        title += f"; {told['without_text']:,} have no text"
    groups = ("all", "right", "wrong")
    metrics = Table("metric", *groups, box=None, pad_edge=False, title=title, title_justify="left")
    for name in SHOWN:
        row = told["metrics"][name]
        metrics.add_row(name.replace("_", " "), *(_mean(row[group]) for group in groups))
    yield metrics
    shares = Table("share of characters", "mean", "median", box=None, pad_edge=False)
    for part in ("kinds", "stages"):
        for name, row in told[part].items():
            if row["characters"]:
                shares.add_row(name, f"{row['mean']:.1%}", f"{row['median']:.1%}")
    yield shares


def _mean(row: dict[str, float]) -> str:
    if not row["of"]:
        return "–"
    return f"{row['mean']:,.0f}" if row["mean"] >= 100 else f"{row['mean']:.3f}"
