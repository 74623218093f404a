"""`kimidesk trace probe`: when the checkpoint knew the answer."""

import math
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk.cli.backend import Backend, Chosen, Stopping, choose, opening
from kimidesk.cli.beliefs import along, sentence
from kimidesk.cli.options import model_options
from kimidesk.cli.terminal import plain
from kimidesk.errors import UsageError
from kimidesk.flows import Probe
from kimidesk.flows.probe import CUE, CUE_ROOM, MOST, Forced
from kimidesk.grading.normal import normalise
from kimidesk.reading.dynamics import Dynamics, dynamics
from kimidesk.records import Budget, Grown, Judgement
from kimidesk.store import Desk
from kimidesk.wire.messages import AnyEvent, Judge, Judged

PLACES = 16  # when nobody says where
SLOTS = 4
INTERRUPTED = 130


@click.command()
@click.argument("trace_id", metavar="TRACE")
@click.option("--at", "places", type=click.IntRange(0), multiple=True, help="After this token.")
@click.option(
    "--every",
    type=click.IntRange(1),
    default=None,
    help=f"After each so many tokens.  [default: at {PLACES} places]",
)
@click.option(
    "--boundaries",
    is_flag=True,
    help="Where sentences end, as far as answers change there: the belief curve, which is kept.",
)
@click.option("--cue", "cues", multiple=True, help=f"Said before the answer.  [default: {CUE}]")
@click.option(
    "--candidate",
    "candidates",
    multiple=True,
    help="Rate this answer instead; with --boundaries: too, in its usual spellings.",
)
@click.option("--answer", default="", help="The right answer.  [default: the problem's]")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@model_options
def probe(
    trace_id: str,
    places: tuple[int, ...],
    every: int | None,
    boundaries: bool,
    cues: tuple[str, ...],
    candidates: tuple[str, ...],
    answer: str,
    as_json: bool,
    **options: Any,
) -> int:
    """Force an answer at many places of TRACE, as if its thought had ended there.

    The trace is not changed; one that was replayed is probed like any other. MODEL must be the
    checkpoint that wrote it. With --boundaries the answers are asked for under two cues (or those
    named), and every spelling of the candidates is rated: the right one and those that were found.
    """
    if boundaries and (places or every):
        raise UsageError("--boundaries finds its places itself", hint="Leave --at and --every out.")
    grown = _loaded(trace_id)
    where = _places(len(grown.columns), places, every)
    chosen = choose(options["model"] or grown.trace.checkpoint.ref, options["chat_template"])
    _check(trace_id, grown, chosen)
    needed = len(grown.trace.prompt) + len(grown.columns) + CUE_ROOM + MOST
    room = options["context"] or -(-needed // 256) * 256
    how = opening(chosen, {**options, "context": room}, Budget(), slots=SLOTS)
    expected = answer or grown.trace.problem.answer
    if boundaries:
        return along(grown, how, expected, cues, candidates, as_json=as_json, slots=SLOTS)
    try:
        flow = Probe(
            grown,
            where,
            cues=cues,
            candidates=candidates,
            drawn=not candidates,
            slots=SLOTS,
        )
    except ValueError as error:
        raise UsageError(str(error)) from error
    with Stopping() as stopping, Backend(stopping, grading=bool(expected)) as backend:
        backend.open(how)
        for _ in backend.drive(flow):
            pass
        whole = flow.done
        right = _judged(flow, backend, stopping, expected) if expected and whole else {}
    tokens = len(grown.columns)
    first = [each for each in flow.results if each.cue == (cues or (CUE,))[0]]
    told = None if candidates or not whole else _dynamics(first, right, tokens)
    if as_json:
        results = [_as_json(each, right) for each in flow.results]
        told_all = {"tokens": tokens, "places": results, "dynamics": told}
        click.echo(msgspec.json.format(msgspec.json.encode(told_all)).decode())
    else:
        _show(flow.results, right, tokens)
        if told is not None:
            click.echo(sentence(told, tokens))
    return 0 if whole else INTERRUPTED


def _check(trace_id: str, grown: Grown, chosen: Chosen) -> None:
    """Raises UsageError where this checkpoint cannot go on from the ids of the trace."""
    if chosen.fingerprint != grown.trace.checkpoint.fingerprint:
        raise UsageError(
            f"trace {trace_id} was written by {grown.trace.checkpoint.name}; "
            f"{chosen.name or chosen.ref} has other token ids",
            hint="Name the checkpoint that wrote it (--model).",
        )
    if not grown.trace.prompt:
        raise UsageError(
            f"trace {trace_id} came from a server that tells no token ids of its prompt",
            hint="Replay it with a local checkpoint (kimidesk trace replay), and probe that.",
        )


def _loaded(trace_id: str) -> Grown:
    desk = Desk.open()
    try:
        return desk.load(trace_id).grown
    finally:
        desk.close()


def _places(tokens: int, places: tuple[int, ...], every: int | None) -> list[int]:
    """In their order, each once; the start and the end are among those that nobody named."""
    if places:
        return sorted(set(places))
    step = every or max(math.ceil(tokens / PLACES), 1)
    return sorted({*range(0, tokens, step), tokens})


def _judged(
    flow: Probe, backend: Backend, stopping: Stopping, expected: str
) -> dict[str, Judgement]:
    """The verdict on each answer that was given; equal ones are judged once."""
    answers = {each.text for each in flow.results if not each.trouble}
    backend.send([Judge(text, f"\\boxed{{{text}}}", expected) for text in answers])
    right: dict[str, Judgement] = {}
    while len(right) < len(answers) and not stopping.now:
        event: AnyEvent | None = backend.next_event(0.2)
        if isinstance(event, Judged) and event.trace in answers:
            right[event.trace] = event.verdict.judgement
    return right


def _dynamics(results: list[Forced], right: dict[str, Judgement], tokens: int) -> Dynamics:
    answers = ["" if each.trouble else normalise(each.text).key for each in results]
    known = [right.get(each.text) is Judgement.RIGHT for each in results] if right else []
    return dynamics([each.at for each in results], answers, tokens, known)


def _as_json(result: Forced, right: dict[str, Judgement]) -> dict[str, Any]:
    return {
        "at": result.at,
        "answer": result.text,
        "cue": result.cue,
        "candidate": result.candidate,
        "confidence": result.confidence if result.tokens and result.candidate is None else None,
        "logprob": result.logprob if result.tokens else None,
        "tokens": result.tokens,
        "judgement": right.get(result.text),
        "trouble": result.trouble,
    }


def _show(results: list[Forced], right: dict[str, Judgement], tokens: int) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("after token", "of the trace", "answer", "probability", "verdict"):
        table.add_column(title, justify="right" if title != "answer" else "left")
    for each in results:
        table.add_row(
            f"{each.at:,}",
            f"{each.at / max(tokens, 1):.0%}",
            plain(each.text if not each.trouble else f"({each.trouble})"),
            f"{math.exp(each.logprob):.3f}" if each.tokens else "",
            str(right.get(each.text, "")),
        )
    Console(markup=False, highlight=False).print(table)
