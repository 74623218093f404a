"""A tally in words: the rows of the table on stdout and in report.html."""

from dataclasses import asdict
from typing import Any

from kimidesk.grading.tally import Tally


def rows(tally: Tally, planned: int) -> list[tuple[str, str]]:
    """(name, value), the important first; `planned` samples are the whole run."""
    table = [("accuracy", _accuracy(tally))]
    if tally.samples < planned:
        left = planned - tally.samples
        table.insert(0, ("INCOMPLETE", f"{left} of {planned} samples are still to come; resume"))
    if tally.accuracy_finished is not None and tally.truncated:
        table.append(("accuracy of the finished", _percent(tally.accuracy_finished)))
    table += [(f"pass@{k}", _percent(share)) for k, share in _few(tally.pass_at)]
    table += [
        ("samples", f"{tally.samples:,} of {tally.problems:,} problems"),
        ("verdicts", _counts(tally.judgements) or "none"),
        ("ended", _counts(tally.ended)),
        ("cut off", _percent(tally.truncated) + _warning(tally.truncated)),
        ("failed", str(tally.failed)),
        *([("not graded", str(tally.ungraded))] if tally.ungraded else []),
    ]
    if tally.thinking_tokens.get("mean"):
        table.append(("thinking tokens", _spread(tally.thinking_tokens)))
    table += [
        ("answer tokens", _spread(tally.answer_tokens)),
        ("tokens", f"{tally.tokens:,}"),
    ]
    return table


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
    if truncated is None or truncated <= 0.02:
        return ""
    return " — the token budget decides this score" if truncated > 0.1 else " — watch the budget"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _spread(spread: dict[str, float]) -> str:
    if not spread:
        return "none"
    return f"mean {spread['mean']:,.0f}, median {spread['median']:,.0f}, p95 {spread['p95']:,.0f}"
