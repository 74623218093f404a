"""A worker process as the terminal drives it: three threads write, read, and keep its last words.

The window has its own driver of the same `Session` (QProcess); see `kimidesk.gui.link`.
"""

import contextlib
import queue
import subprocess
import threading
import time
from collections.abc import Callable

from kimidesk.client.launch import worker_command, worker_environment
from kimidesk.client.session import Session
from kimidesk.errors import WorkerLost
from kimidesk.wire.frames import encode
from kimidesk.wire.messages import AnyCommand, AnyEvent

READ_BYTES = 2**16
CLOSE_S = 2.0  # a worker ends itself when stdin closes; after this it is killed


class Pipe:
    """Starts a worker; `tell` gets every event, on another thread, and must be quick."""

    def __init__(self, tell: Callable[[AnyEvent], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self.session = Session(time.monotonic())
        try:
            self._process = subprocess.Popen(
                worker_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=worker_environment(),
                # Ctrl-C is for the face, which drains; the worker ends with its stdin.
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerLost(f"the worker cannot be started: {error}") from error
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        threading.Thread(target=self._write, name="worker commands", daemon=True).start()
        self._errors = threading.Thread(target=self._read_stderr, name="worker stderr", daemon=True)
        self._errors.start()
        self._reader = threading.Thread(target=self._read_events, name="worker events", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def room(self) -> int:
        """Traces that the worker takes at once now; 0 until it has loaded, and when it is gone."""
        return 0 if self.session.failed is not None else self.session.room

    def send(self, commands: list[AnyCommand]) -> None:
        """Send commands in order, without waiting: a hung worker does not read.

        A worker that is gone says so through its Failed event.
        """
        for command in commands:
            self.session.sent(command)
            self._outgoing.put(encode(command))

    def check(self) -> None:
        """Call about once a second: a hung worker is killed and told of as Failed."""
        with self._lock:
            failed = self.session.overdue(time.monotonic())
        if failed is not None:
            self._process.kill()
            self._tell(failed)

    def close(self) -> None:
        """End the worker within `CLOSE_S`; nothing is told of after this."""
        with self._lock:
            self.session.closing = True
        self._outgoing.put(None)
        try:
            self._process.wait(CLOSE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # A grandchild may hold the pipes open: the threads are daemons and are left to it.
        self._reader.join(CLOSE_S)
        self._errors.join(CLOSE_S)
        if not self._reader.is_alive() and not self._errors.is_alive():
            for stream in (self._process.stdout, self._process.stderr):
                if stream is not None:
                    stream.close()

    def _write(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as stdin:
            while (frame := self._outgoing.get()) is not None:
                view = memoryview(frame)
                while view:  # an unbuffered stream may take a part
                    view = view[stdin.write(view) or 0 :]

    def _read_events(self) -> None:
        assert self._process.stdout is not None
        while data := self._process.stdout.read(READ_BYTES):
            with self._lock:
                events = self.session.feed(data, time.monotonic())
            for event in events:
                self._tell(event)
            if self.session.failed is not None:
                self._process.kill()
        code = self._process.wait()
        self._errors.join(1.0)  # its last words belong into the message
        with self._lock:
            failed = self.session.ended(code)
        if failed is not None:
            self._tell(failed)

    def _read_stderr(self) -> None:
        assert self._process.stderr is not None
        while data := self._process.stderr.read(READ_BYTES):
            with self._lock:
                self.session.stderr(data)
