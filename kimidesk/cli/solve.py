"""`kimidesk solve`: one problem, streamed to the terminal, kept on the desk."""

import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeGuard

import click

from kimidesk.cli.backend import Backend, Stopping, as_error, choose, opening
from kimidesk.cli.options import adapters_of, budget_of, draw_options, model_options, sampling_of
from kimidesk.cli.terminal import plain
from kimidesk.client.keeping import keep
from kimidesk.errors import Refused, UsageError
from kimidesk.flows import Solve
from kimidesk.flows.asking import messages_for
from kimidesk.reading import tokens_per_s
from kimidesk.records import (
    Attempt,
    CheckpointInfo,
    Ended,
    Judgement,
    PictureBlock,
    Problem,
    Trace,
    is_whole,
)
from kimidesk.store import Desk, Kept
from kimidesk.store.export import to_json
from kimidesk.wire.messages import AnyEvent, Failed, FailureKind, OpenCheckpoint, TokensCame

INTERRUPTED = 130


@click.command()
@click.argument("problem")
@click.option(
    "--image",
    "images",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A picture that belongs to the problem.",
)
@click.option("--answer", default="", help="The expected answer; the verdict follows.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole trace as JSON at the end.")
@model_options
@draw_options
def solve(
    problem: str, images: tuple[Path, ...], answer: str, as_json: bool, **options: Any
) -> int:
    """Solve PROBLEM ("-" reads it from stdin), thought dimmed, answer plain."""
    text = sys.stdin.read() if problem == "-" else problem
    if not is_whole(text + answer):
        raise UsageError("the problem is not UTF-8 text", hint="Check the terminal's encoding.")
    if not text.strip():
        raise UsageError("the problem is empty", hint='kimidesk solve "What is 17 + 25?"')
    asked = Problem(text.strip(), answer, tuple(str(path.resolve()) for path in images))
    kept, status = solve_one(asked, options, quiet=as_json)
    if as_json:
        click.echo(to_json(kept), nl=False)
    return status


def solve_one(problem: Problem, options: dict[str, Any], *, quiet: bool) -> tuple[Kept, int]:
    """Solve and keep; returns the trace and the exit status. Raises ModelError, StoreError."""
    sampling_of(options)  # before a process is started
    chosen = choose(options["model"], options["chat_template"])
    how = opening(chosen, options, budget_of(options), sees=bool(problem.images))

    def begin(checkpoint: CheckpointInfo) -> Solve:
        return _begin(problem, checkpoint, options)

    return run(begin, how, Printer(quiet=quiet), grading=bool(problem.answer))


def run(
    begin: Callable[[CheckpointInfo], Solve],
    how: OpenCheckpoint,
    printer: "Printer",
    *,
    grading: bool = False,
) -> tuple[Kept, int]:
    """Open a checkpoint, grow what `begin` makes of it to its end, and keep it."""
    desk = Desk.open()
    try:
        with Stopping() as stopping, Backend(stopping, grading=grading) as backend:
            flow = begin(backend.open(how))
            desk.begin(flow.trace)
            backend.send(flow.start())
            _stream(flow, backend, how, desk, stopping, printer)
        desk.settle()
    finally:
        desk.close()
    if flow.trace.ended is Ended.STOPPED:
        return Kept(flow.grown, flow.verdict), INTERRUPTED
    return Kept(flow.grown, flow.verdict), 0


def _begin(problem: Problem, checkpoint: CheckpointInfo, options: dict[str, Any]) -> Solve:
    id_ = uuid.uuid4().hex
    common: dict[str, Any] = {
        "sampling": sampling_of(options),
        "budget": budget_of(options),
        "seed": options["seed"],
        "thinking": options["thinking"],
        "adapters": adapters_of(options),
    }
    trace = Trace(id_, problem, checkpoint, started_at=time.time(), **common)
    messages = messages_for(problem, options["instruction"])
    return Solve(trace, Attempt(id_, messages, **common))


def _stream(
    flow: Solve,
    backend: Backend,
    how: OpenCheckpoint,
    desk: Desk,
    stopping: Stopping,
    printer: "Printer",
) -> None:
    asked_to_stop = 0
    while not flow.done:
        event = backend.next_event(0.2)
        if stopping.terminated or stopping.interrupts > asked_to_stop:
            if asked_to_stop:
                raise KeyboardInterrupt
            asked_to_stop = 1
            stopping.terminated = False
            backend.send(flow.stop())
        if event is None:
            continue
        if _lost(event) and not asked_to_stop and flow.lost():
            _go_on(flow, event, backend, how, desk)
            continue
        backend.send(flow.on(event))
        keep(desk, flow, event)
        if isinstance(event, TokensCame):
            printer.show(flow, ended=False)
        if isinstance(event, Failed) and flow.trace.ended is Ended.FAILED:
            printer.show(flow, ended=True)
            raise as_error(event) if event.trace is None else Refused(event.what, hint=event.hint)
    printer.show(flow, ended=True)
    printer.close(flow, desk.problem)


def _lost(event: AnyEvent) -> TypeGuard[Failed]:
    return isinstance(event, Failed) and event.trace is None and event.kind is FailureKind.WORKER


def _go_on(flow: Solve, failed: Failed, backend: Backend, how: OpenCheckpoint, desk: Desk) -> None:
    """In a fresh worker; where none can be had the trace has failed, for the first reason."""
    told = len(flow.columns)
    what = f"{failed.what}; a fresh one draws the {told:,} tokens again and goes on"
    click.secho(f"\n{what}", err=True, fg="yellow")
    try:
        backend.open(how)
    except BaseException:
        flow.on(failed)
        keep(desk, flow, failed)
        raise
    backend.send(flow.again())


def picture_line(block: PictureBlock) -> str:
    """What was given, what the checkpoint saw of it, and what it cost."""
    views = f" in {block.views} views" if block.views > 1 else ""
    return (
        f"{block.width:,}×{block.height:,}, shown at {block.seen_width:,}×{block.seen_height:,}"
        f"{views}, {block.tokens:,} tokens"
    )


class Printer:
    """The text on stdout as it comes, what is known about it on stderr."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._shown = 0

    def show(self, flow: Solve, *, ended: bool) -> None:
        """Print what is new; the last token waits until it is known to be no end mark."""
        if self._quiet:
            return
        text = flow.said if ended else flow.transcript.upto(len(flow.columns) - 1)
        thought_ends = flow.parts.answer_start
        thought = text[self._shown : max(thought_ends, self._shown)]
        answer = text[max(thought_ends, self._shown) :]
        click.secho(plain(thought), dim=True, nl=False)
        click.echo(plain(answer), nl=False)
        self._shown = max(len(text), self._shown)

    def close(self, flow: Solve, trouble: str) -> None:
        """One line of figures, the verdict, and where the trace is kept."""
        if not self._quiet:
            click.echo()
        columns, trace = flow.columns, flow.trace
        rate = tokens_per_s(columns)
        speed = f" · {rate:.1f} tokens/s" if rate else ""
        click.secho(
            f"{plain(trace.checkpoint.name)} · {len(columns):,} tokens{speed} · first after "
            f"{trace.prompt_ms:,.0f} ms · {trace.ended} · trace {trace.id[:8]}",
            err=True,
            dim=True,
        )
        for number, block in enumerate(trace.pictures, 1):
            click.secho(f"picture {number}: {picture_line(block)}", err=True, dim=True)
        for note in trace.notes:
            told = f": {plain(note.told)}" if note.told else ""
            click.secho(f"{note.what} at token {note.at:,}{told}", err=True, dim=True)
        if flow.verdict is not None:
            verdict = flow.verdict
            colour = "green" if verdict.judgement is Judgement.RIGHT else "red"
            click.secho(verdict.judgement, err=True, fg=colour, bold=True, nl=False)
            found = verdict.extracted or "nothing"
            click.echo(f": found {plain(found)}, expected {plain(verdict.expected)}", err=True)
        if trouble:
            click.secho(f"The trace is not saved yet: {trouble}", err=True, fg="red")
