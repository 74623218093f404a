"""`kimidesk trace budget`: what the answer is worth at several budgets of thought."""

import time
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk.cli.backend import Backend, Stopping
from kimidesk.cli.kept import SLOTS, bill_line, loaded, new_name, opening_for, say
from kimidesk.cli.options import TOKENS, model_options
from kimidesk.cli.terminal import plain
from kimidesk.client.keeping import keep_whole
from kimidesk.errors import Refused, UsageError, WorkerLost
from kimidesk.flows.budgets import ASKED, Laboratory, Plan
from kimidesk.reading.budgets import Figures, Point, Way, curves, figures
from kimidesk.records import Grown
from kimidesk.store import Desk
from kimidesk.store.experiments import keep_runs, kept_traces, runs_of

SAY_S = 5.0
INTERRUPTED = 130
_WAYS = ",".join(ASKED)


@click.command("budget")
@click.argument("trace_id", metavar="TRACE")
@click.option(
    "--budgets",
    default="0,64,128,256,512",
    show_default=True,
    metavar="N,N…",
    help="Tokens of thought; 4k is 4 × 1,024.",
)
@click.option(
    "--ways",
    default=_WAYS,
    show_default=True,
    metavar="WAY,WAY…",
    help="cut: end the trace's thought there; wait: make it go on; none: answer without a "
    "thought; rerun: think afresh, and cut.",
)
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="Runs of each.")
@click.option(
    "--waits", type=click.IntRange(1), default=2, show_default=True, help="Times it must go on."
)
@click.option("--slots", type=click.IntRange(1, 256), default=SLOTS, show_default=True)
@click.option("--bill", "bill_only", is_flag=True, help="Tell what it would cost, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@model_options
def budget(
    trace_id: str,
    budgets: str,
    ways: str,
    seeds: int,
    waits: int,
    slots: int,
    bill_only: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Answer TRACE's problem at several budgets of thought, each some times.

    Every run is kept as a trace, a fork of TRACE where it shares its tokens. The same command goes
    on where it stopped; other budgets and ways add to what is there.
    """
    plan = Plan(_numbers(budgets), _ways(ways), seeds, waits).check()
    desk = Desk.open()
    try:
        grown = loaded(desk, trace_id)
        flow = _flow(desk, grown, plan, slots)
        say(bill_line(flow.bill(), grown))
        if Way.CUT in plan.ways and flow.beyond:
            there = ", ".join(f"{each:,}" for each in flow.beyond)
            say(f"the thought takes {flow.thought:,} tokens: it is not cut at {there}")
        if bill_only:
            return 0
        whole = _run(desk, grown, flow, options, slots) if flow.pending else True
    finally:
        desk.close()
    if as_json:
        click.echo(_as_json(grown, flow))
    else:
        _show(flow)
    return 0 if whole else INTERRUPTED


def _numbers(text: str) -> tuple[int, ...]:
    """Raises click's BadParameter."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple(sorted({TOKENS.convert(part, None, None) for part in parts}))


def _ways(text: str) -> tuple[Way, ...]:
    """In the order of `ASKED`; raises UsageError."""
    named = {part.strip() for part in text.split(",") if part.strip()}
    wrong = sorted(named - set(ASKED))
    if wrong:
        raise UsageError(f"there is no way {wrong[0]!r}", hint=f"The ways are {_WAYS}.")
    return tuple(way for way in ASKED if way in named)


def _flow(desk: Desk, grown: Grown, plan: Plan, slots: int) -> Laboratory:
    first = Laboratory(grown, plan, name=new_name, width=slots)
    done = runs_of(desk, grown.trace.id, first.expected.answer)
    kept = kept_traces(desk, done)
    return Laboratory(grown, plan, name=new_name, width=slots, done=done, kept=kept)


def _run(desk: Desk, grown: Grown, flow: Laboratory, options: dict[str, Any], slots: int) -> bool:
    """Whether all was run; what has come is kept either way."""
    expected = flow.expected.answer
    how = opening_for(grown, options, slots)
    with Stopping() as stopping, Backend(stopping, grading=bool(expected)) as backend:
        backend.open(how)
        due = time.monotonic() + SAY_S
        try:
            for _ in backend.drive(flow):
                if landed := flow.collect():
                    for each in landed:
                        keep_whole(desk, *each)
                    keep_runs(desk, grown.trace.id, expected, flow.runs)
                if time.monotonic() >= due:
                    say(f"{flow.finished}/{flow.total} done, {flow.tokens:,} tokens")
                    due = time.monotonic() + SAY_S
            whole = flow.done
            backend.send(flow.stop())
        finally:
            keep_runs(desk, grown.trace.id, expected, flow.runs)
    if flow.trouble:
        raise WorkerLost(flow.trouble)
    troubles = sorted({each.trouble for each in flow.runs if each.trouble})
    if troubles and all(run.trouble for run in flow.runs if run.way is not Way.OWN):
        raise Refused(f"nothing could be run: {troubles[0]}")
    for trouble in troubles:
        say(f"warning: some came to nothing: {plain(trouble)}")
    return whole


def _show(flow: Laboratory) -> None:
    if flow.expected.own and flow.expected.answer:
        own = plain(flow.expected.answer)
        click.echo(f"Right means: as the trace itself answered, {own} (no answer is expected).")
    table = Table(box=None, pad_edge=False)
    for title in ("way", "budget", "thinking", "right", "95 %", "answers"):
        table.add_column(title, justify="left" if title in ("way", "answers") else "right")
    told = curves(flow.runs)
    for way, points in told.items():
        for point in points:
            table.add_row(str(way), *_cells(point))
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 160  # a pipe has no width; lines for grep must be whole
    console.print(table)
    for way, points in told.items():
        if way is not Way.OWN:
            click.echo(_figures_line(way, figures(points)))


def _cells(point: Point) -> tuple[str, ...]:
    asked = f"×{point.budget}" if point.way is Way.WAIT else f"{point.budget:,}"
    share = interval = "–"
    if point.share is not None:
        low, high = point.share.interval
        share = f"{point.share.right}/{point.share.total}"
        interval = f"{low:.0%} … {high:.0%}"
    answers: dict[str, int] = {}
    for run in point.runs:
        answers[run.answer or "(none)"] = answers.get(run.answer or "(none)", 0) + 1
    told = ", ".join(f"{plain(answer)[:24]} ×{n}" for answer, n in answers.items())
    return asked, f"{point.thinking:,.0f}", share, interval, told


def _figures_line(way: Way, told: Figures) -> str:
    parts = []
    if told.control is not None:
        parts.append(f"control {told.control:.0%}")
    if told.scaling is not None:
        parts.append(f"scaling {told.scaling:+.3f} per 1,000 tokens")
    if told.performance is not None:
        parts.append(f"performance {told.performance:.0%}")
    return f"{way}: {', '.join(parts) or 'nothing to compare'}"


def _as_json(grown: Grown, flow: Laboratory) -> str:
    told = curves(flow.runs)
    made = {
        "trace": grown.trace.id,
        "thinking": flow.thought,
        "sampling": flow.sampling,
        "expected": flow.expected,
        "points": [
            {
                "way": point.way,
                "budget": point.budget,
                "thinking": point.thinking,
                "right": point.share.right if point.share else None,
                "total": point.share.total if point.share else None,
                "interval": point.share.interval if point.share else None,
            }
            for points in told.values()
            for point in points
        ],
        "figures": {way: figures(points) for way, points in told.items() if way is not Way.OWN},
        "runs": flow.runs,
    }
    return msgspec.json.format(msgspec.json.encode(made)).decode()
