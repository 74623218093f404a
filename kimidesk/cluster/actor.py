"""What stands on a node: one worker, and what it has said since it was last asked."""

import queue
import time

import msgspec

from kimidesk.checkpoints import catalog
from kimidesk.errors import KimiDeskError
from kimidesk.wire.frames import command_reader, encode
from kimidesk.wire.link import Start
from kimidesk.wire.messages import AnyEvent, Failed, FailureKind, OpenCheckpoint

CHECK_S = 1.0


class Holder:
    """Made an actor by the driver. Its worker ends with it: the pipes close."""

    def __init__(self, start: Start) -> None:
        self._said: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self._commands = command_reader()
        self._link = start(self._said.put)
        self._checked = time.monotonic()

    def exchange(self, frames: bytes, wait_s: float) -> tuple[int, bytes]:
        """Hand commands on; what the worker takes at once now, and what it has said.

        Returns as soon as there is something, or after `wait_s` seconds.
        """
        for command in self._commands.feed(frames):
            if isinstance(command, OpenCheckpoint):
                self._open(command)
            else:
                self._link.send([command])
        if time.monotonic() - self._checked >= CHECK_S:
            self._checked = time.monotonic()
            self._link.check()
        said: list[AnyEvent] = []
        try:
            said.append(self._said.get(timeout=wait_s))
            while True:
                said.append(self._said.get_nowait())
        except queue.Empty:
            pass
        return self._link.room, b"".join(map(encode, said))

    def _open(self, command: OpenCheckpoint) -> None:
        """By the name that a person gave: where a checkpoint lies is for each node to say."""
        try:
            if not catalog.is_scripted(command.ref):
                command = msgspec.structs.replace(command, ref=catalog.for_worker(command.ref))
        except KimiDeskError as error:
            hint = "It must be on every node, by the same path or by its name in the catalog."
            self._said.put(Failed(error.what, hint, FailureKind.MODEL))
            return
        self._link.send([command])
