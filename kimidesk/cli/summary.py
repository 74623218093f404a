"""A tally in words: the rows of the table on stdout and in report.html."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kimidesk.grading.tally import RED, WATCH, Tally


def rows(
    tally: Tally, planned: int | None = None, analysis: Mapping[str, Any] | None = None
) -> list[tuple[str, str]]:
    """(name, value), the important first; `planned` samples are the whole run, where that is known.

    `analysis` is the content of analysis.json, where the run was analysed.
    """
    table = [("accuracy", _accuracy(tally))]
    if planned is not None and tally.samples < planned:
        left = planned - tally.samples
        table.insert(0, ("INCOMPLETE", f"{left} of {planned} samples are still to come; resume"))
    if tally.accuracy_finished is not None and tally.finished < tally.graded:
        table.append(("accuracy of the finished", _finished(tally)))
    table += _repeated(tally)
    table += [
        ("samples", f"{tally.samples:,} of {tally.problems:,} problems"),
        ("verdicts", _counts(tally.judgements) or "none"),
        ("finish", _finish(tally)),
        ("cut off", _percent(tally.truncated) + _warning(tally.truncated)),
        ("failed", str(tally.failed)),
        *([("not graded", str(tally.ungraded))] if tally.ungraded else []),
        *([("loops", str(tally.loops))] if tally.loops else []),
    ]
    if tally.prompt_tokens.get("mean"):
        table.append(("prompt tokens", _spread(tally.prompt_tokens)))
    if tally.thinking_tokens.get("mean"):
        table.append(("thinking tokens", _spread(tally.thinking_tokens)))
    table += [
        ("answer tokens", _spread(tally.answer_tokens)),
        *([("tokens of the right", _spread(tally.tokens_right))] if tally.tokens_right else []),
        *([("tokens of the wrong", _spread(tally.tokens_wrong))] if tally.tokens_wrong else []),
        ("tokens", f"{tally.tokens:,}{_per_right(tally)}"),
    ]
    return table + _analysed(analysis or {})


def alarm(tally: Tally) -> tuple[str, str] | None:
    """("watch" or "red", a sentence), where the budget cut off many of the samples."""
    if tally.truncated is None or tally.truncated <= WATCH:
        return None
    level = "red" if tally.truncated > RED else "watch"
    return level, (
        f"{_percent(tally.truncated)} of the samples were cut off by the token budget or the "
        f"context. Over all {_percent(tally.accuracy)} are right, over the finished "
        f"{_percent(tally.accuracy_finished)}; a larger budget may change both."
    )


def _finished(tally: Tally) -> str:
    assert tally.interval_finished is not None
    low, high = tally.interval_finished
    return (
        f"{_percent(tally.accuracy_finished)} (of {tally.finished:,}), "
        f"95 % interval {_percent(low)} – {_percent(high)}"
    )


def _repeated(tally: Tally) -> list[tuple[str, str]]:
    """What repeats tell; nothing without."""
    if tally.repeats < 2:
        return []
    k = tally.repeats
    made = [(f"avg@{k}", _percent(tally.average))]
    for name, figure in (("pass@", "pass_at"), ("pass^", "pass_all"), ("maj@", "maj_at")):
        bands = tally.intervals[figure]
        made += [
            (f"{name}{at}", _percent(share) + _between(bands[at]))
            for at, share in _few(getattr(tally, figure))
            if at > 1
        ]
    for title, share, figure in (
        (f"cons@{k}", tally.consensus, "consensus"),
        (f"cons@{k} by confidence", tally.consensus_weighted, "consensus_weighted"),
    ):
        if share is not None:
            made.append((title, _percent(share) + _between(tally.intervals[figure][k])))
    return [*made, ("votes", "equal answers together, ties shared; no answer is no vote")]


def _between(band: tuple[float, float]) -> str:
    return f", {_percent(band[0])} – {_percent(band[1])}"


def _finish(tally: Tally) -> str:
    return ", ".join(
        f"{count} {name} ({count / tally.samples:.1%})"
        for name, count in tally.finish.items()
        if count
    )


def _per_right(tally: Tally) -> str:
    each = tally.tokens_per_right
    return f", {each:,.0f} for each right answer" if each is not None else ""


def _analysed(analysis: Mapping[str, Any]) -> list[tuple[str, str]]:
    metrics = analysis.get("metrics", {})
    made = []
    for name, of in (("outcome_efficiency", "right"), ("underthinking", "wrong")):
        told = metrics.get(name, {}).get(of, {})
        if told.get("of"):
            value = f"{told['mean']:.3f} on average of {told['of']:,} {of}"
            made.append((name.replace("_", " "), value))
    return made


def as_json(tally: Tally) -> dict[str, Any]:
    """For summary.json: from the samples alone, so the same after any number of restarts."""
    content: dict[str, Any] = _with_names(asdict(tally))
    return content


def _with_names(value: Any) -> Any:
    """JSON's names are texts; ours are also numbers, as the k of pass@k."""
    if isinstance(value, dict):
        return {str(name): _with_names(each) for name, each in value.items()}
    return value


def _few(pass_at: dict[int, float]) -> list[tuple[int, float]]:
    """Powers of two and the last: 64 rows would hide the rest."""
    last = max(pass_at, default=0)
    return [(k, share) for k, share in pass_at.items() if k & (k - 1) == 0 or k == last]


def _accuracy(tally: Tally) -> str:
    if tally.accuracy is None or tally.interval is None:
        return "unknown"
    low, high = tally.interval
    return (
        f"{_percent(tally.accuracy)} ({tally.right} of {tally.graded}), "
        f"95 % interval {_percent(low)} – {_percent(high)}"
    )


def _percent(share: float | None) -> str:
    return "unknown" if share is None else f"{100 * share:.1f} %"


def _warning(truncated: float | None) -> str:
    if truncated is None or truncated <= WATCH:
        return ""
    return " — the token budget decides this score" if truncated > RED else " — watch the budget"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _spread(spread: dict[str, float]) -> str:
    if not spread:
        return "none"
    return f"mean {spread['mean']:,.0f}, median {spread['median']:,.0f}, p95 {spread['p95']:,.0f}"
