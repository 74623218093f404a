"""A worker on a node, as the driver knows it."""

import contextlib
import queue
import threading
from typing import Any

import ray
from ray.exceptions import GetTimeoutError, RayActorError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from kimidesk import __version__
from kimidesk.cluster.actor import Holder
from kimidesk.cluster.nodes import Spot
from kimidesk.errors import BadFrame
from kimidesk.wire.frames import encode, event_reader
from kimidesk.wire.link import Start, Tell
from kimidesk.wire.messages import AnyCommand, AnyEvent, Failed, FailureKind, Ready

WAIT_S = 0.1  # how long an actor waits for a word of its worker; commands wait as long at most
BEGIN_S = 180.0  # until an actor answers first: a node imports everything, from a cold disk
SILENT_S = 60.0  # until it answers later


class RayLink:
    """Implements `Link` by an actor that holds a worker; `start` starts it there."""

    def __init__(self, tell: Tell, spot: Spot, start: Start) -> None:
        self._tell, self._spot = tell, spot
        self._outgoing: queue.SimpleQueue[AnyCommand] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._room = 0
        where = NodeAffinitySchedulingStrategy(spot.node, soft=False)
        actor = ray.remote(Holder).options(
            num_cpus=1, num_gpus=int(spot.card), scheduling_strategy=where, max_restarts=0
        )
        self._actor: Any = actor.remote(start)
        self._thread = threading.Thread(target=self._exchange, name=spot.name, daemon=True)
        self._thread.start()

    @property
    def room(self) -> int:
        return self._room

    def send(self, commands: list[AnyCommand]) -> None:
        for command in commands:
            self._outgoing.put(command)

    def check(self) -> None:
        """The actor watches its worker, and the thread here the actor."""

    def close(self) -> None:
        self._closing.set()
        with contextlib.suppress(RayError):  # its node, or the whole cluster, may be gone
            ray.kill(self._actor)
        self._thread.join(2.0)

    def _exchange(self) -> None:
        reader = event_reader()
        limit_s = BEGIN_S
        while not self._closing.is_set():
            frames = b"".join(map(encode, self._sent()))
            try:
                room, said = ray.get(self._actor.exchange.remote(frames, WAIT_S), timeout=limit_s)
                events = reader.feed(said)
            except (RayError, BadFrame) as error:
                self._room = 0
                self._say(_failed(error, limit_s))
                return
            limit_s = SILENT_S
            self._room = room
            for event in events:
                self._say(_checked(event))

    def _sent(self) -> list[AnyCommand]:
        return [self._outgoing.get_nowait() for _ in range(self._outgoing.qsize())]

    def _say(self, event: AnyEvent) -> None:
        if not self._closing.is_set():
            self._tell(event)


def _checked(event: AnyEvent) -> AnyEvent:
    """A node with another version of the program would speak otherwise."""
    if isinstance(event, Ready) and event.program != __version__:
        what = f"its KimiDesk is {event.program}, and this one {__version__}"
        return Failed(what, "Install the same version on every node.", FailureKind.MODEL)
    return event


def _failed(error: Exception, limit_s: float) -> Failed:
    if isinstance(error, GetTimeoutError):
        return Failed(f"its actor has not answered for {limit_s:.0f} s", kind=FailureKind.LOST)
    if isinstance(error, BadFrame):
        return Failed(error.what, error.hint, FailureKind.LOST)
    if isinstance(error, RayActorError) and "ModuleNotFoundError" in str(error):
        what = "KimiDesk cannot be imported there: " + str(error).strip().splitlines()[-1]
        return Failed(what, "pip install 'kimidesk[ray]' on every node", FailureKind.MODEL)
    return Failed(_sentence(error), kind=FailureKind.LOST)


def _sentence(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0][:300] if lines else type(error).__name__
