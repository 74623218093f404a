"""`kimidesk trace compare`: do two checkpoints, or two engines of one, mean the same?"""

from collections.abc import Sequence
from typing import Any

import click
import msgspec
import numpy as np
from rich.console import Console
from rich.table import Table

from kimidesk.cli.backend import Backend, Stopping, choose, opening
from kimidesk.cli.options import adapters_of, model_options
from kimidesk.cli.replay import attempt_for, room_for, transcript_of
from kimidesk.cli.terminal import plain
from kimidesk.errors import Refused
from kimidesk.flows.replaying import by_ids, replay
from kimidesk.reading.divergence import Divergence, of_grown
from kimidesk.records import (
    RIVALS,
    Attempt,
    Budget,
    CheckpointInfo,
    Grown,
    Problem,
)
from kimidesk.wire.messages import Failed, OpenCheckpoint


@click.command()
@click.argument("texts", metavar="FILE_OR_TRACE...", nargs=-1, required=True)
@click.option(
    "--against", metavar="REF", required=True, help="The second checkpoint, like --model."
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@model_options
def compare(texts: tuple[str, ...], against: str, as_json: bool, **options: Any) -> int:
    """Force the same tokens on two checkpoints of one vocabulary, and tell how far they part.

    Each text is a kept trace or a file as `replay` takes it. MODEL cuts it into tokens; AGAINST
    gets those. All other options hold for both. Nothing is kept.
    """
    told = [transcript_of(text) for text in texts]
    first = choose(options["model"], options["chat_template"])
    second = choose(against)
    laid = adapters_of(options)
    asked = [attempt_for(each, first, laid) for each in told]
    longest = max(room_for(attempt, first.trained_context) for attempt in asked)
    room = {**options, "context": options["context"] or longest}
    with Stopping() as stopping:
        one = _replayed(asked, opening(first, room, Budget(), sees=False, replays=True), stopping)
        again = [by_ids(grown, laid) for grown in one]
        two = _replayed(again, opening(second, room, Budget(), sees=False, replays=True), stopping)
    parted = [of_grown(*pair) for pair in zip(one, two, strict=True)]
    checkpoints = one[0].trace.checkpoint, two[0].trace.checkpoint
    if as_json:
        click.echo(
            msgspec.json.format(msgspec.json.encode(_told(texts, parted, checkpoints))).decode()
        )
    else:
        _show(texts, parted, checkpoints)
    return 0


def _replayed(attempts: Sequence[Attempt], how: OpenCheckpoint, stopping: Stopping) -> list[Grown]:
    """One after the other in a worker of its own. Raises Refused, ModelError, KeyboardInterrupt."""
    with Backend(stopping, grading=False) as backend:
        checkpoint = backend.open(how)
        return [_run(attempt, checkpoint, backend, stopping) for attempt in attempts]


def _run(
    attempt: Attempt, checkpoint: CheckpointInfo, backend: Backend, stopping: Stopping
) -> Grown:
    flow = replay(attempt, checkpoint, Problem(""))
    for event in backend.drive(flow):
        if isinstance(event, Failed):
            raise Refused(event.what, hint=event.hint)
    if stopping.now:
        raise KeyboardInterrupt
    return flow.grown


def _figures(parted: Sequence[Divergence]) -> dict[str, float]:
    """Of all positions together; nats, and shares of 1."""
    kl = np.concatenate([each.kl for each in parted])
    came = np.concatenate([each.came for each in parted])
    entropy = np.concatenate([each.entropy for each in parted])
    return {
        "positions": len(kl),
        "same_best": float(np.concatenate([each.same_best for each in parted]).mean()),
        "kl_at_least_mean": float(kl.mean()),
        "kl_at_least_max": float(kl.max()),
        "came_mean": float(came.mean()),
        "came_max": float(came.max()),
        "told_max": float(max(each.largest.max() for each in parted)),
        "entropy_mean": float(entropy.mean()),
        "entropy_max": float(entropy.max()),
        "told": float(np.concatenate([each.told for each in parted]).mean()),
    }


def _told(
    texts: Sequence[str],
    parted: Sequence[Divergence],
    checkpoints: tuple[CheckpointInfo, CheckpointInfo],
) -> dict[str, Any]:
    """For programs; what is not known is null."""
    return {
        "checkpoints": [
            {"name": each.name, "fingerprint": each.fingerprint, "engine": each.engine}
            for each in checkpoints
        ],
        "texts": [
            {"text": text, **_figures([each])} for text, each in zip(texts, parted, strict=True)
        ],
        "all": _figures(parted),
    }


def _show(
    texts: Sequence[str],
    parted: Sequence[Divergence],
    checkpoints: tuple[CheckpointInfo, CheckpointInfo],
) -> None:
    one, two = (f"{plain(each.name)} on {each.engine}" for each in checkpoints)
    click.echo(f"{one} against {two}")
    table = Table(box=None, pad_edge=False)
    titles = ("text", "positions", "likeliest the same", "KL at least", "most")
    for title in (*titles, "log-probability apart", "most", "entropy apart", "most"):
        table.add_column(title, justify="left" if title == "text" else "right")
    rows = [(text, _figures([each])) for text, each in zip(texts, parted, strict=True)]
    if len(rows) > 1:
        rows.append(("all", _figures(parted)))
    for text, figures in rows:
        table.add_row(plain(text), *_cells(figures))
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 160  # a pipe has no width; lines for grep must be whole
    console.print(table)
    share = _figures(parted)["told"]
    click.echo(
        f"In nats. Each tells its {RIVALS} likeliest tokens and the one that came; those that both "
        f"tell hold {share:.2%} of the probability, and bound the KL divergence from below."
    )


def _cells(figures: dict[str, float]) -> list[str]:
    names = ("kl_at_least_mean", "kl_at_least_max", "came_mean", "came_max")
    nats = [f"{figures[name]:.2e}" for name in (*names, "entropy_mean", "entropy_max")]
    return [f"{figures['positions']:,.0f}", f"{figures['same_best']:.1%}", *nats]
