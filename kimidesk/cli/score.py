"""`kimidesk score`: a suite, resumable, with a folder that tells everything."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk import __version__
from kimidesk.cli import summary
from kimidesk.cli.code_options import allow_code_option, code_timeout_option
from kimidesk.cli.configuring import config_options, given
from kimidesk.cli.data import FOLDER
from kimidesk.cli.identity import identity, pictured, renewed
from kimidesk.cli.job import Job, prepare
from kimidesk.cli.options import TOKENS, draw_options, model_options
from kimidesk.cli.progress import Shown, shown
from kimidesk.cli.run_options import place_options, run_options
from kimidesk.cli.session import COMPLETE, SOME_FAILED, TOO_LOW, Session
from kimidesk.cli.terminal import plain
from kimidesk.flows.asking import messages_for
from kimidesk.grading import curves
from kimidesk.grading.gathered import gather
from kimidesk.grading.tally import Tally, tally
from kimidesk.records import Budget, Judgement, Sample, SampleStatus, Sampling, ScorePlan
from kimidesk.store import suites
from kimidesk.store.journal import Journal
from kimidesk.store.named import suite_of
from kimidesk.store.report import report
from kimidesk.store.runs import RunFolder, journal_of, thinking_budget
from kimidesk.store.told import OPTIONS


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
@place_options
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
@config_options
@click.option(
    "--out",
    "--output-path",
    "--output-dir",
    "--log-dir",
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
        status, counted = run(job, out, screen, given(click.get_current_context()))
    show(counted, job, as_json=as_json)
    if (alarm := summary.alarm(counted)) and not as_json:
        click.secho(alarm[1], fg="red" if alarm[0] == "red" else "yellow", err=True)
    if not status and min_accuracy is not None and (counted.accuracy or 0.0) < min_accuracy:
        click.echo(f"accuracy {counted.accuracy or 0.0:.3f} is below {min_accuracy:g}", err=True)
        return TOO_LOW
    return status


def run(
    job: Job, out: Path, screen: Shown, told: dict[str, Any] | None = None
) -> tuple[int, Tally]:
    """Carry the job out in its folder; returns the exit status and what came of its samples.

    `told` are the options of the command, kept for `--resume`.
    """
    pictures = pictured(job.suite)
    folder = RunFolder.open(
        out,
        identity(job.plan, job.opening, pictures=pictures),
        lambda run: grown_suite(
            renewed(run, job.opening, pictures=pictures, aliases=job.aliases), out, job
        ),
    )
    try:
        if told:
            folder.write_json(OPTIONS, told)
        done = [_outline(sample) for sample in _of_plan(folder.journal(), job.plan)]
        if job.retry_failed:
            done = [sample for sample in done if sample.status is not SampleStatus.FAILED]
        for warning in folder.warnings:
            screen.warn(warning)
        status = COMPLETE
        if job.plan.cuts or len(done) < job.planned:
            status = Session(job, folder, done, screen).run()
        samples = _of_plan(folder.journal(), job.plan)
        counted = _write_results(folder, job, samples)
        failed = sum(map(_is_failed, samples))
    finally:
        folder.close()
    return (status or (SOME_FAILED if failed > (job.most_errors or 0) else COMPLETE)), counted


def _outline(sample: Sample) -> Sample:
    """What a run that goes on needs to know of it; a hundred thousand thoughts take gigabytes."""
    return replace(sample, problem="", expected="", thinking="", answer=None)


def _is_failed(sample: Sample) -> bool:
    judged = sample.verdict is not None and sample.verdict.judgement is Judgement.ERROR
    return bool(sample.error) or judged


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
    for sample in journal_of(out):
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
    done = len(_of_plan(journal_of(out), plan)) if (out / "samples.jsonl").exists() else 0
    tokens = "without a limit" if most is None else f"{most * (job.planned - done):,} at most"
    sweep = f", and {len(plan.cuts)} shorter budgets of each" if plan.cuts else ""
    click.echo(
        f"\n{job.planned:,} samples of {len(plan.problems):,} problems{sweep}; {done:,} are there. "
        f"Tokens to draw: {tokens}. {_at_once(job)}.",
        err=True,
    )


def _at_once(job: Job) -> str:
    most = "up to " if job.gradual else ""
    if job.on_nodes:
        return f"{job.slots} at once on each node or card of the cluster"
    if not job.places:
        return f"{most}{job.slots} at once"
    return f"{most}{job.slots} at once on each of " + ", ".join(name for name, _ in job.places)


def _of_plan(samples: Journal, plan: ScorePlan) -> Journal:
    """--limit and --repeats may change between sessions: only what is asked for now counts."""
    numbers = {problem.number for problem in plan.problems}
    cuts = {-1, *plan.cuts}
    return samples.of(lambda key: key[0] in numbers and key[1] < plan.repeats and key[2] in cuts)


def _write_results(folder: RunFolder, job: Job, samples: Journal) -> Tally:
    numbers = gather(samples)
    counted = tally(numbers)
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
            gathered=numbers,
            alarm=summary.alarm(counted),
        ),
    )
    points = [*curves.posthoc(numbers, plan.cuts), *curves.forced(numbers)]
    folder.write("budget_curve.csv", [curves.curve_csv(points)])
    return counted


def _spelled(record: Sampling | Budget) -> str:
    values = asdict(record).items()
    return ", ".join(
        f"{name.replace('_', ' ')} {'without limit' if value is None else value}"
        for name, value in values
    )
