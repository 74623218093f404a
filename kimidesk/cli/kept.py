"""What the verbs share that ask a checkpoint for more of a kept trace."""

import uuid
from typing import Any

import click

from kimidesk.cli.backend import choose, opening
from kimidesk.errors import UsageError
from kimidesk.flows.probe import CUE_ROOM, MOST
from kimidesk.reading import tokens_per_s
from kimidesk.reading.bill import Bill
from kimidesk.records import Budget, Grown
from kimidesk.store import Desk
from kimidesk.wire.messages import OpenCheckpoint

SLOTS = 4


def loaded(desk: Desk, trace: str) -> Grown:
    """A kept trace that can be gone on with; raises UsageError for one that cannot."""
    grown = desk.load(trace).grown
    if not len(grown.columns) - grown.trace.closing:
        raise UsageError(f"trace {trace} has no tokens to go on from")
    if not grown.trace.prompt:
        raise UsageError(
            f"trace {trace} cannot be gone on with: its server told no token ids",
            hint="Open the server so that it takes raw completions, and solve again.",
        )
    return grown


def opening_for(grown: Grown, options: dict[str, Any], slots: int) -> OpenCheckpoint:
    """Its checkpoint with room for more than it; raises UsageError for another one."""
    trace = grown.trace
    chosen = choose(options["model"] or trace.checkpoint.ref, options["chat_template"])
    if chosen.fingerprint != trace.checkpoint.fingerprint:
        raise UsageError(
            f"trace {trace.id} was written by {trace.checkpoint.name}; "
            f"{chosen.name or chosen.ref} has other token ids",
            hint="Name the checkpoint that wrote it (--model).",
        )
    needed = len(trace.prompt) + len(grown.columns) + CUE_ROOM + MOST
    room = max(-(-needed // 256) * 256, trace.checkpoint.context)
    how = {**options, "context": options["context"] or room}
    return opening(chosen, how, Budget(), slots=slots, sees=bool(trace.pictures))


def new_name() -> str:
    """An id for a trace."""
    return uuid.uuid4().hex


def bill_line(bill: Bill, grown: Grown) -> str:
    """What it will cost, before it runs."""
    rate = tokens_per_s(grown.columns)
    spent = f"; about {bill.tokens / rate:,.0f} s one after the other" if rate else ""
    return (
        f"{bill.rollouts:,} to draw: about {bill.tokens:,} tokens "
        f"({bill.least:,} to {bill.most:,}){spent}"
    )


def say(text: str) -> None:
    """A line on stderr."""
    click.echo(text, err=True)
