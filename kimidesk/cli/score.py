"""`kimidesk score`: a suite, resumable, with a folder that tells everything."""

import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click
import msgspec
import psutil
from rich.console import Console
from rich.table import Table

from kimidesk import __version__
from kimidesk.cli import summary
from kimidesk.cli.backend import Backend, Stopping, as_error, choose, opening
from kimidesk.cli.code_options import allow_code_option, code_limit_of, code_timeout_option
from kimidesk.cli.data import FOLDER
from kimidesk.cli.identity import has_pictures, identity, pictured, renewed
from kimidesk.cli.options import (
    TOKENS,
    adapters_of,
    budget_of,
    draw_options,
    model_options,
    sampling_of,
)
from kimidesk.cli.progress import Shown, shown
from kimidesk.flows import Score
from kimidesk.grading.tally import Tally, tally
from kimidesk.records import Budget, CheckpointInfo, Judgement, Sample, Sampling, ScorePlan, Suite
from kimidesk.store import presets, suites
from kimidesk.store.report import report
from kimidesk.store.runs import RunFolder
from kimidesk.wire.messages import AnyEvent, Failed, FailureKind, OpenCheckpoint

COMPLETE, SOME_FAILED, STOPPED, INTERRUPTED = 0, 1, 4, 130
SLOTS = 4  # what two cores gain from; more only takes memory
DEATHS = 3  # workers that may die one after the other without a sample


@click.command()
@model_options
@click.option(
    "--data",
    required=True,
    metavar="NAME|FILE|FOLDER",
    help="A benchmark (`kimidesk data list`) or a file: JSON lines, JSON, CSV, Parquet; gzipped too.",
)
@FOLDER
@click.option("--map", "mapping", default="", help="problem=FIELD,answer=FIELD,id=FIELD")
@click.option("--limit", type=click.IntRange(1), default=None, help="Only the first N problems.")
@click.option("--repeats", type=click.IntRange(1), default=1, show_default=True)
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
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The folder of this run."
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
    as_json: bool,
    quiet: bool,
    **options: Any,
) -> int:
    """Score a checkpoint on a data file. The same command again resumes."""
    suite = suites.read(
        presets.resolve(data, folder), mapping=suites.parse_mapping(mapping), strict=strict
    )
    job = prepare(suite, limit=limit, options=options)
    with shown(quiet=quiet) as screen:
        for sentence in suite.skipped:
            screen.warn(f"skipped {sentence}")
        status, samples = run(job, out, screen)
    show(tally(samples), job, as_json=as_json)
    return status


@dataclass(frozen=True)
class Job:
    """A plan and how it is to be carried out."""

    plan: ScorePlan
    suite: Suite
    opening: OpenCheckpoint
    slots: int
    code_limit_s: float | None = None  # the permission to run code, in seconds a sample

    @property
    def planned(self) -> int:
        """How many samples the whole run has."""
        return len(self.plan.problems) * self.plan.repeats


def prepare(suite: Suite, *, limit: int | None, options: dict[str, Any]) -> Job:
    """Check everything that can be checked before a process starts."""
    sampling, budget = sampling_of(options), budget_of(options)
    chosen = choose(options["model"], options["chat_template"])
    plan = ScorePlan(
        checkpoint=chosen.fingerprint,
        suite=suite.fingerprint,
        problems=suite.problems[:limit],
        repeats=options["repeats"],
        sampling=sampling,
        budget=budget,
        seed=options["seed"],
        thinking=options["thinking"],
        adapters=adapters_of(options),
        instruction=options["instruction"],
    )
    slots = min(options["slots"], len(plan.problems) * plan.repeats)
    how = opening(
        chosen,
        options,
        budget,
        slots=slots,
        reproducible=options["reproducible"],
        pool=options["pool"],
        sees=has_pictures(suite),
    )
    return Job(plan, suite, how, slots, code_limit_of(options, plan.problems))


def run(job: Job, out: Path, screen: Shown) -> tuple[int, list[Sample]]:
    """Carry the job out in its folder; returns the exit status and every sample of the plan."""
    pictures = pictured(job.suite)
    folder = RunFolder.open(
        out,
        identity(job.plan, job.opening, pictures=pictures),
        lambda run: renewed(run, job.opening, pictures=pictures),
    )
    try:
        done = _of_plan(folder.samples(), job.plan)
        for warning in folder.warnings:
            screen.warn(warning)
        status = COMPLETE
        if len(done) < job.planned:
            status = _Session(job, folder, done, screen).run()
        samples = _of_plan(folder.samples(), job.plan)
        _write_results(folder, job, samples)
    finally:
        folder.close()
    failed = any(
        sample.error or (sample.verdict and sample.verdict.judgement is Judgement.ERROR)
        for sample in samples
    )
    return (status or (SOME_FAILED if failed else COMPLETE)), samples


def show(counted: Tally, job: Job, *, as_json: bool) -> None:
    """The result on stdout."""
    if as_json:
        sys.stdout.write(msgspec.json.encode(summary.as_json(counted)).decode() + "\n")
        return
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in summary.rows(counted, job.planned):
        table.add_row(name, value)
    Console().print(table, highlight=False)


class _Session:
    """One process's work on a run."""

    def __init__(self, job: Job, folder: RunFolder, done: list[Sample], screen: Shown) -> None:
        self._job = job
        self._folder = folder
        self._done = done
        self._screen = screen
        self._deaths = 0
        self._flow: Score | None = None
        self._begun = time.monotonic()

    def run(self) -> int:
        """Until the plan is complete or somebody stops it; returns the exit status."""
        with Stopping() as stopping, self._backend(stopping) as backend:
            self._screen.say("opening the checkpoint")
            checkpoint = backend.open(self._job.opening)
            flow = self._flow = Score(
                self._job.plan,
                checkpoint,
                done=self._done,
                width=min(self._job.slots, checkpoint.slots),
                now=time.monotonic(),
            )
            try:
                backend.send(flow.start())
                status = self._loop(flow, backend, stopping)
            finally:
                self._folder.log_session(self._facts(checkpoint, flow))
        return status

    def _backend(self, stopping: Stopping) -> Backend:
        return Backend(stopping, grading=True, code_limit_s=self._job.code_limit_s)

    def _loop(self, flow: Score, backend: Backend, stopping: Stopping) -> int:
        while not flow.done:
            if stopping.terminated or stopping.interrupts > 1:
                return STOPPED if stopping.terminated else INTERRUPTED
            if stopping.interrupts and not flow.draining:
                flow.drain()
                self._screen.say(
                    f"finishing {flow.flying} samples in flight; Ctrl-C again stops now"
                )
            event = backend.next_event(0.2)
            if event is not None:
                self._take(event, flow, backend)
            self._screen.show(flow.progress(time.monotonic()))
        if flow.complete:
            return COMPLETE
        return INTERRUPTED

    def _take(self, event: AnyEvent, flow: Score, backend: Backend) -> None:
        if isinstance(event, Failed) and event.trace is None:
            self._replace_worker(event, flow, backend)
            return
        backend.send(flow.on(event))
        self._save(flow)

    def _save(self, flow: Score) -> None:
        for sample in flow.collect():
            self._folder.add(sample)
            self._deaths = 0

    def _replace_worker(self, failed: Failed, flow: Score, backend: Backend) -> None:
        self._deaths += 1
        if failed.kind is FailureKind.MODEL or self._deaths > DEATHS:
            raise as_error(failed)
        self._screen.warn(f"{failed.what}; starting a fresh one")
        flow.lost(failed)
        self._save(flow)
        time.sleep(0.2 * self._deaths)
        backend.open(self._job.opening)
        backend.send(flow.start())

    def _facts(self, checkpoint: CheckpointInfo, flow: Score) -> dict[str, Any]:
        progress = flow.progress(time.monotonic())
        return {
            "program": __version__,
            "engine": checkpoint.engine,
            "device": checkpoint.device,
            "slots": self._job.slots,
            "context": checkpoint.context,
            "reproducible": self._job.opening.reproducible,
            "samples": progress.done - len(self._done),
            "tokens": progress.tokens,
            "seconds": progress.seconds,
            "tokens_per_s": progress.tokens_per_s,
            "face_peak_bytes": psutil.Process().memory_info().rss,
        }


def _of_plan(samples: list[Sample], plan: ScorePlan) -> list[Sample]:
    """--limit and --repeats may change between sessions: only what is asked for now counts."""
    numbers = {problem.number for problem in plan.problems}
    return [s for s in samples if s.number in numbers and s.repeat < plan.repeats]


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
        "report.html", report(job.suite.name, facts, summary.rows(counted, job.planned), samples)
    )


def _spelled(record: Sampling | Budget) -> str:
    values = asdict(record).items()
    return ", ".join(
        f"{name.replace('_', ' ')} {'without limit' if value is None else value}"
        for name, value in values
    )
