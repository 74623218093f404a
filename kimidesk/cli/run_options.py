"""Options of `score` about how a run goes, not about what it is."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from kimidesk.cli.options import TOKENS

F = TypeVar("F", bound=Callable[..., Any])

SLOTS = 4  # what two cores gain from; more only takes memory
MOST_SLOTS = 256


class TokenCounts(click.ParamType[tuple[int, ...]]):
    """256,512,1k as a tuple of tokens."""

    name = "tokens,…"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple | list):
            value = ",".join(map(str, value))
        parts = [part.strip() for part in str(value).split(",") if part.strip()]
        if not parts:
            self.fail("name one budget at least, as in 256,512,1k", param, ctx)
        return tuple(int(TOKENS.convert(part, param, ctx)) for part in parts)


class SlotCount(click.ParamType[int]):
    """A number of traces, or auto, which is 0."""

    name = "auto|N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        text = str(value).lower()
        if text in ("auto", "0"):
            return 0
        if not text.isdecimal() or not 1 <= int(text) <= MOST_SLOTS:
            self.fail(f"{value!r} is not auto or a number from 1 to {MOST_SLOTS}", param, ctx)
        return int(text)


def place_options(function: F) -> F:
    """Where traces grow, and how many at once."""
    for decorate in reversed(
        (
            click.option(
                "--endpoint",
                "endpoints",
                multiple=True,
                metavar="URL[,URL…]",
                help="Servers that share the run: OpenAI-compatible, all of one model. With "
                "--model FILE the run is that checkpoint's, wherever it goes on.",
            ),
            click.option(
                "--ray",
                metavar="auto|ADDRESS",
                default=None,
                help="A Ray cluster shares the run: a worker for each card, or for each node "
                "where none has one. auto: the cluster of this machine.",
            ),
            click.option(
                "--slots",
                type=SlotCount(),
                default=0,
                help=f"Traces at once, in each place.  [default: {SLOTS}; of servers as many as "
                f"they gain from, up to {MOST_SLOTS}]",
            ),
        )
    ):
        function = decorate(function)
    return function


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
