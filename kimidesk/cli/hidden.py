"""`kimidesk trace hidden`: what stands behind a checkpoint's layers, for other programs."""

from pathlib import Path
from typing import Any

import click
import numpy as np

from kimidesk.checkpoints import catalog
from kimidesk.cli.backend import Backend, Stopping, choose, opening
from kimidesk.cli.options import adapters_of, model_options
from kimidesk.cli.replay import attempt_for, room_for, transcript_of
from kimidesk.cli.terminal import plain
from kimidesk.errors import Refused, UsageError
from kimidesk.flows import Hidden
from kimidesk.records import Budget, CheckpointInfo
from kimidesk.store import arrays
from kimidesk.wire.messages import OpenCheckpoint

SUFFIX = ".npz"


@click.command()
@click.argument("text", metavar="FILE_OR_TRACE")
@click.option(
    "--layers",
    metavar="N,N,…",
    default="-1",
    show_default=True,
    help="0 is the embedding, N what the N-th block leaves, -1 the last one, after the final norm.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="A file of numpy's, .npz; it is replaced.",
)
@click.option(
    "--dtype", type=click.Choice(["float32", "float16"]), default="float32", show_default=True
)
@model_options
def hidden(text: str, layers: str, out: Path, dtype: Any, **options: Any) -> int:
    """Write what stands behind layers at each token of a text: the input of probes.

    FILE_OR_TRACE is a kept trace, or a file as `replay` takes it. OUT holds `states` (tokens,
    layers, width), `layers`, and `ids` of all tokens, of which the first `prompt` are the prompt.
    Only checkpoints on PyTorch can be looked into.
    """
    wanted = _layers(layers)
    _check_out(out)
    chosen = choose(options["model"], options["chat_template"])
    if not catalog.on_torch(chosen.ref):
        raise UsageError(
            f"{chosen.asked} does not run on PyTorch, and only there hidden states can be told",
            hint="Name a folder of safetensors, or a GGUF for PyTorch: --model torch:FILE.gguf",
        )
    attempt = attempt_for(transcript_of(text), chosen, adapters_of(options))
    room = options["context"] or room_for(attempt, chosen.trained_context)
    how = opening(chosen, {**options, "context": room}, Budget(), sees=False)
    flow = Hidden(attempt, wanted, dtype)
    checkpoint = _told(flow, how)
    told = {"states": flow.states, "layers": np.array(flow.layers, np.int32)}
    arrays.save(out, {**told, "ids": flow.ids, "prompt": np.array(flow.prompt, np.int32)})
    tokens, count, width = flow.states.shape
    click.echo(
        f"{tokens:,} tokens × {count} layers × {width:,} · {dtype} · {plain(checkpoint.name)} · "
        f"{plain(str(out))}"
    )
    return 0


def _told(flow: Hidden, how: OpenCheckpoint) -> CheckpointInfo:
    """Drive the flow to its end. Raises Refused, ModelError, and KeyboardInterrupt."""
    with Stopping() as stopping, Backend(stopping, grading=False) as backend:
        _say("opening the checkpoint")
        checkpoint = backend.open(how)
        _say("evaluating the text")
        said = 0
        for _ in backend.drive(flow):
            tenth = 10 * flow.come // max(len(flow.ids), 1)
            if tenth > said:
                said = tenth
                _say(f"{flow.come:,} of {len(flow.ids):,} tokens")
        if stopping.now:
            raise KeyboardInterrupt
    if flow.failed is not None:
        raise Refused(flow.failed.what, hint=flow.failed.hint)
    return checkpoint


def _say(text: str) -> None:
    click.echo(text, err=True)


def _layers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(each) for each in text.split(","))
    except ValueError as error:
        raise UsageError(
            f"--layers is {text!r}; it must be whole numbers with commas between them",
            hint="For example --layers 0,5,-1",
        ) from error


def _check_out(out: Path) -> None:
    """Before anything is evaluated."""
    if out.suffix != SUFFIX:
        raise UsageError(f"{out} must end with {SUFFIX}: that is what is written")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {out.absolute().parent} for {out.name}")
