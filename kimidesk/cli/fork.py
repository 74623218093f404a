"""`kimidesk trace fork`: go on from a token of a kept trace, otherwise than it did."""

import time
import uuid
from dataclasses import replace
from typing import Any

import click
import msgspec

from kimidesk.cli.backend import Backend, Stopping, choose, opening
from kimidesk.cli.options import model_options
from kimidesk.cli.terminal import plain
from kimidesk.cli.tree import print_outcomes
from kimidesk.client.keeping import keep_branches
from kimidesk.client.reopening import reopened
from kimidesk.errors import Refused, UsageError
from kimidesk.flows import Branch, Branches, Solve
from kimidesk.flows.branching import (
    Change,
    answer_now,
    branch,
    hint,
    keep_thinking,
    rival,
    seeds_for,
)
from kimidesk.grading.outcomes import answer_of, outcomes
from kimidesk.records import Budget, CheckpointInfo, Ended, Sampling
from kimidesk.store import Desk

SLOTS = 4
INTERRUPTED = 130


@click.command()
@click.argument("trace_id", metavar="TRACE")
@click.option("--at", type=click.IntRange(0), required=True, help="Keep this many tokens.")
@click.option("--rival", "rank", type=click.IntRange(1), help="Say the K-th likeliest there.")
@click.option("--say", default="", help="Go on with this text.")
@click.option("--answer-now", "answers", is_flag=True, help="Close the thought there.")
@click.option("--keep-thinking", "thinks", is_flag=True, help="Go on with the thought there.")
@click.option(
    "-n", "count", type=click.IntRange(1, 1000), default=1, show_default=True, help="Branches."
)
@click.option("--temperature", type=float, default=None, help="[default: the trace's]")
@click.option("--seed", type=int, default=None, help="Of the first one.  [default: not used yet]")
@click.option("--json", "as_json", is_flag=True, help="Print the branches as JSON.")
@model_options
def fork(
    trace_id: str,
    at: int,
    rank: int | None,
    count: int,
    temperature: float | None,
    seed: int | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Branch TRACE behind its first --at tokens, those of its parents counted.

    What stands before them is shared, and TRACE is not changed. Each branch is a trace of its own.
    """
    desk = Desk.open()
    try:
        solve = reopened(desk.line(trace_id))
        change = _change(solve, at, rank, options)
        seeds = _seeds(desk, solve, change, count, seed, temperature)
        with Stopping() as stopping:
            flow = _grow(desk, stopping, solve, change, seeds, temperature, options)
    finally:
        desk.close()
    if as_json:
        told = [_as_json(each) for each in flow.members if each not in flow.unbegun]
        click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
    else:
        _show(flow)
    stopped = flow.unbegun or any(each.trace.ended is Ended.STOPPED for each in flow.members)
    return INTERRUPTED if stopped else 0


def _change(solve: Solve, at: int, rank: int | None, options: dict[str, Any]) -> Change:
    said = (rank is not None, bool(options["say"]), options["answers"], options["thinks"])
    if sum(said) > 1:
        raise UsageError("a branch does one thing: --rival, --say, --answer-now or --keep-thinking")
    if rank is not None:
        return rival(solve, at, _ranked(solve, at, rank))
    if options["say"]:
        return hint(solve, at, options["say"])
    if options["answers"]:
        return answer_now(solve, at)
    return keep_thinking(solve, at) if options["thinks"] else Change(at)


def _ranked(solve: Solve, at: int, rank: int) -> int:
    """The id of the token that was so likely there; 1 is the likeliest."""
    if at >= len(solve.columns):
        raise UsageError(f"the trace has {len(solve.columns):,} tokens; none has rivals at {at:,}")
    told = [id_ for id_ in solve.columns.rival_id[at].tolist() if id_ >= 0]
    if rank > len(told):
        raise UsageError(f"{len(told)} rivals are known at {at:,}; there is no {rank}")
    return int(told[rank - 1])


def _seeds(
    desk: Desk,
    solve: Solve,
    change: Change,
    count: int,
    seed: int | None,
    temperature: float | None,
) -> list[int]:
    warmth = solve.trace.sampling.temperature if temperature is None else temperature
    taken = {each.seed for each in desk.family(solve.trace.id)}
    found = seeds_for(solve, change, count, warmth, taken)
    return found if seed is None else [seed + number for number in range(count)]


def _grow(
    desk: Desk,
    stopping: Stopping,
    solve: Solve,
    change: Change,
    seeds: list[int],
    temperature: float | None,
    options: dict[str, Any],
) -> Branches:
    trace = solve.trace
    chosen = choose(options["model"] or trace.checkpoint.ref, options["chat_template"])
    if chosen.fingerprint != trace.checkpoint.fingerprint:
        raise UsageError(
            f"trace {trace.id[:8]} was written by {trace.checkpoint.name}; "
            f"{chosen.name or chosen.ref} has other token ids",
            hint="Name the checkpoint that wrote it (--model).",
        )
    warm = trace.sampling
    if temperature is not None:
        warm = replace(warm, temperature=temperature).check()
    slots = min(len(seeds), SLOTS)
    context = options["context"] or trace.checkpoint.context
    sees = bool(trace.pictures)
    how = opening(chosen, {**options, "context": context}, Budget(), slots=slots, sees=sees)
    with Backend(stopping, grading=bool(trace.problem.answer)) as backend:
        opened = backend.open(how)
        flow = Branches([_branch(solve, change, each, warm, opened) for each in seeds], slots)
        for event in backend.drive_to_end(flow):
            keep_branches(desk, flow, event)
    desk.settle()
    refused = [each for each in flow.members if each.trace.reason and not each.trace.prompt]
    if refused:  # all were asked alike
        raise Refused(refused[0].trace.reason)
    return flow


def _branch(
    solve: Solve, change: Change, seed: int, sampling: Sampling, opened: CheckpointInfo
) -> Branch:
    id_, now = uuid.uuid4().hex, time.time()
    return branch(
        solve, change, id_, seed=seed, sampling=sampling, checkpoint=opened, started_at=now
    )


def _as_json(each: Branch) -> dict[str, Any]:
    trace, kept = each.trace, each.trace.fork
    return {
        "trace": trace.id,
        "parent": kept.parent if kept else None,
        "at": kept.at if kept else None,
        "seed": trace.seed,
        "ended": trace.ended,
        "tokens": len(each.columns),
        "prompt_ms": trace.prompt_ms,
        "text": each.said,
        "answer": answer_of(each.answered, each.verdict),
        "judgement": each.verdict.judgement if each.verdict else None,
    }


def _show(flow: Branches) -> None:
    members = [each for each in flow.members if each not in flow.unbegun]
    for each in members:
        click.secho(
            f"{each.trace.id[:8]} · seed {each.trace.seed} · {len(each.columns):,} tokens · first "
            f"after {each.trace.prompt_ms:,.0f} ms · {each.trace.ended}"
            + (f": {plain(each.trace.reason)}" if each.trace.reason else ""),
            dim=True,
        )
        click.echo(plain(each.said))
    told = [
        (answer_of(each.answered, each.verdict), each.verdict.judgement if each.verdict else None)
        for each in members
    ]
    if len(told) > 1:
        print_outcomes(outcomes(told))
    elif members:
        answer, judgement = told[0]
        click.echo(f"answer: {plain(answer or 'none')}" + (f" · {judgement}" if judgement else ""))
