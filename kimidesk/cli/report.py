"""`kimidesk --headless report`: a run's results, made again from its folder alone."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.table import Table
from rich.text import Text

from kimidesk.cli import summary
from kimidesk.cli.terminal import plain, wide
from kimidesk.errors import StoreError
from kimidesk.grading.curves import CurvePoint, curve_csv, forced, long2short, posthoc
from kimidesk.grading.gathered import Gathered, gather
from kimidesk.grading.tally import Tally, tally
from kimidesk.records import Sample
from kimidesk.store import figures, told
from kimidesk.store.charts import as_file
from kimidesk.store.report import report as page
from kimidesk.store.runs import journal_of
from kimidesk.store.whole import whole

SHOWN = 12  # points of a curve in the terminal


@click.command()
@click.argument("path", metavar="RUN", type=click.Path(path_type=Path))
@click.option("--html", is_flag=True, help="Print where report.html is, and nothing else.")
@click.option(
    "--beside",
    multiple=True,
    metavar="RUN",
    type=click.Path(path_type=Path),
    help="Another run in the picture of accuracy against tokens; may be given again.",
)
@click.option("--budgets", default="", metavar="A,B,…", help="Further points of the free curve.")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def report(path: Path, *, html: bool, beside: tuple[Path, ...], budgets: str, as_json: bool) -> int:
    """Make summary.json, report.html, budget_curve.csv and budget_curve.svg of a run again.

    Everything is read from the folder; no model is run, and a run that goes on is not disturbed.
    """
    run, analysis = told.run_in(path), told.analysis_in(path)
    samples = journal_of(path)
    numbers = gather(samples)
    counted = tally(numbers)
    free, drawn = posthoc(numbers, _budgets(budgets)), forced(numbers)
    rows = [*summary.rows(counted, analysis=analysis), *speed_row(run)]
    told.write(path / "budget_curve.csv", curve_csv([*free, *drawn]))
    if chart := figures.curve_chart(free, drawn):
        told.write(path / "budget_curve.svg", as_file(chart))
    told.write(path / "summary.json", _pretty(summary.as_json(counted)))
    _write_page(path, run, rows, samples, numbers, counted, beside)
    if html:
        click.echo(str(path / "report.html"))
    elif as_json:
        told_json = {**summary.as_json(counted), "posthoc": free, "forced": drawn}
        sys.stdout.write(msgspec.json.encode(told_json).decode() + "\n")
    else:
        _show(rows, counted, free, drawn)
    return 0


def speed_row(run: dict[str, Any]) -> list[tuple[str, str]]:
    """Tokens a second over all sessions, where any were timed."""
    tokens, seconds = told.speed(run)
    if not tokens or seconds <= 0:
        return []
    return [("tokens a second", f"{tokens / seconds:,.1f} ({seconds:,.0f} s of work)")]


def facts_of(identity: dict[str, Any]) -> list[tuple[str, str]]:
    """What decides the run, as it stands in run.json, in words."""
    return [
        (name.replace("_", " "), _spelled(value))
        for name, value in identity.items()
        if value not in (None, "", [], {})
    ]


def _spelled(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{name.replace('_', ' ')} {'without limit' if each is None else _spelled(each)}"
            for name, each in value.items()
        )
    if isinstance(value, list):
        return ", ".join(map(_spelled, value))
    return str(value)


def _write_page(
    path: Path,
    run: dict[str, Any],
    rows: Sequence[tuple[str, str]],
    samples: Iterable[Sample],
    numbers: Gathered,
    counted: Tally,
    beside: Sequence[Path],
) -> None:
    others = [(other.resolve().name, gather(journal_of(other))) for other in beside]
    runs = long2short([(path.resolve().name, numbers), *others])
    pieces = page(
        path.resolve().name, facts_of(run["identity"]), rows, samples,
        gathered=numbers, alarm=summary.alarm(counted), runs=runs,
    )  # fmt: skip
    try:
        with whole(path / "report.html") as file:
            for piece in pieces:
                file.write(piece.encode("utf-8", "replace"))
    except OSError as error:
        raise StoreError(
            f"{path / 'report.html'} cannot be written: {error.strerror or error}"
        ) from error


def _budgets(text: str) -> list[int]:
    """As `256,1k,32k`."""
    made = []
    for each in filter(None, (part.strip().lower() for part in text.split(","))):
        digits, factor = (each[:-1], 1024) if each.endswith("k") else (each, 1)
        if not digits.isascii() or not digits.isdigit() or int(digits) < 1:
            raise click.BadParameter(
                f"{each!r} is no number of tokens; write 256 or 4k", param_hint="--budgets"
            )
        made.append(int(digits) * factor)
    return made


def _show(
    rows: Sequence[tuple[str, str]],
    counted: Tally,
    free: Sequence[CurvePoint],
    drawn: Sequence[CurvePoint],
) -> None:
    console = wide()
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in rows:
        table.add_row(plain(name), plain(value))
    console.print(table)
    if alarm := summary.alarm(counted):
        console.print(Text(alarm[1], "bold red" if alarm[0] == "red" else "yellow"))
    for part in (counted.subjects, counted.levels):
        if len(part) > 1:
            console.print(_parts(part))
    step = max(1, len(free) // SHOWN)
    if points := [*free[::-step][::-1], *drawn]:  # the last point is the whole run
        console.print(_curve(points))


def _parts(part: dict[str, Any]) -> Table:
    table = Table("", "accuracy", "95 %", "graded", "mean tokens", box=None, pad_edge=False)
    for name, each in part.items():
        if each.accuracy is not None:
            between = f"{each.interval[0]:.1%} – {each.interval[1]:.1%}"
            table.add_row(plain(name), f"{each.accuracy:.1%}", between, f"{each.graded:,}",
                          f"{each.mean_tokens:,.0f}")  # fmt: skip
    return table


def _curve(points: Sequence[CurvePoint]) -> Table:
    table = Table("budget", "curve", "accuracy", "95 %", "mean tokens", box=None, pad_edge=False)
    for point in points:
        between = f"{point.low:.1%} – {point.high:.1%}"
        table.add_row(f"{point.budget:,}", point.kind, f"{point.accuracy:.1%}", between,
                      f"{point.mean_tokens:,.0f}")  # fmt: skip
    return table


def _pretty(content: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(content)).decode() + "\n"
