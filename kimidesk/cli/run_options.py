"""Options of `score` about how a run goes, not about what it is."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from kimidesk.cli.options import TOKENS

F = TypeVar("F", bound=Callable[..., Any])


class TokenCounts(click.ParamType[tuple[int, ...]]):
    """256,512,1k as a tuple of tokens."""

    name = "tokens,…"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(",") if part.strip()]
        if not parts:
            self.fail("name one budget at least, as in 256,512,1k", param, ctx)
        return tuple(int(TOKENS.convert(part, param, ctx)) for part in parts)


def run_options(function: F) -> F:
    """Sweep, failures, when to stop."""
    for decorate in reversed(
        (
            click.option(
                "--budgets",
                type=TokenCounts(),
                default=None,
                help="Budgets of thought to try: each thought is drawn once, ended at each of them,"
                " and answered there.",
            ),
            click.option(
                "--retries",
                type=click.IntRange(0, 20),
                default=None,
                help="Of an attempt that could not run.  [default: 2 on servers, else 0]",
            ),
            click.option(
                "--retry-failed", is_flag=True, help="Begin samples again that have failed."
            ),
            click.option(
                "--max-errors",
                type=click.IntRange(0),
                default=None,
                help="Stop when more samples have failed; fewer are no failure of the run.",
            ),
            click.option(
                "--min-accuracy",
                type=click.FloatRange(0, 1),
                default=None,
                help="End with 5 where the accuracy is below.",
            ),
            click.option(
                "--stop-when-ci",
                type=click.FloatRange(0.1, 50),
                default=None,
                metavar="POINTS",
                help="Stop when the accuracy is known to so many points.",
            ),
            click.option(
                "--dry-run", is_flag=True, help="Show the first prompt and what would be drawn."
            ),
        )
    ):
        function = decorate(function)
    return function
