"""`kimidesk evaluate-code`: completions in HumanEval's own format against their tests."""

import json
import os
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from kimidesk.cli.code_options import allow_code_option, code_timeout_option, permitted
from kimidesk.errors import StoreError
from kimidesk.grading.code.judge import judge_completion
from kimidesk.grading.voted import pass_at
from kimidesk.records import Judgement, Verdict
from kimidesk.store.completions import Completion, Results, read_completions, read_problems


class Counts(click.ParamType[tuple[int, ...]]):
    """Numbers of samples: 1,10,100."""

    name = "counts"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Sorted, each once."""
        parts = str(value).split(",")
        if not all(part.strip().isdecimal() and int(part) > 0 for part in parts):
            self.fail(f"{value!r} is not numbers from 1 on, such as 1,10,100", param, ctx)
        return tuple(sorted({int(part) for part in parts}))


@click.command("evaluate-code")
@click.argument("samples", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--problems",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="HumanEval.jsonl.gz, or MBPP: JSON lines, also gzipped.",
)
@allow_code_option
@code_timeout_option
@click.option("--k", "counts", type=Counts(), default="1,10,100", show_default=True)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=max(1, os.cpu_count() or 1),
    help="Samples at once.  [default: cores]",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Where each sample's result is written.  [default: SAMPLES_results.jsonl]",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate_code(
    samples: Path,
    problems: Path,
    counts: tuple[int, ...],
    jobs: int,
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Run completions (task_id, completion) against the problems' tests; print pass@k.

    Stopped with Ctrl-C, the same command goes on where it was.
    """
    limit_s = permitted(options, "evaluating code runs it")
    known = read_problems(problems)
    completions = read_completions(samples, known)
    out = out or samples.with_name(f"{samples.name.partition('.jsonl')[0]}_results.jsonl")
    try:
        with Results(out, completions, known, limit_s) as results:
            left = completions[len(results.lines) :]
            with click.progressbar(
                _judged(left, limit_s, jobs),
                length=len(left),
                file=sys.stderr,
                hidden=not sys.stderr.isatty(),
            ) as judged:
                for verdict in judged:
                    results.add(verdict)
    except OSError as error:
        raise StoreError(f"the results cannot be written: {error}") from error
    found = counted(results.lines, counts)
    found |= {"problems": len(known), "results": str(out)}
    _show(found, as_json=as_json)
    return 1 if found["errors"] else 0


def _judged(completions: Sequence[Completion], limit_s: float, jobs: int) -> Iterator[Verdict]:
    """In the order of the completions, however many run at once."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield from pool.map(lambda c: judge_completion(c.check, c.text, limit_s), completions)
    finally:
        pool.shutdown(cancel_futures=True)


def counted(lines: Sequence[dict[str, Any]], counts: Sequence[int]) -> dict[str, Any]:
    """Rates of results; None where a problem has fewer than k samples.

    What could not be run is told as an error, and counts neither as passed nor as failed.
    """
    groups: defaultdict[object, list[bool]] = defaultdict(list)
    for line in lines:
        if line["judgement"] != Judgement.ERROR:
            groups[line["task_id"]].append(line["passed"])
    every = list(groups.values())
    fewest = min(map(len, every), default=0)
    rates = {
        k: statistics.fmean(pass_at(len(group), sum(group), k) for group in every)
        for k in counts
        if k <= fewest
    }
    return {
        "pass_at": {str(k): rates.get(k) for k in counts},
        "samples": len(lines),
        "passed": sum(line["passed"] for line in lines),
        "errors": sum(line["judgement"] == Judgement.ERROR for line in lines),
        "attempted": len({line["task_id"] for line in lines}),
    }


def _show(found: dict[str, Any], *, as_json: bool) -> None:
    if found["attempted"] < found["problems"]:
        click.echo(
            f"warning: only {found['attempted']:,} of {found['problems']:,} problems have samples; "
            "the rates are of these alone",
            err=True,
        )
    if found["errors"]:
        click.echo(f"warning: {found['errors']:,} samples could not be judged", err=True)
    if as_json:
        click.echo(json.dumps(found))
        return
    for k, rate in found["pass_at"].items():
        click.echo(f"pass@{k}  {'too few samples' if rate is None else f'{100 * rate:.1f} %'}")
    click.echo(f"{found['passed']:,} of {found['samples']:,} samples passed: {found['results']}")
