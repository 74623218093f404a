"""`kimidesk ls` and `kimidesk validate`: which runs there are, and whether one is whole."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.table import Table

from kimidesk.cli.terminal import plain, wide
from kimidesk.errors import BadData
from kimidesk.records import Judgement, Sample, SampleStatus
from kimidesk.store.verdicts import SCORES, Score, content_of
from kimidesk.store.watching import live_of

DEEPEST = 4  # folders below the one that is named
JSON = click.option("--json", "as_json", is_flag=True, help="One line for a program to read.")


@click.command("ls")
@click.argument(
    "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path()
)
@JSON
def list_runs(folder: Path, as_json: bool) -> None:
    """The scoring runs in FOLDER and below, those that were worked on last first."""
    rows = sorted(map(_listed, _runs(folder, DEEPEST)), key=lambda row: -float(row["changed"]))
    if as_json:
        sys.stdout.write(msgspec.json.encode(rows).decode() + "\n")
        return
    table = Table("run", "samples", "accuracy", "last", "", box=None)
    for row in rows:
        accuracy = "" if row["accuracy"] is None else f"{100 * row['accuracy']:.1f} %"
        last = time.strftime("%Y-%m-%d %H:%M", time.localtime(row["changed"]))
        state = "running" if row["running"] else ""
        table.add_row(plain(row["run"]), f"{row['samples']:,}", accuracy, last, state)
    wide().print(table if rows else f"no runs in {folder}")


def _runs(folder: Path, depth: int) -> Iterator[Path]:
    if (folder / "run.json").is_file():
        yield folder
        return
    try:
        inside = sorted(each for each in folder.iterdir() if each.is_dir())
    except OSError:
        return
    for each in inside if depth else ():
        if not each.name.startswith("."):
            yield from _runs(each, depth - 1)


def _listed(run: Path) -> dict[str, Any]:
    """From summary.json, where the run has ended; else its lines are counted."""
    samples = run / "samples.jsonl"
    told: dict[str, Any] = {}
    try:
        told = msgspec.json.decode((run / "summary.json").read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError):
        told = {}
    count = told.get("samples")
    if count is None and samples.exists():
        with samples.open("rb") as file:
            count = sum(1 for _ in file)
    newest = samples if samples.exists() else run / "run.json"
    return {
        "run": str(run),
        "samples": count or 0,
        "accuracy": told.get("accuracy"),
        "changed": newest.stat().st_mtime,
        "running": live_of(run) is not None,
    }


@click.command()
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
@JSON
def validate(run: Path, as_json: bool) -> int:
    """Read every line of RUN and say what is wrong with it; ends with 1 where something is."""
    if not (run / "run.json").is_file():
        raise BadData(f"{run} is no run: it has no run.json", hint="Name a folder of `score`.")
    wrong, samples = _samples(run)
    wrong += _scores(run, samples)
    try:
        msgspec.json.decode((run / "run.json").read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError) as error:
        wrong.append(f"run.json: {error}")
    failed = sum(sample.status is SampleStatus.FAILED for sample in samples.values())
    broken = sum(
        sample.verdict is not None and sample.verdict.judgement is Judgement.ERROR
        for sample in samples.values()
    )
    told = {"samples": len(samples), "failed": failed, "grader_failed": broken, "wrong": wrong}
    if as_json:
        sys.stdout.write(msgspec.json.encode(told).decode() + "\n")
    else:
        for sentence in wrong:
            click.echo(plain(sentence))
        click.echo(
            f"{len(samples):,} samples, {failed:,} failed, {broken:,} the grader failed at; "
            + ("nothing is wrong" if not wrong else f"{len(wrong):,} things are wrong")
        )
    return int(bool(wrong))


def _samples(run: Path) -> tuple[list[str], dict[tuple[int, int, int], Sample]]:
    wrong: list[str] = []
    found: dict[tuple[int, int, int], Sample] = {}
    path = run / "samples.jsonl"
    if not path.exists():
        return ["samples.jsonl is not there"], found
    decoder = msgspec.json.Decoder(Sample)
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                wrong.append(f"samples.jsonl:{number}: torn; the next session drops it")
                break
            try:
                sample = decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                wrong.append(f"samples.jsonl:{number}: {error}")
                continue
            before = found.get(sample.key)
            if before is not None and before.status is SampleStatus.DONE:
                wrong.append(f"samples.jsonl:{number}: {sample.key} is there already")
            if before is not None and before.seed != sample.seed:
                wrong.append(f"samples.jsonl:{number}: another seed than its first attempt had")
            found[sample.key] = sample
    return wrong, found


def _scores(run: Path, samples: dict[tuple[int, int, int], Sample]) -> list[str]:
    path, wrong = run / SCORES, []
    if not path.exists():
        return []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            score = msgspec.json.decode(line, type=Score)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            wrong.append(f"{SCORES}:{number}: {error}")
            continue
        key = (score.number, score.repeat, -1 if score.cut is None else score.cut)
        if key not in samples:
            wrong.append(f"{SCORES}:{number}: there is no sample {key}")
        elif score.of != content_of(samples[key]):
            wrong.append(f"{SCORES}:{number}: of an older answer; `rescore` judges it again")
    return wrong
