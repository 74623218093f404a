"""`kimidesk --headless long2short`: accuracy against tokens, one point a run."""

from collections.abc import Sequence
from pathlib import Path

import click
import msgspec
from rich.table import Table

from kimidesk.cli.terminal import plain, wide
from kimidesk.errors import NotFound
from kimidesk.grading.curves import RunPoint, runs_csv
from kimidesk.grading.curves import long2short as points_of
from kimidesk.grading.gathered import gather
from kimidesk.store import figures, told
from kimidesk.store.charts import as_file
from kimidesk.store.runs import journal_of

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("paths", metavar="RUN...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--csv", "table", type=_FILE, default=None, help="Write the points as CSV.")
@click.option("--svg", "picture", type=_FILE, default=None, help="Draw them.")
@click.option("--json", "as_json", is_flag=True, help="Print the points as JSON.")
def long2short(
    paths: tuple[Path, ...], *, table: Path | None, picture: Path | None, as_json: bool
) -> None:
    """Accuracy against mean tokens: a run that is right with fewer tokens stands further left.

    A run on the front is one that no other beats in both.
    """
    runs = [(name, gather(journal_of(path))) for name, path in _named(paths)]
    points = points_of(runs)
    for name, _ in runs:
        if name not in {point.name for point in points}:
            click.echo(plain(f"warning: {name} has no graded sample and is left out"), err=True)
    if not points:
        raise NotFound(
            "none of these runs has a graded sample", hint="Let `score` go on in their folders."
        )
    if table is not None:
        told.write(table, runs_csv(points))
    if picture is not None:
        told.write(picture, as_file(figures.runs_chart(points)))
    if as_json:
        click.echo(msgspec.json.encode(points).decode())
    else:
        _show(points)


def _named(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """By the folder's name; by its path where two are called alike."""
    names = [path.resolve().name for path in paths]
    return [
        (name if names.count(name) == 1 else str(path), path)
        for name, path in zip(names, paths, strict=True)
    ]


def _show(points: Sequence[RunPoint]) -> None:
    columns = ("run", "mean tokens", "accuracy", "95 %", "samples", "front")
    table = Table(*columns, box=None, pad_edge=False)
    for point in sorted(points, key=lambda each: each.mean_tokens):
        table.add_row(
            plain(point.name), f"{point.mean_tokens:,.0f}", f"{point.accuracy:.1%}",
            f"{point.low:.1%} – {point.high:.1%}", f"{point.samples:,}",
            "yes" if point.front else "",
        )  # fmt: skip
    wide().print(table)
