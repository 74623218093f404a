"""`kimidesk trace`: the traces that the desk keeps."""

import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from kimidesk.cli.agree import agree
from kimidesk.cli.budget import budget
from kimidesk.cli.compare import compare
from kimidesk.cli.fork import fork
from kimidesk.cli.hidden import hidden
from kimidesk.cli.importance import importance_verb
from kimidesk.cli.labels import labels
from kimidesk.cli.probe import probe
from kimidesk.cli.replay import replay
from kimidesk.cli.terminal import plain
from kimidesk.cli.tree import tree
from kimidesk.flows.story import joined
from kimidesk.store import Desk, Kept
from kimidesk.store.export import to_json, to_markdown


@click.group(invoke_without_command=True)
@click.pass_context
def trace(context: click.Context) -> None:
    """List, show and export kept traces; alone it lists them."""
    if context.invoked_subcommand is None:
        context.invoke(list_traces)


trace.add_command(replay)
trace.add_command(probe)
trace.add_command(compare)
trace.add_command(hidden)
trace.add_command(labels)
trace.add_command(agree)
trace.add_command(fork)
trace.add_command(tree)
trace.add_command(importance_verb)
trace.add_command(budget)


@trace.command("list")
@click.option("--search", default="", help="Only those whose problem or text holds these words.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
def list_traces(search: str, limit: int) -> None:
    """The newest traces."""
    desk = Desk.open()
    try:
        rows = desk.traces(search, limit)
    finally:
        desk.close()
    if not rows:
        click.echo("no trace matches" if search else "no trace is kept yet", err=True)
        return
    table = Table(box=None, pad_edge=False)
    for title in ("trace", "when", "tokens", "ended", "verdict", "checkpoint", "problem"):
        # Rich narrows the columns that may wrap first: the ids must stay whole.
        table.add_column(title, no_wrap=title not in ("checkpoint", "problem"))
    for row in rows:
        table.add_row(
            row.id[:8],
            time.strftime("%Y-%m-%d %H:%M", time.localtime(row.started_at)),
            f"{row.tokens:,}",
            row.ended or "growing",
            row.judgement or "",
            _cut(row.checkpoint, 28),
            _cut(row.problem, 60),
        )
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 160  # a pipe has no width; lines for grep must be whole
    console.print(table)


def _cut(text: str, most: int) -> str:
    line = plain(" ".join(text.split()))
    return line if len(line) <= most else line[: most - 1] + "…"


@trace.command("show")
@click.argument("trace_id", metavar="TRACE")
def show_trace(trace_id: str) -> None:
    """Print one trace, as Markdown."""
    click.echo(plain(_exported(trace_id, "markdown")), nl=False)


@trace.command("export")
@click.argument("trace_id", metavar="TRACE")
@click.option("--format", "kind", type=click.Choice(["json", "markdown"]), default="json")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="[default: stdout]")
def export_trace(trace_id: str, kind: str, out: Path | None) -> None:
    """Write one trace with every number (JSON) or for reading (Markdown)."""
    text = _exported(trace_id, kind)
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error


def _exported(trace_id: str, kind: str) -> str:
    desk = Desk.open()
    try:
        line = desk.line(trace_id)
        beliefs = desk.beliefs(line[-1].grown.trace.id)
    finally:
        desk.close()
    if kind == "json":
        return to_json(line[-1], beliefs)
    whole = joined(tuple(each.grown for each in line))  # a branch reads from its root on
    return to_markdown(Kept(whole, line[-1].verdict))
