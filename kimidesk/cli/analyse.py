"""`kimidesk --headless analyse`: what the traces of a run tell by their text alone."""

import sys
import time
from hashlib import blake2b
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console

from kimidesk.cli import analysed
from kimidesk.cli.backend import Backend, Stopping
from kimidesk.cli.terminal import plain
from kimidesk.errors import NotFound
from kimidesk.flows import Analyse, Analysis
from kimidesk.reading.segments.model import chosen_file, current, fingerprint
from kimidesk.records import Sample
from kimidesk.store.runs import RunFolder

FORMAT = 1  # changes where the same sample would be analysed otherwise
LINES, SUMMARY = "analysis.jsonl", "analysis.json"
SAY_S = 5.0  # between lines on stderr
STOPPED, INTERRUPTED = 4, 130


@click.command()
@click.option(
    "--run",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder that `score --out` made.",
)
@click.option("--json", "as_json", is_flag=True, help="Print analysis.json instead of a table.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def analyse(path: Path, *, as_json: bool, quiet: bool) -> int:
    """Name the sentences of a run's traces, and tell how much of them was needed.

    Adds analysis.jsonl (one line a sample) and analysis.json to the folder. No model is run. The
    same command again analyses only what is new.
    """
    folder = RunFolder.existing(path)
    try:
        samples = [each for each in folder.samples() if each.cut is None]
        if not samples:
            raise NotFound(
                f"{path} holds no finished sample", hint="Let `score` go on in this folder first."
            )
        _tell_warnings(folder)
        if not (path / "summary.json").exists():
            _warn("the run is not finished; analyse again once it is, for what is new")
        status, found = _analysed(folder, samples, quiet=quiet)
        lines = (msgspec.json.encode(each).decode() + "\n" for each in found)
        folder.write(LINES, lines)
        told = analysed.summary(found, len(samples))
        folder.write_json(SUMMARY, told)
    finally:
        folder.close()
    _show(told, as_json=as_json)
    return status


def _tell_warnings(folder: RunFolder) -> None:
    """Lines that hold nothing of ours, once."""
    for warning in folder.warnings:
        _warn(warning)
    folder.warnings.clear()


def _warn(text: str) -> None:
    click.echo(plain(f"warning: {text}"), err=True)


def _analysed(
    folder: RunFolder, samples: list[Sample], *, quiet: bool
) -> tuple[int, list[Analysis]]:
    """The exit status, and an analysis of each sample, in their order; fewer when stopped."""
    segmenter = _segmenter()
    known = {each.key: each for each in folder.lines(LINES, Analysis)}
    wanted = {sample.place: _fingerprint(sample, segmenter) for sample in samples}
    found = {key: each for key, each in known.items() if wanted.get(key) == each.of}
    left = [sample for sample in samples if sample.place not in found]
    _tell_warnings(folder)
    status = 0
    if left:
        with Stopping() as stopping, Backend(stopping, grading=True) as backend:
            due = time.monotonic()
            for number, sample in enumerate(left):
                if not quiet and time.monotonic() >= due:
                    click.echo(f"{number}/{len(left)} analysed", err=True)
                    due = time.monotonic() + SAY_S
                flow = Analyse(sample, wanted[sample.place])
                for _ in backend.drive(flow):
                    pass
                if stopping.now:
                    status = STOPPED if stopping.terminated else INTERRUPTED
                    break
                found[sample.place] = flow.analysis()
    return status, [found[key] for key in sorted(found)]


def _segmenter() -> bytes:
    """What names the sentences: a retrained one names them otherwise."""
    current()  # a file that cannot be used is told before anything is analysed
    return fingerprint(chosen_file()).encode()


def _fingerprint(sample: Sample, segmenter: bytes) -> str:
    """Of all that an analysis is made from."""
    digest = blake2b(segmenter + str(FORMAT).encode(), digest_size=8)
    digest.update(msgspec.json.encode(sample))
    return digest.hexdigest()


def _show(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
        return
    console = Console(highlight=False)
    for table in analysed.tables(told):
        console.print(table)
        console.print()
