"""The worker's loop: take commands, step the engine, say what happened."""

import queue
import sys
import traceback
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

import numpy as np

from kimidesk.engines.catalog import open_engine
from kimidesk.engines.protocol import Engine, Paced, Step
from kimidesk.errors import KimiDeskError, ModelError, Refused, WorkerLost
from kimidesk.records import Attempt, Ended
from kimidesk.wire.messages import (
    AnyCommand,
    Cancel,
    Failed,
    FailureKind,
    FormulaDrawn,
    Generate,
    Judge,
    Loaded,
    Loading,
    OpenCheckpoint,
    Reveal,
    Started,
    Steer,
    TraceEnded,
    Typeset,
)
from kimidesk.worker.outbox import Outbox
from kimidesk.worker.pipe import WorkerPipe
from kimidesk.worker.revealing import revealed


class Worker:
    """One checkpoint, from Open to the closing of stdin."""

    def __init__(self, pipe: WorkerPipe) -> None:
        self._pipe = pipe
        self._engine: Engine | None = None
        self._outbox: Outbox | None = None
        self._told_room = 0
        self._waiting: deque[Attempt] = deque()  # until a slot is free, first come first served

    def run(self) -> NoReturn:
        """Serve until stdin closes, which ends the process from another thread."""
        while True:
            self._take_commands(wait=self._engine is None or self._engine.live == 0)
            if self._engine is not None and self._outbox is not None and self._engine.live:
                self._pipe.busy(True)
                steps = self._engine.step()
                self._pipe.busy(False)
                self._tell(steps)
                self._tell_room()
            self._begin_waiting()

    def _tell(self, steps: Sequence[Step]) -> None:
        assert self._outbox is not None
        self._pipe.send(*(event for step in steps for event in self._outbox.put(step)))

    def _tell_room(self) -> None:
        """At once where it has changed: a server may answer faster than a beat comes."""
        if self._room() != self._told_room:
            self._told_room = self._room()
            self._pipe.beat()

    def _take_commands(self, *, wait: bool) -> None:
        try:
            while True:
                self._obey(self._pipe.commands.get(block=wait))
                wait = False
        except queue.Empty:
            return

    def _obey(self, command: AnyCommand) -> None:
        match command:
            case OpenCheckpoint():
                self._open(command)
            case Generate(attempt=attempt):
                self._queue(attempt)
            case Reveal():
                self._reveal(command)
            case Cancel(trace=trace):
                if self._engine is not None:
                    self._cancel(self._engine, trace)
            case Steer(trace=trace, wish=wish):
                if self._engine is not None:
                    self._engine.steer(trace, wish)
            case Judge(trace=trace):
                what = "an engine worker does not grade"
                self._pipe.send(Failed(what, kind=FailureKind.USAGE, trace=trace))
            case Typeset(tex=tex, display=display, em_px=em_px):
                why = "an engine worker sets no formulas"
                self._pipe.send(FormulaDrawn(tex, display, em_px, why=why))

    def _open(self, command: OpenCheckpoint) -> None:
        if self._engine is not None:
            raise ModelError("this worker holds a checkpoint already; start another worker")
        self._pipe.busy(True)
        engine = open_engine(command, self._on_loading)
        self._pipe.busy(False)
        self._engine, self._outbox = engine, Outbox(engine)
        # A chunk of a long prompt may take minutes: who stops it does not wait for its end.
        self._pipe.on_cancel = engine.interrupt
        self._pipe.room = self._room
        self._pipe.beat()
        self._pipe.send(Loaded(engine.info))

    def _on_loading(self, fraction: float) -> None:
        self._pipe.busy(True)  # a slow disk is no hang: the clock starts anew
        self._pipe.send(Loading(fraction))

    def _queue(self, attempt: Attempt) -> None:
        """Begin an attempt once there is a slot; the engine refuses one that grows already."""
        growing = self._outbox is not None and self._outbox.growing(attempt.trace)
        if any(each.trace == attempt.trace for each in self._waiting):
            what = f"trace {attempt.trace} is waiting already"
            self._pipe.send(Failed(what, kind=FailureKind.ATTEMPT, trace=attempt.trace))
        elif growing:
            self._generate(attempt)
        else:
            self._waiting.append(attempt)
            self._begin_waiting()

    def _begin_waiting(self) -> None:
        """Begin as many attempts as there are slots for."""
        while self._waiting and not self._full():
            self._generate(self._waiting.popleft())

    def _full(self) -> bool:
        return self._engine is not None and self._engine.live >= self._room()

    def _room(self) -> int:
        engine = self._engine
        if engine is None:
            return 0
        return engine.room if isinstance(engine, Paced) else engine.info.slots

    def _generate(self, attempt: Attempt) -> None:
        trace = attempt.trace
        try:
            if self._engine is None or self._outbox is None:
                raise Refused("no checkpoint is open")
            attempt.sampling.check()
            attempt.budget.check()
            accepted = self._engine.add(attempt)
            self._outbox.begin(trace)
        except WorkerLost:
            raise  # the engine cannot go on: all its traces need a fresh worker
        except KimiDeskError as error:
            self._pipe.send(Failed(error.what, error.hint, FailureKind.ATTEMPT, trace))
            return
        ids = np.asarray(accepted.prompt, "<i4").tobytes()
        self._pipe.send(Started(trace, ids, accepted.dialect, accepted.pictures))

    def _reveal(self, command: Reveal) -> None:
        try:
            if self._engine is None:
                raise Refused("no checkpoint is open")
            self._pipe.busy(True)
            # Each part of a text begins the clock anew: a long one is no hang.
            alive = partial(self._pipe.busy, True)
            for event in revealed(self._engine, command, alive):
                self._pipe.send(event)
        except WorkerLost:
            raise
        except KimiDeskError as error:
            trace = command.attempt.trace
            self._pipe.send(Failed(error.what, error.hint, FailureKind.ATTEMPT, trace))
        finally:
            self._pipe.busy(False)

    def _cancel(self, engine: Engine, trace: str) -> None:
        waiting = [each for each in self._waiting if each.trace != trace]
        if len(waiting) < len(self._waiting):
            self._waiting = deque(waiting)
            self._pipe.send(TraceEnded(trace, Ended.STOPPED))
        elif self._outbox is not None and self._outbox.growing(trace):
            engine.drop(trace)
            self._tell([Step(trace, None, Ended.STOPPED)])
            self._begin_waiting()


def main() -> NoReturn:
    """Claim the pipe, then serve. Exit codes: 0 the face left, 3 the checkpoint is unusable."""
    pipe = WorkerPipe()
    try:
        Worker(pipe).run()
    except KimiDeskError as error:
        unusable = isinstance(error, ModelError) and not isinstance(error, WorkerLost)
        kind = FailureKind.MODEL if unusable else FailureKind.WORKER
        pipe.send(Failed(error.what, error.hint, kind))
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 — the last resort: told to the face, then we end
        traceback.print_exc()
        pipe.send(Failed(f"the worker met a fault of its own: {type(error).__name__}: {error}"))
        sys.exit(1)
