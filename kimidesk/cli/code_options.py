"""The permission to run what a checkpoint wrote, and for how long."""

from collections.abc import Iterable
from typing import Any

import click

from kimidesk.errors import UsageError
from kimidesk.grading.code import sandbox
from kimidesk.grading.queue import CODE_LIMIT_S
from kimidesk.records import Problem, Task

allow_code_option = click.option(
    "--allow-code-exec",
    is_flag=True,
    help="Run the code that answers hold, in a sandbox without network or files (bubblewrap).",
)
code_timeout_option = click.option(
    "--code-timeout",
    type=click.FloatRange(0.1, 3600),
    default=CODE_LIMIT_S,
    show_default=True,
    metavar="SECONDS",
    help="For the code of one answer with all its tests.",
)


def code_limit_of(options: dict[str, Any], problems: Iterable[Problem]) -> float | None:
    """Seconds that code may run; None where no problem needs any run.

    Raises UsageError where code would have to run and nobody allowed it, NoSandbox where it cannot
    be run safely.
    """
    if not any(problem.task is Task.CODE for problem in problems):
        return None
    return permitted(options, "this data asks for code, which is judged by running it")


def permitted(options: dict[str, Any], why: str) -> float:
    """Seconds that code may run; raises as `code_limit_of` does."""
    if not options["allow_code_exec"]:
        raise UsageError(
            why,
            hint="Add --allow-code-exec to run it in a sandbox (Linux with bubblewrap): "
            "no network, no files of yours, limited time and memory.",
        )
    sandbox.check()
    return float(options["code_timeout"])
