"""The nodes of a cluster, as places where a worker can stand."""

import logging
import os
import socket
from typing import NamedTuple

from kimidesk.errors import UsageError

REACH_S = 10.0
HOW = "A cluster begins with `ray start --head`; other nodes join it by `ray start --address=…`."


class Spot(NamedTuple):
    """Room for one worker: a graphics card of a node, or a node without any."""

    name: str  # what people are told: HOST:NODE, and /N for its N-th card
    node: str  # Ray's id, hex
    card: bool


def connect(address: str) -> None:
    """Join the cluster at `address`, or at "auto" the one that runs on this machine.

    Raises UsageError where Ray is not installed, and where no cluster answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    try:
        import ray
    except ImportError as error:
        raise UsageError(
            "--ray needs Ray, which is not installed", hint="pip install 'kimidesk[ray]'"
        ) from error
    _reach(address)
    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        what = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise UsageError(f"no Ray cluster answers at {address}: {what}", hint=HOW) from error


def _reach(address: str) -> None:
    """Ray itself tries for minutes, and writes a warning each time."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not (host and port.isdecimal()):
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), REACH_S).close()
    except (OSError, OverflowError) as error:
        raise UsageError(f"no Ray cluster answers at {address}: {error}", hint=HOW) from error


def spots() -> list[Spot]:
    """Where workers can stand now: one a card where any node has one, else one a node."""
    import ray

    nodes = [node for node in ray.nodes() if node["Alive"]]
    cards = any(node["Resources"].get("GPU", 0) >= 1 for node in nodes)
    found = []
    for node in nodes:
        name = f"{node['NodeManagerHostname']}:{node['NodeID'][:6]}"
        if not cards and node["Resources"].get("CPU", 0) >= 1:
            found.append(Spot(name, node["NodeID"], card=False))
        for card in range(int(node["Resources"].get("GPU", 0)) if cards else 0):
            found.append(Spot(f"{name}/{card}", node["NodeID"], card=True))
    return found
