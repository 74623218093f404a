"""Workers that share the traces of one flow, as if they were one: several servers, or the nodes
of a cluster.

Who has room gets the next trace. What grew where a worker, its server or its node was lost comes
back as a `Failed` of kind WORKER with the name of the trace, to be begun again; the place is tried
again after a pause that doubles. Places may come and go.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from kimidesk.errors import KimiDeskError
from kimidesk.records import CheckpointInfo, Ended
from kimidesk.wire.link import Link, Start, Tell
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Cancel,
    Failed,
    FailureKind,
    Generate,
    Loaded,
    OpenCheckpoint,
    Steer,
    TraceEnded,
)

PAUSE_S = 2.0  # before a place is tried again; it doubles
LONGEST_PAUSE_S = 60.0
GIVE_UP_S = 600.0  # after so long without any place the flow is told
LOOK_S = 5.0  # between two looks for places that have come or gone
LOSSES = 3  # traces that a place may lose in a row; a broken stream alone is no lost server


class Place(NamedTuple):
    """Where a worker can be: its name is what people call the server or the node."""

    name: str
    opening: OpenCheckpoint
    start: Start


@dataclass(eq=False)
class _Seat:
    """One place, and the worker that is there now."""

    place: Place
    link: Link | None = None
    loaded: bool = False
    slots: int = 0  # asked for; halved when a worker dies, which may have wanted memory
    failed: int = 0  # openings or workers in a row, without a trace that ended
    because: str = ""
    not_before: float = 0.0
    losses: int = 0
    ended: int = 0  # traces
    growing: set[str] = field(default_factory=set)

    @property
    def room(self) -> int:
        """Traces that it takes at once now."""
        return self.link.room if self.loaded and self.link is not None else 0

    @property
    def free(self) -> int:
        """How many more of them; below 0 where it takes fewer than it did."""
        return self.room - len(self.growing)


class Fleet:
    """Has the face of one worker. `tell` gets every event, on any thread, and must be quick."""

    def __init__(
        self,
        tell: Tell,
        places: Sequence[Place],
        *,
        agrees: Callable[[CheckpointInfo], str] = lambda _: "",
        look: Callable[[], Sequence[Place]] | None = None,
        news: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`agrees` says what is wrong with the checkpoint of a place; "" for nothing. `look` tells
        the places that there are now; None where they stay. `news` is for people."""
        self._tell, self._agrees, self._look, self._news = tell, agrees, look, news
        self._lock = threading.RLock()
        self._seats = {place.name: _Seat(place) for place in places}
        self._gone: list[Link] = []  # to be closed, which waits, and not by the thread of their own
        self._held: deque[Generate] = deque()  # until a place is there
        self._left: dict[str, int] = {}  # traces that ended at places that are no more
        self._told = False  # that there is a checkpoint
        self._given_up = False
        self._lost_since: float | None = None
        self._looked = time.monotonic()

    @property
    def room(self) -> int:
        """Traces that all places together take at once now."""
        with self._lock:
            return sum(seat.room for seat in self._seats.values())

    @property
    def ended(self) -> dict[str, int]:
        """How many traces have ended at each place."""
        with self._lock:
            return self._left | {seat.place.name: seat.ended for seat in self._seats.values()}

    def send(self, commands: list[AnyCommand]) -> None:
        """Openings to every place, a new trace to the emptiest, the rest to where its trace is."""
        with self._lock:
            for command in commands:
                if isinstance(command, OpenCheckpoint):
                    self._open_all(time.monotonic())
                elif isinstance(command, Generate):
                    self._begin(command)
                elif isinstance(command, Cancel | Steer):
                    self._pass_on(command)

    def check(self) -> None:
        """Call about once a second: hung workers, places to try again, places that came or went."""
        now = time.monotonic()
        with self._lock:
            links = [seat.link for seat in self._seats.values() if seat.link is not None]
        for link in links:
            link.check()
        if self._look is not None and now - self._looked >= LOOK_S:
            self._looked = now
            self._meet(self._look())
        with self._lock:
            self._open_all(now)
            gone, self._gone = self._gone, []
            self._give_up(now)
        for link in gone:
            link.close()

    def close(self) -> None:
        """End every worker; nothing is told of after this."""
        with self._lock:
            links = [seat.link for seat in self._seats.values() if seat.link is not None]
            links += self._gone
            for seat in self._seats.values():
                seat.link = None
            self._seats, self._gone = {}, []
        for link in links:
            link.close()

    def _open_all(self, now: float) -> None:
        for seat in self._seats.values():
            if seat.link is None and now >= seat.not_before:
                self._open(seat)

    def _open(self, seat: _Seat) -> None:
        seat.slots = seat.slots or seat.place.opening.slots
        seat.loaded, seat.losses = False, 0
        link: list[Link] = []

        def tell(event: AnyEvent) -> None:
            with self._lock:  # a worker that fails at once waits here until it is known
                if link and seat.link is link[0]:
                    self._took(seat, event)

        try:
            seat.link = seat.place.start(tell)
        except KimiDeskError as error:
            self._lose(seat, Failed(error.what, error.hint, FailureKind.WORKER))
            return
        link.append(seat.link)
        seat.link.send([msgspec.structs.replace(seat.place.opening, slots=seat.slots)])

    def _begin(self, command: Generate) -> None:
        there = [seat for seat in self._seats.values() if seat.loaded]
        if not there:
            self._held.append(command)
            return
        seat = max(there, key=lambda each: each.free)
        seat.growing.add(command.attempt.trace)
        assert seat.link is not None
        seat.link.send([command])

    def _pass_on(self, command: Cancel | Steer) -> None:
        for seat in self._seats.values():
            if command.trace in seat.growing and seat.link is not None:
                seat.link.send([command])
                return
        held = [each for each in self._held if each.attempt.trace != command.trace]
        if isinstance(command, Cancel) and len(held) < len(self._held):
            self._held = deque(held)
            self._tell(TraceEnded(command.trace, Ended.STOPPED))

    def _took(self, seat: _Seat, event: AnyEvent) -> None:
        if isinstance(event, Loaded):
            self._loaded(seat, event)
            return
        trace = getattr(event, "trace", None)
        if trace is None:
            if isinstance(event, Failed):
                self._lose(seat, event)
            return
        if trace not in seat.growing:
            return
        if isinstance(event, Failed) and event.kind is FailureKind.LOST:
            seat.growing.discard(trace)
            seat.losses += 1
            self._tell(msgspec.structs.replace(event, kind=FailureKind.WORKER))
            if seat.losses >= LOSSES:
                self._lose(seat, event)
            return
        if isinstance(event, TraceEnded | Failed):
            seat.growing.discard(trace)
            seat.losses = seat.failed = 0
            seat.ended += 1
        self._tell(event)

    def _loaded(self, seat: _Seat, event: Loaded) -> None:
        if wrong := self._agrees(event.checkpoint):
            self._lose(seat, Failed(wrong, kind=FailureKind.MODEL))
            return
        seat.loaded = True
        if seat.because:
            self._news(f"{seat.place.name} is there again")
        seat.because = ""
        self._lost_since = None
        if not self._told:
            self._told = True
            self._tell(event)
        held, self._held = self._held, deque()
        for command in held:
            self._begin(command)

    def _lose(self, seat: _Seat, failed: Failed) -> None:
        """The worker of a place is gone, or its server: what grew there comes back."""
        if seat.link is not None:
            self._gone.append(seat.link)
        seat.link, seat.loaded = None, False
        seat.failed += 1
        pause = min(PAUSE_S * 2.0 ** (seat.failed - 1), LONGEST_PAUSE_S)
        seat.not_before = time.monotonic() + pause
        if failed.kind is FailureKind.WORKER:  # it may have wanted more memory than there is
            seat.slots = max(1, seat.slots // 2)
        back, seat.growing = sorted(seat.growing), set()
        if failed.what != seat.because:
            seat.because = failed.what
            what = f"{seat.place.name} is lost: {failed.what}"
            self._news(f"{what}; {len(back)} traces begin again" if back else what)
        for trace in back:
            self._tell(Failed(failed.what, kind=FailureKind.WORKER, trace=trace))
        self._give_up(time.monotonic())

    def _give_up(self, now: float) -> None:
        """Where nothing could be opened at all, or nothing has been there for long."""
        seats = self._seats.values()
        if self._given_up or any(seat.loaded for seat in seats):
            return
        if self._lost_since is None:
            self._lost_since = now
        if self._told and now - self._lost_since < GIVE_UP_S:
            return
        if not self._told and any(not seat.because for seat in seats):
            return  # it is being opened for the first time
        self._given_up = True
        reasons = "; ".join(f"{seat.place.name}: {seat.because}" for seat in seats)
        hint = "What is done is kept: the same command goes on once a worker can be opened."
        self._tell(Failed(reasons or "there is no place left", hint, FailureKind.MODEL))

    def _meet(self, places: Sequence[Place]) -> None:
        """Take in places that have come, and let go of those that are no more."""
        named = {place.name: place for place in places}
        with self._lock:
            for name in [name for name in self._seats if name not in named]:
                seat = self._seats[name]
                self._lose(seat, Failed("it is no longer there", kind=FailureKind.LOST))
                self._left[name] = self._seats.pop(name).ended
            for name, place in named.items():
                if name not in self._seats:
                    self._seats[name] = _Seat(place, ended=self._left.pop(name, 0))
                    if self._told:
                        self._news(f"{name} has come")
