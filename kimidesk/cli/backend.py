"""A worker and a grader behind one queue of events, for the verbs that make tokens."""

import queue
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, Protocol, Self

import click

from kimidesk.checkpoints import catalog, describe, remote
from kimidesk.cli.options import adapters_of, draft_of, projector_of
from kimidesk.cli.server_options import manners_of
from kimidesk.client import dialect
from kimidesk.client.pipe import Pipe
from kimidesk.errors import BadCheckpoint, KimiDeskError, ModelError, WorkerLost
from kimidesk.flows import Branches
from kimidesk.grading.process import GraderProcess
from kimidesk.reading.dialects import sheet_of
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Budget, CheckpointInfo
from kimidesk.settings import load
from kimidesk.wire.link import Link, Start
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Failed,
    FailureKind,
    Judge,
    Judged,
    Loaded,
    Loading,
    OpenCheckpoint,
)

CHECK_S = 1.0
PROMPT_ROOM = 1024  # tokens kept for the prompt when the context is left to us
THOUGHT_ROOM = 8192  # and for a thought without a budget


class Flow(Protocol):
    """A journey without I/O: events in, commands out."""

    @property
    def done(self) -> bool: ...

    def start(self) -> list[AnyCommand]: ...

    def on(self, event: AnyEvent) -> list[AnyCommand]: ...


class Backend:
    """Starts, restarts and ends the processes; routes commands to the right one."""

    def __init__(
        self,
        stopping: "Stopping",
        *,
        grading: bool,
        code_limit_s: float | None = None,
        start: Start = Pipe,
    ) -> None:
        """`start` starts what makes the tokens: a worker, or several behind the face of one."""
        self._stopping = stopping
        self._events: queue.SimpleQueue[AnyEvent] = queue.SimpleQueue()
        self._start = start
        self._link: Link | None = None
        self._checked = time.monotonic()
        self._grader = (
            GraderProcess(self._events.put, code_limit_s=code_limit_s) if grading else None
        )

    def open(
        self, options: OpenCheckpoint, loading: Callable[[float], None] = lambda _: None
    ) -> CheckpointInfo:
        """Start a fresh worker and load.

        Raises ModelError with what the worker said, KeyboardInterrupt when asked to stop.
        """
        if self._link is not None:
            self._link.close()
            self._forget_the_old_worker()
        self._link = self._start(self._events.put)
        self._link.send([options])
        early: list[AnyEvent] = []  # verdicts on what an earlier worker made
        while not self._stopping.now:
            match self.next_event(0.2):
                case Loading(fraction=fraction):
                    loading(fraction)
                case Loaded(checkpoint=checkpoint):
                    for event in early:
                        self._events.put(event)
                    return checkpoint
                case Failed(trace=None) as failed:
                    raise as_error(failed)
                case Judged() as judged:
                    early.append(judged)
        raise KeyboardInterrupt

    @property
    def room(self) -> int:
        """Traces that are taken at once now."""
        return self._link.room if self._link is not None else 0

    def send(self, commands: list[AnyCommand]) -> None:
        """Judgements to the grader, the rest to the worker."""
        for command in commands:
            if isinstance(command, Judge):
                assert self._grader is not None
                self._grader.submit(command)
            elif self._link is not None:
                self._link.send([command])

    def next_event(self, timeout_s: float) -> AnyEvent | None:
        """The next event, or None after the timeout; watches for a hung worker."""
        now = time.monotonic()
        if self._link is not None and now - self._checked >= CHECK_S:
            self._checked = now
            self._link.check()
        try:
            return self._events.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def drive(self, flow: Flow) -> Iterator[AnyEvent]:
        """Start a flow; each event once the flow has taken it, to its end or until asked to stop.

        Raises ModelError and WorkerLost where the worker is gone.
        """
        self.send(flow.start())
        while not (flow.done or self._stopping.now):
            event = self.next_event(0.2)
            if event is None:
                continue
            if isinstance(event, Failed) and event.trace is None:
                raise as_error(event)
            self.send(flow.on(event))
            yield event

    def drive_to_end(self, flow: Branches) -> Iterator[AnyEvent]:
        """The same for what is worth keeping: asked to stop, it is stopped, and told to its end.

        A second request leaves it as it is. Raises KeyboardInterrupt, ModelError and WorkerLost.
        """
        self.send(flow.start())
        asked = 0
        while not flow.done:
            event = self.next_event(0.2)
            if self._stopping.terminated or self._stopping.interrupts > asked:
                if asked:
                    raise KeyboardInterrupt
                asked = 1
                self._stopping.terminated = False
                self.send(flow.stop())
            if event is None:
                continue
            self.send(flow.on(event))
            yield event
            if isinstance(event, Failed) and event.trace is None:
                raise as_error(event)

    def _forget_the_old_worker(self) -> None:
        """Its last events must not be taken for the next one's; judgements are another's."""
        left = [self._events.get() for _ in range(self._events.qsize())]
        for event in left:
            if isinstance(event, Judged):
                self._events.put(event)

    def close(self) -> None:
        """End both processes."""
        if self._link is not None:
            self._link.close()
        if self._grader is not None:
            self._grader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Stopping:
    """Counts the requests to stop while it is entered: Ctrl-C, and the system's SIGTERM."""

    def __init__(self) -> None:
        self.interrupts = 0
        self.terminated = False

    @property
    def now(self) -> bool:
        """Whether anybody has asked at all: enough where there is nothing to save."""
        return self.terminated or self.interrupts > 0

    def __enter__(self) -> Self:
        self._before = {
            number: signal.signal(number, self._asked) for number in (signal.SIGINT, signal.SIGTERM)
        }
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        if number == signal.SIGTERM:
            self.terminated = True
        else:
            self.interrupts += 1


def as_error(failed: Failed) -> KimiDeskError:
    """A failure as an exception, with the worker's last words in the hint."""
    words = f"\nThe worker's last words:\n{failed.detail}" if failed.detail else ""
    if failed.kind is FailureKind.MODEL:
        return ModelError(failed.what, hint=failed.hint)
    return WorkerLost(failed.what, hint=failed.hint + words)


class Chosen(NamedTuple):
    """A checkpoint that a person named."""

    ref: str  # for the worker: a path, scripted:FILE, or a server's address
    name: str
    fingerprint: str
    thinks: bool
    trained_context: int = 0  # tokens; 0 = not known
    asked: str = ""  # as the person wrote it
    info: CheckpointInfo | None = None  # what is known without opening it; not of a scripted one
    model: str = ""  # of a server's: the fingerprint of the model alone, wherever it is served


def choose(model: str | None, template: str | None = None) -> Chosen:
    """What a person named; None means the checkpoint of the settings.

    `template` is a file with the chat template of a server's model, where a person named one.

    Raises BadCheckpoint before any process is started.
    """
    ref = model or load().checkpoint
    if catalog.is_scripted(ref):
        path = Path(ref.removeprefix(catalog.SCRIPTED))
        if not path.is_file():
            raise BadCheckpoint(f"there is no script {path}")
        return Chosen(ref, "", describe.fingerprint(path), True, asked=ref)
    if remote.is_remote(ref):
        manners = remote.manners_for(ref, load().servers)
        template = template or manners.chat_template
        return chosen_of(remote.look_up(ref, trial=False, template=template), ref)
    description = catalog.look_up(ref)
    thinks = dialect.look_up(ref).thinks
    info = description.info
    file = catalog.for_worker(ref)
    return Chosen(file, info.name, info.fingerprint, thinks, info.trained_context, ref, info)


def chosen_of(server: remote.Server, asked: str) -> Chosen:
    """A server's model, as if a person had named it."""
    info, template = server.info, server.chat_template
    thinks = not template or sheet_of(ChatTemplate(template), info.name).thinks
    return Chosen(
        info.ref, "", info.fingerprint, thinks, info.trained_context, asked, info, server.model
    )


def context_for(asked: int, budget: Budget, chosen: Chosen) -> int:
    """Tokens a trace may use: as asked, or what the budget needs, in steps of 256.

    Left to us it stays within what the checkpoint was trained on; asked for, more is allowed. A
    server that tells its context has the memory for it: left to us it is that one (0), never more.
    """
    trained, served = chosen.trained_context, remote.is_remote(chosen.ref)
    if asked:
        if 0 < trained < asked and not served:
            click.echo(
                f"warning: {chosen.name} was trained on {trained:,} tokens; beyond them what it "
                "writes may be worthless",
                err=True,
            )
        return asked
    if trained and served:
        return 0
    thought = THOUGHT_ROOM if budget.thinking is None else budget.thinking
    need = PROMPT_ROOM + (thought if chosen.thinks else 0) + (budget.answer or 1024)
    return min(-(-need // 256) * 256, trained or need + 256)


def opening(
    chosen: Chosen,
    options: dict[str, Any],
    budget: Budget,
    *,
    slots: int = 1,
    reproducible: bool = False,
    pool: int = 0,
    sees: bool = True,
    replays: bool = False,
) -> OpenCheckpoint:
    """How a checkpoint is opened: by the options, and by the settings where they say nothing.

    `sees`: there may be pictures to show it. `replays`: it is to tell given texts whole.
    """
    settings = load()
    return OpenCheckpoint(
        ref=chosen.ref,
        name=chosen.name,
        context=context_for(options["context"], budget, chosen),
        slots=slots,
        gpu_layers=settings.gpu_layers if options["gpu_layers"] is None else options["gpu_layers"],
        threads=options["threads"] or settings.threads,
        reproducible=reproducible,
        replays=replays,
        pool=pool,
        kv_type=options["kv_type"],
        adapters=adapters_of(options),
        draft=draft_of(options),
        projector=projector_of(options, Path(chosen.ref), sees=sees),
        image_min_tokens=options["image_min_tokens"],
        image_max_tokens=options["image_max_tokens"],
        keep_gb=settings.keep_gb if options["keep_gb"] is None else options["keep_gb"],
        guesses=options["guesses"],
        flash=options["flash"],
        manners=manners_of(options, chosen.ref, settings.servers),
    )
