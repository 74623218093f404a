"""One process's work on a run: a worker, a grader, and the folder."""

import time
from dataclasses import asdict
from functools import partial
from typing import Any

import msgspec
import psutil

from kimidesk import __version__
from kimidesk.cli import nodes
from kimidesk.cli.backend import Backend, Stopping, as_error
from kimidesk.cli.job import Job
from kimidesk.cli.progress import Shown
from kimidesk.client.fleet import Fleet, Place
from kimidesk.client.pipe import Pipe
from kimidesk.flows import Score
from kimidesk.records import CheckpointInfo, Sample
from kimidesk.records.share import wilson
from kimidesk.store.owner import this_process
from kimidesk.store.runs import RunFolder
from kimidesk.store.watching import LIVE, Live
from kimidesk.wire.link import Link, Tell
from kimidesk.wire.messages import AnyEvent, Failed, FailureKind, OpenCheckpoint

COMPLETE, SOME_FAILED, STOPPED, TOO_LOW, INTERRUPTED = 0, 1, 4, 5, 130
DEATHS = 3  # workers that may die one after the other without a sample
LIVE_S = 2.0  # seconds between two lines for who looks at the folder
LEAST = 30  # samples before an interval stops a run: of fewer it may be narrow by chance


def replace_slots(opening: OpenCheckpoint, slots: int) -> OpenCheckpoint:
    """The same opening for fewer traces at once."""
    return msgspec.structs.replace(opening, slots=slots)


class Session:
    """One process's work on a run."""

    def __init__(self, job: Job, folder: RunFolder, done: list[Sample], screen: Shown) -> None:
        self._job = job
        self._folder = folder
        self._done = done
        self._screen = screen
        self._deaths = 0
        self._slots = job.slots
        self._fleet: Fleet | None = None
        self._told = 0.0  # monotonic second
        self._begun = time.monotonic()

    def run(self) -> int:
        """Until the plan is complete or somebody stops it; returns the exit status."""
        with Stopping() as stopping, self._backend(stopping) as backend:
            self._screen.say("opening the checkpoint")
            checkpoint = backend.open(self._job.opening)
            flow = Score(
                self._job.plan,
                checkpoint,
                done=self._done,
                width=self._width(backend),
                now=time.monotonic(),
                retries=self._job.retries,
            )
            try:
                self._tell_live(flow)
                backend.send(flow.start())
                status = self._loop(flow, backend, stopping)
            finally:
                self._folder.log_session(self._facts(checkpoint, flow))
                (self._folder.path / LIVE).unlink(missing_ok=True)
        return status

    def _backend(self, stopping: Stopping) -> Backend:
        return Backend(
            stopping, grading=True, code_limit_s=self._job.code_limit_s, start=self._start
        )

    def _start(self, tell: Tell) -> Link:
        """One worker here, or one for each of several places."""
        job = self._job
        if not (job.places or job.on_nodes):
            return Pipe(tell)
        look = partial(nodes.places, job.opening, job.on_nodes) if job.on_nodes else None
        places = look() if look else [Place(name, opening, Pipe) for name, opening in job.places]
        self._fleet = Fleet(tell, places, agrees=job.agrees, look=look, news=self._screen.warn)
        return self._fleet

    def _width(self, backend: Backend) -> int:
        """Samples in flight: as many as are taken now, of one worker no more than were asked for.

        A server is found to take more while it goes on; places come and go.
        """
        return backend.room if self._fleet is not None else min(self._slots, backend.room)

    def _loop(self, flow: Score, backend: Backend, stopping: Stopping) -> int:
        while not flow.done:
            if stopping.terminated or stopping.interrupts > 1:
                return STOPPED if stopping.terminated else INTERRUPTED
            if stopping.interrupts and not flow.draining:
                flow.drain()
                self._screen.say(
                    f"finishing {flow.flying} samples in flight; Ctrl-C again stops now"
                )
            event = backend.next_event(0.2)
            if event is not None:
                self._take(event, flow, backend)
            wider = self._width(backend) > flow.width
            flow.width = self._width(backend)
            backend.send(flow.tick(time.monotonic()) + (flow.start() if wider else []))
            self._stop_early(flow)
            if time.monotonic() - self._told > LIVE_S:
                self._tell_live(flow)
            self._screen.show(flow.progress(time.monotonic()))
        if flow.complete:
            return COMPLETE
        return INTERRUPTED if stopping.interrupts else STOPPED

    def _tell_live(self, flow: Score) -> None:
        """For who looks at the folder."""
        self._told = time.monotonic()
        progress = flow.progress(self._told)
        live = Live(this_process(), progress.total, progress.tokens_per_s, progress.eta_s)
        self._folder.write_json(LIVE, asdict(live))

    def _stop_early(self, flow: Score) -> None:
        """Where too many samples have failed, or the accuracy is known well enough."""
        most, close = self._job.most_errors, self._job.close_enough
        if flow.draining:
            return
        if most is not None and flow.failed > most:
            self._screen.warn(f"{flow.failed:,} samples failed, more than --max-errors {most:,}")
            flow.drain()
        elif close is not None and (told := flow.progress(time.monotonic())).graded >= LEAST:
            low, high = wilson(told.right, told.graded)
            if (high - low) / 2 <= close:
                self._screen.say(f"the accuracy is known to {100 * (high - low) / 2:.1f} points")
                flow.drain()

    def _take(self, event: AnyEvent, flow: Score, backend: Backend) -> None:
        if isinstance(event, Failed) and event.trace is None:
            self._replace_worker(event, flow, backend)
            return
        backend.send(flow.on(event))
        self._save(flow)

    def _save(self, flow: Score) -> None:
        for sample in flow.collect():
            self._folder.add(sample)
            self._deaths = 0

    def _replace_worker(self, failed: Failed, flow: Score, backend: Backend) -> None:
        self._deaths += 1
        if failed.kind is FailureKind.MODEL or self._deaths > DEATHS:
            raise as_error(failed)
        self._screen.warn(f"{failed.what}; starting a fresh one")
        flow.lost(failed)
        self._save(flow)
        time.sleep(0.2 * self._deaths)
        # It may have wanted more memory than there is: half as many traces at once from now on.
        self._slots = flow.width = max(1, self._slots // 2)
        backend.open(replace_slots(self._job.opening, self._slots))
        backend.send(flow.start())

    def _facts(self, checkpoint: CheckpointInfo, flow: Score) -> dict[str, Any]:
        progress = flow.progress(time.monotonic())
        places = {"places": self._fleet.ended} if self._fleet is not None else {}
        return places | {
            "program": __version__,
            "engine": checkpoint.engine,
            "device": checkpoint.device,
            "slots": self._slots,
            "context": checkpoint.context,
            "reproducible": self._job.opening.reproducible,
            "samples": progress.done - len(self._done),
            "tokens": progress.tokens,
            "seconds": progress.seconds,
            "tokens_per_s": progress.tokens_per_s,
            "face_peak_bytes": psutil.Process().memory_info().rss,
        }
