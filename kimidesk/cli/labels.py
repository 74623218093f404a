"""`kimidesk trace labels`: what people say of traces, into a file and out of one."""

from pathlib import Path

import click

from kimidesk.cli.terminal import plain
from kimidesk.errors import BadData, NotFound, UsageError
from kimidesk.store import Desk
from kimidesk.store.labelled import Labelled, read, write


@click.command()
@click.argument("traces", metavar="[TRACE]...", nargs=-1)
@click.option(
    "--out",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of JSON lines to write.",
)
@click.option(
    "--in",
    "source",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of JSON lines whose labels are kept on the desk.",
)
@click.option("--annotator", default="", help="Only what this person says.  [default: everybody]")
def labels(
    traces: tuple[str, ...], target: Path | None, source: Path | None, annotator: str
) -> None:
    """Write the labels that people gave to sentences of TRACE, or read them in.

    Without TRACE it is every labelled one. A line is {"id", "text", "segments": [{"start", "end",
    "kind", "subtype", "annotator"}]}, with offsets in characters. What is read takes the place of
    what the same annotator said of the same trace.
    """
    if (target is None) is (source is None):
        raise UsageError(
            "either --out or --in is needed", hint="--out writes labels, --in reads them."
        )
    desk = Desk.open()
    try:
        if target is not None:
            _write(desk, traces, target, annotator)
        elif source is not None:
            _read(desk, traces, source, annotator)
    finally:
        desk.close()


def labelled(desk: Desk, traces: tuple[str, ...], annotator: str = "") -> list[Labelled]:
    """Traces with what people say of them; raises NotFound where there is nothing."""
    grown = [desk.load(trace).grown for trace in traces or desk.labelled()]
    found = [Labelled(each.trace.id, each.text, desk.labels(each.trace.id)) for each in grown]
    if annotator:
        found = [
            Labelled(each.id, each.text, {annotator: each.labels[annotator]})
            for each in found
            if annotator in each.labels
        ]
    found = [each for each in found if each.labels]
    if not found:
        which = "any of these traces" if traces else "any trace"
        raise NotFound(
            f"{annotator} has not labelled {which}" if annotator else f"nobody labelled {which}",
            hint="Label sentences in the window: Ctrl+Alt+L.",
        )
    return found


def _write(desk: Desk, traces: tuple[str, ...], target: Path, annotator: str) -> None:
    found = labelled(desk, traces, annotator)
    write(target, found)
    count = sum(len(own) for each in found for own in each.labels.values())
    click.echo(f"{count:,} labels of {len(found):,} traces in {target}", err=True)


def _read(desk: Desk, traces: tuple[str, ...], source: Path, annotator: str) -> None:
    taken = 0
    for each in read(source):
        if traces and not any(each.id.startswith(trace) for trace in traces):
            continue
        try:
            grown = desk.load(each.id).grown
        except NotFound:
            click.echo(plain(f"warning: {each.id} is not kept here; left out"), err=True)
            continue
        _check(source, each, grown.text)
        for name, own in each.labels.items():
            if annotator in ("", name):
                desk.label(grown.trace.id, _named(source, name), own)
                taken += len(own)
    if not taken:
        raise NotFound(f"{source} holds no label of a trace that is kept here")
    desk.settle()
    click.echo(f"{taken:,} labels kept", err=True)


def _named(source: Path, annotator: str) -> str:
    if annotator:
        return annotator
    raise BadData(
        f"{source} does not say whose the labels are", hint='Add "annotator" to each segment.'
    )


def _check(source: Path, each: Labelled, text: str) -> None:
    """Offsets mean nothing in another text."""
    if each.text == text:
        return
    pairs = zip(each.text, text, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(each.text), len(text)))
    raise BadData(
        f"{source}: the text of {each.id} is not that of the trace which is kept here; they part "
        f"at character {at:,}",
        hint="Labels fit only the text that they were made on.",
    )
