"""`kimidesk demo`: the whole journey without a window, with the bundled suite."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from kimidesk.cli.job import prepare
from kimidesk.cli.progress import shown
from kimidesk.cli.score import run, score, show
from kimidesk.cli.solve import solve_one
from kimidesk.errors import StoreError
from kimidesk.records import Problem
from kimidesk.settings import assets_folder
from kimidesk.store import suites
from kimidesk.store.export import to_json

# A checkpoint this small gets 2 of 24 right when told to think step by step, 10 when not.
INSTRUCTION = "Give the final answer in \\boxed{}."
ANSWER_TOKENS = 160
SHOWN = "apples-1"  # the problem whose trace is drawn; this one is thought through
STEP_BY_STEP = {"instruction": None, "max_answer_tokens": 384}


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("out/demo"), show_default=True)
@click.option("--model", default="smollm2-135m", show_default=True, help="As for score.")
@click.option("--limit", type=click.IntRange(1), default=None, help="Only the first N problems.")
def demo(out: Path, model: str, limit: int | None) -> int:
    """Score the bundled suite, solve one problem, draw the Solve page: all into a folder."""
    suite = suites.read(assets_folder() / "suites" / "first_steps.jsonl")
    options = _options(model)
    job = prepare(suite, limit=limit, options=options)
    with shown(quiet=False) as screen:
        status, counted = run(job, out / "score", screen)
    show(counted, job, as_json=False)
    shown_problem = next(problem for problem in suite.problems if problem.name == SHOWN)
    _solve_and_draw(shown_problem, {**options, **STEP_BY_STEP}, out)
    for name in ("score/report.html", "trace.json", "solve.png"):
        if (out / name).exists():
            click.echo(f"{out / name}")
    return status


def _solve_and_draw(problem: Problem, options: dict[str, Any], out: Path) -> None:
    exported, picture = out / "trace.json", out / "solve.png"
    if not exported.exists():
        click.echo(f"\n{problem.text}\n")
        kept, _ = solve_one(problem, options, quiet=False)
        try:
            exported.write_text(to_json(kept), "utf-8")
        except OSError as error:
            raise StoreError(f"{exported} cannot be written: {error.strerror}") from error
    if not picture.exists():
        trace = msgspec.json.decode(exported.read_bytes())["trace"]["id"]
        # Qt stays out of this process: the picture is drawn by another face.
        command = [sys.executable, "-m", "kimidesk", "picture", trace, "--out", str(picture)]
        if subprocess.run(command, check=False).returncode:
            click.echo("The picture of the Solve page could not be drawn.", err=True)


def _options(model: str) -> dict[str, Any]:
    """Those of `score`, but for what makes the demo short and the same everywhere."""
    usual = {each.name: each.get_default(click.Context(score)) for each in score.params}
    return {
        **{name: default for name, default in usual.items() if name},
        "model": model,
        "adapters": (),
        "endpoints": (),
        "max_answer_tokens": ANSWER_TOKENS,
        "temperature": 0.0,
        "top_p": 1.0,
        "instruction": INSTRUCTION,
    }
