"""`kimidesk data`: benchmarks that are known by name, and how a file will be read."""

import sys
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from kimidesk.checkpoints.download import download
from kimidesk.checkpoints.drafts import draft_of
from kimidesk.cli.terminal import plain, wide
from kimidesk.errors import BadData
from kimidesk.flows.asking import messages_for
from kimidesk.grading.gym.allowed import ALLOWED
from kimidesk.records import Problem
from kimidesk.settings import data_folder
from kimidesk.store import presets, suites
from kimidesk.store.gym import PREFIX
from kimidesk.store.named import suite_of

FOLDER = click.option(
    "--data-folder",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where benchmarks are looked for, before KIMIDESK_DATA.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="One line for a program to read.")


@click.group()
def data() -> None:
    """Benchmarks: which are known, what a file holds, and fetching one."""


@data.command("list")
@FOLDER
@JSON
def list_data(folder: Path | None, as_json: bool) -> None:
    """The benchmarks that `--data NAME` knows, and where they were found."""
    rows = [_listed(preset, folder) for preset in presets.PRESETS]
    rows += [
        {"name": name, "title": "of this program", "language": "", "licence": "Apache-2.0",
         "problems": len(suites.read(path).problems), "file": str(path)}
        for name, path in presets.own_suites().items()
    ]  # fmt: skip
    if as_json:
        sys.stdout.write(msgspec.json.encode(rows).decode() + "\n")
        return
    table = Table("name", "what", "problems", "language", "licence", "file", box=None)
    for row in rows:
        table.add_row(
            *(str(row[key]) for key in ("name", "title", "problems", "language", "licence")),
            row["file"] or "not here",
        )
    console = wide()
    console.print(table)
    console.print(
        f"\nGenerated, as gym:TASK?size=100,seed=1 (pip install 'kimidesk[gym]'): "
        f"{', '.join(ALLOWED)}",
        highlight=False,
        markup=False,
    )


def _listed(preset: presets.Preset, folder: Path | None) -> dict[str, Any]:
    found = presets.find(preset.name, folder)
    return {
        "name": preset.name,
        "title": preset.title,
        "problems": preset.problems,
        "language": preset.language,
        "licence": preset.licence,
        "file": str(found) if found else "",
        "source": preset.source,
    }


@data.command("show")
@click.argument("ref", metavar="NAME|FILE|FOLDER|gym:TASK")
@click.option("--map", "mapping", default="", help="problem=FIELD,answer=FIELD,id=FIELD")
@click.option("--limit", type=click.IntRange(1), default=2, show_default=True)
@FOLDER
@JSON
def show_data(ref: str, mapping: str, limit: int, folder: Path | None, as_json: bool) -> None:
    """How the problems of a file will be put, and which of its rows are left out."""
    suite = suite_of(ref, folder, mapping=suites.parse_mapping(mapping))
    path = ref if ref.startswith(PREFIX) else str(presets.resolve(ref, folder))
    told = {
        "file": path,
        "problems": len(suite.problems),
        "fingerprint": suite.fingerprint,
        "left_out": list(suite.skipped),
        "first": [_put(problem) for problem in suite.problems[:limit]],
    }
    if as_json:
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return
    click.echo(f"{path}: {len(suite.problems):,} problems ({suite.fingerprint})")
    for sentence in suite.skipped:
        click.echo(plain(f"left out: {sentence}"))
    for problem in suite.problems[:limit]:
        put = _put(problem)
        click.echo(plain(f"\n── {put['id']} · {put['task']} · expected: {put['answer']}"))
        click.echo(plain(put["asked"]))


def _put(problem: Problem) -> dict[str, Any]:
    return {
        "id": problem.name or str(problem.number),
        "task": problem.task.value,
        "subject": problem.subject,
        "level": problem.level,
        "answer": problem.answer,
        "images": list(problem.images),
        "asked": messages_for(problem)[0].content,
    }


@data.command("pull")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def pull_data(name: str, yes: bool) -> None:
    """Fetch a benchmark into the data folder; what it is and where from is told first."""
    preset = presets.BY_NAME[presets.canonical(name)]
    if not preset.source:
        raise BadData(
            f"{preset.title} is kept in several files that must be fetched by hand",
            hint="Put its folder into the data folder, or name the file: --data FILE.",
        )
    target = data_folder() / "benchmarks" / preset.target
    click.echo(
        f"{preset.title}: {preset.problems:,} problems, licence: {preset.licence}\n"
        f"from {preset.source}\nto   {target}",
        err=True,
    )
    if not yes:
        click.confirm("Fetch it?", abort=True, err=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(target)
    columns = (TextColumn(name), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(name, total=None)

        def progress(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        download(preset.source, draft, progress)
    draft.replace(target)
    click.echo(f"{target}: {len(suites.read(target).problems):,} problems")
