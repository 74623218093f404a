"""`kimidesk --headless compare`: is one run better than another?"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.table import Table

from kimidesk.cli.terminal import plain, wide
from kimidesk.grading.gathered import gather
from kimidesk.grading.paired import POINTS, Paired
from kimidesk.grading.paired import compare as paired
from kimidesk.store import told
from kimidesk.store.runs import journal_of

SHOWN = 30  # problems that changed, in the terminal; all of them with --json
EXPECTED_TO_DIFFER = {"checkpoint"}  # what runs are compared for


@click.command()
@click.argument("one", metavar="RUN_A", type=click.Path(path_type=Path))
@click.argument("other", metavar="RUN_B", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def compare(one: Path, other: Path, *, as_json: bool) -> None:
    """Compare two runs on the problems that they have in common, pair by pair."""
    first, second = (told.run_in(path)["identity"] for path in (one, other))
    found = paired(*(gather(journal_of(path)) for path in (one, other)))
    warnings = _warnings(first, second, found)
    for warning in warnings:
        click.echo(plain(f"warning: {warning}"), err=True)
    if as_json:
        content = {"one": str(one), "other": str(other), "warnings": warnings, **asdict(found)}
        click.echo(msgspec.json.encode(content).decode())
    else:
        _show(one, other, found)


def _warnings(one: dict[str, Any], other: dict[str, Any], found: Paired) -> list[str]:
    made = [
        f"the runs differ in {name.replace('_', ' ')}: {_told(one, name)} in A, "
        f"{_told(other, name)} in B"
        for name in {**one, **other}
        if one.get(name) != other.get(name) and name not in EXPECTED_TO_DIFFER
    ]
    if any(found.left_out):
        made.append(
            f"{found.left_out[0]:,} problems of A and {found.left_out[1]:,} of B are not in both "
            "and are left out"
        )
    if found.expected_differ:
        made.append(f"the expected answers of {found.expected_differ:,} problems differ")
    return made


def _told(identity: dict[str, Any], name: str) -> str:
    value = identity.get(name)
    text = "nothing" if value in (None, "") else str(value)
    return text if len(text) <= 160 else f"{text[:159]}…"


def _show(one: Path, other: Path, found: Paired) -> None:
    console = wide()
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in _rows(one, other, found):
        table.add_row(name, plain(value))
    console.print(table)
    if not found.changed:
        console.print("No problem changed.")
        return
    changed = Table("problem", "A", "B", "question", box=None, pad_edge=False)
    for each in found.changed[:SHOWN]:
        question = " ".join(each.question.split())[:90]
        name = each.name or str(each.numbers[0])
        changed.add_row(plain(name), f"{each.one:.0%}", f"{each.other:.0%}", plain(question))
    console.print(changed)
    if len(found.changed) > SHOWN:
        console.print(f"and {len(found.changed) - SHOWN:,} more; --json lists all")


def _rows(one: Path, other: Path, found: Paired) -> list[tuple[str, str]]:
    low, high = found.interval
    sure = "a difference" if found.sure else "no difference that these problems can show"
    more = (
        f"{found.problems_more:,} more problems like these ({found.problems_wanted:,} in all)"
        if found.problems_more
        else "these are enough"
    )
    made = [
        ("A", f"{one}: {found.one:.1%}"),
        ("B", f"{other}: {found.other:.1%}"),
        ("problems", f"{found.problems:,} in both"),
        (
            "B less A",
            f"{_points(found.difference)} points, 95 % interval {_points(low)} to {_points(high)}: "
            f"{sure}",
        ),
    ]
    if found.mcnemar is not None:
        made.append((
            "McNemar",
            f"right in A alone {found.only_one}, in B alone {found.only_other}; exact "
            f"p = {found.mcnemar:.3g}",
        ))  # fmt: skip
    low, high = found.tokens_interval
    return [
        *made,
        (f"to show {100 * POINTS:.0f} points", f"{more}, 80 % power"),
        ("tokens", f"{found.tokens:+,.0f} a sample, 95 % interval {low:+,.0f} to {high:+,.0f}"),
        ("changed", f"{len(found.changed):,} problems"),
    ]


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
