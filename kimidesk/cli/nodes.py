"""The nodes of a Ray cluster share a run: `--ray auto|ADDRESS`."""

from functools import partial
from pathlib import Path

import msgspec

from kimidesk.checkpoints import catalog, remote
from kimidesk.cli.backend import Chosen
from kimidesk.client.fleet import Place
from kimidesk.client.pipe import Pipe
from kimidesk.cluster import nodes
from kimidesk.errors import UsageError
from kimidesk.wire.link import Link, Tell
from kimidesk.wire.messages import OpenCheckpoint


def join(address: str, chosen: Chosen) -> None:
    """Before anything is begun; raises UsageError where that cannot be, or makes no sense."""
    if remote.is_remote(chosen.ref):
        raise UsageError(
            "--ray opens a checkpoint on every node; a server needs none of it",
            hint="Name servers by --endpoint URL,URL without --ray.",
        )
    nodes.connect(address)
    if not nodes.spots():
        raise UsageError(f"the cluster at {address} has no node with a CPU or a graphics card")


def name_for_nodes(chosen: Chosen) -> str:
    """A checkpoint by its name in the catalog, or by its whole path: each node looks it up."""
    if catalog.is_scripted(chosen.ref):
        return catalog.SCRIPTED + str(Path(chosen.ref.removeprefix(catalog.SCRIPTED)).resolve())
    return chosen.asked if catalog.title_of(chosen.asked) else chosen.ref


def places(opening: OpenCheckpoint, ref: str) -> list[Place]:
    """The nodes that are there now, or their cards."""
    there = msgspec.structs.replace(opening, ref=ref)
    return [Place(spot.name, there, partial(_start, spot)) for spot in nodes.spots()]


def _start(spot: nodes.Spot, tell: Tell) -> Link:
    from kimidesk.cluster.link import RayLink  # needs Ray, which need not be installed

    return RayLink(tell, spot, Pipe)
