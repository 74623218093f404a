"""`kimidesk trace agree`: how far two annotators agree."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk.cli.labels import labelled
from kimidesk.cli.terminal import plain
from kimidesk.errors import NotFound, UsageError
from kimidesk.reading.segments import segments
from kimidesk.reading.segments.agreed import Agreement, Measured, agreement, known
from kimidesk.reading.segments.labelled import Labels
from kimidesk.records import Kind, Label
from kimidesk.store import Desk
from kimidesk.store.labelled import Labelled, read

MACHINE = "machine"
Compared = list[tuple[str, Labels, Labels]]


@click.command()
@click.argument(
    "files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--annotators",
    type=(str, str),
    metavar="A B",
    help="Whom to compare; `machine` is the segmenter.  [default: the only one of each FILE]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def agree(files: tuple[Path, ...], annotators: tuple[str, str] | None, *, as_json: bool) -> None:
    """Tell how far two people agree about what sentences do: κ, Gwet's AC2, and kind by kind.

    Two FILES (of `trace labels --out`) are compared with each other, one FILE or the traces that
    are kept here by --annotators. Only what both have labelled counts.
    """
    compared, names = _compared(files, annotators)
    found = agreement(compared)
    if found.characters is None:
        raise NotFound(
            f"{names[0]} and {names[1]} have labelled nothing in common",
            hint="Texts are paired by their id, and must be the same.",
        )
    if as_json:
        sys.stdout.write(msgspec.json.encode(_told(found, names, len(compared))).decode() + "\n")
        return
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = 160  # a pipe has no width; rows for grep must be whole
    for table in _tables(found, names):
        console.print(table)
        console.print()


def _compared(
    files: tuple[Path, ...], annotators: tuple[str, str] | None
) -> tuple[Compared, tuple[str, str]]:
    if len(files) == 2:
        return _two_files(files, annotators)
    if len(files) > 2 or annotators is None:
        raise UsageError(
            "two FILES are needed, or --annotators A B with one FILE or none",
            hint="Without a FILE the traces that are kept here are compared.",
        )
    texts = read(files[0]) if files else _kept()
    one, two = annotators
    pairs = [(each.text, _of(each, one), _of(each, two)) for each in texts]
    return [(text, a, b) for text, a, b in pairs if a and b], annotators


def _two_files(
    files: tuple[Path, ...], annotators: tuple[str, str] | None
) -> tuple[Compared, tuple[str, str]]:
    one, two = read(files[0]), {each.id: each for each in read(files[1])}
    names = annotators or (_only(files[0], one), _only(files[1], list(two.values())))
    made = []
    for each in one:
        other = two.get(each.id)
        if other is None:
            continue
        if other.text != each.text:
            raise UsageError(
                f"the text of {each.id} is not the same in both files",
                hint="Labels can be compared on one and the same text alone.",
            )
        made.append((each.text, _of(each, names[0]), _of(other, names[1])))
    return made, names


def _only(path: Path, texts: list[Labelled]) -> str:
    names = list(dict.fromkeys(name for each in texts for name in each.labels))
    if len(names) != 1:
        raise UsageError(
            f"{path} holds labels of {len(names)} annotators"
            + (f": {', '.join(names)}" if names else ""),
            hint="Say whom to compare: --annotators A B.",
        )
    return names[0]


def _kept() -> list[Labelled]:
    desk = Desk.open()
    try:
        return labelled(desk, ())
    finally:
        desk.close()


def _of(each: Labelled, annotator: str) -> Labels:
    if annotator != MACHINE or MACHINE in each.labels:
        return each.labels.get(annotator, ())
    named = segments(each.text)
    return tuple(Label(one.start, one.end, one.kind, MACHINE) for one in named)


def _told(found: Agreement, names: tuple[str, str], texts: int) -> dict[str, Any]:
    return {
        "annotators": names,
        "texts": texts,
        "sentences": _measures(found.sentences),
        "characters": _measures(found.characters),
        "f1": {kind.value: value for kind, value in found.f1.items()},
        "table": {
            kind.value: {other.value: count for other, count in row.items()}
            for kind, row in found.table.items()
        },
    }


def _measures(found: Measured | None) -> dict[str, float | int | None] | None:
    if found is None:
        return None
    return {
        "items": found.items,
        "alike": found.alike,
        "kappa": known(found.kappa),
        "ac2": known(found.ac2),
    }


def _tables(found: Agreement, names: tuple[str, str]) -> Iterator[Table]:
    one, two = map(plain, names)
    head = Table("by", "both labelled", "alike", "κ", "AC2", box=None, pad_edge=False)
    head.title, head.title_justify = f"{one} and {two}", "left"
    for by, measured in (("sentences", found.sentences), ("characters", found.characters)):
        if measured is not None:
            kappa = known(measured.kappa)
            head.add_row(
                by,
                f"{measured.items:,}",
                f"{measured.alike:.3f}",
                "–" if kappa is None else f"{kappa:.3f}",
                f"{measured.ac2:.3f}",
            )
    yield head
    used = [kind for kind in Kind if kind in found.f1]
    table = Table(
        f"{one} ↓  {two} →", *(kind.value for kind in used), "F1", box=None, pad_edge=False
    )
    for kind in used:
        row = found.table.get(kind, {})
        counts = [str(row[other]) if other in row else "·" for other in used]
        table.add_row(kind.value, *counts, f"{found.f1[kind]:.2f}")
    if used:
        yield table
