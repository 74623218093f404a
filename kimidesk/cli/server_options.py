"""Options that say how a server is treated."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from kimidesk.checkpoints.remote import is_remote, manners_for
from kimidesk.errors import UsageError
from kimidesk.settings import Manners

F = TypeVar("F", bound=Callable[..., Any])


def server_options() -> tuple[Callable[[F], F], ...]:
    """How a server is treated; the settings have the same, host by host."""
    told = "[default: the settings', else "
    seconds = click.FloatRange(0, min_open=True)
    return (
        click.option(
            "--chat-template",
            metavar="FILE",
            default=None,
            help="The chat template (Jinja) of a server's model, where the server tells none.",
        ),
        click.option(
            "--requests-per-minute",
            type=click.IntRange(0),
            default=None,
            help=f"At most so many are sent to a server; 0: any.  {told}0]",
        ),
        click.option(
            "--tokens-per-minute",
            type=click.IntRange(0),
            default=None,
            help=f"After so many a server is not asked for more; 0: any.  {told}0]",
        ),
        click.option(
            "--connect-timeout",
            "connect_s",
            type=seconds,
            default=None,
            help=f"Seconds until a server must be connected.  {told}10]",
        ),
        click.option(
            "--first-token-timeout",
            "first_token_s",
            type=seconds,
            default=None,
            help=f"Seconds until its first token.  {told}600]",
        ),
        click.option(
            "--token-timeout",
            "between_tokens_s",
            type=seconds,
            default=None,
            help=f"Seconds from one token to the next.  {told}120]",
        ),
        click.option(
            "--tries",
            type=click.IntRange(1),
            default=None,
            help=f"Requests in a row without a token until a trace fails; 1: no second.  {told}5]",
        ),
    )


def manners_of(options: dict[str, Any], ref: str, servers: Mapping[str, Manners]) -> Manners:
    """Towards the server that `ref` names: as the options say, and the settings where they do not.

    Raises UsageError for such an option where no server is named.
    """
    named: dict[str, Any] = {each.name: options.get(each.name) for each in fields(Manners)}
    given = {name: value for name, value in named.items() if value is not None}
    if given and not is_remote(ref):
        raise UsageError(
            "only servers have a chat template to be named, a pace, timeouts and tries",
            hint="Leave these options out, or name a server: --model http://HOST:PORT/v1",
        )
    if "chat_template" in given:
        given["chat_template"] = str(Path(given["chat_template"]).resolve())
    return replace(manners_for(ref, servers), **given)
