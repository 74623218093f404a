"""Servers that share a run: `--endpoint URL[,URL…]`."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import click
import msgspec

from kimidesk.checkpoints.remote import Server, is_remote, look_up, parse
from kimidesk.checkpoints.remote.talk import Unreachable
from kimidesk.cli.server_options import manners_of
from kimidesk.errors import BadCheckpoint, UsageError
from kimidesk.records import CheckpointInfo
from kimidesk.settings import Manners
from kimidesk.wire.messages import OpenCheckpoint

TRIES = 2  # of a request: another server has room sooner than one that is down comes back


def addresses_of(told: tuple[str, ...]) -> tuple[str, ...]:
    """As they were written, each once; raises UsageError and BadCheckpoint for what is none."""
    urls = [part.strip() for each in told for part in each.split(",") if part.strip()]
    for url in urls:
        if not is_remote(url):
            raise UsageError(
                f"--endpoint takes addresses of servers; {url!r} is none",
                hint="For example --endpoint http://node1:8000/v1,http://node2:8000/v1",
            )
    hosts = [parse(url).host for url in urls]
    for host in hosts:
        if hosts.count(host) > 1:
            raise UsageError(f"--endpoint names {host} {hosts.count(host)} times")
    return tuple(parse(url).ref for url in urls)


def answering(urls: tuple[str, ...], template: str | None) -> list[Server]:
    """Those that are there now, of one and the same model; the others are warned of.

    Raises BadCheckpoint where none is there, and UsageError where two serve different models.
    """
    servers: list[Server] = []
    trouble: list[BadCheckpoint] = []
    for url in urls:
        try:
            servers.append(look_up(url, trial=False, template=template or ""))
        except Unreachable as error:
            trouble.append(error)
    if not servers:
        raise trouble[0]
    for each in trouble:
        click.echo(f"warning: {each.what}; it is tried again while the run goes on", err=True)
    for server in servers[1:]:
        _check_same(servers[0], server)
    return servers


def places(
    urls: tuple[str, ...],
    like: OpenCheckpoint,
    options: dict[str, Any],
    servers: Mapping[str, Manners],
) -> tuple[tuple[str, OpenCheckpoint], ...]:
    """What each is called, and how it is opened; `servers` are the settings'."""
    return tuple(
        (
            parse(url).host,
            msgspec.structs.replace(
                like,
                ref=url,
                name="",
                manners=manners_of(_patient(options, url, servers), url, servers),
            ),
        )
        for url in urls
    )


def without_manners(options: dict[str, Any]) -> dict[str, Any]:
    """The same, of a checkpoint on this machine: how servers are treated is for them alone."""
    return {**options, **{each.name: None for each in fields(Manners)}}


def difference(ours: CheckpointInfo, theirs: CheckpointInfo) -> str:
    """Why a server's model cannot be a run's checkpoint, as far as both tell; "" where it can."""
    for name, what in (("vocabulary", "tokens in its vocabulary"), ("parameters", "parameters")):
        own, other = getattr(ours, name), getattr(theirs, name)
        if own and other and own != other:
            return f"its model has {other:,} {what}; the checkpoint of this run has {own:,}"
    return ""


def _patient(options: dict[str, Any], url: str, servers: Mapping[str, Manners]) -> dict[str, Any]:
    if options.get("tries") is None and parse(url).host not in servers:
        return {**options, "tries": TRIES}
    return options


def _check_same(first: Server, other: Server) -> None:
    if first.model == other.model:
        return
    why = difference(first.info, other.info) or "they differ in weights, name or chat template"
    raise UsageError(
        f"{first.address.host} serves {first.info.name} and {other.address.host} "
        f"{other.info.name}, which is another model: {why}",
        hint="All endpoints of a run must serve the same model; name it as URL#MODEL.",
    )
