"""`kimidesk trace replay`: what a checkpoint thinks of a text that is given."""

import math
import time
import uuid
from pathlib import Path
from typing import Any

import click

from kimidesk.cli.backend import Chosen, choose, opening
from kimidesk.cli.options import adapters_of, model_options
from kimidesk.cli.solve import Printer, run
from kimidesk.cli.terminal import plain
from kimidesk.client import dialect
from kimidesk.flows import Solve
from kimidesk.flows.asking import messages_for
from kimidesk.records import (
    Adapter,
    Attempt,
    Budget,
    CheckpointInfo,
    Given,
    Sampling,
    Trace,
)
from kimidesk.store import Desk, transcripts
from kimidesk.store.export import to_json
from kimidesk.store.transcripts import Transcript

BYTES_A_TOKEN = 2  # fewer than any vocabulary needs for a text: 3 to 4 in English, 3 in Chinese
PROMPT_ROOM = 1024


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--singly", is_flag=True, help="One token a call: slow, and exact to the last bit.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole trace as JSON at the end.")
@model_options
def replay(file: Path, singly: bool, as_json: bool, **options: Any) -> int:
    """Give each token of FILE the probability, entropy and rivals that MODEL would have given it.

    FILE is an exported trace, {"messages": […]}, {"problem": …, "output": …} or a plain text. The
    result is kept like any other trace.
    """
    told = transcripts.read(file)
    chosen = choose(options["model"], options["chat_template"])
    laid = adapters_of(options)
    attempt = attempt_for(told, chosen, laid, singly=singly)
    room = options["context"] or room_for(attempt, chosen.trained_context)
    how = opening(chosen, {**options, "context": room}, Budget(), replays=not singly)

    def begin(checkpoint: CheckpointInfo) -> Solve:
        trace = Trace(
            attempt.trace,
            told.problem,
            checkpoint,
            Sampling(),
            Budget(),
            0,
            started_at=time.time(),
            adapters=laid,
        )
        return Solve(trace, attempt)

    kept, status = run(begin, how, Printer(quiet=True), grading=bool(told.problem.answer))
    if as_json:
        click.echo(to_json(kept), nl=False)
        return status
    columns = kept.grown.columns
    if len(columns):
        mean = float(columns.logprob.mean())
        click.echo(
            f"{len(columns):,} tokens · mean log-probability {mean:.3f} nats · perplexity "
            f"{math.exp(-mean):.3f} · mean entropy {float(columns.entropy.mean()):.3f} nats · "
            f"{float((columns.rank == 1).mean()):.0%} of the tokens were the likeliest"
        )
    click.echo(f"{plain(kept.grown.trace.checkpoint.name)} · trace {kept.grown.trace.id[:8]}")
    return status


def transcript_of(text: str) -> Transcript:
    """A file of this name, else the kept trace."""
    if Path(text).is_file():
        return transcripts.read(Path(text))
    desk = Desk.open()
    try:
        return transcripts.of(desk.load(text).grown)
    finally:
        desk.close()


def attempt_for(
    told: Transcript, chosen: Chosen, laid: tuple[Adapter, ...], *, singly: bool = False
) -> Attempt:
    """Its replay: by its ids where the same checkpoint wrote it, else by its text."""
    own = bool(told.ids) and told.fingerprint == chosen.fingerprint
    text = told.text
    if told.thought and not own:
        text = dialect.look_up(chosen.asked).joined(told.thought, told.text)
    return Attempt(
        uuid.uuid4().hex,
        messages_for(told.problem) if told.messages is None else told.messages,
        prompt=told.prompt if own else (),
        given=Given(ids=told.ids, singly=singly) if own else Given(text, singly=singly),
        adapters=laid,
    )


def room_for(attempt: Attempt, trained: int) -> int:
    """Tokens that surely hold it; a text is not cut into tokens before the checkpoint is open."""
    given = attempt.given or Given()
    if given.ids:
        need = len(given.ids) + len(attempt.prompt) + PROMPT_ROOM
    else:
        texts = [given.text, *(one.content + one.thought for one in attempt.messages)]
        size = sum(len(text.encode()) for text in texts)
        need = min(size // BYTES_A_TOKEN + PROMPT_ROOM, trained or size)
    return -(-need // 256) * 256
