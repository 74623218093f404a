"""`kimidesk rescore`: every sample of a run is judged again; no checkpoint is opened."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from kimidesk.cli import summary
from kimidesk.cli.code_options import allow_code_option, code_limit_of, code_timeout_option
from kimidesk.cli.grade import Graders
from kimidesk.cli.progress import shown
from kimidesk.cli.terminal import wide
from kimidesk.grading.tally import tally
from kimidesk.records import Judgement, Problem, Sample, SampleStatus, Verdict
from kimidesk.store import verdicts
from kimidesk.store.runs import RunFolder
from kimidesk.wire.messages import Judge


@click.command()
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--jobs", type=click.IntRange(1, 64), default=min(4, os.cpu_count() or 1))
@allow_code_option
@code_timeout_option
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of a table.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def rescore(run: Path, jobs: int, as_json: bool, quiet: bool, **options: Any) -> int:
    """Judge every sample of RUN again, with the grader as it is now.

    Verdicts go to scores.jsonl; what a person said of a sample stays.
    """
    folder = RunFolder.existing(run)
    try:
        samples = folder.samples()
        limit = code_limit_of(options, (Problem("", task=each.task) for each in samples))
        before = {sample.key: sample.verdict for sample in samples}
        with shown(quiet=quiet) as screen, Graders(jobs, code_limit_s=limit) as graders:
            judged = []
            for sample, verdict in _judged(samples, graders):
                judged.append((sample, verdict))
                if len(judged) % 500 == 0:
                    screen.say(f"{len(judged):,} of {len(samples):,} judged")
            verdicts.write_scores(run, judged)
        after = folder.samples()
        counted = tally(after)
        folder.write_json("summary.json", summary.as_json(counted))
        changed = sum(_changed(before[sample.key], sample.verdict) for sample in after)
        with shown(quiet=quiet) as screen:
            screen.say(f"{len(judged):,} judged, {changed:,} verdicts changed")
    finally:
        folder.close()
    if as_json:
        sys.stdout.write(msgspec.json.encode(summary.as_json(counted)).decode() + "\n")
    else:
        for name, value in summary.rows(counted, len(after)):
            wide().print(f"{name:26} {value}")
    return int(any(sample.verdict and _is_error(sample.verdict) for sample in after))


def _judged(samples: list[Sample], graders: Graders) -> Iterator[tuple[Sample, Verdict]]:
    asked = [
        each
        for each in samples
        if each.status is SampleStatus.DONE and (each.expected or each.check)
    ]
    judges = (
        (None, Judge(str(place), each.answer, each.expected, each.task, each.check))
        for place, each in enumerate(asked)
    )
    for sample, (_, verdict) in zip(asked, graders.judged(judges), strict=True):
        yield sample, verdict


def _changed(before: Verdict | None, after: Verdict | None) -> bool:
    return (before and before.judgement) != (after and after.judgement)


def _is_error(verdict: Verdict) -> bool:
    return verdict.judgement is Judgement.ERROR
