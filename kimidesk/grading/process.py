"""The grading process as the command line and a training job drive it.

One thread does everything: it starts the process, sends, reads, and hands each verdict over. A
timer kills the process at the deadline, which ends the thread's wait for its answer.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Self

from kimidesk.errors import BadFrame
from kimidesk.grading.queue import GRADING_LIMIT_S, GradingQueue
from kimidesk.wire.frames import encode as frame
from kimidesk.wire.frames import event_reader
from kimidesk.wire.messages import PROTOCOL, Judge, Judged, Ready

READ = 65_536  # bytes
START_LIMIT_S = 60.0  # importing sympy takes 1 to 2.5 s; a cold disk some times that
MOURNING_S = 5.0  # how long a killed process is waited for


def command(code_limit_s: float | None = None) -> list[str]:
    """How the grading process is started; `-P` keeps the current folder off its path.

    Only where a person allowed it does it run code, each for `code_limit_s` at most.
    """
    words = [sys.executable, "-P", "-m", "kimidesk.grading.serve"]
    if code_limit_s is not None:
        words += ["--allow-code-exec", "--code-timeout", str(code_limit_s)]
    return words


class GraderProcess:
    """Judges in a process of its own, replaced when it hangs or dies.

    `on_judged` is called once for every `submit`, in order, from this object's own thread.
    """

    def __init__(
        self,
        on_judged: Callable[[Judged], None],
        *,
        limit_s: float = GRADING_LIMIT_S,
        code_limit_s: float | None = None,
    ) -> None:
        self._on_judged = on_judged
        self._queue = GradingQueue(limit_s, code_limit_s)
        self._changed = threading.Condition()  # guards the queue, `_closing` and `_child`
        self._closing = False
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._run, name="grader", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Of the running process, if there is one."""
        child = self._child
        return child.pid if child else None

    def submit(self, judge: Judge) -> None:
        """Ask for a judgement; its answer comes to `on_judged`."""
        with self._changed:
            self._queue.submit(judge)
            self._changed.notify()

    def close(self) -> None:
        """End the process at once; what was not judged stays so."""
        with self._changed:
            self._closing = True
            if self._child is not None:
                self._child.kill()
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closing:
            child = self._start()  # at once, so that it is warm when the first answer comes
            if child is None:
                return
            why = self._converse(child)
            self._bury(child)
            if not self._closing:
                self._mourn(why)

    def _start(self) -> "subprocess.Popen[bytes] | None":
        with self._changed:
            if self._closing:
                return None
            self._child = subprocess.Popen(
                command(self._queue.code_limit_s), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            return self._child

    def _converse(self, child: "subprocess.Popen[bytes]") -> str:
        """Send and read until the process is gone; why it is."""
        conversation = _Conversation(child)
        try:
            self._take(self._timely(child, START_LIMIT_S, conversation.read))  # Ready
            while judge := self._wait():
                conversation.judge = judge
                self._take(self._timely(child, self._queue.limit_of(judge), conversation.exchange))
        except (BadFrame, OSError, EOFError) as error:
            return str(error)
        return "it was closed"

    def _timely(
        self, child: "subprocess.Popen[bytes]", limit_s: float, ask: Callable[[], Ready | Judged]
    ) -> Ready | Judged:
        """What `ask` gives; the process is killed after `limit_s`, which makes `ask` raise."""
        timer = threading.Timer(limit_s, child.kill)
        timer.start()
        try:
            return ask()
        finally:
            timer.cancel()

    def _wait(self) -> Judge | None:
        with self._changed:
            while not self._closing:
                if judge := self._queue.next(time.monotonic()):
                    return judge
                self._changed.wait()
        return None

    def _take(self, event: Ready | Judged) -> None:
        with self._changed:
            judged = self._queue.on(event)
        if judged is not None and not self._closing:
            self._on_judged(judged)

    def _mourn(self, why: str) -> None:
        with self._changed:
            late = self._queue.expired(time.monotonic())
            verdicts = [late] if late else self._queue.lost(why)
        for verdict in verdicts:
            self._on_judged(verdict)
        with self._changed:
            # One that dies on its own is not started again before there is work for it.
            while late is None and self._queue.idle and not self._closing:
                self._changed.wait()

    def _bury(self, child: "subprocess.Popen[bytes]") -> None:
        with self._changed:
            self._child = None
        child.kill()
        assert child.stdin is not None
        assert child.stdout is not None
        with contextlib.suppress(OSError):  # bytes that it never read cannot be flushed
            child.stdin.close()
        child.stdout.close()
        child.wait(MOURNING_S)


class _Conversation:
    """One question, one answer."""

    def __init__(self, child: "subprocess.Popen[bytes]") -> None:
        self._child = child
        self._reader = event_reader()
        self.judge: Judge | None = None  # the next question

    def exchange(self) -> Ready | Judged:
        """Ask, and read the answer."""
        assert self._child.stdin is not None
        assert self.judge is not None
        self._child.stdin.write(frame(self.judge))
        self._child.stdin.flush()
        return self.read()

    def read(self) -> Ready | Judged:
        """The next event; raises EOFError when the process is gone."""
        assert self._child.stdout is not None
        while True:
            data = self._child.stdout.read1(READ)  # type: ignore[attr-defined]  # a BufferedReader
            if not data:
                raise EOFError("the grading process ended")
            for event in self._reader.feed(data):
                if isinstance(event, Ready) and event.protocol != PROTOCOL:
                    raise BadFrame(
                        f"the grader speaks protocol {event.protocol}, this program {PROTOCOL}",
                        hint="Restart the program: it was updated while it ran.",
                    )
                if isinstance(event, (Ready, Judged)):
                    return event
