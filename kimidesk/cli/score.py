"""`kimidesk score`: a suite, resumable, with a folder that tells everything."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk import __version__
from kimidesk.cli import summary
from kimidesk.cli.code_options import allow_code_option, code_timeout_option
from kimidesk.cli.data import FOLDER
from kimidesk.cli.identity import identity, pictured, renewed
from kimidesk.cli.job import Job, prepare
from kimidesk.cli.options import TOKENS, draw_options, model_options
from kimidesk.cli.progress import Shown, shown
from kimidesk.cli.run_options import run_options
from kimidesk.cli.session import COMPLETE, SOME_FAILED, TOO_LOW, Session
from kimidesk.cli.terminal import plain
from kimidesk.flows.asking import messages_for
from kimidesk.grading import curves
from kimidesk.grading.tally import Tally, tally
from kimidesk.records import Budget, Judgement, Sample, SampleStatus, Sampling, ScorePlan
from kimidesk.store import suites
from kimidesk.store.named import suite_of
from kimidesk.store.report import report
from kimidesk.store.runs import RunFolder, samples_in, thinking_budget

SLOTS = 4  # what two cores gain from; more only takes memory


@click.command()
@model_options
@click.option(
    "--data",
    "--tasks",
    "data",
    required=True,
    metavar="NAME|FILE|FOLDER",
    help="A benchmark (`kimidesk data list`) or a file: JSON lines, JSON, CSV, Parquet; gzipped.",
)
@FOLDER
@click.option("--map", "mapping", default="", help="problem=FIELD,answer=FIELD,id=FIELD")
@click.option(
    "--limit",
    "--max-samples",
    "limit",
    type=click.IntRange(1),
    default=None,
    help="Only the first N problems.",
)
@click.option(
    "--repeats",
    "--epochs",
    "--n-repeats",
    "repeats",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Samples of each problem.",
)
@click.option("--strict", is_flag=True, help="A row that cannot be read ends the run.")
@draw_options
@allow_code_option
@code_timeout_option
@click.option("--slots", type=click.IntRange(1, 256), default=SLOTS, help="Traces at once.")
@click.option(
    "--reproducible",
    is_flag=True,
    help="One trace a decode: slower, the same bits whoever the neighbours are.",
)
@click.option(
    "--pool",
    type=TOKENS,
    default=0,
    help="Memory that all traces share, in tokens, instead of --context for each: prefixes are held"
    " once, and neighbours change low bits.",
)
@run_options
@click.option(
    "--out",
    "--output-path",
    "--output-dir",
    "--log-dir",
    "--resume",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder of this run; what is there already is gone on with.",
)
@click.option("--json", "as_json", is_flag=True, help="Print summary.json instead of a table.")
@click.option("--quiet", is_flag=True, help="No progress on stderr.")
def score(
    data: str,
    folder: Path | None,
    mapping: str,
    limit: int | None,
    strict: bool,
    out: Path,
    min_accuracy: float | None,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Score a checkpoint on a data file. The same command again resumes."""
    suite = suite_of(data, folder, mapping=suites.parse_mapping(mapping), strict=strict)
    options["own_budget"] = thinking_budget(out)
    job = prepare(suite, limit=limit, options=options)
    if dry_run:
        tell(job, out)
        return COMPLETE
    with shown(quiet=quiet) as screen:
        for sentence in suite.skipped:
            screen.warn(f"skipped {sentence}")
        status, samples = run(job, out, screen)
    counted = tally(samples)
    show(counted, job, as_json=as_json)
    if (alarm := summary.alarm(counted)) and not as_json:
        click.secho(alarm[1], fg="red" if alarm[0] == "red" else "yellow", err=True)
    if not status and min_accuracy is not None and (counted.accuracy or 0.0) < min_accuracy:
        click.echo(f"accuracy {counted.accuracy or 0.0:.3f} is below {min_accuracy:g}", err=True)
        return TOO_LOW
    return status


def run(job: Job, out: Path, screen: Shown) -> tuple[int, list[Sample]]:
    """Carry the job out in its folder; returns the exit status and every sample of the plan."""
    pictures = pictured(job.suite)
    folder = RunFolder.open(
        out,
        identity(job.plan, job.opening, pictures=pictures),
        lambda run: grown_suite(renewed(run, job.opening, pictures=pictures), out, job),
    )
    try:
        done = _of_plan(folder.samples(), job.plan)
        if job.retry_failed:
            done = [sample for sample in done if sample.status is not SampleStatus.FAILED]
        for warning in folder.warnings:
            screen.warn(warning)
        status = COMPLETE
        if job.plan.cuts or len(done) < job.planned:
            status = Session(job, folder, done, screen).run()
        samples = _of_plan(folder.samples(), job.plan)
        _write_results(folder, job, samples)
    finally:
        folder.close()
    failed = sum(
        bool(sample.error or (sample.verdict and sample.verdict.judgement is Judgement.ERROR))
        for sample in samples
    )
    return (status or (SOME_FAILED if failed > (job.most_errors or 0) else COMPLETE)), samples


def show(counted: Tally, job: Job, *, as_json: bool) -> None:
    """The result on stdout."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(summary.as_json(counted)).decode() + "\n")
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in summary.rows(counted, job.planned):
        table.add_row(name, value)
    Console().print(table, highlight=False)


def grown_suite(told: dict[str, Any], out: Path, job: Job) -> dict[str, Any]:
    """Rows may be added to the data of a run: what was asked before must stand where it stood."""
    if told.get("suite") == job.plan.suite or not (out / "samples.jsonl").exists():
        return told
    asked = {problem.number: problem for problem in job.suite.problems}
    for sample in samples_in(out):
        problem = asked.get(sample.number)
        if problem is None or (problem.text, problem.answer) != (sample.problem, sample.expected):
            return told
    return {**told, "suite": job.plan.suite}


def tell(job: Job, out: Path) -> None:
    """What a run would do: its first prompt, and how many samples and tokens at most."""
    plan = job.plan
    first = plan.problems[0]
    click.echo(plain(messages_for(first, plan.instruction)[0].content))
    budget = plan.budget
    most = None if None in (budget.thinking, budget.answer) else budget.thinking + budget.answer  # type: ignore[operator]
    done = len(_of_plan(samples_in(out), plan)) if (out / "samples.jsonl").exists() else 0
    tokens = "without a limit" if most is None else f"{most * (job.planned - done):,} at most"
    sweep = f", and {len(plan.cuts)} shorter budgets of each" if plan.cuts else ""
    click.echo(
        f"\n{job.planned:,} samples of {len(plan.problems):,} problems{sweep}; {done:,} are there. "
        f"Tokens to draw: {tokens}. {job.slots} at once.",
        err=True,
    )


def _of_plan(samples: list[Sample], plan: ScorePlan) -> list[Sample]:
    """--limit and --repeats may change between sessions: only what is asked for now counts."""
    numbers = {problem.number for problem in plan.problems}
    cuts = {None, *plan.cuts}
    return [s for s in samples if s.number in numbers and s.repeat < plan.repeats and s.cut in cuts]


def _write_results(folder: RunFolder, job: Job, samples: list[Sample]) -> None:
    counted = tally(samples)
    folder.write_json("summary.json", summary.as_json(counted))
    plan = job.plan
    facts = [
        ("checkpoint", f"{job.opening.name or job.opening.ref} ({plan.checkpoint})"),
        ("suite", f"{job.suite.name} ({plan.suite})"),
        ("sampling", _spelled(plan.sampling)),
        ("budget", _spelled(plan.budget)),
        ("seed", str(plan.seed)),
        ("rows left out", str(len(job.suite.skipped))),
        ("KimiDesk", __version__),
    ]
    folder.write(
        "report.html",
        report(
            job.suite.name,
            facts,
            summary.rows(counted, job.planned),
            samples,
            alarm=summary.alarm(counted),
        ),
    )
    points = [*curves.posthoc(samples, plan.cuts), *curves.forced(samples)]
    folder.write("budget_curve.csv", [curves.curve_csv(points)])


def _spelled(record: Sampling | Budget) -> str:
    values = asdict(record).items()
    return ", ".join(
        f"{name.replace('_', ' ')} {'without limit' if value is None else value}"
        for name, value in values
    )
