"""`kimidesk trace probe --boundaries`: the belief curve of a trace, in the terminal."""

import math
import time

import click
import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk.cli.backend import Backend, Stopping
from kimidesk.cli.terminal import plain
from kimidesk.errors import UsageError
from kimidesk.flows import Belief
from kimidesk.reading.belief import course, curves, trial_at
from kimidesk.reading.boundaries import boundaries_of
from kimidesk.reading.dynamics import Dynamics
from kimidesk.records import Beliefs, Grown
from kimidesk.store import Desk
from kimidesk.store.export import beliefs_table
from kimidesk.wire.messages import OpenCheckpoint

INTERRUPTED = 130
SHOWN = 16  # characters of an answer in the table


def along(
    grown: Grown,
    how: OpenCheckpoint,
    gold: str,
    cues: tuple[str, ...],
    candidates: tuple[str, ...],
    *,
    as_json: bool,
    slots: int,
) -> int:
    """Measure a belief curve, keep it with the trace, and print it; returns the exit status."""
    where = boundaries_of(grown)
    if not where:
        raise UsageError(f"trace {grown.trace.id[:8]} says nothing that could be probed")
    flow = Belief(grown, where, gold=gold, cues=cues, candidates=candidates, slots=slots)
    with Stopping() as stopping, Backend(stopping, grading=bool(gold)) as backend:
        backend.open(how)
        began = time.monotonic()
        for _ in backend.drive(flow):
            pass
        flow.seconds = time.monotonic() - began
        whole = flow.done
    beliefs = flow.beliefs
    _keep(grown.trace.id, beliefs)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(beliefs_table(beliefs))).decode())
    else:
        _show(grown, beliefs)
    return 0 if whole else INTERRUPTED


def _keep(trace: str, beliefs: Beliefs) -> None:
    desk = Desk.open()
    try:
        desk.keep_beliefs(trace, beliefs)
        desk.settle()
    finally:
        desk.close()


def sentence(told: Dynamics, tokens: int) -> str:
    """Where it settled, for people."""
    if told.settled is None:
        return "It settles on no answer."
    said = (
        f"It settles after {told.settled:,} of {tokens:,} tokens (convergence ratio "
        f"{told.ratio:.2f}), after {told.flips} flips; {told.tail:,} tokens come after."
    )
    if told.knew is None:
        return said
    where = f" The right answer comes first after {told.knew:,} tokens"
    return said + where + (", and is left again." if told.left else ".")


def _show(grown: Grown, beliefs: Beliefs) -> None:
    table, shown = Table(box=None, pad_edge=False), curves(beliefs)
    table.add_column("after token", justify="right")
    for number in range(len(beliefs.cues)):
        table.add_column(f"answer, cue {number + 1}")
    table.add_column("confidence", justify="right")
    for candidate in beliefs.candidates:
        right = " (right)" if candidate.right else ""
        table.add_column(f"P({plain(candidate.name[:SHOWN])}){right}", justify="right")
    for row, at in enumerate(beliefs.places):
        trials = [trial_at(beliefs, at, cue) for cue in range(len(beliefs.cues))]
        said = [each.text or f"({each.trouble})" if each is not None else "" for each in trials]
        figures = [
            _figure(low, mid, high)
            for low, mid, high in zip(shown.low[row], shown.mid[row], shown.high[row], strict=True)
        ]
        sure = float(shown.confidence[row])
        table.add_row(
            f"{at:,}",
            *(plain(each[:SHOWN]) for each in said),
            "" if math.isnan(sure) else f"{sure:.3f}",
            *figures,
        )
    Console(markup=False, highlight=False).print(table)
    told, tokens = course(beliefs), len(grown.columns)
    if told is not None:
        click.echo(sentence(told, beliefs.boundaries[-1]))
    seconds = float(grown.columns.time_ms[-1]) / 1000 if tokens else 0.0
    click.echo(
        f"It cost {beliefs.tokens:,} tokens and {beliefs.seconds:.1f} s; the trace is {tokens:,} "
        f"tokens and took {seconds:.1f} s."
    )


def _figure(low: float, mid: float, high: float) -> str:
    """The mean of the cues, and how far they are from it."""
    return "" if math.isnan(mid) else f"{mid:.3f} ±{(high - low) / 2:.3f}"
