"""The worker's end of the pipe: frames out on the true stdout, commands in on a queue.

C code and stray prints write to descriptor 1; it is pointed at stderr before anything else runs.
When stdin closes the face is gone, and the process ends at once, whatever it is doing.
"""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable

from kimidesk import __version__
from kimidesk.errors import BadFrame
from kimidesk.wire.frames import command_reader, encode
from kimidesk.wire.messages import PROTOCOL, AnyCommand, AnyEvent, Beat, Cancel, Failed, Ready

BEAT_S = 1.0
READ_BYTES = 2**16


class WorkerPipe:
    """Claims the descriptors, says Ready, and beats every second."""

    def __init__(self) -> None:
        self._out = os.dup(1)
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._lock = threading.Lock()
        self.commands: queue.SimpleQueue[AnyCommand] = queue.SimpleQueue()
        self._busy_since: float | None = None
        self.on_cancel: Callable[[], None] = lambda: None  # called from another thread
        self.room: Callable[[], int] = lambda: 0  # likewise; see Beat
        self.send(Ready(PROTOCOL, os.getpid(), __version__))
        threading.Thread(target=self._read, name="commands", daemon=True).start()
        threading.Thread(target=self._beat, name="beat", daemon=True).start()

    def send(self, *events: AnyEvent) -> None:
        """Write their frames at once: a write each would wake the face for every trace.

        The process ends when the face no longer reads.
        """
        frames = memoryview(b"".join(map(encode, events)))
        try:
            with self._lock:
                while frames:
                    frames = frames[os.write(self._out, frames) :]
        except BrokenPipeError:
            os._exit(0)

    def busy(self, yes: bool) -> None:
        """Say that a step begins or has ended, so that a hang can be told from work."""
        self._busy_since = time.monotonic() if yes else None

    def _read(self) -> None:
        reader = command_reader()
        while data := os.read(0, READ_BYTES):
            try:
                for command in reader.feed(data):
                    self.commands.put(command)
                    if isinstance(command, Cancel):
                        self.on_cancel()
                reader.feed(b"")
            except BadFrame as error:
                self.send(Failed(f"the worker cannot read what it was sent: {error.what}"))
                os._exit(2)
        os._exit(0)

    def _beat(self) -> None:
        while True:
            time.sleep(BEAT_S)
            self.beat()

    def beat(self) -> None:
        """Say that the worker lives, how busy it is, and how much it takes."""
        since = self._busy_since
        self.send(Beat(time.monotonic() - since if since is not None else 0.0, self.room()))
