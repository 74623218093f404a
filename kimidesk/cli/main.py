"""The command line: one verb a file, errors without tracebacks, documented exit codes.

0 complete · 1 samples failed · 2 usage or data · 3 model unusable · 4 stopped early,
resumable · 5 an accuracy that was asked for is not met · 130 Ctrl-C
"""

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import click

from kimidesk import __version__
from kimidesk.cli.analyse import analyse
from kimidesk.cli.compare_runs import compare
from kimidesk.cli.configuring import PREFIX
from kimidesk.cli.data import data
from kimidesk.cli.demo import demo
from kimidesk.cli.evaluate_code import evaluate_code
from kimidesk.cli.grade import grade
from kimidesk.cli.long2short import long2short
from kimidesk.cli.models import models
from kimidesk.cli.report import report
from kimidesk.cli.rescore import rescore
from kimidesk.cli.runs import list_runs, validate
from kimidesk.cli.score import score
from kimidesk.cli.segment import segment
from kimidesk.cli.segmenter import segmenter
from kimidesk.cli.solve import solve
from kimidesk.cli.terminal import plain
from kimidesk.cli.trace import trace
from kimidesk.errors import KimiDeskError

INTERRUPTED = 130
VERBS: tuple[click.Command, ...] = (
    score,
    rescore,
    list_runs,
    validate,
    report,
    compare,
    long2short,
    solve,
    grade,
    evaluate_code,
    segment,
    analyse,
    data,
    models,
    trace,
    segmenter,
    demo,
)


class Window(Protocol):
    """Opens the window and returns its exit status."""

    def __call__(self, *, sample: bool, model: str | None, trace: str | None) -> int: ...


class Picture(Protocol):
    """Draws a kept trace into a file."""

    def __call__(self, trace: str, path: Path, *, theme: str, language: str) -> None: ...


def run(arguments: Sequence[str], *, window: Window, picture: Picture) -> int:
    """Run one command; returns the exit status, with any error told on stderr."""
    verbs = _verbs(window, picture)
    colour = False if os.environ.get("NO_COLOR") else None  # https://no-color.org
    try:
        status = verbs.main(
            _with_score(list(arguments)),
            "kimidesk",
            standalone_mode=False,
            color=colour,
            auto_envvar_prefix=PREFIX,
        )
        return status if isinstance(status, int) else 0
    except KimiDeskError as error:
        _tell(error.what, error.hint)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our stdout had enough, as `head` does
        sys.stderr.close()
        return 0
    except Exception:  # noqa: BLE001 — a fault of ours: shown whole, so that it can be reported
        traceback.print_exc()
        _tell("KimiDesk met a fault of its own.", "Please report it with the lines above.")
        return 1


def _tell(what: str, hint: str) -> None:
    click.secho("error: ", err=True, fg="red", nl=False)
    click.echo(plain(what), err=True)
    if hint:
        click.echo(plain(hint), err=True)


def _with_score(arguments: list[str]) -> list[str]:
    """`--headless` alone means score."""
    if arguments[:1] != ["--headless"]:
        return arguments
    rest = arguments[1:]
    if rest[:1] and (not rest[0].startswith("-") or rest[0] in ("--help", "--version")):
        return rest
    return ["score", *rest]


def _verbs(window: Window, picture: Picture) -> click.Group:
    @click.group(
        "kimidesk",
        invoke_without_command=True,
        context_settings={
            "help_option_names": ["-h", "--help"],
            "token_normalize_func": lambda name: name.replace("_", "-"),
            "max_content_width": 100,
        },
    )
    @click.option("--headless", is_flag=True, help="Never open a window; alone it means `score`.")
    @click.option("--sample", is_flag=True, help="Open the window on a sample problem.")
    @click.option("--model", metavar="REF", help="Open the window with this checkpoint.")
    @click.option("--trace", metavar="ID", help="Open the window on a kept trace.")
    @click.version_option(__version__, prog_name="KimiDesk")
    @click.pass_context
    def kimidesk(
        context: click.Context, headless: bool, sample: bool, model: str | None, trace: str | None
    ) -> int | None:
        """Watch a checkpoint think. Without a verb the window opens."""
        if context.invoked_subcommand is None and not headless:
            return window(sample=sample, model=model, trace=trace)
        return None

    for verb in VERBS:
        kimidesk.add_command(verb)
    kimidesk.add_command(_picture(picture))
    return kimidesk


def _picture(save: Picture) -> click.Command:
    @click.command("picture")
    @click.argument("trace_id", metavar="TRACE")
    @click.option(
        "--out",
        "path",
        required=True,
        type=click.Path(path_type=Path, dir_okay=False),
        help="The PNG to write.",
    )
    @click.option("--theme", type=click.Choice(["light", "dark"]), default="light")
    @click.option("--language", type=click.Choice(["en", "zh_CN", "zh-CN"]), default="en")
    def picture(trace_id: str, path: Path, theme: str, language: str) -> None:
        """Draw the Solve page with a kept trace; needs no display."""
        save(trace_id, path, theme=theme, language=language.replace("-", "_"))

    return picture
